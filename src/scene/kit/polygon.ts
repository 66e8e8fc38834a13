import { type Point2, signedAreaM2 } from '../../site/geometry.ts'
import type { MeshBuilder, Rgb } from './mesh.ts'

/** Ear clipping (Meisters 1975) of a simple polygon; index triples, counter-clockwise. */
export function triangulate(polygon: readonly Point2[]): number[] {
  const order = polygon.map((_, i) => i)
  if (signedAreaM2(polygon) < 0) order.reverse()
  const triangles: number[] = []
  const at = (i: number): Point2 => polygon[order[(i + order.length) % order.length] as number] as Point2
  let stuck = 0
  for (let i = 0; order.length > 3 && stuck < order.length; i = (i + 1) % order.length) {
    if (!isEar(order, polygon, at(i - 1), at(i), at(i + 1))) {
      stuck++
      continue
    }
    const n = order.length
    triangles.push(order[(i - 1 + n) % n] as number, order[i] as number, order[(i + 1) % n] as number)
    order.splice(i, 1)
    stuck = 0
    i -= 1
    if (i < 0) i = order.length - 1
  }
  triangles.push(order[0] as number, order[1] as number, order[2] as number)
  return triangles
}

const side = (a: Point2, b: Point2, p: Point2) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

function isEar(order: readonly number[], polygon: readonly Point2[], a: Point2, b: Point2, c: Point2): boolean {
  if (side(a, b, c) <= 1e-12) return false
  for (const index of order) {
    const p = polygon[index] as Point2
    if (p === a || p === b || p === c) continue
    if (side(a, b, p) >= 0 && side(b, c, p) >= 0 && side(c, a, p) >= 0) return false
  }
  return true
}

/** A flat floor at height `z`. */
export function addFloor(builder: MeshBuilder, polygon: readonly Point2[], z: number, color: Rgb): void {
  const first = polygon.map(([x, y]) => builder.vertex([x, y, z], [0, 0, 1], color))
  const triangles = triangulate(polygon)
  for (let i = 0; i < triangles.length; i += 3) {
    builder.face(
      first[triangles[i] as number] as number,
      first[triangles[i + 1] as number] as number,
      first[triangles[i + 2] as number] as number,
    )
  }
}

/** Upright walls around a counter-clockwise polygon, facing outwards. */
export function addWalls(builder: MeshBuilder, polygon: readonly Point2[], z0: number, z1: number, color: Rgb): void {
  for (const [a, b] of edges(polygon)) {
    builder.quad([a[0], a[1], z0], [b[0], b[1], z0], [b[0], b[1], z1], [a[0], a[1], z1], color)
  }
}

/** Edges of a polygon in counter-clockwise order. */
export function edges(polygon: readonly Point2[]): (readonly [Point2, Point2])[] {
  const ring = signedAreaM2(polygon) < 0 ? [...polygon].reverse() : polygon
  return ring.map((a, i) => [a, ring[(i + 1) % ring.length] as Point2] as const)
}
