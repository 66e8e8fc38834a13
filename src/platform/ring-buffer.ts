/** So many samples live inside the array objects themselves, without a buffer of their own. */
const firstRoom = 8

/** A series of (time, value) in typed arrays that grow to `capacity`; then the oldest sample is overwritten. */
export class RingSeries {
  readonly capacity: number
  #atMs: Float64Array
  #values: Float32Array
  #start = 0
  #length = 0

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be a positive integer, got ${capacity}`)
    this.capacity = capacity
    this.#atMs = new Float64Array(Math.min(firstRoom, capacity))
    this.#values = new Float32Array(Math.min(firstRoom, capacity))
  }

  get length(): number {
    return this.#length
  }

  push(atMs: number, value: number): void {
    const index = (this.#start + this.#length) % this.capacity
    if (index >= this.#atMs.length) this.#grow()
    this.#atMs[index] = atMs
    this.#values[index] = value
    if (this.#length < this.capacity) this.#length++
    else this.#start = (this.#start + 1) % this.capacity
  }

  #grow(): void {
    const room = Math.min(this.capacity, this.#atMs.length * 2)
    const atMs = new Float64Array(room)
    atMs.set(this.#atMs)
    this.#atMs = atMs
    const values = new Float32Array(room)
    values.set(this.#values)
    this.#values = values
  }

  /** Sample `index` counted from the oldest. */
  atMs(index: number): number {
    return this.#atMs[(this.#start + index) % this.capacity] ?? Number.NaN
  }

  value(index: number): number {
    return this.#values[(this.#start + index) % this.capacity] ?? Number.NaN
  }

  clear(): void {
    this.#start = 0
    this.#length = 0
  }
}
