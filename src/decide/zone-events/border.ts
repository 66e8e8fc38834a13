/** In or out, left or right, decided only where the position is surer than its distance to the border. */
import { distanceToSegmentM } from '../../site/distance.ts'
import { type Point2, pointInPolygon, signedAreaM2 } from '../../site/geometry.ts'
import type { Followed } from './followed.ts'

/** Metres to the border, positive inside. */
export function depthInsideM([eastM, northM]: Point2, polygon: readonly Point2[]): number {
  let nearestM = Number.POSITIVE_INFINITY
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++)
    nearestM = Math.min(nearestM, distanceToSegmentM([eastM, northM], polygon[j] as Point2, polygon[i] as Point2))
  return pointInPolygon(eastM, northM, polygon) ? nearestM : -nearestM
}

/** A small area must stay enterable however unsure positions are: at most this share of its half width. */
const mostShareOfWidth = 0.4
export const leastMarginM = 0.35
const mostMarginM = 1.5

/** How far across the border one must be seen before it counts. */
export function borderMarginM(polygon: readonly Point2[], sigmaM: number): number {
  return Math.min(mostMarginM, mostShareOfWidth * halfWidthM(polygon), Math.max(leastMarginM, sigmaM))
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

/** True inside, false outside, undefined where the uncertainty straddles the border. */
export function isInside(at: Point2, sigmaM: number, polygon: readonly Point2[]): boolean | undefined {
  return sideOf(depthInsideM(at, polygon), borderMarginM(polygon, sigmaM))
}

/** The same for something followed: the filtered place and what the newest look says must agree. */
export function isFollowedInside({ motion, seenAt }: Followed, polygon: readonly Point2[]): boolean | undefined {
  const filtered = isInside([motion.eastM, motion.northM], motion.sigmaM, polygon)
  if (filtered === undefined) return undefined
  const newest = sideOf(depthInsideM(seenAt, polygon), borderMarginM(polygon, 0))
  return newest === filtered ? filtered : undefined
}

const sideOf = (depthM: number, marginM: number) => (depthM >= marginM ? true : depthM <= -marginM ? false : undefined)
