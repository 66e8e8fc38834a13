import type { ReadingsBlock } from '../contract/bus.ts'
import { RingSeries } from '../platform/ring-buffer.ts'

/** Samples of history over all points together; each point gets an equal share, 720 at most. */
const historyBudget = 4_000_000

/**
 * Live values of all points as structure of arrays, indexed by hot index. Written as messages arrive, read by the
 * render loop and the models; nobody is notified. `version` rises with every block, so that readers can tell.
 */
export class HotPoints {
  value = new Float64Array(0)
  /** Site time of the reading; 0 where nothing was reported yet. */
  atMs = new Float64Array(0)
  quality = new Uint8Array(0)
  version = 0
  readingsTotal = 0
  #history: (RingSeries | undefined)[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Makes room for indices below `count`. */
  reserve(count: number): void {
    if (count <= this.#count) return
    this.#count = count
    if (count <= this.value.length) return
    const capacity = Math.max(1024, 2 ** Math.ceil(Math.log2(count)))
    const grown = new Float64Array(capacity).fill(Number.NaN)
    grown.set(this.value)
    this.value = grown
    const times = new Float64Array(capacity)
    times.set(this.atMs)
    this.atMs = times
    const marks = new Uint8Array(capacity)
    marks.set(this.quality)
    this.quality = marks
  }

  apply(block: ReadingsBlock): void {
    const { count, indices, values, atMs, quality } = block
    for (let row = 0; row < count; row++) {
      const index = indices[row] as number
      if (index >= this.#count) continue
      const time = atMs[row] as number
      // A late retained or out-of-order reading does not overwrite a newer one, but belongs to the curve only in order.
      if (time < (this.atMs[index] as number)) continue
      this.value[index] = values[row] as number
      this.atMs[index] = time
      this.quality[index] = quality[row] as number
      this.#series(index).push(time, values[row] as number)
    }
    this.readingsTotal += count
    this.version++
  }

  /** Recent samples of one point, oldest first; undefined before its first reading. */
  history(index: number): RingSeries | undefined {
    return this.#history[index]
  }

  /**
   * After a jump of the site's clock: ages and curves begin anew, last values stay. Readings may overtake the word of the
   * jump; those already stamped within `slackMs` of the new time keep it.
   */
  restartTime(siteMs: number, slackMs: number): void {
    for (let index = 0; index < this.#count; index++)
      if (Math.abs((this.atMs[index] as number) - siteMs) > slackMs) this.atMs[index] = 0
    this.#history = []
    this.version++
  }

  #series(index: number): RingSeries {
    const known = this.#history[index]
    if (known) return known
    const series = new RingSeries(Math.max(32, Math.min(720, Math.floor(historyBudget / Math.max(1, this.#count)))))
    this.#history[index] = series
    return series
  }
}
