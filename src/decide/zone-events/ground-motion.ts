/** Constant-velocity Kalman filter of a place on the ground (Bar-Shalom, Li & Kirubarajan 2001, §6.3), one σ for both axes. */
export interface GroundMotion {
  readonly eastM: number
  readonly northM: number
  readonly eastMps: number
  readonly northMps: number
  readonly sigmaM: number
  readonly pp: number
  readonly pv: number
  readonly vv: number
}

interface Seen {
  readonly eastM: number
  readonly northM: number
  readonly sigmaM: number
}

/** σ of the first velocity in m/s and of its change in m/s². */
const noise = { velocity: 2, acceleration: 1.6 }
/** A box misses its feet by much the same from one look to the next: averaging helps only so far. */
const leastShareOfSigma = 0.5

export function startGround({ eastM, northM, sigmaM }: Seen): GroundMotion {
  return { eastM, northM, eastMps: 0, northMps: 0, sigmaM, pp: sigmaM ** 2, pv: 0, vv: noise.velocity ** 2 }
}

export function moveGround(motion: GroundMotion, dtS: number): GroundMotion {
  const t = Math.min(3, Math.max(0, dtS))
  const q = noise.acceleration ** 2
  const pp = motion.pp + 2 * t * motion.pv + t * t * motion.vv + (q * t ** 3) / 3
  return {
    ...motion,
    eastM: motion.eastM + motion.eastMps * t,
    northM: motion.northM + motion.northMps * t,
    pp,
    pv: motion.pv + t * motion.vv + (q * t * t) / 2,
    vv: motion.vv + q * t,
  }
}

export function seeGround(motion: GroundMotion, seen: Seen): GroundMotion {
  const r = Math.max(0.05, seen.sigmaM) ** 2
  const gainP = motion.pp / (motion.pp + r)
  const gainV = motion.pv / (motion.pp + r)
  const [de, dn] = [seen.eastM - motion.eastM, seen.northM - motion.northM]
  const pp = (1 - gainP) * motion.pp
  return {
    eastM: motion.eastM + gainP * de,
    northM: motion.northM + gainP * dn,
    eastMps: motion.eastMps + gainV * de,
    northMps: motion.northMps + gainV * dn,
    sigmaM: Math.max(Math.sqrt(pp), leastShareOfSigma * seen.sigmaM),
    pp,
    pv: (1 - gainP) * motion.pv,
    vv: Math.max(0.01, motion.vv - gainV * motion.pv),
  }
}
