/**
 * Constant-velocity Kalman filter of a box (centre x, centre y, width, height in pixels). Noise grows with the box's
 * height as in SORT/ByteTrack, so the eight-state filter falls apart into four independent two-state ones, and any
 * time step is exact (discretised white-noise acceleration; Bar-Shalom, Li & Kirubarajan 2001, §6.3).
 */
import type { BoxInImage } from '../contract/perception.ts'

interface Axis {
  readonly position: number
  readonly velocity: number
  readonly pp: number
  readonly pv: number
  readonly vv: number
}

export interface BoxMotion {
  readonly axes: readonly [Axis, Axis, Axis, Axis]
}

/** All relative to the box's height; chosen on real sequences (`npm run eval -- track`); how well, says `tracker.ts`. */
const noise = {
  /** σ of a measured centre, and of a measured width or height. */
  centre: 0.06,
  size: 0.05,
  /** σ of the velocity before anything is known of it, per second. */
  velocity: 1.5,
  sizeVelocity: 0.2,
  /** Spectral density of the acceleration, as a rate per s^1.5. */
  acceleration: 1.0,
  sizeAcceleration: 0.5,
}

const leastHeightPx = 4

export function startMotion(box: BoxInImage): BoxMotion {
  const height = Math.max(box.height, leastHeightPx)
  const axis = (position: number, measured: number, velocity: number): Axis => ({
    position,
    velocity: 0,
    pp: (measured * height) ** 2,
    pv: 0,
    vv: (velocity * height) ** 2,
  })
  return {
    axes: [
      axis(box.x + box.width / 2, noise.centre, noise.velocity),
      axis(box.y + box.height / 2, noise.centre, noise.velocity),
      axis(box.width, noise.size, noise.sizeVelocity),
      axis(box.height, noise.size, noise.sizeVelocity),
    ],
  }
}

export function predictMotion(motion: BoxMotion, dtS: number): BoxMotion {
  const height = Math.max(motion.axes[3].position, leastHeightPx)
  const step = (axis: Axis, acceleration: number): Axis => {
    const q = (acceleration * height) ** 2
    return {
      position: axis.position + axis.velocity * dtS,
      velocity: axis.velocity,
      pp: axis.pp + 2 * dtS * axis.pv + dtS * dtS * axis.vv + (q * dtS ** 3) / 3,
      pv: axis.pv + dtS * axis.vv + (q * dtS * dtS) / 2,
      vv: axis.vv + q * dtS,
    }
  }
  const [x, y, w, h] = motion.axes
  return {
    axes: [
      step(x, noise.acceleration),
      step(y, noise.acceleration),
      step(w, noise.sizeAcceleration),
      step(h, noise.sizeAcceleration),
    ],
  }
}

/** `doubt` widens the measurement's σ: 1 for a sure detection, more for a doubtful one (NSA Kalman, Du et al. 2021). */
export function correctMotion(motion: BoxMotion, box: BoxInImage, doubt = 1): BoxMotion {
  const height = Math.max(box.height, leastHeightPx)
  const step = (axis: Axis, measured: number, sigma: number): Axis => {
    const r = (sigma * doubt * height) ** 2
    const gainP = axis.pp / (axis.pp + r)
    const gainV = axis.pv / (axis.pp + r)
    const surprise = measured - axis.position
    return {
      position: axis.position + gainP * surprise,
      velocity: axis.velocity + gainV * surprise,
      pp: (1 - gainP) * axis.pp,
      pv: (1 - gainP) * axis.pv,
      vv: axis.vv - gainV * axis.pv,
    }
  }
  const [x, y, w, h] = motion.axes
  return {
    axes: [
      step(x, box.x + box.width / 2, noise.centre),
      step(y, box.y + box.height / 2, noise.centre),
      step(w, box.width, noise.size),
      step(h, box.height, noise.size),
    ],
  }
}

export function boxOfMotion(motion: BoxMotion): BoxInImage {
  const [x, y, w, h] = motion.axes
  const width = Math.max(1, w.position)
  const height = Math.max(1, h.position)
  return { x: x.position - width / 2, y: y.position - height / 2, width, height }
}

/** Squared Mahalanobis distance of a box's centre from where it is expected; χ² with two degrees of freedom. */
export function centreSurprise(motion: BoxMotion, box: BoxInImage): number {
  const [x, y] = motion.axes
  const r = (noise.centre * Math.max(box.height, leastHeightPx)) ** 2
  const dx = box.x + box.width / 2 - x.position
  const dy = box.y + box.height / 2 - y.position
  return (dx * dx) / (x.pp + r) + (dy * dy) / (y.pp + r)
}

/** σ of the predicted centre in pixels; how far the next box may be. */
export function centreSigmaPx(motion: BoxMotion): number {
  return Math.sqrt(Math.max(motion.axes[0].pp, motion.axes[1].pp))
}
