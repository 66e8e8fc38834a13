import type { Rgb, Vec3 } from '../../scene/kit/mesh.ts'
import type { CameraModel } from '../../site/projection.ts'
import { infraredFalloff, type Light, lampColor, lampFalloff } from './lighting.ts'

/** Parallel light from a direction (towards the light). */
export interface Beam {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly color: Rgb
}

interface Standing {
  readonly at: Vec3
  readonly reachM: number
  /** Whether the sun reaches it. */
  readonly sunny: boolean
}

/**
 * Light on something small is nearly parallel: the sun, the strongest lamps and, given a camera, its infrared lamp.
 */
export function beamsOn(placed: Standing, light: Light, infraredFrom: CameraModel | undefined): Beam[] {
  const chest: Vec3 = [placed.at[0], placed.at[1], placed.at[2] + Math.min(1.1, placed.reachM * 0.5)]
  const beams: Beam[] = []
  if (placed.sunny && light.sun[0] > 0.003) {
    const [x, y, z] = light.sunDirection
    beams.push({ x, y, z, color: light.sun })
  }
  for (const lamp of light.lamps) {
    const [dx, dy, dz] = [chest[0] - lamp.at[0], chest[1] - lamp.at[1], chest[2] - lamp.at[2]]
    const e = lampFalloff(lamp, dx, dy, dz)
    if (e < 4e-4) continue
    const d = Math.hypot(dx, dy, dz)
    beams.push({ x: -dx / d, y: -dy / d, z: -dz / d, color: [e * lampColor[0], e * lampColor[1], e * lampColor[2]] })
  }
  if (infraredFrom) {
    const { at, forward } = infraredFrom
    const [dx, dy, dz] = [chest[0] - at[0], chest[1] - at[1], chest[2] - at[2]]
    const d = Math.hypot(dx, dy, dz)
    const e = infraredFalloff(d, (dx * forward[0] + dy * forward[1] + dz * forward[2]) / d)
    beams.push({ x: -dx / d, y: -dy / d, z: -dz / d, color: [e, e, e] })
  }
  return beams.length > 5 ? beams.sort((a, b) => b.color[1] - a.color[1]).slice(0, 5) : beams
}
