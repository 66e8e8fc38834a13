/** Plane geometry that buildings and ground need: triangles, offsets, ribbons. Points are east, north in metres. */
import { type Point2, signedAreaM2 } from '../../site/geometry.ts'

export function counterClockwise(polygon: readonly Point2[]): readonly Point2[] {
  return signedAreaM2(polygon) < 0 ? [...polygon].reverse() : polygon
}

/** Ear clipping (Meisters 1975): index triples, counter-clockwise. Degenerate polygons give as many as can be cut. */
export function triangulate(polygon: readonly Point2[]): number[] {
  const left = polygon.map((_, i) => i)
  if (signedAreaM2(polygon) < 0) left.reverse()
  const triangles: number[] = []
  let sinceEar = 0
  let at = 0
  while (left.length > 3 && sinceEar <= left.length) {
    const n = left.length
    const [a, b, c] = [left[(at + n - 1) % n], left[at % n], left[(at + 1) % n]] as [number, number, number]
    if (isEar(polygon, left, a, b, c)) {
      triangles.push(a, b, c)
      left.splice(at % n, 1)
      sinceEar = 0
    } else {
      sinceEar++
      at++
    }
    at %= left.length
  }
  if (left.length === 3) triangles.push(...left)
  return triangles
}

function isEar(polygon: readonly Point2[], left: readonly number[], a: number, b: number, c: number): boolean {
  const [pa, pb, pc] = [polygon[a], polygon[b], polygon[c]] as [Point2, Point2, Point2]
  if (area2(pa, pb, pc) <= 1e-12) return false
  return !left.some((i) => i !== a && i !== b && i !== c && insideTriangle(polygon[i] as Point2, pa, pb, pc))
}

function area2(a: Point2, b: Point2, c: Point2): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

function insideTriangle(p: Point2, a: Point2, b: Point2, c: Point2): boolean {
  return area2(a, b, p) >= 0 && area2(b, c, p) >= 0 && area2(c, a, p) >= 0
}

/**
 * The polygon moved outward by `outwardM` (negative: inward) with mitred corners, limited to 3 × the offset at needles.
 * Corner for corner, so that skirts and parapets can join the two outlines.
 */
export function offsetPolygon(polygon: readonly Point2[], outwardM: number): Point2[] {
  const ring = counterClockwise(polygon)
  return ring.map((p, i) => {
    const before = outward(ring[(i + ring.length - 1) % ring.length] as Point2, p)
    const after = outward(p, ring[(i + 1) % ring.length] as Point2)
    const x = before[0] + after[0]
    const y = before[1] + after[1]
    const gain = outwardM / Math.max(2 / 9, x * before[0] + y * before[1])
    return [p[0] + x * gain, p[1] + y * gain]
  })
}

/** Unit normal to the right of a → b: outward for a counter-clockwise ring. */
export function outward(a: Point2, b: Point2): Point2 {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
  return [(b[1] - a[1]) / length, -(b[0] - a[0]) / length]
}

export interface RibbonPoint {
  readonly left: Point2
  readonly right: Point2
}

/** Both edges of a band along a line, mitred at bends. */
export function ribbon(line: readonly Point2[], widthM: number): RibbonPoint[] {
  return line.map((p, i) => {
    const normalIn = i > 0 ? outward(line[i - 1] as Point2, p) : outward(p, line[i + 1] as Point2)
    const normalOut = i + 1 < line.length ? outward(p, line[i + 1] as Point2) : normalIn
    const x = normalIn[0] + normalOut[0]
    const y = normalIn[1] + normalOut[1]
    const gain = widthM / 2 / Math.max(0.5, x * normalIn[0] + y * normalIn[1])
    return { left: [p[0] - x * gain, p[1] - y * gain], right: [p[0] + x * gain, p[1] + y * gain] }
  })
}

export function distanceToSegment(p: Point2, a: Point2, b: Point2): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const t = Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(p[0] - a[0] - dx * t, p[1] - a[1] - dy * t)
}

export function distanceToLine(p: Point2, line: readonly Point2[]): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i + 1 < line.length; i++)
    best = Math.min(best, distanceToSegment(p, line[i] as Point2, line[i + 1] as Point2))
  return best
}

/** Where segments a–b and c–d cross, as a share of a–b; undefined where they do not. */
export function crossing(a: Point2, b: Point2, c: Point2, d: Point2): number | undefined {
  const denominator = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
  if (Math.abs(denominator) < 1e-12) return undefined
  const t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / denominator
  const u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / denominator
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : undefined
}

export interface Stretch {
  readonly at: Point2
  readonly along: Point2
  readonly lengthM: number
}

/** Walks a line in steps of `everyM` from `startM`: position and direction of each. */
export function stations(line: readonly Point2[], everyM: number, startM = everyM / 2): Stretch[] {
  const found: Stretch[] = []
  let next = startM
  let walked = 0
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i] as Point2, line[i + 1] as Point2]
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    const along: Point2 = [(b[0] - a[0]) / (length || 1), (b[1] - a[1]) / (length || 1)]
    while (next <= walked + length) {
      const t = next - walked
      found.push({ at: [a[0] + along[0] * t, a[1] + along[1] * t], along, lengthM: next })
      next += everyM
    }
    walked += length
  }
  return found
}
