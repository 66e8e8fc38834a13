import type { Clock } from '../platform/clock.ts'

interface Scheduled {
  dueMs: number
  periodMs: number | undefined
  run: () => void
  order: number
}

/** A clock that stands still until told to `advance`; timers run in due order, on time. */
export class FakeClock implements Clock {
  #epochMs: number
  #monotonicMs = 0
  #scheduled = new Set<Scheduled>()
  #order = 0

  constructor(epochMs = Date.UTC(2026, 5, 1, 4)) {
    this.#epochMs = epochMs
  }

  nowMs(): number {
    return this.#epochMs + this.#monotonicMs
  }

  monotonicMs(): number {
    return this.#monotonicMs
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#schedule(delayMs, undefined, run)
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#schedule(periodMs, Math.max(1, periodMs), run)
  }

  advance(ms: number): void {
    const untilMs = this.#monotonicMs + ms
    for (;;) {
      const next = this.#nextDue(untilMs)
      if (!next) break
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs)
      if (next.periodMs === undefined) this.#scheduled.delete(next)
      else next.dueMs += next.periodMs
      next.run()
    }
    this.#monotonicMs = untilMs
  }

  /** Timers not yet run; a disposed component leaves none. */
  get pendingCount(): number {
    return this.#scheduled.size
  }

  #schedule(delayMs: number, periodMs: number | undefined, run: () => void): () => void {
    const entry: Scheduled = { dueMs: this.#monotonicMs + Math.max(0, delayMs), periodMs, run, order: this.#order++ }
    this.#scheduled.add(entry)
    return () => this.#scheduled.delete(entry)
  }

  #nextDue(untilMs: number): Scheduled | undefined {
    let best: Scheduled | undefined
    for (const entry of this.#scheduled) {
      if (entry.dueMs > untilMs) continue
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order)) best = entry
    }
    return best
  }
}
