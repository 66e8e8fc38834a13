/** Full-jitter exponential backoff: uniform in [base/2, min(cap, base·2ⁿ)], so that consoles do not return in step. */
export function backoffMs(attempt: number, random: () => number, baseMs = 500, capMs = 15_000): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20))
  const floor = baseMs / 2
  return floor + (ceiling - floor) * random()
}
