/** What is wrong now, as data: shown to people with since when, how often and what to do. */
export interface Fault {
  /** Stable key such as `sense:disconnected` or `codec:device/m1/telemetry`. */
  readonly key: string
  readonly severity: 'info' | 'warning' | 'error'
  /** Message code resolved by the UI's catalogue; `detail` carries the particulars. */
  readonly code: string
  readonly detail: string
  readonly sinceMs: number
  readonly lastMs: number
  readonly count: number
}

export type FaultReport = Pick<Fault, 'severity' | 'code' | 'detail'>

export interface FaultSink {
  set(key: string, report: FaultReport): void
  clear(key: string): void
}

const capacity = 200

/** Keeps at most 200 faults; the longest quiet one gives way, and `evictedCount` says so. */
export class FaultList implements FaultSink {
  #faults = new Map<string, Fault>()
  #evicted = 0
  readonly #nowMs: () => number
  readonly #changed: () => void

  constructor(nowMs: () => number, changed: () => void = () => {}) {
    this.#nowMs = nowMs
    this.#changed = changed
  }

  get evictedCount(): number {
    return this.#evicted
  }

  set(key: string, report: FaultReport): void {
    const nowMs = this.#nowMs()
    const known = this.#faults.get(key)
    this.#faults.delete(key)
    if (!known && this.#faults.size >= capacity) {
      const oldest = this.#faults.keys().next().value
      if (oldest !== undefined) this.#faults.delete(oldest)
      this.#evicted++
    }
    this.#faults.set(key, {
      key,
      ...report,
      sinceMs: known?.sinceMs ?? nowMs,
      lastMs: nowMs,
      count: (known?.count ?? 0) + 1,
    })
    this.#changed()
  }

  clear(key: string): void {
    if (this.#faults.delete(key)) this.#changed()
  }

  /** Newest last. */
  list(): readonly Fault[] {
    return [...this.#faults.values()]
  }
}
