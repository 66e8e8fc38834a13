import type { LinkRates } from '../contract/bus.ts'
import type { CommandRecord, Plan } from '../contract/decision.ts'
import type { InferenceStatistics, ModelReport } from '../infer/inference.ts'
import type { LoopNumbers } from '../twin/twin.ts'

export interface LoopNumberSources {
  readonly rates: LinkRates | undefined
  readonly statistics: InferenceStatistics | undefined
  readonly models: readonly ModelReport[]
  readonly commands: readonly CommandRecord[]
  readonly plans: readonly Plan[]
  readonly siteNowMs: number
  readonly utcOffsetMinutes: number
}

const dayMs = 86_400_000

/** The line at the top: the loop in numbers, every one of them counted. */
export function loopNumbers(from: LoopNumberSources): LoopNumbers {
  const tasks = Object.values(from.statistics?.tasks ?? {})
  const detection = from.models.find((model) => model.task === 'detection') ?? from.models[0]
  const meanMs = from.statistics?.tasks.detection.meanMs
  return {
    readingsPerS: from.rates?.readingsPerS ?? 0,
    inferencesPerS: tasks.reduce((sum, task) => sum + task.perS, 0),
    engine: detection?.engine,
    inferenceMs: meanMs !== undefined && Number.isFinite(meanMs) ? meanMs : undefined,
    framesDropped: from.statistics?.framesDropped ?? 0,
    commandsVerified: from.commands.filter((command) => command.state === 'verified').length,
    savedToday: savedToday(from),
  }
}

/** Measured effects of plans whose measuring ended on the site's local day; undefined while nothing was measured. */
function savedToday({ plans, siteNowMs, utcOffsetMinutes }: LoopNumberSources): LoopNumbers['savedToday'] {
  const dayOf = (atMs: number) => Math.floor((atMs + utcOffsetMinutes * 60_000) / dayMs)
  const measured = plans.flatMap((plan) =>
    plan.measured && dayOf(plan.measured.toMs) === dayOf(siteNowMs) ? [plan.measured] : [],
  )
  if (measured.length === 0) return undefined
  return {
    kwh: measured.reduce((sum, effect) => sum + effect.energySavedKwh, 0),
    cost: measured.reduce((sum, effect) => sum + effect.costSaved, 0),
  }
}
