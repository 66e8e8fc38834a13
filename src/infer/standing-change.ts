/**
 * Where a picture has changed for good: patches that differ from how the place looked before and have kept still since.
 * Two pictures of the place are kept, one that follows within seconds and one that follows within minutes; what differs
 * between them stands there newly (dual background; Porikli, Ivanov & Haga 2008). Works on cells of a few pixels, needs
 * no detector, and knows nothing of what the change is.
 */
import type { BoxInImage } from '../contract/perception.ts'
import type { Picture } from './detector-input.ts'

/** A connected patch of changed cells, in pixels of the picture. */
export interface StandingPatch {
  readonly box: BoxInImage
  /** Since when it has kept still. */
  readonly sinceMs: number
  readonly cells: number
  /** Share of its box that has changed. */
  readonly fill: number
  /** How far it differs from the place before, as a multiple of what counts as a difference. */
  readonly contrast: number
  /** Share of its difference that is gone just outside of it: things end at once, shade and glow fade out. */
  readonly sharpness: number
  /** How much its outline shows in the newest looks, as a multiple of what counts as a difference. */
  readonly outline: number
  /** Its outline shows now and did not before: something came. Otherwise something left, or only the light changed. */
  readonly appeared: boolean
}

/** Cells in a picture's height: a bag at twenty metres still covers some in a 192 pixel picture. */
const cellRows = 96
const channels = 3
/** Least difference of a cell's mean (0…255) that counts, and as a multiple of the picture's own noise. */
const least = { change: 11, perNoise: 4.5 }
/** A cell that has stayed as it is for so long and so many looks is settled. */
const settled = { ms: 1800, looks: 4 }
/** The quick picture takes up this share of a new look; the slow one this share a second of what little differs. */
const follow = { quick: 0.3, slowPerS: 0.06 }
/** One look that differs may be a bird or a streak of rain. */
const outliers = 1
/** More of the picture than this has changed: the light did. All of it is taken as the place as it is. */
const lightShare = 0.12
/** An outline is blurred over a cell: what lies beyond is asked. */
const outlineCells = 2
/** Fewer cells tell nothing from noise. */
const fewestCells = 4

export class StandingChange {
  #columns = 0
  #rows = 0
  #cellPx = 1
  #quick = new Float32Array(0)
  #slow = new Float32Array(0)
  #known = new Uint8Array(0)
  #looks = new Uint16Array(0)
  #missed = new Uint8Array(0)
  #sinceMs = new Float64Array(0)
  #changed = new Uint8Array(0)
  #covered = new Uint8Array(0)
  #noise = 2
  #atMs = Number.NaN

  /**
   * `covered`: where something known stands in front of the place, which says nothing of the place itself.
   * `kept`: where something stands that no change of light may make part of the place.
   */
  look(
    picture: Picture,
    covered: readonly BoxInImage[],
    atMs: number,
    kept: readonly BoxInImage[] = [],
  ): StandingPatch[] {
    const cellPx = Math.max(2, Math.round(picture.height / cellRows))
    const columns = Math.floor(picture.width / cellPx)
    const rows = Math.floor(picture.height / cellPx)
    if (columns !== this.#columns || rows !== this.#rows || atMs < this.#atMs) this.#begin(columns, rows, cellPx)
    const stepS = Math.min(5, Math.max(0, (atMs - this.#atMs) / 1000 || 0))
    this.#atMs = atMs
    this.#cover(covered)
    this.#follow(cellMeans(picture, cellPx, columns, rows), atMs)
    this.#compare(stepS, atMs, kept)
    return this.#patches()
  }

  /** Whether the newest look saw the place of a box, or at least most of it. */
  isInSight(box: BoxInImage): boolean {
    let [seen, all] = [0, 0]
    this.#eachCell(box, (cell) => {
      all++
      if (this.#covered[cell] === 0) seen++
    })
    return all > 0 && seen > 0.7 * all
  }

  /** From now on the place looks as it does now. */
  accept(box: BoxInImage): void {
    this.#eachCell(box, (cell) => this.#acceptCell(cell))
  }

  #begin(columns: number, rows: number, cellPx: number): void {
    const cells = columns * rows
    this.#columns = columns
    this.#rows = rows
    this.#cellPx = cellPx
    this.#quick = new Float32Array(cells * channels)
    this.#slow = new Float32Array(cells * channels)
    this.#known = new Uint8Array(cells)
    this.#looks = new Uint16Array(cells)
    this.#missed = new Uint8Array(cells)
    this.#sinceMs = new Float64Array(cells)
    this.#changed = new Uint8Array(cells)
    this.#covered = new Uint8Array(cells)
    this.#atMs = Number.NaN
  }

  #cover(boxes: readonly BoxInImage[]): void {
    this.#covered.fill(0)
    for (const { x, y, width, height } of boxes) {
      const pad = { x: 0.15 * width + this.#cellPx, y: 0.06 * height + this.#cellPx }
      const wide = { x: x - pad.x, y: y - pad.y, width: width + 2 * pad.x, height: height + 2 * pad.y }
      this.#eachCell(wide, (cell) => {
        this.#covered[cell] = 1
      })
    }
  }

  #eachCell({ x, y, width, height }: BoxInImage, visit: (cell: number) => void): void {
    const from = (at: number) => Math.max(0, Math.floor(at / this.#cellPx))
    const to = (at: number, most: number) => Math.min(most, Math.ceil(at / this.#cellPx))
    const toColumn = to(x + width, this.#columns)
    const toRow = to(y + height, this.#rows)
    for (let row = from(y); row < toRow; row++)
      for (let column = from(x); column < toColumn; column++) visit(row * this.#columns + column)
  }

  get #limit(): number {
    return Math.max(least.change, least.perNoise * this.#noise)
  }

  /** The quick picture: what each cell has shown since when. Cells in cover keep what they had. */
  #follow(now: Float32Array, atMs: number): void {
    const [quick, looks, missed] = [this.#quick, this.#looks, this.#missed]
    const limit = this.#limit
    const apart: number[] = []
    for (let cell = 0, i = 0; cell < looks.length; cell++, i += channels) {
      if (this.#covered[cell] === 1) continue
      const difference = apartAt(now, quick, i)
      if (looks[cell] !== 0 && difference <= limit) {
        if ((cell & 7) === 0) apart.push(difference)
        for (let c = i; c < i + channels; c++)
          quick[c] = (quick[c] as number) + follow.quick * ((now[c] as number) - (quick[c] as number))
        looks[cell] = Math.min(60_000, (looks[cell] as number) + 1)
        missed[cell] = 0
      } else if (looks[cell] !== 0 && (missed[cell] as number) < outliers) missed[cell] = (missed[cell] as number) + 1
      else {
        for (let c = i; c < i + channels; c++) quick[c] = now[c] as number
        looks[cell] = 1
        missed[cell] = 0
        this.#sinceMs[cell] = atMs
      }
    }
    // The median look-to-look difference of what keeps still, as a σ.
    if (apart.length > 50) this.#noise += 0.2 * (1.48 * median(apart) - this.#noise)
  }

  /** The slow picture, and where the quick one has settled away from it. */
  #compare(stepS: number, atMs: number, kept: readonly BoxInImage[]): void {
    const limit = this.#limit
    const share = 1 - Math.exp(-follow.slowPerS * stepS)
    let [changed, seen] = [0, 0]
    for (let cell = 0, i = 0; cell < this.#looks.length; cell++, i += channels) {
      if (this.#covered[cell] === 1) continue
      seen++
      const looks = this.#looks[cell] as number
      const isSettled = looks >= settled.looks && atMs - (this.#sinceMs[cell] as number) >= settled.ms
      if (this.#known[cell] === 0) {
        if (looks < 2) continue
        this.#slow.set(this.#quick.subarray(i, i + channels), i)
        this.#known[cell] = 1
      }
      const differs = apartAt(this.#quick, this.#slow, i) > limit
      this.#changed[cell] = isSettled && differs ? 1 : 0
      if (differs) changed += this.#changed[cell] as number
      else
        for (let c = i; c < i + channels; c++)
          this.#slow[c] = (this.#slow[c] as number) + share * ((this.#quick[c] as number) - (this.#slow[c] as number))
    }
    if (changed > lightShare * Math.max(1, seen)) this.#acceptAll(kept)
  }

  /** What stands there stands in the new light now, and so would the place behind it. */
  #acceptAll(kept: readonly BoxInImage[]): void {
    const keep = new Uint8Array(this.#changed.length)
    for (const box of kept)
      this.#eachCell(box, (cell) => {
        keep[cell] = 1
      })
    const gains = this.#gains(keep)
    for (const [cell, isKept] of keep.entries()) {
      if (isKept === 0) this.#acceptCell(cell)
      else
        for (let c = 0, i = cell * channels; c < channels; c++, i++)
          this.#slow[i] = Math.min(255, (this.#slow[i] as number) * (gains[c] as number))
    }
  }

  /** By which factor each channel has changed, in the median of every eighth cell. */
  #gains(keep: Uint8Array): number[] {
    return Array.from({ length: channels }, (_, c) => {
      const ratios: number[] = []
      for (let cell = 0; cell < keep.length; cell += 8) {
        const before = this.#slow[cell * channels + c] as number
        if (keep[cell] === 0 && this.#covered[cell] === 0 && before > 4)
          ratios.push((this.#quick[cell * channels + c] as number) / before)
      }
      return ratios.length > 0 ? median(ratios) : 1
    })
  }

  #acceptCell(cell: number): void {
    if (this.#covered[cell] === 1) return
    this.#slow.set(this.#quick.subarray(cell * channels, (cell + 1) * channels), cell * channels)
    this.#changed[cell] = 0
  }

  #patches(): StandingPatch[] {
    const taken = new Uint8Array(this.#changed.length)
    const patches: StandingPatch[] = []
    for (let cell = 0; cell < taken.length; cell++) {
      if (this.#changed[cell] === 0 || taken[cell] === 1) continue
      const cells = this.#grow(cell, taken)
      if (cells.length >= fewestCells) patches.push(this.#patchOf(cells))
    }
    return patches
  }

  /** All changed cells that touch, corners included. */
  #grow(seed: number, taken: Uint8Array): number[] {
    const cells = [seed]
    taken[seed] = 1
    for (let next = 0; next < cells.length; next++) {
      for (const other of this.#around(cells[next] as number)) {
        if (this.#changed[other] === 0 || taken[other] === 1) continue
        taken[other] = 1
        cells.push(other)
      }
    }
    return cells
  }

  /** The cells at a distance, along rows, columns and between. */
  #around(cell: number, reach = 1): number[] {
    const [row, column] = [Math.floor(cell / this.#columns), cell % this.#columns]
    const around: number[] = []
    for (let y = row - reach; y <= row + reach; y += reach)
      for (let x = column - reach; x <= column + reach; x += reach)
        if ((y !== row || x !== column) && y >= 0 && x >= 0 && y < this.#rows && x < this.#columns)
          around.push(y * this.#columns + x)
    return around
  }

  #patchOf(cells: readonly number[]): StandingPatch {
    const columns = cells.map((cell) => cell % this.#columns)
    const rows = cells.map((cell) => Math.floor(cell / this.#columns))
    const [left, right] = [Math.min(...columns), Math.max(...columns) + 1]
    const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1]
    const px = this.#cellPx
    let difference = 0
    for (const cell of cells) difference += apartAt(this.#quick, this.#slow, cell * channels)
    return {
      box: { x: left * px, y: top * px, width: (right - left) * px, height: (bottom - top) * px },
      sinceMs: median(cells.map((cell) => this.#sinceMs[cell] as number)),
      cells: cells.length,
      fill: cells.length / ((right - left) * (bottom - top)),
      contrast: difference / cells.length / this.#limit,
      ...this.#outlineOf(cells, difference / cells.length),
    }
  }

  #outlineOf(cells: readonly number[], mean: number): Pick<StandingPatch, 'sharpness' | 'outline' | 'appeared'> {
    let [now, before, fallen, pairs] = [0, 0, 0, 0]
    for (const cell of cells) {
      const change = apartAt(this.#quick, this.#slow, cell * channels)
      for (const other of this.#around(cell, outlineCells)) {
        if (this.#changed[other] === 1 || this.#covered[other] === 1) continue
        now += stepBetween(this.#quick, cell, other)
        before += stepBetween(this.#slow, cell, other)
        pairs++
        fallen += Math.max(0, change - apartAt(this.#quick, this.#slow, other * channels))
      }
    }
    if (pairs === 0) return { sharpness: 0, outline: 0, appeared: false }
    return {
      sharpness: fallen / pairs / Math.max(1e-6, mean),
      outline: now / pairs / this.#limit,
      appeared: now > 1.2 * before,
    }
  }
}

function apartAt(a: Float32Array, b: Float32Array, i: number): number {
  let most = 0
  for (let c = i; c < i + channels; c++) {
    const apart = Math.abs((a[c] as number) - (b[c] as number))
    if (apart > most) most = apart
  }
  return most
}

function stepBetween(picture: Float32Array, a: number, b: number): number {
  let most = 0
  for (let c = 0; c < channels; c++)
    most = Math.max(most, Math.abs((picture[a * channels + c] as number) - (picture[b * channels + c] as number)))
  return most
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function cellMeans({ width, rgba }: Picture, cellPx: number, columns: number, rows: number): Float32Array {
  const pixels = new Uint8Array(rgba)
  const means = new Float32Array(columns * rows * channels)
  // At most sixteen pixels a cell: more tell no more.
  const step = Math.ceil(cellPx / 4)
  const count = Math.ceil(cellPx / step) ** 2
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i += channels) {
      let [red, green, blue] = [0, 0, 0]
      for (let y = 0; y < cellPx; y += step) {
        let at = ((row * cellPx + y) * width + column * cellPx) * 4
        for (let x = 0; x < cellPx; x += step, at += 4 * step) {
          red += pixels[at] as number
          green += pixels[at + 1] as number
          blue += pixels[at + 2] as number
        }
      }
      means[i] = red / count
      means[i + 1] = green / count
      means[i + 2] = blue / count
    }
  }
  return means
}
