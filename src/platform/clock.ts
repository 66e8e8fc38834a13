/**
 * Time, injected. Nothing outside `platform` may call `Date.now`, `performance.now`, timers or
 * `requestAnimationFrame`; they take a `Clock`, so that tests own time.
 */
export interface Clock {
  /** Wall clock, epoch milliseconds UTC. May jump; for stamping, never for measuring. */
  nowMs(): number
  /** Monotonic milliseconds from an arbitrary origin; for measuring durations and deadlines. */
  monotonicMs(): number
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
  /** Calls `run` every `periodMs`; the returned function stops it. */
  every(periodMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs)
    return () => clearTimeout(handle)
  },
  every(periodMs, run) {
    const handle = setInterval(run, periodMs)
    return () => clearInterval(handle)
  },
}

/** Resolves after `delayMs` of `clock` time. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })
}
