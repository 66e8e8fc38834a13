/**
 * Backpressure for work where only the newest input matters: one item in flight; a newer item replaces
 * the one waiting, and the replaced one is counted and handed to `release`.
 */
export class LatestWins<T> {
  #waiting: { item: T } | undefined
  #busy = false
  #closed = false
  #dropped = 0
  readonly #work: (item: T) => Promise<void>
  readonly #release: (item: T) => void

  constructor(work: (item: T) => Promise<void>, release: (item: T) => void = () => {}) {
    this.#work = work
    this.#release = release
  }

  get droppedCount(): number {
    return this.#dropped
  }

  offer(item: T): void {
    if (this.#closed) return this.#release(item)
    if (!this.#busy) {
      void this.#run(item)
      return
    }
    if (this.#waiting) {
      this.#dropped++
      this.#release(this.#waiting.item)
    }
    this.#waiting = { item }
  }

  close(): void {
    this.#closed = true
    if (this.#waiting) this.#release(this.#waiting.item)
    this.#waiting = undefined
  }

  async #run(first: T): Promise<void> {
    this.#busy = true
    let next: T | undefined = first
    try {
      while (next !== undefined) {
        await this.#work(next)
        next = this.#waiting?.item
        this.#waiting = undefined
      }
    } finally {
      this.#busy = false
    }
  }
}
