/**
 * Follows the MQTT framing of a byte stream (fixed header and remaining length, MQTT 3.1.1 §2.2) so that an oversized
 * packet is refused by its announced length, before anybody buffers it.
 */
export class PacketGuard {
  readonly #maxBytes: number
  /** Bytes of the current packet's body still to come. */
  #left = 0
  #state: 'type' | 'length' | 'body' = 'type'
  #length = 0
  #shift = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** False once a packet announces more than allowed, or a length that is not one. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0
    while (at < chunk.length) {
      if (this.#state === 'body') {
        const step = Math.min(this.#left, chunk.length - at)
        at += step
        this.#left -= step
        if (this.#left === 0) this.#state = 'type'
        continue
      }
      const byte = chunk[at++] as number
      if (this.#state === 'type') {
        this.#state = 'length'
        this.#length = 0
        this.#shift = 0
        continue
      }
      this.#length += (byte & 0x7f) * 2 ** this.#shift
      this.#shift += 7
      if (this.#length > this.#maxBytes || this.#shift > 28) return false
      if (byte & 0x80) continue
      this.#left = this.#length
      this.#state = this.#left > 0 ? 'body' : 'type'
    }
    return true
  }
}
