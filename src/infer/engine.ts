/** One model on the engine that proved faster in a measured warm-up. */
import type { Clock } from '../platform/clock.ts'
import { ok, type Result } from '../platform/result.ts'
import type { EngineBackend, EngineKind, ModelSession, TensorsIn, TensorsOut } from './engine-backend.ts'
import { type ChosenEngine, chooseEngine } from './engine-choice.ts'
import type { ModelError } from './model-manifest.ts'

export interface EngineReport {
  readonly engine: EngineKind
  /** Median of the warm-up runs; missing where it was not measured. */
  readonly wasmMs?: number
  readonly webgpuMs?: number
  /** For people: why this one. */
  readonly why: string
}

export type EnginePreference = 'auto' | EngineKind

export interface EngineOptions {
  readonly clock: Clock
  readonly backends: readonly EngineBackend[]
  readonly preference?: EnginePreference
  /** Told when the engine changes under way, e.g. after a lost device. */
  readonly changed?: (report: EngineReport) => void
  readonly warmUpRuns?: number
  readonly warmUpBudgetMs?: number
  /** WebGPU that is not through its warm-up by then, loading and shaders included, loses to a WASM that runs. */
  readonly gpuBudgetMs?: number
}

export class Engine {
  #session: ModelSession
  /** WASM beside a WebGPU in use: what a lost device costs is one run. Undefined where it could not be opened. */
  #standby: ModelSession | undefined
  #report: EngineReport
  #moving: Promise<void> | undefined
  #disposed = false
  readonly #weights: Uint8Array<ArrayBuffer>
  readonly #wasm: EngineBackend | undefined
  readonly #changed: (report: EngineReport) => void
  /** Ends runs that wait for a device that is gone and would hang the loop. Each run leaves when it is through. */
  readonly #waiting = new Set<(why: Error) => void>()
  #stopWatching: () => void = () => {}

  private constructor(chosen: ChosenEngine, weights: Uint8Array<ArrayBuffer>, options: EngineOptions) {
    this.#session = chosen.session
    this.#standby = chosen.standby
    this.#report = chosen.report
    this.#weights = weights
    this.#wasm = options.backends.find(({ kind }) => kind === 'wasm')
    this.#changed = options.changed ?? (() => {})
    if (chosen.report.engine !== 'webgpu') return
    const webgpu = options.backends.find(({ kind }) => kind === 'webgpu')
    const stop = webgpu?.onLost?.((why) => {
      // A failing move shows in the next run, which tries again and throws.
      this.#moveToWasm(why).catch(() => {})
      for (const end of this.#waiting) end(new Error(why))
    })
    if (stop) this.#stopWatching = stop
  }

  /** `sample` is what the warm-up runs on; its values do not matter, its shapes do. */
  static async open(
    weights: Uint8Array<ArrayBuffer>,
    sample: TensorsIn,
    options: EngineOptions,
  ): Promise<Result<Engine, ModelError>> {
    const chosen = await chooseEngine(weights, sample, options)
    return chosen.ok ? ok(new Engine(chosen.value, weights, options)) : chosen
  }

  get kind(): EngineKind {
    return this.#report.engine
  }

  get report(): EngineReport {
    return this.#report
  }

  /** Runs on the engine in use. A failing GPU run is repeated on WASM, so that no observation is lost. */
  async run(feeds: TensorsIn): Promise<TensorsOut> {
    await this.#moving
    const session = this.#session
    try {
      const run = session.run(feeds)
      return await (this.kind === 'webgpu' ? this.#unlessLost(run) : run)
    } catch (error) {
      const moved = this.#moving !== undefined || this.#session !== session
      if (this.#disposed || (!moved && this.kind === 'wasm')) throw error
      if (!moved) await this.#moveToWasm(error instanceof Error ? error.message : String(error))
      await this.#moving
      return this.#session.run(feeds)
    }
  }

  /** Not a race with one promise for the session's life: that would keep what every run ever gave. */
  #unlessLost(run: Promise<TensorsOut>): Promise<TensorsOut> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      run.then(resolve, reject).finally(() => this.#waiting.delete(reject))
    })
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    this.#stopWatching()
    await this.#moving
    await this.#standby?.dispose()
    await this.#session.dispose()
  }

  #moveToWasm(why: string): Promise<void> {
    if (this.#moving || this.#disposed || this.kind === 'wasm') return this.#moving ?? Promise.resolve()
    const wasm = this.#wasm
    if (!wasm) return Promise.reject(new Error(`the GPU was lost (${why}) and there is no WASM engine`))
    const lost = this.#session
    this.#moving = this.#take(wasm, why)
      .then(() => {
        // Releasing on a dead device may fail or never end; there is nothing left to free then.
        lost.dispose().catch(() => {})
      })
      .finally(() => {
        this.#moving = undefined
      })
    return this.#moving
  }

  async #take(wasm: EngineBackend, why: string): Promise<void> {
    this.#session = this.#standby ?? (await wasm.open(this.#weights))
    this.#standby = undefined
    this.#report = { ...this.#report, engine: 'wasm', why: `GPU lost: ${why}`.slice(0, 300) }
    this.#changed(this.#report)
  }
}
