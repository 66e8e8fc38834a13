export interface Disposable {
  dispose(): void
}

/** What opens, closes: collects clean-ups and runs them once, last opened first. */
export class Disposables implements Disposable {
  #cleanUps: (() => void)[] = []
  #disposed = false

  get disposed(): boolean {
    return this.#disposed
  }

  add(cleanUp: (() => void) | Disposable): void {
    const run = typeof cleanUp === 'function' ? cleanUp : () => cleanUp.dispose()
    if (this.#disposed) run()
    else this.#cleanUps.push(run)
  }

  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    for (const run of this.#cleanUps.splice(0).reverse()) run()
  }
}
