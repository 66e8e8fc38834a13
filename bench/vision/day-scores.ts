/** Events of a day found against events true. */
export interface TimedEvent {
  readonly key: string
  readonly atMs: number
}

/** An event of the pipeline and one of the truth are the same within this. */
const eventToleranceMs = 4000

/** F1 of two lists of events, each matched once with the nearest of its kind, in the order of the truth. */
export function eventF1(truth: readonly TimedEvent[], found: readonly TimedEvent[]): number {
  const left = [...found]
  let hits = 0
  for (const { key, atMs } of truth) {
    let best = -1
    for (const [i, event] of left.entries()) {
      if (event.key !== key || Math.abs(event.atMs - atMs) > eventToleranceMs) continue
      if (best < 0 || Math.abs(event.atMs - atMs) < Math.abs((left[best] as TimedEvent).atMs - atMs)) best = i
    }
    if (best < 0) continue
    left.splice(best, 1)
    hits++
  }
  return truth.length + found.length === 0 ? 1 : (2 * hits) / (truth.length + found.length)
}
