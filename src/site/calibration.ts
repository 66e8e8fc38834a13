/**
 * A camera's pose, and if asked its view angle and first distortion term, from points of the ground shown both in the
 * picture and in the park: least squares of the reprojection by Levenberg–Marquardt, from several starts.
 */
import { err, ok, type Result } from '../platform/result.ts'
import { type GroundPair, type Pose, poseFromPlane, turned } from './calibration-start.ts'
import { inverseMatrix, multiply, normalEquations } from './linear-solve.ts'
import { cameraModel, imageFromWorld, type PoseSigma, worldFromImage, worstSigmaM } from './projection.ts'
import type { Camera } from './schema.ts'

export interface CalibrationWish {
  readonly viewAngle: boolean
  readonly distortion: boolean
}

export interface PairError {
  readonly px: number
  /** On the ground; undefined where the pixel is above the horizon. */
  readonly groundM: number | undefined
}

export interface Calibrated {
  /** The camera with its new pose, lens and `poseSigma`. */
  readonly camera: Camera
  readonly errors: readonly PairError[]
  readonly rmsPx: number
}

/**
 * `tooFew`: fewer points than the wish needs. `inLine`: they lie on a line, in the park or in the picture.
 * `noPose`: no pose shows the points there. `vague`: many poses do.
 */
export type CalibrationError = 'tooFew' | 'inLine' | 'noPose' | 'vague'

/** Points that a wish needs: two equations each, and one to spare beyond the plain pose. */
export const pointsNeeded = ({ viewAngle, distortion }: CalibrationWish): number =>
  4 + (viewAngle ? 1 : 0) + (distortion ? 1 : 0)

/** Tried as starts where the view angle is unknown. */
const angleGuesses = [35, 50, 65, 80, 100]
/** σ of a click, where the points are too few to tell; and the least that is believed. */
const clickSigmaPx = 1.5
/** A line: spread across it below this share of the spread along it. */
const leastWidthShare = 0.04
const mostSigma = { positionM: 8, angleDeg: 12 }
/** A pose that misses its points by more than this share of the picture's width shows something else. */
const mostErrorShare = 0.1
const bounds = { hfovDeg: [8, 165], k1: [-0.6, 0.6], heightM: [0.3, 300] } as const

export function calibrate(
  camera: Camera,
  pairs: readonly GroundPair[],
  wish: CalibrationWish,
): Result<Calibrated, CalibrationError> {
  if (pairs.length < pointsNeeded(wish)) return err('tooFew')
  const inPark = widthShare(pairs.map(({ at }) => [at[0], at[1]]))
  const inPicture = widthShare(pairs.map(({ x, y }) => [x, y]))
  if (Math.min(inPark, inPicture) < leastWidthShare) return err('inLine')
  // Through three points there are up to four poses, each without any error.
  if (apart(pairs) < 4) return err('vague')
  let best: Fit | undefined
  for (const start of starts(camera, pairs, wish)) {
    const fit = refine(start, camera, pairs, wish)
    if (fit && (!best || fit.sum < best.sum)) best = fit
  }
  const rmsPx = best ? Math.sqrt(best.sum / pairs.length) : Number.POSITIVE_INFINITY
  if (!best || !(rmsPx <= mostErrorShare * camera.lens.widthPx)) return err('noPose')
  const poseSigma = sigmaOf(best, pairs.length)
  const unsure = !poseSigma || poseSigma.positionM > mostSigma.positionM
  if (unsure || Math.max(poseSigma.headingDeg, poseSigma.pitchDeg) > mostSigma.angleDeg) return err('vague')
  const solved = { ...cameraOf(camera, best.values, wish), poseSigma }
  return ok({ camera: solved, errors: pairs.map((pair) => errorOf(solved, pair)), rmsPx })
}

/** Points that are not one and the same, as far as clicks tell. */
const apart = (pairs: readonly GroundPair[]): number =>
  pairs.filter(({ x, y }, i) =>
    pairs.slice(0, i).every((other) => Math.hypot(other.x - x, other.y - y) > 4 * clickSigmaPx),
  ).length

/** East, north, up, heading, pitch, roll, then view angle and k1 where they are asked for. */
type Values = readonly number[]

interface Fit {
  readonly values: Values
  /** Squared error in px². */
  readonly sum: number
  readonly jacobian: readonly (readonly number[])[]
}

const valuesOf = (pose: Pose, hfovDeg: number, k1: number, wish: CalibrationWish): Values => [
  ...pose.at,
  pose.headingDeg,
  pose.pitchDeg,
  pose.rollDeg,
  ...(wish.viewAngle ? [hfovDeg] : []),
  ...(wish.distortion ? [k1] : []),
]

function starts(camera: Camera, pairs: readonly GroundPair[], wish: CalibrationWish): Values[] {
  const { hfovDeg, k1 } = camera.lens
  const angles = wish.viewAngle ? [hfovDeg, ...angleGuesses] : [hfovDeg]
  const found = angles.flatMap((angle) => {
    const pose = poseFromPlane(pairs, camera.lens, angle)
    return pose ? [valuesOf(pose, angle, wish.distortion ? 0 : k1, wish)] : []
  })
  return [valuesOf(camera, hfovDeg, k1, wish), ...found]
}

const clamp = (value: number, [least, most]: readonly [number, number]): number =>
  Math.min(most, Math.max(least, value))

function cameraOf(camera: Camera, values: Values, wish: CalibrationWish): Camera {
  const [e, n, up, heading, pitch, roll] = values as [number, number, number, number, number, number]
  const angle = wish.viewAngle ? (values[6] as number) : camera.lens.hfovDeg
  const k1 = wish.distortion ? (values[wish.viewAngle ? 7 : 6] as number) : camera.lens.k1
  return {
    ...camera,
    at: [e, n, up],
    headingDeg: ((heading % 360) + 360) % 360,
    pitchDeg: clamp(pitch, [-90, 90]),
    rollDeg: roll,
    lens: { ...camera.lens, hfovDeg: clamp(angle, bounds.hfovDeg), k1: clamp(k1, bounds.k1) },
  }
}

/** Other values by `step`, in their order, but for the angles: there it is a turn about the park's axes. */
function moved(values: Values, step: readonly number[], camera: Camera, wish: CalibrationWish): Values {
  const [, , , east, north, up] = step as [number, number, number, number, number, number]
  const { headingDeg, pitchDeg, rollDeg } = turned(cameraOf(camera, values, wish), [east, north, up])
  const next = values.map((value, i) => value + (step[i] as number))
  next.splice(3, 3, headingDeg, pitchDeg, rollDeg)
  return next
}

/** Differences in px, two a pair; undefined where a point is behind the camera. */
function residuals(camera: Camera, pairs: readonly GroundPair[]): number[] | undefined {
  const model = cameraModel(camera)
  const differences: number[] = []
  for (const { x, y, at } of pairs) {
    const seen = imageFromWorld(model, ...at)
    if (!seen) return undefined
    differences.push(x - seen.x, y - seen.y)
  }
  return differences
}

const squared = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0)

function refine(start: Values, camera: Camera, pairs: readonly GroundPair[], wish: CalibrationWish): Fit | undefined {
  const errorsAt = (values: Values) => residuals(cameraOf(camera, values, wish), pairs)
  const movedBy = (values: Values, step: readonly number[]) => moved(values, step, camera, wish)
  let values = start
  let errors = errorsAt(values)
  if (!errors) return undefined
  let damping = 1e-2
  for (let round = 0; round < 120 && damping < 1e9; round++) {
    const step = stepFrom(jacobianAt(values, movedBy, errorsAt), errors, damping)
    if (!step) {
      damping *= 10
      continue
    }
    const next = movedBy(values, step)
    const nextErrors = errorsAt(next)
    if (!nextErrors || !(squared(nextErrors) < squared(errors))) {
      damping *= 4
      continue
    }
    const gained = squared(errors) - squared(nextErrors)
    values = next
    errors = nextErrors
    damping = Math.max(1e-9, damping / 6)
    if (gained < 1e-10 * (1 + squared(errors))) break
  }
  const jacobian = jacobianAt(values, movedBy, errorsAt)
  const [least, most] = bounds.heightM
  const height = (values[2] as number) - Math.max(...pairs.map(({ at }) => at[2]))
  return jacobian && height >= least && height <= most ? { values, sum: squared(errors), jacobian } : undefined
}

type ErrorsAt = (values: Values) => number[] | undefined

function stepFrom(jacobian: number[][] | undefined, errors: readonly number[], damping: number) {
  if (!jacobian) return undefined
  const { matrix, vector } = normalEquations(jacobian, errors)
  const damped = matrix.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-12 : value)))
  const inverse = inverseMatrix(damped)
  return inverse && multiply(inverse, vector)
}

/** How the predicted pixels move with each value, by central differences. */
function jacobianAt(
  values: Values,
  movedBy: (values: Values, step: readonly number[]) => Values,
  errorsAt: ErrorsAt,
): number[][] | undefined {
  const columns: number[][] = []
  for (let i = 0; i < values.length; i++) {
    const step = 1e-4
    const at = (by: number) => errorsAt(movedBy(values, values.map((_, j) => (j === i ? by : 0)))) // biome-ignore format: one step
    const [ahead, behind] = [at(step), at(-step)]
    if (!ahead || !behind) return undefined
    columns.push(ahead.map((value, k) => ((behind[k] as number) - value) / (2 * step)))
  }
  return (columns[0] ?? []).map((_, k) => columns.map((column) => column[k] as number))
}

/** From the curvature of the error: what the points leave open. */
function sigmaOf({ jacobian, sum, values }: Fit, count: number): PoseSigma | undefined {
  const covariance = inverseMatrix(normalEquations(jacobian, new Array(jacobian.length).fill(0)).matrix)
  if (!covariance) return undefined
  const spare = 2 * count - values.length
  const variance = Math.max(clickSigmaPx ** 2, spare > 0 ? sum / spare : 0)
  const sigma = (i: number) => Math.sqrt(Math.max(0, (covariance[i]?.[i] ?? 0) * variance))
  const positionM = Math.max(sigma(0), sigma(1), sigma(2))
  const level = (i: number, j: number) => (covariance[i]?.[j] ?? 0) * variance
  const pitchDeg = worstSigmaM({ eeM2: level(3, 3), nnM2: level(4, 4), enM2: level(3, 4) })
  const found = { positionM, headingDeg: sigma(5), pitchDeg }
  return Object.values(found).every(Number.isFinite) ? found : undefined
}

function errorOf(camera: Camera, { x, y, at }: GroundPair): PairError {
  const model = cameraModel(camera)
  const seen = imageFromWorld(model, ...at)
  const ground = worldFromImage(model, x, y, at[2])
  return {
    px: seen ? Math.hypot(seen.x - x, seen.y - y) : Number.POSITIVE_INFINITY,
    groundM: ground && Math.hypot(ground.eastM - at[0], ground.northM - at[1]),
  }
}

/** Spread across the main direction as a share of the spread along it; 0 on a line, up to 1. */
function widthShare(points: readonly (readonly [number, number])[]): number {
  const mean = (i: 0 | 1) => points.reduce((sum, point) => sum + point[i], 0) / points.length
  const [mx, my] = [mean(0), mean(1)]
  let [xx, yy, xy] = [0, 0, 0]
  for (const [x, y] of points) {
    xx += (x - mx) ** 2
    yy += (y - my) ** 2
    xy += (x - mx) * (y - my)
  }
  const half = Math.hypot((xx - yy) / 2, xy)
  const most = (xx + yy) / 2 + half
  return most > 0 ? Math.sqrt(Math.max(0, (xx + yy) / 2 - half) / most) : 0
}
