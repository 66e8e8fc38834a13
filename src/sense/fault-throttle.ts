import type { FaultReport } from '../platform/faults.ts'

const windowMs = 1000
const perWindow = 50

/** Lets each fault through once a second and fifty in all, so that a flood of garbage is not a flood of reports. */
export class FaultThrottle {
  readonly #pass: (key: string, report: FaultReport | undefined) => void
  readonly #monotonicMs: () => number
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

  clear(key: string): void {
    this.#seen.delete(key)
    this.#pass(key, undefined)
  }
}
