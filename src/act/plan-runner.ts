import type { CommandRecord, Plan, PlanStep } from '../contract/decision.ts'
import type { LocalText } from '../contract/messages.ts'
import { fulfils } from '../contract/point-values.ts'
import type { Clock } from '../platform/clock.ts'
import type { Disposable } from '../platform/disposables.ts'
import { Emitter } from '../platform/emitter.ts'
import type { Actor } from './actor.ts'
import { isTerminal } from './command-lifecycle.ts'
import { type DeviceView, pointOf } from './device-view.ts'

/** How far an approved plan got. `failed` names the first step that did not verify; the others were still carried out. */
export interface PlanProgress {
  readonly planId: string
  readonly state: 'executing' | 'verified' | 'failed'
  readonly steps: readonly PlanStep[]
  readonly failure?: { readonly step: number; readonly why: string }
  /** Site time of the first command handed over. */
  readonly actedAtMs?: number
  readonly atMs: number
}

export interface PlanRunnerOptions {
  readonly actor: Actor
  readonly clock: Clock
  readonly siteNow: () => number
  readonly view: DeviceView
}

type StepResult = 'waiting' | 'underway' | 'verified' | { readonly why: string }

interface Run {
  readonly plan: Plan
  readonly steps: PlanStep[]
  readonly results: StepResult[]
  /** Steps on one device keep their order; devices are independent. */
  readonly chains: number[][]
  readonly startedAtMs: number
  /** Wall clock, which goes on while a tab or its machine sleeps. */
  lookedAtMs: number
  cancelTimer: () => void
  actedAtMs: number | undefined
  told: { readonly text: string; readonly atMs: number } | undefined
}

const retryMs = 1000
/** Wall time to wait for a passing interlock, such as a person in the doorway. */
const waitMs = 90_000
/** Wall time after which a plan under way is told again unchanged: machinery may be slower than others' patience. */
const aliveMs = 60_000
/** A plan that nobody looked after for so long, others hold for abandoned: what has not begun is not begun late. */
const abandonedMs = 5 * 60_000
/** As much as a plan's failure holds: a device may give its reasons at length. */
const longestWhy = 500
const keptRuns = 100

/** What protects people goes out first, then what secures places, then what saves energy. */
const urgencyByKind: Readonly<Record<string, number>> = { siren: 0, message: 1, onOff: 2, dimming: 2, mode: 3, lock: 4 }

/** Carries out approved plans: parallel over devices, in order on each, safety first, honest about partial failure. */
export class PlanRunner implements Disposable {
  readonly progress = new Emitter<PlanProgress>()
  readonly #o: PlanRunnerOptions
  readonly #runs = new Map<string, Run>()
  readonly #unsubscribe: () => void

  constructor(options: PlanRunnerOptions) {
    this.#o = options
    this.#unsubscribe = options.actor.changes.subscribe((record) => this.#commandChanged(record))
  }

  /** Starts a plan once; false where it is not approved or was started before. */
  run(plan: Plan): boolean {
    if (plan.state !== 'approved' || this.#runs.has(plan.id)) return false
    const run: Run = {
      plan,
      steps: plan.steps.map((step) => ({ ...step })),
      results: plan.steps.map(() => 'waiting'),
      chains: this.#chains(plan.steps),
      startedAtMs: this.#o.clock.monotonicMs(),
      lookedAtMs: this.#o.clock.nowMs(),
      cancelTimer: () => {},
      actedAtMs: undefined,
      told: undefined,
    }
    this.#remember(run)
    this.#advance(run)
    return true
  }

  /** The plan ended elsewhere: what has not begun is not begun. */
  stop(planId: string): void {
    const run = this.#runs.get(planId)
    if (!run) return
    run.cancelTimer()
    abandon(run)
  }

  dispose(): void {
    this.#unsubscribe()
    for (const run of this.#runs.values()) run.cancelTimer()
    this.#runs.clear()
  }

  #remember(run: Run): void {
    this.#runs.set(run.plan.id, run)
    if (this.#runs.size <= keptRuns) return
    for (const [id, old] of this.#runs) {
      if (outcomeOf(old) === 'executing') continue
      this.#runs.delete(id)
      return
    }
  }

  #chains(steps: readonly PlanStep[]): number[][] {
    const byDevice = new Map<string, number[]>()
    for (const [index, step] of steps.entries())
      byDevice.set(step.device, [...(byDevice.get(step.device) ?? []), index])
    const urgency = (chain: readonly number[]) => Math.min(...chain.map((index) => this.#urgency(steps[index])))
    return [...byDevice.values()].sort((a, b) => urgency(a) - urgency(b))
  }

  #urgency(step: PlanStep | undefined): number {
    const device = step && this.#o.view.device(step.device)
    const kind = device && pointOf(device, step.point)?.kind
    return (kind === undefined ? undefined : urgencyByKind[kind]) ?? 5
  }

  /** Starts the next step of every chain that may go on; tells how it stands. */
  #advance(run: Run): void {
    run.cancelTimer()
    const nowMs = this.#o.clock.nowMs()
    if (nowMs - run.lookedAtMs > abandonedMs) abandon(run)
    run.lookedAtMs = nowMs
    let held = false
    for (const chain of run.chains) held = this.#advanceChain(run, chain) || held
    if (outcomeOf(run) === 'executing')
      run.cancelTimer = this.#o.clock.after(held ? retryMs : aliveMs, () => this.#advance(run))
    this.#tell(run)
  }

  /** Returns whether the chain is held by a passing interlock. */
  #advanceChain(run: Run, chain: readonly number[]): boolean {
    for (const index of chain) {
      const result = run.results[index]
      if (result === 'underway') return false
      if (result === 'waiting') {
        const started = this.#start(run, index)
        run.results[index] = started
        if (started === 'waiting') return true
        if (started === 'underway') return false
      }
      if (typeof run.results[index] === 'object') {
        for (const later of chain.slice(chain.indexOf(index) + 1)) run.results[later] = { why: 'earlierStepFailed' }
        return false
      }
    }
    return false
  }

  #start(run: Run, index: number): StepResult {
    const step = run.steps[index]
    if (!step) throw new Error(`plan ${run.plan.id} has no step ${index}`)
    const intent = {
      device: step.device,
      point: step.point,
      value: step.value,
      reason: englishOf(step.reason),
      issuedBy: run.plan.decidedBy ?? 'policy',
      planId: run.plan.id,
    }
    const block = this.#o.actor.blocked(intent)
    if (!block?.doubtsReport && this.#isFulfilled(step)) return 'verified'
    const waitedMs = this.#o.clock.monotonicMs() - run.startedAtMs
    if (block?.passing && waitedMs < waitMs) return 'waiting'
    const record = this.#o.actor.submit(intent, { role: 'automation' })
    const { previous } = record
    run.steps[index] = { ...step, commandId: record.id, ...(previous === undefined ? {} : { previous }) }
    if (record.state === 'refused') return { why: record.why ?? 'refused' }
    run.actedAtMs ??= record.issuedAtMs
    return 'underway'
  }

  #isFulfilled(step: PlanStep): boolean {
    const device = this.#o.view.device(step.device)
    const descriptor = device && pointOf(device, step.point)
    const reported = this.#o.view.reported(step.device, step.point)
    if (!descriptor || !reported || device.online === false) return false
    // A time of 0 marks a value from before the site's clock jumped.
    if (reported.quality !== 'good' || reported.atMs <= 0) return false
    return fulfils(descriptor, step.value, reported.value)
  }

  #commandChanged(record: CommandRecord): void {
    const run = record.planId === undefined ? undefined : this.#runs.get(record.planId)
    if (!run || !isTerminal(record.state)) return
    const index = run.steps.findIndex((step) => step.commandId === record.id)
    if (index < 0 || run.results[index] !== 'underway') return
    const why = `${record.state}:${record.why ?? ''}`.slice(0, longestWhy)
    run.results[index] = record.state === 'verified' ? 'verified' : { why }
    this.#advance(run)
  }

  /** What changed at once, what did not once a minute. */
  #tell(run: Run): void {
    const state = outcomeOf(run)
    const [text, nowMs] = [JSON.stringify([state, run.steps]), this.#o.clock.monotonicMs()]
    if (run.told?.text === text && nowMs - run.told.atMs < aliveMs) return
    run.told = { text, atMs: nowMs }
    const step = run.results.findIndex((result) => typeof result === 'object')
    const failed = run.results[step]
    this.progress.emit({
      planId: run.plan.id,
      state,
      steps: [...run.steps],
      ...(state === 'failed' && typeof failed === 'object' ? { failure: { step, why: failed.why } } : {}),
      ...(run.actedAtMs === undefined ? {} : { actedAtMs: run.actedAtMs }),
      atMs: this.#o.siteNow(),
    })
  }
}

function outcomeOf(run: Run): PlanProgress['state'] {
  if (run.results.some((result) => result === 'waiting' || result === 'underway')) return 'executing'
  return run.results.every((result) => result === 'verified') ? 'verified' : 'failed'
}

function abandon(run: Run): void {
  for (const [index, result] of run.results.entries())
    if (result === 'waiting') run.results[index] = { why: 'abandoned' }
}

function englishOf(text: LocalText): string {
  return typeof text === 'string' ? text : text.en
}

export function createPlanRunner(options: PlanRunnerOptions): PlanRunner {
  return new PlanRunner(options)
}
