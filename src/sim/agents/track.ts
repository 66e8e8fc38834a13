/** A line to follow: corner points with running length, and where gates stand across it. */
import type { Openings } from '../openings.ts'
import type { Place, Route } from './path-graph.ts'

export interface Track {
  readonly points: readonly Place[]
  readonly along: Float64Array
  readonly lengthM: number
  readonly gates: readonly { readonly id: string; readonly atM: number }[]
}

export function walkTrack(route: Route, openings: Openings): Track {
  return makeTrack(route.points, route.gates, openings)
}

/** Right-hand traffic: keeps `offsetM` right of the centreline and rounds corners. */
export function driveTrack(route: Route, openings: Openings, offsetM: number, tail: readonly Place[] = []): Track {
  const lane = [...shifted(route.points, offsetM), ...tail]
  return makeTrack(rounded(lane, 6), route.gates, openings)
}

export function makeTrack(
  points: readonly Place[],
  gateIds: readonly (string | undefined)[],
  openings: Openings,
): Track {
  const along = new Float64Array(points.length)
  for (let i = 1; i < points.length; i++) {
    const [a, b] = pair(points, i - 1)
    along[i] = (along[i - 1] ?? 0) + Math.hypot(b[0] - a[0], b[1] - a[1])
  }
  const ids = [...new Set(gateIds.filter((id) => id !== undefined))]
  const gates = ids.flatMap((id) => {
    const atM = crossing(points, along, id, openings)
    return atM === undefined ? [] : [{ id, atM }]
  })
  gates.sort((a, b) => a.atM - b.atM)
  return { points, along, lengthM: along.at(-1) ?? 0, gates }
}

function pair(points: readonly Place[], i: number): [Place, Place] {
  const a = points[i] ?? [0, 0]
  return [a, points[i + 1] ?? a]
}

/** Where the line passes between the posts of a gate; posts are taken a metre wider for those who keep right. */
function crossing(points: readonly Place[], along: Float64Array, gate: string, openings: Openings): number | undefined {
  const line = openings.line(gate)
  if (!line) return undefined
  const gx = line.to[0] - line.from[0]
  const gy = line.to[1] - line.from[1]
  const slack = 1 / Math.max(0.5, Math.hypot(gx, gy))
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = pair(points, i)
    const dx = b[0] - a[0]
    const dy = b[1] - a[1]
    const cross = dx * gy - dy * gx
    if (Math.abs(cross) < 1e-9) continue
    const ox = line.from[0] - a[0]
    const oy = line.from[1] - a[1]
    const t = (ox * gy - oy * gx) / cross
    const u = (ox * dy - oy * dx) / cross
    if (t >= 0 && t <= 1 && u >= -slack && u <= 1 + slack) return (along[i] ?? 0) + t * Math.hypot(dx, dy)
  }
  return undefined
}

export interface OnTrack {
  readonly east: number
  readonly north: number
  /** Direction of travel, unit vector. */
  readonly dirEast: number
  readonly dirNorth: number
}

export function placeOn(track: Track, atM: number): OnTrack {
  const { points, along } = track
  let i = 0
  while (i + 2 < points.length && (along[i + 1] ?? 0) < atM) i++
  const [a, b] = pair(points, i)
  const length = Math.max(1e-6, (along[i + 1] ?? 0) - (along[i] ?? 0))
  const t = Math.min(1, Math.max(0, (atM - (along[i] ?? 0)) / length))
  return {
    east: a[0] + (b[0] - a[0]) * t,
    north: a[1] + (b[1] - a[1]) * t,
    dirEast: (b[0] - a[0]) / length,
    dirNorth: (b[1] - a[1]) / length,
  }
}

/** Parallel line to the right; corners meet where the shifted sides do. */
function shifted(points: readonly Place[], offsetM: number): Place[] {
  return points.map((p, i): Place => {
    const before = unit(points[i - 1] ?? p, p)
    const after = unit(p, points[i + 1] ?? p)
    const [ax, ay] = before ?? after ?? [0, 0]
    const [bx, by] = after ?? before ?? [0, 0]
    const nx = ay + by
    const ny = -(ax + bx)
    // mitre: the sum of two unit normals has length 2·cos(half angle)
    const scale = 2 / Math.max(0.6, nx * nx + ny * ny)
    return [p[0] + offsetM * nx * scale, p[1] + offsetM * ny * scale]
  })
}

function unit(a: Place, b: Place): Place | undefined {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  return length < 1e-6 ? undefined : [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
}

/** Replaces corners by quadratic curves that start `radiusM` before them. */
function rounded(points: readonly Place[], radiusM: number): Place[] {
  const out: Place[] = []
  for (const [i, p] of points.entries()) {
    const before = points[i - 1]
    const after = points[i + 1]
    if (!before || !after) {
      out.push(p)
      continue
    }
    const from = towards(p, before, radiusM)
    const to = towards(p, after, radiusM)
    for (let k = 0; k <= 5; k++) {
      const t = k / 5
      const w = [(1 - t) ** 2, 2 * t * (1 - t), t * t] as const
      out.push([w[0] * from[0] + w[1] * p[0] + w[2] * to[0], w[0] * from[1] + w[1] * p[1] + w[2] * to[1]])
    }
  }
  return out
}

function towards(from: Place, to: Place, mostM: number): Place {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  const share = Math.min(mostM, length * 0.45) / Math.max(1e-6, length)
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
}
