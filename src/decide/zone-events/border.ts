/** In or out, left or right, decided only where the position is surer than its distance to the border. */
import type { GroundPlace } from '../../contract/perception.ts'
import { distanceToSegmentM } from '../../site/distance.ts'
import { type Point2, pointInPolygon, signedAreaM2 } from '../../site/geometry.ts'

/** A small area must stay enterable however unsure positions are: at most this share of its half width. */
const mostShareOfWidth = 0.4
const leastMarginM = 0.35
const mostMarginM = 1.5

/** True inside, false outside, undefined where the uncertainty straddles the border. */
export function isInside(place: GroundPlace, polygon: readonly Point2[]): boolean | undefined {
  const at: Point2 = [place.eastM, place.northM]
  const { awayM, normal } = nearestEdge(at, polygon)
  const most = Math.min(mostMarginM, mostShareOfWidth * halfWidthM(polygon))
  if (awayM < Math.min(most, marginM(place, normal))) return undefined
  return pointInPolygon(at[0], at[1], polygon)
}

/** How far across a border one must be seen before it counts: a standard deviation across that border. */
export function marginM(place: GroundPlace, normal: Point2): number {
  return Math.min(mostMarginM, Math.max(leastMarginM, sigmaAcrossM(place, normal)))
}

/** Standard deviation along a unit vector. */
function sigmaAcrossM({ covariance, sigmaM }: GroundPlace, [e, n]: Point2): number {
  if (!covariance) return sigmaM
  const { eeM2, nnM2, enM2 } = covariance
  return Math.sqrt(Math.max(0, e * e * eeM2 + 2 * e * n * enM2 + n * n * nnM2))
}

function nearestEdge(at: Point2, polygon: readonly Point2[]): { readonly awayM: number; readonly normal: Point2 } {
  let [awayM, normal]: [number, Point2] = [Number.POSITIVE_INFINITY, [1, 0]]
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[j] as Point2, polygon[i] as Point2]
    const distanceM = distanceToSegmentM(at, a, b)
    if (distanceM >= awayM) continue
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
    awayM = distanceM
    normal = [(b[1] - a[1]) / length, (a[0] - b[0]) / length]
  }
  return { awayM, normal }
}

const widths = new WeakMap<readonly Point2[], number>()

/** Of a rectangle a × b this is ab / (a + b): half its width where it is long. */
function halfWidthM(polygon: readonly Point2[]): number {
  const known = widths.get(polygon)
  if (known !== undefined) return known
  let around = 0
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[j] as Point2, polygon[i] as Point2]
    around += Math.hypot(a[0] - b[0], a[1] - b[1])
  }
  const width = around === 0 ? 0 : (2 * Math.abs(signedAreaM2(polygon))) / around
  widths.set(polygon, width)
  return width
}
