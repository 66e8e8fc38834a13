import type { Plan } from '../contract/decision.ts'
import { addReading, longestGapMs, type Measurement, resumeMeasurement } from './measure-effect.ts'
import type { MeterReading, ParkView } from './park-view.ts'

const tellEveryMs = 900_000
const measureForMs = 24 * 3_600_000

/**
 * Follows verified plans at their meters, against the baseline frozen when they were proposed. All it needs is in the
 * plan, which the broker keeps: another console, or this one opened again, goes on from what was told last.
 */
export class EffectTracker {
  readonly #view: Pick<ParkView, 'site'>
  readonly #measurements = new Map<string, Measurement>()

  constructor(view: Pick<ParkView, 'site'>) {
    this.#view = view
  }

  /**
   * Takes in what meters last reported, old or new, and returns the plans whose measured effect is worth telling: each
   * quarter hour, and at the end.
   */
  beat(nowMs: number, readingOf: (meter: string) => MeterReading | undefined, plans: readonly Plan[]): Plan[] {
    const news: Plan[] = []
    for (const plan of plans) {
      const before = this.#measurementOf(plan, nowMs)
      if (!before) continue
      const reading = readingOf(before.baseline.meter)
      const after = reading ? addReading(this.#view.site, before, reading) : before
      // The report that reaches over the end may be a quarter of an hour away yet.
      const isOver = after.measured.toMs >= after.untilMs || nowMs >= after.untilMs + longestGapMs
      const sinceMs = after.measured.toMs - (plan.measured?.toMs ?? after.measured.fromMs)
      if (sinceMs > 0 && (isOver || sinceMs >= tellEveryMs))
        news.push({ ...plan, measured: after.measured, updatedAtMs: nowMs, revision: plan.revision + 1 })
      if (isOver) this.#measurements.delete(plan.id)
      else this.#measurements.set(plan.id, after)
    }
    this.#forgetGone(plans)
    return news
  }

  /** Where it stands here; what another console has told since counts instead. Undefined where nothing is to be measured. */
  #measurementOf(plan: Plan, nowMs: number): Measurement | undefined {
    const { baseline, horizonMs } = plan.expected
    if (plan.state !== 'verified' || !baseline) return undefined
    const known = this.#measurements.get(plan.id)
    if (known && known.measured.toMs >= (plan.measured?.toMs ?? 0)) return known
    // A plan that nobody has measured yet was changed last when it was verified.
    const fromMs = plan.measured?.fromMs ?? plan.updatedAtMs
    const untilMs = horizonMs ?? fromMs + measureForMs
    return nowMs < untilMs ? resumeMeasurement(baseline, fromMs, untilMs, plan.measured) : undefined
  }

  #forgetGone(plans: readonly Plan[]): void {
    if (this.#measurements.size === 0) return
    const known = new Set(plans.map((plan) => plan.id))
    for (const id of this.#measurements.keys()) if (!known.has(id)) this.#measurements.delete(id)
  }
}
