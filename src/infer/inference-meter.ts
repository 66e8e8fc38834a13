import type { InferenceStatistics, TaskRates } from './inference.ts'
import type { ModelTask } from './model-manifest.ts'

interface Tally {
  total: number
  recent: number
  recentMs: number
}

/** Counts runs per task and turns them into rates once a beat. */
export class InferenceMeter {
  readonly #tallies: Record<ModelTask, Tally> = {
    detection: { total: 0, recent: 0, recentMs: 0 },
    forecast: { total: 0, recent: 0, recentMs: 0 },
    environment: { total: 0, recent: 0, recentMs: 0 },
  }

  count(task: ModelTask, ms: number): void {
    const tally = this.#tallies[task]
    tally.total++
    tally.recent++
    tally.recentMs += ms
  }

  /** Rates over the `elapsedMs` since the last call. */
  beat(elapsedMs: number): InferenceStatistics['tasks'] {
    return {
      detection: rates(this.#tallies.detection, elapsedMs),
      forecast: rates(this.#tallies.forecast, elapsedMs),
      environment: rates(this.#tallies.environment, elapsedMs),
    }
  }
}

function rates(tally: Tally, elapsedMs: number): TaskRates {
  const result = {
    perS: elapsedMs > 0 ? (tally.recent * 1000) / elapsedMs : 0,
    meanMs: tally.recent > 0 ? tally.recentMs / tally.recent : Number.NaN,
    total: tally.total,
  }
  tally.recent = 0
  tally.recentMs = 0
  return result
}
