export type Point2 = readonly [eastM: number, northM: number]

/** Even–odd rule; points on an edge may fall either way. */
export function pointInPolygon(eastM: number, northM: number, polygon: readonly Point2[]): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Point2
    const [xj, yj] = polygon[j] as Point2
    if (yi > northM !== yj > northM && eastM < ((xj - xi) * (northM - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** Signed area in m², positive when counter-clockwise. */
export function signedAreaM2(polygon: readonly Point2[]): number {
  let twice = 0
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Point2
    const [xj, yj] = polygon[j] as Point2
    twice += xj * yi - xi * yj
  }
  return twice / 2
}

export function centroid(polygon: readonly Point2[]): Point2 {
  let x = 0
  let y = 0
  let twice = 0
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Point2
    const [xj, yj] = polygon[j] as Point2
    const cross = xj * yi - xi * yj
    x += (xi + xj) * cross
    y += (yi + yj) * cross
    twice += cross
  }
  if (Math.abs(twice) < 1e-9) return polygon[0] ?? [0, 0]
  return [x / (3 * twice), y / (3 * twice)]
}
