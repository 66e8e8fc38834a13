import type { FaultReport } from '../platform/faults.ts'

const windowMs = 1000
const perWindow = 50
/** A fault that fades is over when nothing was heard of it for so long, or so soon after it was mended. */
const quietMs = 10 * 60_000
const mendedMs = 10_000
/** Fewer than the list of faults holds: what goes wrong elsewhere must not give way to what others send. */
const mostFading = 150

interface Fading {
  lastMs: number
  isMended: boolean
  /** It speaks of what the broker keeps: nothing new is heard of it while it is still so. */
  lasts: boolean
  /** Its newest words, where they were held back: it may be said only once. */
  untold: (() => FaultReport) | undefined
}

/** Lets each fault through once a second and fifty in all, so that a flood of garbage is not a flood of reports. */
export class FaultThrottle {
  readonly #pass: (key: string, report: FaultReport | undefined) => void
  readonly #monotonicMs: () => number
  readonly #fading = new Map<string, Fading>()
  #seen = new Set<string>()
  #windowStartMs = Number.NEGATIVE_INFINITY

  constructor(monotonicMs: () => number, pass: (key: string, report: FaultReport | undefined) => void) {
    this.#monotonicMs = monotonicMs
    this.#pass = pass
  }

  /** Whether it was let through. */
  report(key: string, report: () => FaultReport): boolean {
    const nowMs = this.#monotonicMs()
    if (nowMs - this.#windowStartMs >= windowMs) {
      this.#windowStartMs = nowMs
      this.#seen.clear()
    }
    if (this.#seen.size >= perWindow || this.#seen.has(key)) return false
    this.#seen.add(key)
    this.#pass(key, report())
    return true
  }

  /**
   * A fault that nobody will clear: it ends by itself, see `sweep`; one that `lasts` only once it is mended, or not heard
   * of again with a new connection. With very many known, more are not told of.
   */
  reportFading(key: string, report: () => FaultReport, lasts = false): void {
    if (!this.#fading.has(key) && this.#fading.size >= mostFading) return
    const untold = this.report(key, report) ? undefined : report
    // Last in turn: what is said again and again must not hold back what is said once.
    this.#fading.delete(key)
    this.#fading.set(key, { lastMs: this.#monotonicMs(), isMended: false, lasts, untold })
  }

  /** From now on the broker tells again all that it keeps: what is not heard of by then is over. */
  heardAnew(): void {
    for (const fading of this.#fading.values()) {
      if (fading.lasts) fading.lastMs = this.#monotonicMs()
      fading.lasts = false
    }
  }

  /** What it spoke of went well; between two that go badly it may be chance. */
  mended(key: string): void {
    const fading = this.#fading.get(key)
    if (!fading) return
    fading.isMended = true
    fading.untold = undefined
  }

  clear(key: string): void {
    this.#seen.delete(key)
    this.#fading.delete(key)
    this.#pass(key, undefined)
  }

  /** Once a second or so: ends what is over, and tells what was held back. */
  sweep(): void {
    const nowMs = this.#monotonicMs()
    for (const [key, fading] of this.#fading) {
      const { lastMs, isMended, lasts, untold } = fading
      if ((isMended || !lasts) && nowMs - lastMs >= (isMended ? mendedMs : quietMs)) this.clear(key)
      else if (untold && this.report(key, untold)) fading.untold = undefined
    }
  }
}
