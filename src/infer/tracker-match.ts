/** Which detection continues which track. */
import type { BoxInImage, Detection } from '../contract/perception.ts'
import { assign, forbidden } from './assignment.ts'
import { type BoxMotion, boxOfMotion, centreSigmaPx, centreSurprise } from './box-motion.ts'

export interface Followed {
  readonly className: string
  readonly motion: BoxMotion
}

export interface Matching<T> {
  readonly pairs: readonly (readonly [T, Detection])[]
  readonly tracksLeft: readonly T[]
  readonly detectionsLeft: readonly Detection[]
}

/** χ² of two degrees of freedom: the filter's own noise lets one in three thousand true pairs fall outside. */
const farthestSurprise = 16
/** Nobody doubles their height from one look to the next. */
const mostHeightRatioLog = 0.7
/** How far boxes may be widened, as a share of their longer side. */
const mostSlack = 0.1
/** Where two tracks want the same place, the surer detection is the better explanation. */
const scoreWeight = 0.7
/** Boxes that share less of the smaller one are of two figures side by side. */
const leastCover = 0.3
/** Added to the factor on σ where one hides the other wholly. */
const mostDoubt = 1.5
/** Cost of a changed class within a family. */
const otherClass = 0.1

/** Classes that a detector may mistake for one another keep one track. */
const families: Readonly<Record<string, string>> = { car: 'vehicle', truck: 'vehicle', forklift: 'vehicle' }
export const classFamily = (className: string): string => families[className] ?? className

/** Optimal one-to-one matching of pairs whose boxes differ by less than `differenceLimit` (0 the same … 1 apart). */
export function matchDetections<T extends Followed>(
  tracks: readonly T[],
  detections: readonly Detection[],
  differenceLimit: number,
): Matching<T> {
  const expected = tracks.map(({ motion }) => boxOfMotion(motion))
  const columns = assign(tracks.length, detections.length, (row, column) => {
    const { className, motion } = tracks[row] as T
    const detection = detections[column] as Detection
    const box = expected[row] as BoxInImage
    if (classFamily(className) !== classFamily(detection.className)) return forbidden
    if (centreSurprise(motion, detection.box) > farthestSurprise) return forbidden
    if (Math.abs(Math.log(detection.box.height / box.height)) > mostHeightRatioLog) return forbidden
    const sameClass = className === detection.className
    const difference = 1 - bufferedIou(box, detection.box, centreSigmaPx(motion)) + (sameClass ? 0 : otherClass)
    return difference < differenceLimit ? difference - scoreWeight * detection.score : forbidden
  })
  const pairs: [T, Detection][] = []
  const taken = new Set<number>()
  for (const [row, column] of columns.entries()) {
    if (column < 0) continue
    taken.add(column)
    pairs.push([tracks[row] as T, detections[column] as Detection])
  }
  return {
    pairs,
    tracksLeft: tracks.filter((_, row) => (columns[row] ?? -1) < 0),
    detectionsLeft: detections.filter((_, column) => !taken.has(column)),
  }
}

/**
 * By how much others who are expected in front of or behind a box widen its σ. While two figures cross, boxes are of
 * both together, or jump from one to the other: what is known of each one's way must outlast that.
 */
export function crossingDoubt(box: BoxInImage, others: readonly BoxMotion[]): number {
  const covers = others.map((motion) => (cover(box, boxOfMotion(motion)) - leastCover) / (1 - leastCover))
  return 1 + mostDoubt * Math.max(0, ...covers)
}

/** Shared area as a share of the smaller box. */
function cover(a: BoxInImage, b: BoxInImage): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(a.width * a.height, b.width * b.height)
}

/**
 * Intersection over union of boxes widened by what the filter does not know: small far figures at few frames a second
 * hardly overlap themselves from one look to the next (C-BIoU, Yang et al. 2023, with the buffer from the covariance).
 */
export function bufferedIou(a: BoxInImage, b: BoxInImage, slackPx: number): number {
  const pad = Math.min(slackPx, mostSlack * Math.max(a.width, a.height))
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + 2 * pad
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + 2 * pad
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  const area = (box: BoxInImage): number => (box.width + 2 * pad) * (box.height + 2 * pad)
  return shared / (area(a) + area(b) - shared)
}
