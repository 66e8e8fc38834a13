/** What people may do with the video model, as the views state it and `app` carries it out. */
import type { Result } from '../platform/result.ts'

/** Codes are resolved by the UI's catalogue; `message` carries the particulars. */
export interface ModelFault {
  readonly code: string
  readonly message: string
}

/** A file that was looked into, with a description that fits or was guessed. Nothing runs yet. */
export interface InspectedDetector {
  readonly bytes: number
  readonly sha256: string
  readonly opset: number
  readonly operatorCount: number
  /** Operators that WebGPU is not known to compute: it would fail or be refused there, WASM runs them. */
  readonly notOnWebGpu: readonly string[]
  /** `model.json` as text, to be corrected. */
  readonly manifestText: string
  /** What was guessed; empty where a `model.json` came with it. */
  readonly notes: readonly string[]
}

/** What a dry run showed. */
export interface TriedDetector {
  readonly engine: 'webgpu' | 'wasm'
  readonly why: string
  /** Detections on a grey picture; a model that sees many there is fed or read wrongly. */
  readonly onBlank: number
  /** On the newest picture of a camera; undefined where none has come yet. */
  readonly onFrame?: {
    readonly cameraId: string
    readonly ms: number
    readonly found: readonly { readonly className: string; readonly score: number }[]
  }
}

export type ModelAnswer = Result<InspectedDetector | TriedDetector, ModelFault>

export interface ModelSourceFile {
  readonly name: string
  readonly weights: Uint8Array<ArrayBuffer>
  /** A `model.json` that came with it. */
  readonly manifestText?: string
  /** What its publisher states, in lower-case hexadecimal; `inspect` refuses another file as `wrongHash`. */
  readonly sha256?: string
}

export interface ModelControls {
  /** Name of the imported detector in use; undefined while the shipped one is. */
  imported(): string | undefined
  /** Called when `imported` changes. */
  onImported(listener: () => void): () => void
  /** `sha256`: as the publisher states it, or empty. */
  read(files: readonly File[], sha256: string): Promise<Result<ModelSourceFile, ModelFault>>
  /** As `read`; `progress` is a share 0…1 where the server tells the size. */
  fetch(
    url: string,
    sha256: string,
    progress: (doneBytes: number, share: number | undefined) => void,
  ): Promise<Result<ModelSourceFile, ModelFault>>
  inspect(source: ModelSourceFile): Promise<Result<InspectedDetector, ModelFault>>
  /** One run on a blank picture and one on a camera's; the detector in use goes on afterwards. */
  tryOut(source: ModelSourceFile, manifestText: string): Promise<Result<TriedDetector, ModelFault>>
  /** For all cameras from now on, and for the next visit. A failure leaves the detector in use as it was. */
  use(source: ModelSourceFile, manifestText: string): Promise<Result<TriedDetector, ModelFault>>
  /** Back to the shipped detector; the imported one is forgotten. */
  returnToShipped(): void
}
