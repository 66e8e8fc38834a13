/** Ten times a second is as often as anybody reads a map or a compass. */
const everyMs = 100

/** Tells where the eye is now and then while it moves, and once where it comes to rest. */
export class PoseTeller {
  readonly #tell: () => void
  #astray = false
  #sinceMs = everyMs

  constructor(tell: () => void) {
    this.#tell = tell
  }

  moved(): void {
    this.#astray = true
  }

  /** A frame is drawn, `dtMs` after the last one. */
  frame(dtMs: number, resting: boolean): void {
    this.#sinceMs += dtMs
    if (!this.#astray || (!resting && this.#sinceMs < everyMs)) return
    this.#astray = false
    this.#sinceMs = 0
    this.#tell()
  }
}
