import type { Plan } from '../contract/decision.ts'
import type { SiteFile } from '../site/schema.ts'
import { addReading, type Measurement, startMeasurement } from './measure-effect.ts'
import type { PlanDraft } from './playbooks/playbook.ts'

type Baseline = NonNullable<PlanDraft['baseline']>

const tellEveryMs = 900_000
const measureForMs = 24 * 3_600_000
const mostBaselines = 200

/** Follows verified plans at their meters, against the expectation frozen when they were proposed. */
export class EffectTracker {
  readonly #site: SiteFile
  readonly #baselines = new Map<string, Baseline>()
  readonly #measurements = new Map<string, Measurement>()

  constructor(site: SiteFile) {
    this.#site = site
  }

  freeze(planId: string, baseline: Baseline | undefined): void {
    if (!baseline) return
    this.#baselines.set(planId, baseline)
    const oldest = this.#baselines.size > mostBaselines ? this.#baselines.keys().next().value : undefined
    if (oldest !== undefined) this.#baselines.delete(oldest)
  }

  /** From when the plan was verified, until what it counted on is over. */
  start(plan: Plan, nowMs: number): void {
    const baseline = this.#baselines.get(plan.id)
    this.#baselines.delete(plan.id)
    const untilMs = plan.expected.horizonMs ?? nowMs + measureForMs
    if (baseline) this.#measurements.set(plan.id, startMeasurement(baseline, nowMs, untilMs))
  }

  /** Reads the meters and returns the plans whose measured effect is worth telling: each quarter hour, and at the end. */
  beat(
    nowMs: number,
    powerOf: (meter: string) => number | undefined,
    planOf: (id: string) => Plan | undefined,
  ): Plan[] {
    const news: Plan[] = []
    for (const [planId, before] of this.#measurements) {
      const kw = powerOf(before.meterId)
      const after = kw === undefined ? before : addReading(this.#site, before, { atMs: nowMs, kw })
      this.#measurements.set(planId, after)
      const plan = planOf(planId)
      const isOver = nowMs >= after.untilMs || !plan
      const toldMs = plan?.measured?.toMs ?? after.measured.fromMs
      const sinceMs = after.measured.toMs - toldMs
      if (plan && sinceMs > 0 && (isOver || sinceMs >= tellEveryMs))
        news.push({ ...plan, measured: after.measured, updatedAtMs: nowMs, revision: plan.revision + 1 })
      if (isOver) this.#measurements.delete(planId)
    }
    return news
  }
}
