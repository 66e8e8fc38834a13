/** Reader of the protobuf wire format; knows no schema, checks every length, allocates only the texts asked for. */

/** The bytes are not what they should be. Caught where reading begins. */
export class ProtoError extends Error {}

export class ProtoReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number
  #wireType = 0

  constructor(bytes: Uint8Array, from = 0, end = bytes.byteLength) {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
  }

  /** Numbers of the fields in order. The value of each must be read or skipped before the next is asked for. */
  *fields(): Generator<number> {
    while (this.#at < this.#end) {
      const key = this.#varint()
      this.#wireType = key & 7
      const field = Math.floor(key / 8)
      if (field === 0) throw new ProtoError('a field without a number')
      yield field
    }
  }

  int(): number {
    if (this.#wireType !== 0) throw new ProtoError('a number was expected')
    return this.#varint()
  }

  /** `instead` is taken for one that is longer; without it, that is an error. */
  text(limitBytes: number, instead?: string): string {
    const [from, to] = this.#span()
    if (to - from <= limitBytes) return new TextDecoder().decode(this.#bytes.subarray(from, to))
    if (instead !== undefined) return instead
    throw new ProtoError(`a text of ${to - from} bytes`)
  }

  message(): ProtoReader {
    const [from, to] = this.#span()
    return new ProtoReader(this.#bytes, from, to)
  }

  skip(): void {
    if (this.#wireType === 0) this.#varint()
    else if (this.#wireType === 1) this.#advance(8)
    else if (this.#wireType === 2) this.#span()
    else if (this.#wireType === 5) this.#advance(4)
    else throw new ProtoError(`wire type ${this.#wireType}`)
  }

  #span(): readonly [from: number, to: number] {
    if (this.#wireType !== 2) throw new ProtoError('a text or message was expected')
    const length = this.#varint()
    const from = this.#at
    this.#advance(length)
    return [from, this.#at]
  }

  #advance(bytes: number): void {
    if (!(bytes >= 0 && this.#at + bytes <= this.#end)) throw new ProtoError('it ends in the middle of a field')
    this.#at += bytes
  }

  /** Beyond 2^53 the value is not exact; no length or dimension is that large, and negative ones become huge. */
  #varint(): number {
    let value = 0
    let factor = 1
    for (let i = 0; i < 10; i++) {
      if (this.#at >= this.#end) throw new ProtoError('it ends in the middle of a field')
      const byte = this.#bytes[this.#at++] as number
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
    throw new ProtoError('a number of more than 10 bytes')
  }
}
