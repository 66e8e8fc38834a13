import type { Plan } from '../contract/decision.ts'
import type { SiteFile } from '../site/schema.ts'
import { addReading, type Measurement, resumeMeasurement } from './measure-effect.ts'

const tellEveryMs = 900_000
const measureForMs = 24 * 3_600_000

/**
 * Follows verified plans at their meters, against the baseline frozen when they were proposed. All it needs is in the
 * plan, which the broker keeps: another console, or this one opened again, goes on from what was told last.
 */
export class EffectTracker {
  readonly #site: SiteFile
  readonly #measurements = new Map<string, Measurement>()

  constructor(site: SiteFile) {
    this.#site = site
  }

  /** Reads the meters and returns the plans whose measured effect is worth telling: each quarter hour, and at the end. */
  beat(nowMs: number, powerOf: (meter: string) => number | undefined, plans: readonly Plan[]): Plan[] {
    const news: Plan[] = []
    for (const plan of plans) {
      const before = this.#measurementOf(plan, nowMs)
      if (!before) continue
      const kw = powerOf(before.baseline.meter)
      const after = kw === undefined ? before : addReading(this.#site, before, { atMs: nowMs, kw })
      const isOver = nowMs >= after.untilMs
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
