/** Ids that no birth speaks of: a broker may have more of them than anybody looks at. */
const mostStrangers = 4096

/** Who said that it is there. Words of ids that are not known yet are kept too, the newest of them: a birth may follow. */
export class Presence {
  readonly #words = new Map<string, boolean>()
  readonly #strangers = new Map<string, boolean>()

  get(id: string): boolean | undefined {
    return this.#words.get(id) ?? this.#strangers.get(id)
  }

  /** `isKnown`: a birth speaks of it, as a device or as a gateway. */
  set(id: string, online: boolean, isKnown: boolean): void {
    this.#strangers.delete(id)
    if (isKnown) {
      this.#words.set(id, online)
      return
    }
    this.#words.delete(id)
    this.#strangers.set(id, online)
    const [oldest] = this.#strangers.keys()
    if (this.#strangers.size > mostStrangers && oldest !== undefined) this.#strangers.delete(oldest)
  }

  /** After a birth that speaks of it, or when the last one is gone. */
  move(id: string, isKnown: boolean): void {
    const word = this.get(id)
    if (word !== undefined) this.set(id, word, isKnown)
  }
}
