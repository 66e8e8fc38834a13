/** One model on the engine that proved faster in a measured warm-up. */
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import type { EngineBackend, EngineKind, ModelSession, TensorsIn, TensorsOut } from './engine-backend.ts'
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
}

interface Candidate {
  readonly backend: EngineBackend
  readonly session: ModelSession
  readonly medianMs: number
}

/** WebGPU's first run compiles its shaders; a first run slower than this many WASM runs *and* `firstRunMs` is hopeless. */
const hopeless = { factor: 10, firstRunMs: 3000 }

export class Engine {
  #session: ModelSession
  #report: EngineReport
  #moving: Promise<void> | undefined
  #disposed = false
  readonly #weights: Uint8Array<ArrayBuffer>
  readonly #wasm: EngineBackend | undefined
  readonly #changed: (report: EngineReport) => void

  private constructor(
    session: ModelSession,
    report: EngineReport,
    weights: Uint8Array<ArrayBuffer>,
    options: EngineOptions,
  ) {
    this.#session = session
    this.#report = report
    this.#weights = weights
    this.#wasm = options.backends.find(({ kind }) => kind === 'wasm')
    this.#changed = options.changed ?? (() => {})
    if (report.engine === 'webgpu')
      options.backends.find(({ kind }) => kind === 'webgpu')?.onLost?.((why) => void this.#moveToWasm(why))
  }

  /** `sample` is what the warm-up runs on; its values do not matter, its shapes do. */
  static async open(
    weights: Uint8Array<ArrayBuffer>,
    sample: TensorsIn,
    options: EngineOptions,
  ): Promise<Result<Engine, ModelError>> {
    const chosen = await choose(weights, sample, options)
    if (!chosen.ok) return chosen
    return ok(new Engine(chosen.value.session, chosen.value.report, weights, options))
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
    try {
      return await this.#session.run(feeds)
    } catch (error) {
      if (this.#disposed) throw error
      if (!this.#moving && this.kind === 'wasm') throw error
      await (this.#moving ?? this.#moveToWasm(error instanceof Error ? error.message : String(error)))
      return this.#session.run(feeds)
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    await this.#moving
    await this.#session.dispose()
  }

  #moveToWasm(why: string): Promise<void> {
    if (this.#moving || this.#disposed || this.kind === 'wasm') return this.#moving ?? Promise.resolve()
    const wasm = this.#wasm
    if (!wasm) return Promise.reject(new Error(`the GPU was lost (${why}) and there is no WASM engine`))
    const lost = this.#session
    this.#moving = (async () => {
      this.#session = await wasm.open(this.#weights)
      this.#report = { ...this.#report, engine: 'wasm', why: `GPU lost: ${why}`.slice(0, 300) }
      this.#moving = undefined
      this.#changed(this.#report)
      // Releasing on a dead device may fail; there is nothing left to free then.
      await lost.dispose().catch(() => {})
    })()
    return this.#moving
  }
}

async function choose(
  weights: Uint8Array<ArrayBuffer>,
  sample: TensorsIn,
  options: EngineOptions,
): Promise<Result<{ session: ModelSession; report: EngineReport }, ModelError>> {
  const preference = options.preference ?? 'auto'
  const find = (kind: EngineKind) =>
    preference === 'auto' || preference === kind ? options.backends.find((backend) => backend.kind === kind) : undefined
  const notes: string[] = []
  const wasm = await measure(find('wasm'), weights, sample, options, undefined, notes)
  const webgpu = await measure(find('webgpu'), weights, sample, options, wasm?.medianMs, notes)
  const best = webgpu && (!wasm || webgpu.medianMs < wasm.medianMs) ? webgpu : wasm
  if (!best) return err({ code: 'engineFailed', message: notes.join('; ') || 'no engine' })
  const loser = best === wasm ? webgpu : wasm
  await loser?.session.dispose()
  const why = loser
    ? `${best.medianMs.toFixed(1)} ms a run against ${loser.medianMs.toFixed(1)} ms on ${loser.backend.kind}`
    : notes.join('; ') || `asked for ${preference}`
  return ok({
    session: best.session,
    report: {
      engine: best.backend.kind,
      why,
      ...(wasm && { wasmMs: wasm.medianMs }),
      ...(webgpu && { webgpuMs: webgpu.medianMs }),
    },
  })
}

async function measure(
  backend: EngineBackend | undefined,
  weights: Uint8Array<ArrayBuffer>,
  sample: TensorsIn,
  options: EngineOptions,
  rivalMs: number | undefined,
  notes: string[],
): Promise<Candidate | undefined> {
  if (!backend) return undefined
  const { clock, warmUpRuns = 5, warmUpBudgetMs = 2000 } = options
  let session: ModelSession | undefined
  try {
    const probe = await backend.probe()
    // Asked for by name, even a software adapter is used: somebody wants to see it work.
    if (!probe.usable && options.preference !== backend.kind) {
      notes.push(`${backend.kind}: ${probe.why}`)
      return undefined
    }
    session = await backend.open(weights)
    const startMs = clock.monotonicMs()
    await session.run(sample)
    const firstMs = clock.monotonicMs() - startMs
    if (rivalMs !== undefined && firstMs > hopeless.firstRunMs && firstMs > rivalMs * hopeless.factor) {
      notes.push(`${backend.kind}: first run took ${firstMs.toFixed(0)} ms`)
      await session.dispose()
      return undefined
    }
    const runsMs: number[] = []
    while (runsMs.length < warmUpRuns && (runsMs.length === 0 || clock.monotonicMs() - startMs < warmUpBudgetMs)) {
      const beforeMs = clock.monotonicMs()
      await session.run(sample)
      runsMs.push(clock.monotonicMs() - beforeMs)
    }
    return { backend, session, medianMs: median(runsMs) }
  } catch (error) {
    notes.push(`${backend.kind}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300))
    await session?.dispose().catch(() => {})
    return undefined
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
