/**
 * Backpressure for work where only the newest input matters: one item in flight; a newer item replaces
 * the one waiting, and the replaced one is counted and handed to `release`. Failed work goes to `failed`; the next
 * item is worked on all the same.
 */
export class LatestWins<T> {
  #waiting: { readonly item: T } | undefined
  #busy = false
  #closed = false
  #dropped = 0
  readonly #work: (item: T) => Promise<void>
  readonly #release: (item: T) => void
  readonly #failed: (error: unknown) => void

  constructor(
    work: (item: T) => Promise<void>,
    release: (item: T) => void = () => {},
    failed: (error: unknown) => void = (error) => {
      throw error
    },
  ) {
    this.#work = work
    this.#release = release
    this.#failed = failed
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
    let next: { readonly item: T } | undefined = { item: first }
    while (next) {
      try {
        await this.#work(next.item)
      } catch (error) {
        this.#failed(error)
      }
      next = this.#waiting
      this.#waiting = undefined
    }
    this.#busy = false
  }
}
