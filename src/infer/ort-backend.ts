/** onnxruntime-web as engines. The WASM and WebGPU builds are separate modules, each loaded only when it is measured. */
import type { env as OrtEnv, InferenceSession as OrtSession, Tensor as OrtTensor } from 'onnxruntime-web'
import type { EngineBackend, EngineKind, ModelSession, TensorsIn, TensorsOut } from './engine-backend.ts'
import { halfValue } from './half-float.ts'

interface Ort {
  readonly env: typeof OrtEnv
  readonly InferenceSession: typeof OrtSession
  readonly Tensor: typeof OrtTensor
}

export interface OrtAssets {
  /** Addresses of the two `.wasm` binaries; undefined in Node, where the module finds its own. */
  readonly wasm?: string
  readonly webgpuWasm?: string
  readonly threads?: number
}

/** Both engines where the platform has them. Modules and binaries are shared by all sessions of an engine. */
export function ortBackends(assets: OrtAssets = {}): readonly EngineBackend[] {
  return [
    ortBackend('wasm', () => import('onnxruntime-web/wasm'), assets.wasm, assets.threads),
    ortBackend('webgpu', () => import('onnxruntime-web/webgpu'), assets.webgpuWasm, assets.threads),
  ]
}

function ortBackend(
  kind: EngineKind,
  load: () => Promise<Ort>,
  binaryUrl: string | undefined,
  threads = 1,
): EngineBackend {
  let module: Promise<Ort> | undefined
  const listeners = new Set<(why: string) => void>()
  let watching = false
  /** With its last session the runtime destroys its device: no loss, the next session gets another. */
  let openCount = 0
  /** Why it is of no more use: its device is gone, or it was far too slow. */
  let spentWhy: string | undefined
  const ort = (): Promise<Ort> => {
    module ??= load().then((loaded) => {
      loaded.env.logLevel = 'error'
      loaded.env.wasm.numThreads = threads
      if (binaryUrl !== undefined) loaded.env.wasm.wasmPaths = { wasm: binaryUrl }
      return loaded
    })
    return module
  }
  return {
    kind,
    async probe() {
      if (kind === 'wasm') return { usable: true, why: 'always there' }
      // The runtime keeps the dead device for good; only a new page gets a new one.
      return spentWhy === undefined ? probeGpu() : { usable: false, why: spentWhy }
    },
    async open(weights) {
      const runtime = await ort()
      const session = await runtime.InferenceSession.create(weights, {
        executionProviders: [kind],
        graphOptimizationLevel: 'all',
      })
      openCount++
      if (kind === 'webgpu' && !watching) {
        watching = true
        const device = await runtime.env.webgpu.device
        void device?.lost.then(({ reason, message }) => {
          watching = false
          if (openCount === 0) return
          spentWhy = `device lost: ${reason} ${message}`.trim()
          for (const listener of listeners) listener(`${reason} ${message}`.trim())
        })
      }
      return ortSession(runtime, session, () => {
        openCount--
      })
    },
    onLost(lost) {
      listeners.add(lost)
      return () => listeners.delete(lost)
    },
    setAside(why) {
      spentWhy = why
    },
  }
}

function ortSession(ort: Ort, session: OrtSession, released: () => void): ModelSession {
  return {
    async run(feeds: TensorsIn): Promise<TensorsOut> {
      const inputs: Record<string, OrtTensor> = {}
      for (const [name, { type, data, dims }] of Object.entries(feeds))
        inputs[name] = new ort.Tensor(type ?? 'float32', data, dims)
      const results = await session.run(inputs)
      const outputs: Record<string, { data: Float32Array; dims: readonly number[] }> = {}
      for (const [name, tensor] of Object.entries(results)) {
        outputs[name] = { data: numbersOf(tensor), dims: tensor.dims }
        if (tensor.location !== 'cpu') tensor.dispose()
      }
      return outputs
    },
    dispose: () => {
      released()
      return session.release()
    },
  }
}

function numbersOf({ type, data }: OrtTensor): Float32Array {
  if (data instanceof Float32Array) return data
  // Where there is no Float16Array, halves come as their bits.
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, halfValue)
  return Float32Array.from(data as ArrayLike<number | bigint>, Number)
}

async function probeGpu(): Promise<{ usable: boolean; why: string }> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu
  if (!gpu) return { usable: false, why: 'this browser has no WebGPU' }
  const adapter = await gpu.requestAdapter()
  if (!adapter) return { usable: false, why: 'no WebGPU adapter' }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info
  // By its own word a CPU in disguise: measured 3.2 s a picture where WASM takes 0.02, after 27 MB of download and a
  // compilation that holds up everything else. Asked for by name it is used all the same.
  if (isFallbackAdapter) return { usable: false, why: 'the WebGPU adapter is a software fallback' }
  return { usable: true, why: [vendor, architecture, description].filter(Boolean).join(' ') }
}
