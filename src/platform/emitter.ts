/** A typed event source. Listeners are called in order of subscription; the returned function unsubscribes. */
export class Emitter<T> {
  #listeners = new Set<(event: T) => void>()

  subscribe(listener: (event: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}
