import { type Point2, pointInPolygon } from './geometry.ts'

/** Metres from a point to a segment. */
export function distanceToSegmentM(at: Point2, a: Point2, b: Point2): number {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const length2 = dx * dx + dy * dy
  const along = length2 === 0 ? 0 : ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / length2
  const t = Math.max(0, Math.min(1, along))
  return Math.hypot(at[0] - a[0] - t * dx, at[1] - a[1] - t * dy)
}

/** Metres from a point to a polygon in plan; 0 inside. */
export function distanceToPolygonM(at: Point2, polygon: readonly Point2[]): number {
  if (pointInPolygon(at[0], at[1], polygon)) return 0
  let best = Number.POSITIVE_INFINITY
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++)
    best = Math.min(best, distanceToSegmentM(at, polygon[j] as Point2, polygon[i] as Point2))
  return best
}

/** Metres between two polygons in plan, by their corners and edges; 0 where they touch or one holds a corner of the other. */
export function distanceBetweenPolygonsM(a: readonly Point2[], b: readonly Point2[]): number {
  const fromA = Math.min(...a.map((corner) => distanceToPolygonM(corner, b)))
  return Math.min(fromA, ...b.map((corner) => distanceToPolygonM(corner, a)))
}
