import type { Point2 } from './geometry.ts'

/** Index of the first edge that crosses or touches another one of the same ring; undefined for a simple ring. */
export function selfCrossing(ring: readonly Point2[]): number | undefined {
  const n = ring.length
  for (let i = 0; i < n; i++) {
    const [a, b] = [ring[i] as Point2, ring[(i + 1) % n] as Point2]
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue
      if (segmentsCross(a, b, ring[j] as Point2, ring[(j + 1) % n] as Point2)) return i
    }
  }
  return undefined
}

function segmentsCross(a: Point2, b: Point2, c: Point2, d: Point2): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false
  const side = (p: Point2, q: Point2, r: Point2) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0
}
