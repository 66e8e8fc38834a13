import type { Point2 } from '../../site/geometry.ts'
import type { Building } from '../../site/schema.ts'
import { counterClockwise } from './architecture-polygon.ts'

export const sawtoothRiseM = 1.9
const toothM = 6.5
const gableShare = 0.28

/** Corner 0 → 1 → 2 → 3 turned so that 0 → 1 is a long side. */
export function longSideFirst(ring: readonly Point2[]): [Point2, Point2, Point2, Point2] {
  const [a, b, c, d] = ring as [Point2, Point2, Point2, Point2]
  const long = Math.hypot(b[0] - a[0], b[1] - a[1]) >= Math.hypot(c[0] - b[0], c[1] - b[1])
  return long ? [a, b, c, d] : [b, c, d, a]
}

export function toothCount(a: Point2, b: Point2): number {
  return Math.max(2, Math.round(Math.hypot(b[0] - a[0], b[1] - a[1]) / toothM))
}

export function gableRiseM(b: Point2, c: Point2): number {
  return Math.hypot(c[0] - b[0], c[1] - b[1]) * gableShare
}

export interface RoofSlope {
  /** Height of the roof's surface there. */
  readonly heightM: number
  readonly tilt: number
  /** Where water runs to, degrees clockwise from north. */
  readonly downhillDeg: number
  readonly slopeId: number
}

/** The slope of a sawtooth or gable roof at a place; undefined on flat roofs. */
export function roofSlopeAt(building: Building, p: Point2): RoofSlope | undefined {
  const { style } = building.roof
  if ((style !== 'sawtooth' && style !== 'gable') || building.footprint.length !== 4) return undefined
  const topM = Math.max(...building.storeys.map((s) => s.baseM + s.heightM))
  const [a, b, c] = longSideFirst(counterClockwise(building.footprint))
  return style === 'sawtooth' ? onTooth(a, b, p, topM) : onGable(a, b, c, p, topM)
}

function onTooth(a: Point2, b: Point2, p: Point2, topM: number): RoofSlope {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
  const teeth = toothCount(a, b)
  const at = (((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / length) * teeth
  const tooth = Math.max(0, Math.min(teeth - 1, Math.floor(at)))
  return {
    heightM: topM + sawtoothRiseM * (at - tooth),
    tilt: Math.atan2(sawtoothRiseM, length / teeth),
    downhillDeg: (Math.atan2(-ux, -uy) * 180) / Math.PI,
    slopeId: tooth,
  }
}

function onGable(a: Point2, b: Point2, c: Point2, p: Point2, topM: number): RoofSlope {
  const width = Math.hypot(c[0] - b[0], c[1] - b[1])
  const [vx, vy] = [(c[0] - b[0]) / width, (c[1] - b[1]) / width]
  const rise = gableRiseM(b, c)
  const across = ((p[0] - a[0]) * vx + (p[1] - a[1]) * vy) / width
  const near = across < 0.5
  const sign = near ? -1 : 1
  return {
    heightM: topM + rise * (1 - Math.abs(across - 0.5) * 2),
    tilt: Math.atan2(rise, width / 2),
    downhillDeg: (Math.atan2(sign * vx, sign * vy) * 180) / Math.PI,
    slopeId: near ? 0 : 1,
  }
}
