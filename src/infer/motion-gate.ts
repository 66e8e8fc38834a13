/** Saves looks at pictures in which nothing happens. A small figure must move it; noise and slow light must not. */
import type { Picture } from './detector-input.ts'

export interface MotionGateSettings {
  /** A still scene is looked at this often. */
  readonly stillPeriodMs: number
  /** Full rate is kept this long after the last movement. */
  readonly holdMs: number
  /** Least change of a cell's mean (0…255) that counts, and as a multiple of the picture's own noise. */
  readonly leastChange: number
  readonly noiseFactor: number
}

const defaultMotionGate: MotionGateSettings = {
  stillPeriodMs: 2000,
  holdMs: 1500,
  leastChange: 2,
  noiseFactor: 5,
}

/** Cells of this many pixels: about half the height of the smallest figure the detector finds. */
const cellPx = 8

export class MotionGate {
  #reference: Float32Array | undefined
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #movedAtMs = Number.NEGATIVE_INFINITY
  #passed = 0
  #saved = 0
  readonly #settings: MotionGateSettings

  constructor(settings: MotionGateSettings = defaultMotionGate) {
    this.#settings = settings
  }

  get passedCount(): number {
    return this.#passed
  }

  get savedCount(): number {
    return this.#saved
  }

  /** `nowMs` is monotonic: computing is saved in real time, whatever the site's clock does. */
  look(picture: Picture, nowMs: number): boolean {
    const cells = cellMeans(picture)
    const moved = !this.#reference || hasMoved(this.#reference, cells, this.#settings)
    if (moved) this.#movedAtMs = nowMs
    const due =
      nowMs - this.#movedAtMs <= this.#settings.holdMs || nowMs - this.#lookedAtMs >= this.#settings.stillPeriodMs
    if (!due) {
      this.#saved++
      return false
    }
    // Compared with the last picture looked at, so that slow movement adds up until it counts.
    this.#reference = cells
    this.#lookedAtMs = nowMs
    this.#passed++
    return true
  }
}

function cellMeans({ width, height, rgba }: Picture): Float32Array {
  const pixels = new Uint8Array(rgba)
  const columns = Math.floor(width / cellPx)
  const rows = Math.floor(height / cellPx)
  const means = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      // Every pixel, so that the noise of a dark picture averages out; red and green, since clothing of any colour
      // shows in one of them.
      for (let y = 0; y < cellPx; y++) {
        let at = ((row * cellPx + y) * width + column * cellPx) * 4
        for (let x = 0; x < cellPx; x++, at += 4) sum += (pixels[at] as number) + (pixels[at + 1] as number)
      }
      means[row * columns + column] = sum / (2 * cellPx * cellPx)
    }
  }
  return means
}

function hasMoved(before: Float32Array, now: Float32Array, settings: MotionGateSettings): boolean {
  if (before.length !== now.length) return true
  const changes = now.map((value, i) => Math.abs(value - (before[i] as number)))
  const median = changes.slice().sort()[changes.length >> 1] ?? 0
  const limit = Math.max(settings.leastChange, settings.noiseFactor * 1.48 * median)
  return changes.some((change) => change > limit)
}
