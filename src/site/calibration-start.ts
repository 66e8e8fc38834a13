/** Poses to begin a calibration from: the plane's picture taken apart, for several guesses of the lens (Zhang 2000, §3.1). */
import { inverseMatrix, multiply, normalEquations } from './linear-solve.ts'
import { cameraModel } from './projection.ts'
import type { Camera } from './schema.ts'

/** A point of the picture (pixels of the lens) and the same point in the park. */
export interface GroundPair {
  readonly x: number
  readonly y: number
  readonly at: readonly [eastM: number, northM: number, upM: number]
}

export type Pose = Pick<Camera, 'at' | 'headingDeg' | 'pitchDeg' | 'rollDeg'>

type Vector = readonly [number, number, number]
const degrees = 180 / Math.PI
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
const by = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor]

/** The pose from which a lens of this view angle, without distortion, shows the pairs best; undefined where there is none. */
export function poseFromPlane(pairs: readonly GroundPair[], lens: Camera['lens'], hfovDeg: number): Pose | undefined {
  const focalPx = lens.widthPx / 2 / Math.tan(hfovDeg / 2 / degrees)
  const mean = (pick: (pair: GroundPair) => number) => pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length
  const centre: Vector = [mean(({ at }) => at[0]), mean(({ at }) => at[1]), mean(({ at }) => at[2])]
  const sizeM = Math.max(
    1,
    mean(({ at }) => Math.hypot(at[0] - centre[0], at[1] - centre[1])),
  )
  const [rows, goals]: [number[][], number[]] = [[], []]
  for (const { x, y, at } of pairs) {
    const [u, w] = [(x - lens.widthPx / 2) / focalPx, (y - lens.heightPx / 2) / focalPx]
    const [e, n] = [(at[0] - centre[0]) / sizeM, (at[1] - centre[1]) / sizeM]
    rows.push([e, n, 1, 0, 0, 0, -u * e, -u * n], [0, 0, 0, e, n, 1, -w * e, -w * n])
    goals.push(u, w)
  }
  const { matrix, vector } = normalEquations(rows, goals)
  const inverse = inverseMatrix(matrix)
  if (!inverse) return undefined
  const h = multiply(inverse, vector)
  const column = (i: number): Vector => [h[i] as number, h[i + 3] as number, i === 2 ? 1 : (h[i + 6] as number)]
  return poseOfColumns(by(column(0), 1 / sizeM), by(column(1), 1 / sizeM), column(2), centre)
}

/** The columns are the plane's axes and origin as the camera sees them, all by one unknown factor. */
function poseOfColumns(east: Vector, north: Vector, origin: Vector, centre: Vector): Pose | undefined {
  const size = (Math.hypot(...east) + Math.hypot(...north)) / 2
  if (!(size > 0)) return undefined
  const r1 = by(east, 1 / Math.hypot(...east))
  const flat = by(north, 1 / size)
  const along = dot(r1, flat)
  const rest: Vector = [flat[0] - along * r1[0], flat[1] - along * r1[1], flat[2] - along * r1[2]]
  const r2 = by(rest, 1 / Math.max(1e-12, Math.hypot(...rest)))
  const r3 = cross(r1, r2)
  const t = by(origin, 1 / size)
  const at: Vector = [centre[0] - dot(r1, t), centre[1] - dot(r2, t), centre[2] - dot(r3, t)]
  if (!at.every(Number.isFinite) || at[2] <= centre[2]) return undefined
  return { at: [...at], ...anglesOf([r1[0], r2[0], r3[0]], [r1[2], r2[2], r3[2]]) }
}

function anglesOf(right: Vector, forward: Vector): Omit<Pose, 'at'> {
  const heading = Math.atan2(forward[0], forward[1])
  const level: Vector = [Math.cos(heading), -Math.sin(heading), 0]
  const up = cross(level, forward)
  return {
    headingDeg: heading * degrees,
    pitchDeg: Math.atan2(forward[2], Math.hypot(forward[0], forward[1])) * degrees,
    rollDeg: Math.atan2(-dot(right, up), dot(right, level)) * degrees,
  }
}

/**
 * Turned about a vector of the park's axes, by its length in degrees: heading and roll are one and the same turn where a
 * camera looks straight down, these three never are.
 */
export function turned(camera: Camera, about: Vector): Omit<Pose, 'at'> {
  const angle = Math.hypot(...about)
  const axis = by(about, 1 / Math.max(1e-12, angle))
  const [c, s] = [Math.cos(angle / degrees), Math.sin(angle / degrees)]
  const turn = (v: Vector): Vector => {
    const [across, along] = [cross(axis, v), dot(axis, v) * (1 - c)]
    return [
      v[0] * c + across[0] * s + axis[0] * along,
      v[1] * c + across[1] * s + axis[1] * along,
      v[2] * c + across[2] * s + axis[2] * along,
    ]
  }
  const { right, forward } = cameraModel(camera)
  return anglesOf(turn(right), turn(forward))
}
