/** Where a picture differs from the last one looked at. A small figure must show; noise and slow light must not. */
import type { Picture } from './detector-input.ts'

export interface MotionSettings {
  /** Least change of a cell's mean (0…255) that counts, and as a multiple of the picture's own noise. */
  readonly leastChange: number
  readonly noiseFactor: number
}

const defaultMotion: MotionSettings = { leastChange: 2, noiseFactor: 5 }

/** Cells in a picture's height: of a 192 pixel picture each is half as tall as the smallest figure the detector finds. */
const cellRows = 24
/** More samples than this along a cell's side tell no more. */
const samplesAcross = 8

/** Square cells, numbered row by row. */
export interface Motion {
  readonly cellPx: number
  readonly columns: number
  readonly rows: number
  readonly moved: readonly number[]
}

export class MotionSense {
  readonly #settings: MotionSettings
  #reference: Float32Array | undefined
  #newest: Float32Array | undefined

  constructor(settings: MotionSettings = defaultMotion) {
    this.#settings = settings
  }

  /** Compared with the last picture kept, so that slow movement adds up until it counts. At first all is new. */
  compare(picture: Picture): Motion {
    const cellPx = Math.max(4, Math.round(picture.height / cellRows))
    const columns = Math.floor(picture.width / cellPx)
    const rows = Math.floor(picture.height / cellPx)
    const cells = cellMeans(picture, cellPx, columns, rows)
    this.#newest = cells
    return { cellPx, columns, rows, moved: movedCells(this.#reference, cells, this.#settings) }
  }

  /** The picture compared last was looked at: the next ones are compared with it. */
  keep(): void {
    this.#reference = this.#newest
  }
}

function cellMeans({ width, rgba }: Picture, cellPx: number, columns: number, rows: number): Float32Array {
  const pixels = new Uint8Array(rgba)
  const means = new Float32Array(columns * rows)
  const step = Math.ceil(cellPx / samplesAcross)
  const samples = Math.ceil(cellPx / step) ** 2
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      // Many pixels, so that the noise of a dark picture averages out; red and green, since clothing of any colour
      // shows in one of them.
      for (let y = 0; y < cellPx; y += step) {
        let at = ((row * cellPx + y) * width + column * cellPx) * 4
        for (let x = 0; x < cellPx; x += step, at += 4 * step)
          sum += (pixels[at] as number) + (pixels[at + 1] as number)
      }
      means[row * columns + column] = sum / (2 * samples)
    }
  }
  return means
}

function movedCells(before: Float32Array | undefined, now: Float32Array, settings: MotionSettings): number[] {
  if (!before || before.length !== now.length) return Array.from(now.keys())
  const changes = now.map((value, i) => Math.abs(value - (before[i] as number)))
  const median = changes.slice().sort()[changes.length >> 1] ?? 0
  const limit = Math.max(settings.leastChange, settings.noiseFactor * 1.48 * median)
  const moved: number[] = []
  for (const [i, change] of changes.entries()) if (change > limit) moved.push(i)
  return moved
}
