/** A fixed-capacity series of (time, value) in typed arrays; the oldest sample is overwritten. */
export class RingSeries {
  readonly capacity: number
  readonly #atMs: Float64Array
  readonly #values: Float32Array
  #start = 0
  #length = 0

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be a positive integer, got ${capacity}`)
    this.capacity = capacity
    this.#atMs = new Float64Array(capacity)
    this.#values = new Float32Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  push(atMs: number, value: number): void {
    const index = (this.#start + this.#length) % this.capacity
    this.#atMs[index] = atMs
    this.#values[index] = value
    if (this.#length < this.capacity) this.#length++
    else this.#start = (this.#start + 1) % this.capacity
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
