/** What an inference engine can do, so that the choice between engines can be tested without one. */
export type EngineKind = 'webgpu' | 'wasm'

export interface TensorIn {
  /** float32 where not said; float16 as its bits. */
  readonly type?: 'float32' | 'float16' | 'uint8' | 'int64' | 'int32'
  readonly data: Float32Array | Uint16Array | Uint8Array | BigInt64Array | Int32Array
  readonly dims: readonly number[]
}

export interface TensorOut {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

export type TensorsIn = Readonly<Record<string, TensorIn>>
export type TensorsOut = Readonly<Record<string, TensorOut>>

export interface ModelSession {
  run(feeds: TensorsIn): Promise<TensorsOut>
  dispose(): Promise<void>
}

export interface EngineBackend {
  readonly kind: EngineKind
  /** Cheap look before anything large is loaded: is it there, and worth measuring? */
  probe(): Promise<{ readonly usable: boolean; readonly why: string }>
  /** One engine only, so that a silent fallback to another cannot happen. Throws where it cannot run the model. */
  open(weights: Uint8Array<ArrayBuffer>): Promise<ModelSession>
  /** Calls back once when the device behind the sessions is gone; the returned function stops that. */
  onLost?(lost: (why: string) => void): () => void
  /** Measured and found hopeless: from now on the probe says so, and no other model waits for it. */
  setAside?(why: string): void
}
