import type { FaultReport } from '../platform/faults.ts'

const windowMs = 1000
const perWindow = 50
/** A fault that fades is over when nothing was heard of it for so long, or so soon after it was mended. */
const quietMs = 10 * 60_000
const mendedMs = 10_000
const mostFading = 1000

interface Fading {
  lastMs: number
  isMended: boolean
  /** It speaks of what the broker keeps: nothing new is heard of it while it is still so. */
  lasts: boolean
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

  report(key: string, report: () => FaultReport): void {
    const nowMs = this.#monotonicMs()
    if (nowMs - this.#windowStartMs >= windowMs) {
      this.#windowStartMs = nowMs
      this.#seen.clear()
    }
    if (this.#seen.size >= perWindow || this.#seen.has(key)) return
    this.#seen.add(key)
    this.#pass(key, report())
  }

  /**
   * A fault that nobody will clear: it ends by itself, see `sweep`; one that `lasts` only once it is mended, or not heard
   * of again with a new connection. With very many known, more are not told of.
   */
  reportFading(key: string, report: () => FaultReport, lasts = false): void {
    if (!this.#fading.has(key) && this.#fading.size >= mostFading) return
    this.#fading.set(key, { lastMs: this.#monotonicMs(), isMended: false, lasts })
    this.report(key, report)
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
    if (fading) fading.isMended = true
  }

  clear(key: string): void {
    this.#seen.delete(key)
    this.#fading.delete(key)
    this.#pass(key, undefined)
  }

  /** Once a second or so: ends what is over. */
  sweep(): void {
    const nowMs = this.#monotonicMs()
    for (const [key, { lastMs, isMended, lasts }] of this.#fading)
      if ((isMended || !lasts) && nowMs - lastMs >= (isMended ? mendedMs : quietMs)) this.clear(key)
  }
}
