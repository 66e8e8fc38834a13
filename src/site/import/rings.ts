/** Rings of foreign files made fit for the site file: open, counter-clockwise, without spikes, repeated or idle corners. */
import { type Point2, signedAreaM2 } from '../geometry.ts'
import { selfCrossing } from '../polygon-check.ts'

const sameM = 0.02
export const mostCorners = 400

/** A simple counter-clockwise ring, the hull of one that crosses itself beyond repair; undefined where there is no area. */
export function cleanRing(raw: readonly Point2[], leastAreaM2: number): Point2[] | undefined {
  const open = thinned(openRing(raw))
  for (const toleranceM of [0.02, 0.08, 0.25, 0.7, 2, 5]) {
    const ring = simplified(open, toleranceM)
    const area = signedAreaM2(ring)
    if (ring.length < 3 || Math.abs(area) < leastAreaM2) break
    if (ring.length > mostCorners || selfCrossing(ring) !== undefined) continue
    return area > 0 ? ring : ring.reverse()
  }
  const hull = convexHull(raw)
  return hull.length >= 3 && signedAreaM2(hull) >= leastAreaM2 ? hull.slice(0, mostCorners) : undefined
}

/** More corners than that cost more than they show. */
const mostRawCorners = 3000

function thinned(ring: readonly Point2[]): readonly Point2[] {
  const step = Math.ceil(ring.length / mostRawCorners)
  return step <= 1 ? ring : ring.filter((_, at) => at % step === 0)
}

function openRing(raw: readonly Point2[]): Point2[] {
  const ring: Point2[] = []
  for (const at of raw) {
    const last = ring.at(-1)
    if (!last || Math.hypot(at[0] - last[0], at[1] - last[1]) > sameM) ring.push(at)
  }
  while (ring.length > 1 && apart(ring[0] as Point2, ring.at(-1) as Point2) <= sameM) ring.pop()
  return ring
}

function apart(a: Point2, b: Point2): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

/** Takes corners out, the idlest first, that lie nearer than the tolerance to the line past them. */
function simplified(ring: readonly Point2[], toleranceM: number): Point2[] {
  const kept = [...ring]
  for (;;) {
    let least = toleranceM
    let at = -1
    for (let i = 0; i < kept.length && kept.length > 3; i++) {
      const off = offLineM(kept[i] as Point2, kept.at(i - 1) as Point2, kept[(i + 1) % kept.length] as Point2)
      if (off < least) {
        least = off
        at = i
      }
    }
    if (at < 0) return kept
    kept.splice(at, 1)
  }
}

function offLineM(p: Point2, a: Point2, b: Point2): number {
  const length = apart(a, b)
  if (length < sameM) return 0
  return Math.abs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / length
}

/** Andrew's monotone chain; counter-clockwise. */
export function convexHull(points: readonly Point2[]): Point2[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (from: readonly Point2[]) => {
    const chain: Point2[] = []
    for (const p of from) {
      while (chain.length > 1 && turn(chain.at(-2) as Point2, chain.at(-1) as Point2, p) <= 1e-9) chain.pop()
      chain.push(p)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

function turn(a: Point2, b: Point2, c: Point2): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/**
 * The outlines of faces that share edges: edges inside cancel, those left over are chained. Faces may turn either way.
 * Rings come back counter-clockwise for outlines; holes are left out and counted.
 */
export function outlines(faces: readonly (readonly Point2[])[]): {
  readonly rings: Point2[][]
  readonly holes: number
} {
  const key = (p: Point2) => `${Math.round(p[0] * 100)},${Math.round(p[1] * 100)}`
  const places = new Map<string, Point2>()
  const edges = new Map<string, Set<string>>()
  const seen = new Set<string>()
  for (const face of faces) {
    const ring = signedAreaM2(face) < 0 ? [...face].reverse() : face
    const names = ring.map((p) => {
      const name = key(p)
      if (!places.has(name)) places.set(name, p)
      return name
    })
    // the same face twice (a floor told once from above and once from below) would cancel itself
    const identity = [...names].sort().join(' ')
    if (seen.has(identity)) continue
    seen.add(identity)
    for (const [i, a] of names.entries()) {
      const b = names[(i + 1) % names.length] as string
      if (a === b) continue
      if (edges.get(b)?.delete(a)) continue
      const from = edges.get(a) ?? new Set()
      edges.set(a, from.add(b))
    }
  }
  const rings: Point2[][] = []
  let holes = 0
  for (const start of edges.keys())
    while ((edges.get(start)?.size ?? 0) > 0) {
      const ring = chain(start, edges, places)
      if (signedAreaM2(ring) > 0) rings.push(ring)
      else if (signedAreaM2(ring) < -0.5) holes++
    }
  return { rings, holes }
}

function chain(start: string, edges: Map<string, Set<string>>, places: ReadonlyMap<string, Point2>): Point2[] {
  const ring: Point2[] = []
  let from: Point2 | undefined
  for (let name = start; ; ) {
    const here = places.get(name) as Point2
    ring.push(here)
    const next = edges.get(name)
    if (!next || next.size === 0) return ring
    const to = sharpestLeft(from, here, [...next], places)
    next.delete(to)
    from = here
    name = to
    if (name === start) return ring
  }
}

/** Where outlines touch at a corner each keeps to its own. */
function sharpestLeft(
  from: Point2 | undefined,
  here: Point2,
  names: readonly string[],
  places: ReadonlyMap<string, Point2>,
): string {
  const first = names[0] as string
  if (!from || names.length === 1) return first
  const back = Math.atan2(from[1] - here[1], from[0] - here[0])
  const turnOf = (name: string) => {
    const to = places.get(name) as Point2
    const angle = Math.atan2(to[1] - here[1], to[0] - here[0]) - back
    return (angle + 4 * Math.PI) % (2 * Math.PI)
  }
  return names.reduce((best, name) => (turnOf(name) > turnOf(best) ? name : best), first)
}
