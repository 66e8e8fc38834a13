/**
 * The street plan: a grid of blocks bent over a wide arc, so that streets curve and every block still has a straight
 * frame of its own. Plan coordinates: `u` along the arc, `v` away from its centre, metres.
 */
import type { Random } from '../../platform/random.ts'
import { type Corner, round2 } from '../compose/shapes.ts'

export type RoadRank = 'avenue' | 'street' | 'lane'

/** A grid line; columns stand at a fixed `u`, rows at a fixed `v`. */
export interface GridLine {
  readonly atM: number
  readonly rank: RoadRank
}

export interface Block {
  /** `c4`: column letter and row, as on a map. */
  readonly id: string
  readonly column: number
  readonly row: number
  readonly middle: Corner
  /** Which way the block's own north points, clockwise from north. */
  readonly headingDeg: number
  /** Between the kerbs of the streets around it, in the block's own frame. */
  readonly widthM: number
  readonly depthM: number
  /** 0 in the middle of the district, 1 at its rim. */
  readonly rim: number
}

export interface Plan {
  readonly columns: readonly GridLine[]
  readonly rows: readonly GridLine[]
  readonly blocks: readonly Block[]
  /** The row of the grid that holds the river instead of blocks; undefined in a small district. */
  readonly riverRow: number | undefined
  place(u: number, v: number): Corner
  headingDeg(u: number): number
}

export const roadWidthM: Readonly<Record<RoadRank, number>> = { avenue: 20, street: 11, lane: 7.5 }
export const roadLanes: Readonly<Record<RoadRank, number>> = { avenue: 4, street: 2, lane: 2 }
const riverM = 64

export function layOutPlan(blockCount: number, random: Random): Plan {
  const columnCount = Math.max(2, Math.round(Math.sqrt(blockCount * 1.15)))
  const rowCount = Math.max(2, Math.ceil(blockCount / columnCount))
  const riverRow = rowCount >= 4 ? Math.floor(rowCount * 0.62) : undefined
  const columns = gridLines(columnCount, () => random.between(96, 128), undefined)
  const rows = gridLines(riverRow === undefined ? rowCount : rowCount + 1, () => random.between(84, 104), riverRow)
  const half = (columns.at(-1)?.atM ?? 0) - (columns[0]?.atM ?? 0)
  const radiusM = Math.max(1200, half * 3.4)
  const headingDeg = (u: number) => ((u / radiusM) * 180) / Math.PI
  const place = (u: number, v: number): Corner => [
    round2((radiusM + v) * Math.sin(u / radiusM)),
    round2((radiusM + v) * Math.cos(u / radiusM) - radiusM),
  ]
  const blocks: Block[] = []
  for (const [row, south] of rows.slice(0, -1).entries()) {
    if (row === riverRow) continue
    for (const [column, west] of columns.slice(0, -1).entries()) {
      const east = columns[column + 1] as GridLine
      const north = rows[row + 1] as GridLine
      const u = (west.atM + roadWidthM[west.rank] / 2 + east.atM - roadWidthM[east.rank] / 2) / 2
      const v = (south.atM + roadWidthM[south.rank] / 2 + north.atM - roadWidthM[north.rank] / 2) / 2
      const narrowest = (radiusM + south.atM) / radiusM
      const chordLossM = (east.atM - west.atM) ** 2 / (4 * radiusM)
      blocks.push({
        id: `${columnLetters(column)}${row + 1}`,
        column,
        row,
        middle: place(u, v),
        headingDeg: headingDeg(u),
        widthM:
          (east.atM - west.atM) * narrowest - roadWidthM[west.rank] / 2 - roadWidthM[east.rank] / 2 - chordLossM * 0.2,
        depthM: north.atM - south.atM - roadWidthM[south.rank] / 2 - roadWidthM[north.rank] / 2 - chordLossM,
        rim: Math.hypot(2 * ((column + 0.5) / columnCount) - 1, 2 * ((row + 0.5) / (rows.length - 1)) - 1) / 1.2,
      })
    }
  }
  return { columns, rows, blocks, riverRow, place, headingDeg }
}

/** Letters of a column as on a sheet: a … z, aa, ab … */
function columnLetters(column: number): string {
  const last = String.fromCharCode(97 + (column % 26))
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last
}

function gridLines(cells: number, widthM: () => number, riverCell: number | undefined): GridLine[] {
  const middle = Math.round(cells / 2)
  const at: number[] = [0]
  for (let i = 0; i < cells; i++) at.push((at[i] as number) + (i === riverCell ? riverM : widthM()))
  const shift = (at[cells] as number) / 2
  return at.map((position, i) => ({
    atM: Math.round((position - shift) * 10) / 10,
    rank: i === middle && cells >= 4 ? 'avenue' : i === 0 || i === cells || i % 3 === 0 ? 'street' : 'lane',
  }))
}

/** From a block's own frame (x east, y north of its middle) to the site. */
export function inBlock(block: Block, x: number, y: number): Corner {
  const rad = (block.headingDeg * Math.PI) / 180
  const [c, s] = [Math.cos(rad), Math.sin(rad)]
  return [round2(block.middle[0] + x * c + y * s), round2(block.middle[1] - x * s + y * c)]
}

export function blockRectangle(block: Block, west: number, south: number, east: number, north: number): Corner[] {
  return [
    inBlock(block, west, south),
    inBlock(block, east, south),
    inBlock(block, east, north),
    inBlock(block, west, north),
  ]
}
