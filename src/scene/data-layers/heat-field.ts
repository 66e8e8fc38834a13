/**
 * Readings spread over a floor or the ground by inverse distance weights (Shepard 1968, power 2), each only as far as
 * it can speak for. A wall dampens: a reading from another room counts as if it were `wallFactor` times as far away.
 * Where no reading reaches, there is no value, and nothing is drawn.
 */
import { type Point2, pointInPolygon } from '../../site/geometry.ts'

export interface FieldSample {
  readonly x: number
  readonly y: number
  /** In the layer's unit. */
  readonly value: number
  /** 1 fresh and good … 0 too old to be believed. */
  readonly trust: number
  /** Room the reading was taken in; undefined speaks for every cell alike. */
  readonly room: number | undefined
}

export interface FieldGrid {
  readonly west: number
  readonly south: number
  readonly cellM: number
  readonly columns: number
  readonly rows: number
  /** Room of each cell from 1, 0 in none, −1 where nothing is drawn. */
  readonly rooms: Int16Array
}

export interface HeatField {
  /** In the layer's unit; NaN where nothing reaches. */
  readonly value: Float32Array
  /** 1 at a sample … 0 where its reach ends. */
  readonly reach: Float32Array
  /** 1 fresh … 0 stale, weighted like the value. */
  readonly trust: Float32Array
}

export const wallFactor = 2.2
const mostCells = 200

/** A grid over `outline`, at most 200 cells along its longer side. Rooms are numbered as given, from 1. */
export function fieldGrid(
  outline: readonly Point2[],
  rooms: readonly (readonly Point2[])[],
  finestM: number,
  holes: readonly (readonly Point2[])[] = [],
): FieldGrid {
  const xs = outline.map((p) => p[0])
  const ys = outline.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const cellM = Math.max(finestM, (east - west) / mostCells, (north - south) / mostCells)
  const columns = Math.max(1, Math.ceil((east - west) / cellM))
  const rows = Math.max(1, Math.ceil((north - south) / cellM))
  const cells = new Int16Array(columns * rows).fill(-1)
  const grid = { west, south, cellM, columns, rows, rooms: cells }
  fillPolygon(grid, outline, 0)
  for (const [i, room] of rooms.entries()) fillPolygon(grid, room, i + 1)
  for (const hole of holes) fillPolygon(grid, hole, -1)
  return grid
}

function fillPolygon(grid: FieldGrid, polygon: readonly Point2[], mark: number): void {
  const xs = polygon.map((p) => p[0])
  const ys = polygon.map((p) => p[1])
  const from = cellAt(grid, Math.min(...xs), Math.min(...ys))
  const to = cellAt(grid, Math.max(...xs), Math.max(...ys))
  for (let row = from.row; row <= to.row; row++)
    for (let column = from.column; column <= to.column; column++) {
      const x = grid.west + (column + 0.5) * grid.cellM
      const y = grid.south + (row + 0.5) * grid.cellM
      if (pointInPolygon(x, y, polygon)) grid.rooms[row * grid.columns + column] = mark
    }
}

function cellAt(grid: FieldGrid, x: number, y: number): { readonly column: number; readonly row: number } {
  const within = (at: number, most: number) => Math.max(0, Math.min(most - 1, at))
  return {
    column: within(Math.floor((x - grid.west) / grid.cellM), grid.columns),
    row: within(Math.floor((y - grid.south) / grid.cellM), grid.rows),
  }
}

/** Cost grows with samples × the cells each reaches, not with samples × all cells. */
export function spread(grid: FieldGrid, samples: readonly FieldSample[], reachM: number): HeatField {
  const count = grid.columns * grid.rows
  const sums = { weight: new Float64Array(count), value: new Float64Array(count), trust: new Float64Array(count) }
  const reach = new Float32Array(count)
  for (const sample of samples) if (Number.isFinite(sample.value)) addSample(grid, sample, reachM, sums, reach)
  const value = new Float32Array(count).fill(Number.NaN)
  const trust = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const weight = sums.weight[i] as number
    if (weight === 0) continue
    value[i] = (sums.value[i] as number) / weight
    trust[i] = (sums.trust[i] as number) / weight
  }
  return { value, reach, trust }
}

interface Sums {
  readonly weight: Float64Array
  readonly value: Float64Array
  readonly trust: Float64Array
}

function addSample(grid: FieldGrid, sample: FieldSample, reachM: number, sums: Sums, reach: Float32Array): void {
  const from = cellAt(grid, sample.x - reachM, sample.y - reachM)
  const to = cellAt(grid, sample.x + reachM, sample.y + reachM)
  for (let row = from.row; row <= to.row; row++)
    for (let column = from.column; column <= to.column; column++) {
      const i = row * grid.columns + column
      const room = grid.rooms[i] as number
      if (room < 0) continue
      const dx = grid.west + (column + 0.5) * grid.cellM - sample.x
      const dy = grid.south + (row + 0.5) * grid.cellM - sample.y
      const apart = sample.room !== undefined && room !== sample.room ? wallFactor : 1
      const distanceM = Math.hypot(dx, dy) * apart
      if (distanceM >= reachM) continue
      const near = 1 - distanceM / reachM
      // Franke and Little's modified weights: inverse distance that ends smoothly at the reach.
      const weight = (near / Math.max(0.25, distanceM)) ** 2
      sums.weight[i] = (sums.weight[i] as number) + weight
      sums.value[i] = (sums.value[i] as number) + weight * sample.value
      sums.trust[i] = (sums.trust[i] as number) + weight * sample.trust
      if (near > (reach[i] as number)) reach[i] = near
    }
}
