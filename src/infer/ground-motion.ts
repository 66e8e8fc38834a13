/**
 * Constant-velocity Kalman filter of a place on the ground with its full covariance, any time step exact (discretised
 * white-noise acceleration; Bar-Shalom, Li & Kirubarajan 2001, §6.3). State: east, north, and their rates.
 */
import type { GroundPlace } from '../contract/perception.ts'
import { type GroundCovariance, worstSigmaM } from '../site/projection.ts'

export interface GroundMeasure {
  readonly eastM: number
  readonly northM: number
  readonly covariance: GroundCovariance
}

export interface GroundMotion {
  readonly state: readonly [eastM: number, northM: number, eastMps: number, northMps: number]
  /** 4 × 4, row-major. */
  readonly covariance: readonly number[]
}

/** σ of a velocity before anything is known of it, and of its change over a second. */
const velocityMps = 1.5
const accelerationMps2 = 0.8
const longestStepS = 5

export function startGround({ eastM, northM, covariance: { eeM2, nnM2, enM2 } }: GroundMeasure): GroundMotion {
  const v = velocityMps ** 2
  return { state: [eastM, northM, 0, 0], covariance: [eeM2, enM2, 0, 0, enM2, nnM2, 0, 0, 0, 0, v, 0, 0, 0, 0, v] }
}

export function moveGround({ state, covariance: p }: GroundMotion, stepS: number): GroundMotion {
  const t = Math.min(longestStepS, Math.max(0, stepS))
  const q = accelerationMps2 ** 2
  const at = (row: number, column: number): number => p[row * 4 + column] as number
  const moved: number[] = []
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      // F P Fᵀ with F = [1 t; 0 1] per axis: rows and columns of positions gain t × those of rates.
      let value = at(i, j)
      if (i < 2) value += t * at(i + 2, j)
      if (j < 2) value += t * at(i, j + 2)
      if (i < 2 && j < 2) value += t * t * at(i + 2, j + 2)
      if (i % 2 === j % 2) value += q * (i < 2 && j < 2 ? t ** 3 / 3 : i < 2 || j < 2 ? t ** 2 / 2 : t)
      moved.push(value)
    }
  const [e, n, ve, vn] = state
  return { state: [e + ve * t, n + vn * t, ve, vn], covariance: moved }
}

export function seeGround(motion: GroundMotion, measure: GroundMeasure): GroundMotion {
  const p = motion.covariance
  const at = (row: number, column: number): number => p[row * 4 + column] as number
  const [se, sn, sx] = innovation(motion, measure.covariance)
  const det = se * sn - sx * sx
  if (!(det > 0)) return motion
  const [de, dn] = [measure.eastM - motion.state[0], measure.northM - motion.state[1]]
  const gain = [0, 1, 2, 3].map((row) => {
    const [a, b] = [at(row, 0), at(row, 1)]
    return [(a * sn - b * sx) / det, (b * se - a * sx) / det] as const
  })
  const next = (row: 0 | 1 | 2 | 3) => motion.state[row] + (gain[row]?.[0] ?? 0) * de + (gain[row]?.[1] ?? 0) * dn
  const covariance: number[] = []
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++)
      covariance.push(at(i, j) - (gain[i]?.[0] ?? 0) * at(0, j) - (gain[i]?.[1] ?? 0) * at(1, j))
  return { state: [next(0), next(1), next(2), next(3)], covariance }
}

/** Squared Mahalanobis distance; χ² of two degrees of freedom. */
export function groundSurprise(motion: GroundMotion, measure: GroundMeasure): number {
  const [se, sn, sx] = innovation(motion, measure.covariance)
  const det = se * sn - sx * sx
  if (!(det > 0)) return Number.POSITIVE_INFINITY
  const [de, dn] = [measure.eastM - motion.state[0], measure.northM - motion.state[1]]
  return (de * de * sn - 2 * de * dn * sx + dn * dn * se) / det
}

export function placeOfMotion({ state, covariance: p }: GroundMotion, slack?: GroundCovariance): GroundPlace {
  const at = (index: number): number => p[index] as number
  const covariance = {
    eeM2: at(0) + (slack?.eeM2 ?? 0),
    nnM2: at(5) + (slack?.nnM2 ?? 0),
    enM2: at(1) + (slack?.enM2 ?? 0),
  }
  return {
    eastM: state[0],
    northM: state[1],
    sigmaM: worstSigmaM(covariance),
    covariance,
    velocity: { eastMps: state[2], northMps: state[3], sigmaMps: Math.sqrt(Math.max(0, at(10), at(15))) },
  }
}

export const scaled = ({ eeM2, nnM2, enM2 }: GroundCovariance, by: number): GroundCovariance => ({
  eeM2: eeM2 * by,
  nnM2: nnM2 * by,
  enM2: enM2 * by,
})

function innovation({ covariance: p }: GroundMotion, r: GroundCovariance): readonly [number, number, number] {
  return [(p[0] as number) + r.eeM2, (p[5] as number) + r.nnM2, (p[1] as number) + r.enM2]
}
