/** Which engine is faster, found by running the model on each. Names of adapters decide nothing; one that calls itself a fallback is left out. */
import { err, ok, type Result } from '../platform/result.ts'
import type { EngineOptions, EngineReport } from './engine.ts'
import type { EngineBackend, EngineKind, ModelSession, TensorsIn } from './engine-backend.ts'
import type { ModelError } from './model-manifest.ts'

export interface ChosenEngine {
  readonly session: ModelSession
  /** WASM, open beside a WebGPU in use; undefined where it cannot be. */
  readonly standby: ModelSession | undefined
  readonly report: EngineReport
}

interface Candidate {
  readonly backend: EngineBackend
  readonly session: ModelSession
  readonly medianMs: number
}

/** WebGPU's first run compiles its shaders; a first run slower than this many WASM runs *and* `firstRunMs` is hopeless. */
const hopeless = { factor: 10, firstRunMs: 3000 }

export async function chooseEngine(
  weights: Uint8Array<ArrayBuffer>,
  sample: TensorsIn,
  options: EngineOptions,
): Promise<Result<ChosenEngine, ModelError>> {
  const preference = options.preference ?? 'auto'
  const find = (kind: EngineKind) =>
    preference === 'auto' || preference === kind ? options.backends.find((backend) => backend.kind === kind) : undefined
  const notes: string[] = []
  const wasm = await measure(find('wasm'), weights, sample, options, notes)
  const webgpu = wasm
    ? await measureBounded(find('webgpu'), weights, sample, options, wasm.medianMs, notes)
    : await measure(find('webgpu'), weights, sample, options, notes)
  const best = webgpu && (!wasm || webgpu.medianMs < wasm.medianMs) ? webgpu : wasm
  if (!best) return err({ code: 'engineFailed', message: notes.join('; ') || 'no engine' })
  const loser = best === wasm ? webgpu : wasm
  if (loser && loser !== wasm) await loser.session.dispose()
  const why = loser
    ? `${best.medianMs.toFixed(1)} ms a run against ${loser.medianMs.toFixed(1)} ms on ${loser.backend.kind}`
    : notes.join('; ') || `asked for ${preference}`
  return ok({
    session: best.session,
    standby: best === webgpu ? (wasm?.session ?? (await openStandby(weights, options))) : undefined,
    report: {
      engine: best.backend.kind,
      why,
      ...(wasm && { wasmMs: wasm.medianMs }),
      ...(webgpu && { webgpuMs: webgpu.medianMs }),
    },
  })
}

async function openStandby(
  weights: Uint8Array<ArrayBuffer>,
  { backends }: EngineOptions,
): Promise<ModelSession | undefined> {
  return backends
    .find(({ kind }) => kind === 'wasm')
    ?.open(weights)
    .catch(() => undefined)
}

/** There is a WASM that runs: the other gets a fair try of bounded length, and people's frames do not wait for it. */
async function measureBounded(
  backend: EngineBackend | undefined,
  weights: Uint8Array<ArrayBuffer>,
  sample: TensorsIn,
  options: EngineOptions,
  rivalMs: number,
  notes: string[],
): Promise<Candidate | undefined> {
  if (!backend) return undefined
  const { clock, gpuBudgetMs = 6000 } = options
  const attempt = new AbortController()
  const measured = measure(backend, weights, sample, options, notes, { rivalMs, signal: attempt.signal })
  let cancel = () => {}
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(gpuBudgetMs, () => resolve('late'))
  })
  const first = await Promise.race([measured, late])
  cancel()
  if (first !== 'late') return first
  attempt.abort()
  const why = `${backend.kind}: not ready within ${(gpuBudgetMs / 1000).toFixed(0)} s`
  backend.setAside?.(why)
  notes.push(why)
  return undefined
}

interface Rivalry {
  readonly rivalMs: number
  /** Nobody waits any more; whatever was opened is closed. */
  readonly signal: AbortSignal
}

async function measure(
  backend: EngineBackend | undefined,
  weights: Uint8Array<ArrayBuffer>,
  sample: TensorsIn,
  options: EngineOptions,
  notes: string[],
  rivalry?: Rivalry,
): Promise<Candidate | undefined> {
  if (!backend) return undefined
  let session: ModelSession | undefined
  try {
    const probe = await backend.probe()
    // Asked for by name, even one that was set aside is used: somebody wants to see it work.
    if (!probe.usable && options.preference !== backend.kind) {
      notes.push(`${backend.kind}: ${probe.why}`)
      return undefined
    }
    session = await backend.open(weights)
    const medianMs = rivalry?.signal.aborted ? undefined : await warmUp(session, sample, options, rivalry?.rivalMs)
    if (typeof medianMs === 'number' && !rivalry?.signal.aborted) return { backend, session, medianMs }
    if (medianMs !== undefined && !rivalry?.signal.aborted) setAside(backend, `first run took ${medianMs}`, notes)
  } catch (error) {
    if (!rivalry?.signal.aborted)
      notes.push(`${backend.kind}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300))
  }
  await session?.dispose().catch(() => {})
  return undefined
}

function setAside(backend: EngineBackend, what: string, notes: string[]): void {
  const why = `${backend.kind}: ${what}`
  backend.setAside?.(why)
  notes.push(why)
}

/** Median run after the first; the first run's time as text where it is hopeless. */
async function warmUp(
  session: ModelSession,
  sample: TensorsIn,
  { clock, warmUpRuns = 5, warmUpBudgetMs = 2000 }: EngineOptions,
  rivalMs: number | undefined,
): Promise<number | string> {
  const startMs = clock.monotonicMs()
  await session.run(sample)
  const firstMs = clock.monotonicMs() - startMs
  if (rivalMs !== undefined && firstMs > hopeless.firstRunMs && firstMs > rivalMs * hopeless.factor)
    return `${firstMs.toFixed(0)} ms`
  const runsMs: number[] = []
  while (runsMs.length < warmUpRuns && (runsMs.length === 0 || clock.monotonicMs() - startMs < warmUpBudgetMs)) {
    const beforeMs = clock.monotonicMs()
    await session.run(sample)
    runsMs.push(clock.monotonicMs() - beforeMs)
  }
  return median(runsMs)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
