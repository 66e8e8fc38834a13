import { qualityCode, type ReadingsBlock } from '../contract/bus.ts'
import { RingSeries } from '../platform/ring-buffer.ts'

/** Samples of history over all points together; each point gets an equal share, 720 at most. */
const historyBudget = 4_000_000
/** Wall time by which a stamp may lie ahead of the site's clock as it is known here; beyond it the sender's clock is wrong. */
const aheadSlackMs = 60_000
/** Of that, what messages under way explain. */
const jitterMs = 5000

/** Samples by index, oldest first; times are site time. */
export interface HotSeries {
  readonly length: number
  atMs(index: number): number
  value(index: number): number
}

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
  /** Stamps of newest readings that lay ahead of the site's clock: they count as of their arrival. */
  readonly #ahead = new Map<number, number>()
  /** Points whose readings come with rising stamps that all lie before the newest: since when, and the last of them. */
  readonly #late = new Map<number, { readonly sinceMs: number; lastMs: number }>()
  /** Times of samples in the curves that were marked bad. */
  readonly #bad = new Map<number, Set<number>>()

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

  /** `nowMs` is site time on arrival, `speed` how fast it runs; without them every stamp is taken as it is. */
  apply(block: ReadingsBlock, nowMs = Number.POSITIVE_INFINITY, speed = 1): void {
    const { count, indices, values, atMs, quality } = block
    const slackMs = aheadSlackMs * Math.max(1, speed)
    for (let row = 0; row < count; row++) {
      const index = indices[row] as number
      if (index >= this.#count) continue
      const time = this.#timeOf(index, atMs[row] as number, nowMs, slackMs)
      if (time === undefined) continue
      const mark = quality[row] as number
      if (time < (this.atMs[index] as number)) this.#forget(index)
      this.value[index] = values[row] as number
      this.atMs[index] = time
      this.quality[index] = mark
      const series = this.#series(index)
      series.push(time, values[row] as number)
      if (mark === qualityCode.bad) this.#noteBad(index, time, series.capacity)
    }
    this.readingsTotal += count
    this.version++
  }

  /** Recent samples of one point, oldest first; undefined before its first reading. */
  history(index: number): RingSeries | undefined {
    return this.#history[index]
  }

  /** The same without what was marked bad: what models read. */
  trusted(index: number): HotSeries | undefined {
    const series = this.#history[index]
    const bad = this.#bad.get(index)
    if (!series || !bad) return series
    const kept = Array.from({ length: series.length }, (_, i) => i).filter((i) => !bad.has(series.atMs(i)))
    const at = (i: number) => kept[i] ?? Number.NaN
    return { length: kept.length, atMs: (i) => series.atMs(at(i)), value: (i) => series.value(at(i)) }
  }

  /**
   * After each word of the site's clock: stamps that lay ahead of what was known of it may be right after all. Before its
   * first word (`isFirst`) the wall's time stood for it, and stamps may lie ahead of it unnoticed.
   */
  clockTold(nowMs: number, speed: number, isFirst: boolean): void {
    const latestMs = nowMs + aheadSlackMs * Math.max(1, speed)
    for (const [index, statedMs] of this.#ahead) {
      if (statedMs > latestMs) continue
      this.#ahead.delete(index)
      this.#forget(index)
      this.atMs[index] = statedMs
    }
    if (!isFirst) return
    for (let index = 0; index < this.#count; index++) {
      const statedMs = this.atMs[index] as number
      if (statedMs <= latestMs) continue
      this.#forget(index)
      this.#ahead.set(index, statedMs)
      this.atMs[index] = nowMs
    }
  }

  /**
   * After a jump of the site's clock: ages and curves begin anew, last values stay. Readings may overtake the word of the
   * jump; those already stamped within `slackMs` of the new time keep it.
   */
  restartTime(siteMs: number, slackMs: number): void {
    for (const [index, statedMs] of this.#ahead) this.atMs[index] = statedMs
    for (let index = 0; index < this.#count; index++)
      if (Math.abs((this.atMs[index] as number) - siteMs) > slackMs) this.atMs[index] = 0
    this.#history = []
    for (const marks of [this.#ahead, this.#late, this.#bad]) marks.clear()
    this.version++
  }

  /** The time a reading counts as; undefined where it is older than what is known. */
  #timeOf(index: number, statedMs: number, nowMs: number, slackMs: number): number | undefined {
    if (statedMs < (this.atMs[index] as number) && !this.#isCorrection(index, statedMs, nowMs, slackMs))
      return undefined
    if (this.#late.size > 0) this.#late.delete(index)
    if (statedMs > nowMs + slackMs) {
      this.#ahead.set(index, statedMs)
      return nowMs
    }
    if (this.#ahead.size > 0) this.#ahead.delete(index)
    return statedMs
  }

  /**
   * A late retained or out-of-order reading does not overwrite a newer one; that of a device whose clock was put back
   * does. Such a device speaks of about now after it spoke of the future, or goes on for long with rising stamps.
   */
  #isCorrection(index: number, statedMs: number, nowMs: number, slackMs: number): boolean {
    const wasAhead =
      this.#ahead.has(index) || (this.atMs[index] as number) > nowMs + slackMs * (jitterMs / aheadSlackMs)
    if (wasAhead && statedMs > nowMs - slackMs) return true
    const late = this.#late.get(index)
    if (!late) this.#late.set(index, { sinceMs: nowMs, lastMs: statedMs })
    if (!late || statedMs <= late.lastMs) return false
    late.lastMs = statedMs
    return nowMs - late.sinceMs >= slackMs
  }

  /** A curve whose times would run backwards begins anew. */
  #forget(index: number): void {
    this.#history[index] = undefined
    this.#bad.delete(index)
  }

  #noteBad(index: number, atMs: number, most: number): void {
    const times = this.#bad.get(index) ?? new Set()
    this.#bad.set(index, times.add(atMs))
    const [oldest] = times
    if (times.size > most && oldest !== undefined) times.delete(oldest)
  }

  #series(index: number): RingSeries {
    const known = this.#history[index]
    if (known) return known
    const series = new RingSeries(Math.max(32, Math.min(720, Math.floor(historyBudget / Math.max(1, this.#count)))))
    this.#history[index] = series
    return series
  }
}
