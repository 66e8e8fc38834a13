import type { ReadingsBlock } from '../contract/bus.ts'

/**
 * Readings on their way to hot state, in columns. When it is full the hungriest devices pay first: everybody keeps at
 * most an equal share, and of what is over the oldest goes. A quarter becomes free at once, so the cost is amortised.
 */
export class ReadingsQueue {
  readonly capacity: number
  #indices: Uint32Array
  #values: Float64Array
  #atMs: Float64Array
  #quality: Uint8Array
  #device: Uint32Array
  #head = 0
  #tail = 0
  #dropped = 0

  constructor(capacity = 200_000) {
    this.capacity = capacity
    const first = Math.min(capacity, 4096)
    this.#indices = new Uint32Array(first)
    this.#values = new Float64Array(first)
    this.#atMs = new Float64Array(first)
    this.#quality = new Uint8Array(first)
    this.#device = new Uint32Array(first)
  }

  get length(): number {
    return this.#tail - this.#head
  }

  get droppedTotal(): number {
    return this.#dropped
  }

  /** `device` is a number that stands for the sender, for the fair share. */
  push(index: number, value: number, atMs: number, quality: number, device: number): void {
    if (this.#tail === this.#indices.length) this.#makeRoom()
    const at = this.#tail++
    this.#indices[at] = index
    this.#values[at] = value
    this.#atMs[at] = atMs
    this.#quality[at] = quality
    this.#device[at] = device
  }

  /** The oldest rows, `most` at most, in buffers of their own. */
  take(most: number): ReadingsBlock | undefined {
    const count = Math.min(most, this.length)
    if (count === 0) return undefined
    const [from, to] = [this.#head, this.#head + count]
    this.#head = to
    const block = {
      count,
      indices: this.#indices.slice(from, to),
      values: this.#values.slice(from, to),
      atMs: this.#atMs.slice(from, to),
      quality: this.#quality.slice(from, to),
    }
    if (this.#head === this.#tail) {
      this.#head = 0
      this.#tail = 0
    }
    return block
  }

  #makeRoom(): void {
    if (this.length >= this.capacity) this.#dropUnfair()
    else if (this.#head > this.#indices.length / 2) this.#moveToFront()
    else this.#grow()
  }

  #moveToFront(): void {
    for (const column of [this.#indices, this.#values, this.#atMs, this.#quality, this.#device])
      column.copyWithin(0, this.#head, this.#tail)
    this.#tail -= this.#head
    this.#head = 0
  }

  #grow(): void {
    this.#moveToFront()
    const size = Math.min(this.capacity, this.#indices.length * 2)
    if (size <= this.#tail) return
    this.#indices = enlarged(this.#indices, new Uint32Array(size))
    this.#values = enlarged(this.#values, new Float64Array(size))
    this.#atMs = enlarged(this.#atMs, new Float64Array(size))
    this.#quality = enlarged(this.#quality, new Uint8Array(size))
    this.#device = enlarged(this.#device, new Uint32Array(size))
  }

  #dropUnfair(): void {
    const held = new Map<number, number>()
    for (let row = this.#head; row < this.#tail; row++) {
      const device = this.#device[row] as number
      held.set(device, (held.get(device) ?? 0) + 1)
    }
    const share = fairShare([...held.values()], Math.floor(this.capacity * 0.75))
    let kept = 0
    for (let row = this.#head; row < this.#tail; row++) {
      const device = this.#device[row] as number
      const left = held.get(device) as number
      held.set(device, left - 1)
      // Rows come oldest first: while more than its share is left to come, this one is too old.
      if (left > share) continue
      this.#indices[kept] = this.#indices[row] as number
      this.#values[kept] = this.#values[row] as number
      this.#atMs[kept] = this.#atMs[row] as number
      this.#quality[kept] = this.#quality[row] as number
      this.#device[kept] = device
      kept++
    }
    this.#dropped += this.length - kept
    this.#head = 0
    this.#tail = kept
  }
}

function enlarged<T extends Uint32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** The largest share such that the sum over all of min(held, share) fits in `room` (max–min fairness). */
export function fairShare(held: readonly number[], room: number): number {
  const sorted = [...held].sort((a, b) => a - b)
  let left = room
  for (const [at, count] of sorted.entries()) {
    const equal = Math.floor(left / (sorted.length - at))
    if (count > equal) return equal
    left -= count
  }
  return Number.POSITIVE_INFINITY
}
