/** Events of a day found against events true. */
export interface TimedEvent {
  readonly key: string
  readonly atMs: number
}

/** An event of the pipeline and one of the truth are the same within this. */
export const eventToleranceMs = 4000

/**
 * F1 of two lists of events, each matched once with the nearest of its kind, in the order of the truth. What is true
 * after `endMs` is not asked for, and what is found after it counts only where it tells of something true before.
 */
export function eventF1(
  truth: readonly TimedEvent[],
  found: readonly TimedEvent[],
  endMs = Number.POSITIVE_INFINITY,
): number {
  const wanted = truth.filter(({ atMs }) => atMs <= endMs)
  const left = [...found]
  let hits = 0
  for (const { key, atMs } of wanted) {
    let best = -1
    for (const [i, event] of left.entries()) {
      if (event.key !== key || Math.abs(event.atMs - atMs) > eventToleranceMs) continue
      if (best < 0 || Math.abs(event.atMs - atMs) < Math.abs((left[best] as TimedEvent).atMs - atMs)) best = i
    }
    if (best < 0) continue
    left.splice(best, 1)
    hits++
  }
  const wrong = left.filter(({ atMs }) => atMs <= endMs).length
  const asked = wanted.length + hits + wrong
  return asked === 0 ? 1 : (2 * hits) / asked
}
