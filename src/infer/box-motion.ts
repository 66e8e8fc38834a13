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

/** Relative to the box's height: measurement σ, σ of the first velocity (per s), σ of acceleration (per s²). */
const noise = { measured: 0.06, velocity: 1.2, acceleration: 1.0, sizeShare: 0.5 }

export function startMotion(box: BoxInImage): BoxMotion {
  const height = Math.max(box.height, 4)
  const axis = (position: number, share: number): Axis => ({
    position,
    velocity: 0,
    pp: (2 * noise.measured * height) ** 2,
    pv: 0,
    vv: (noise.velocity * share * height) ** 2,
  })
  return {
    axes: [
      axis(box.x + box.width / 2, 1),
      axis(box.y + box.height / 2, 1),
      axis(box.width, noise.sizeShare),
      axis(box.height, noise.sizeShare),
    ],
  }
}

export function predictMotion(motion: BoxMotion, dtS: number): BoxMotion {
  const height = Math.max(motion.axes[3].position, 4)
  const step = (axis: Axis, share: number): Axis => {
    const q = (noise.acceleration * share * height) ** 2
    return {
      position: axis.position + axis.velocity * dtS,
      velocity: axis.velocity,
      pp: axis.pp + 2 * dtS * axis.pv + dtS * dtS * axis.vv + (q * dtS ** 3) / 3,
      pv: axis.pv + dtS * axis.vv + (q * dtS * dtS) / 2,
      vv: axis.vv + q * dtS,
    }
  }
  const [x, y, w, h] = motion.axes
  return { axes: [step(x, 1), step(y, 1), step(w, noise.sizeShare), step(h, noise.sizeShare)] }
}

export function correctMotion(motion: BoxMotion, box: BoxInImage): BoxMotion {
  const r = (noise.measured * Math.max(box.height, 4)) ** 2
  const step = (axis: Axis, measured: number): Axis => {
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
    axes: [step(x, box.x + box.width / 2), step(y, box.y + box.height / 2), step(w, box.width), step(h, box.height)],
  }
}

export function boxOfMotion(motion: BoxMotion): BoxInImage {
  const [x, y, w, h] = motion.axes
  const width = Math.max(1, w.position)
  const height = Math.max(1, h.position)
  return { x: x.position - width / 2, y: y.position - height / 2, width, height }
}

/** σ of the predicted centre in pixels; how far the next box may be. */
export function centreSigmaPx(motion: BoxMotion): number {
  return Math.sqrt(Math.max(motion.axes[0].pp, motion.axes[1].pp))
}
