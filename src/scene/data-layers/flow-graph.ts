/**
 * Who feeds whom, from the site file's meters (`meteredBy`) and each thing's reported power. A feeder runs from the
 * meter above to what it counts; between the two its power is told by the thing itself.
 */
import { type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Equipment, SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import type { SitePoint } from '../frames.ts'
import { crossing } from '../kit/architecture-polygon.ts'

export interface Feeder {
  /** The thing that is fed or feeds. */
  readonly id: string
  /** Building it stands for, where it is that building's own meter. */
  readonly building: string | undefined
  readonly path: readonly SitePoint[]
  /** Hot index of its power. */
  readonly index: number
  /** 1 where a positive reading flows along the path, −1 where it flows back: generation is reported positive. */
  readonly sign: 1 | -1
}

/** Nearer than this the two ends are one place on the drawing. */
const leastLengthM = 5
const mostFeeders = 2000
const groundM = 0.55
const generates = /inverter|pv_|photovolt|solar|generator|wind_turbine/i
/** Drawn even inside one building: what people look for. */
const ofOwnRight = /inverter|pv_|photovolt|solar|batter|charg/i

export function feedersOf(site: SiteFile, devices: ReadonlyMap<string, TwinDevice>): Feeder[] {
  const known = new Map(site.equipment.map((item) => [item.id, item]))
  const feeders: Feeder[] = []
  for (const item of site.equipment) {
    const index = powerIndex(devices.get(item.id))
    if (index === undefined) continue
    const above = item.meteredBy === undefined ? undefined : known.get(item.meteredBy)
    if (item.meteredBy === undefined) {
      if (/meter/i.test(item.class)) feeders.push(gridFeeder(site, item, index))
      continue
    }
    if (!above || (above.building === item.building && item.building !== undefined && !ofOwnRight.test(item.class)))
      continue
    const path = route(site, above.at, item.at)
    if (lengthOf(path) < leastLengthM) continue
    feeders.push({ id: item.id, building: ownBuilding(item), path, index, sign: generates.test(item.class) ? -1 : 1 })
    if (feeders.length >= mostFeeders) break
  }
  return feeders
}

/** Power along the path of each feeder, kW, NaN where nothing was reported. */
export function feederKw(feeder: Feeder, value: ArrayLike<number>): number {
  return (value[feeder.index] ?? Number.NaN) * feeder.sign
}

function ownBuilding(item: Equipment): string | undefined {
  return /meter/i.test(item.class) ? item.building : undefined
}

function powerIndex(device: TwinDevice | undefined): number | undefined {
  const point = device?.birth.points.find((p) => p.kind === 'power' && p.writable !== true)
  return point && device?.points[point.id]
}

/** From the nearest edge of the site: where the public grid comes in. */
function gridFeeder(site: SiteFile, meter: Equipment, index: number): Feeder {
  const xs = site.ground.boundary.map((p) => p[0])
  const ys = site.ground.boundary.map((p) => p[1])
  const [x, y] = meter.at
  const edges: Point2[] = [
    [Math.max(...xs), y],
    [Math.min(...xs), y],
    [x, Math.max(...ys)],
    [x, Math.min(...ys)],
  ]
  const nearest = edges.reduce((a, b) => (Math.hypot(b[0] - x, b[1] - y) < Math.hypot(a[0] - x, a[1] - y) ? b : a))
  const path: SitePoint[] = [
    [...nearest, groundM],
    [x, y, groundM],
  ]
  return { id: meter.id, building: undefined, path, index, sign: 1 }
}

/** Along the ground with one bend, on the side that passes under fewer buildings; then up to a roof. */
export function route(site: SiteFile, from: SitePoint, to: SitePoint): SitePoint[] {
  const a: Point2 = [from[0], from[1]]
  const b: Point2 = [to[0], to[1]]
  const bends: Point2[] = [
    [b[0], a[1]],
    [a[0], b[1]],
  ]
  const blocked = (bend: Point2) => crossings(site, a, bend) + crossings(site, bend, b)
  const [first, second] = bends as [Point2, Point2]
  const bend = blocked(first) <= blocked(second) ? first : second
  const path: SitePoint[] = [[...a, groundM]]
  const add = (at: SitePoint) => {
    const last = path[path.length - 1] as SitePoint
    if (Math.hypot(at[0] - last[0], at[1] - last[1], at[2] - last[2]) > 0.3) path.push(at)
  }
  add([...bend, groundM])
  add([...b, groundM])
  if (to[2] > 3) add([...b, to[2] + 0.5])
  return path
}

function crossings(site: SiteFile, a: Point2, b: Point2): number {
  let count = 0
  for (const { footprint } of site.buildings) {
    const inside = pointInPolygon((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, footprint)
    const through = footprint.some(
      (corner, i) => crossing(a, b, corner, footprint[(i + 1) % footprint.length] as Point2) !== undefined,
    )
    if (inside || through) count++
  }
  return count
}

function lengthOf(path: readonly SitePoint[]): number {
  let sum = 0
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1] as SitePoint, path[i] as SitePoint]
    sum += Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2])
  }
  return sum
}

/** Below this nothing is said to flow: meters hum. */
export const idleKw = 0.2

/** Width on the screen in CSS pixels: area grows with power, so that a look tells large from small. */
export function feederWidthPx(kw: number): number {
  const size = Math.abs(kw)
  return size < idleKw ? 1.5 : Math.min(13, 2.5 + Math.sqrt(size) * 0.75)
}
