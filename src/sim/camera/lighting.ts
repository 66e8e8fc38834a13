import type { SimWorldMessage } from '../../contract/sim-world.ts'
import type { Lamp } from '../../scene/kit/furniture.ts'
import type { Rgb, Vec3 } from '../../scene/kit/mesh.ts'

/** A lamp that shines now. `power` is irradiance × m², where full sun is 1. */
export interface LitLamp {
  readonly at: Vec3
  readonly power: number
}

/** The light of a moment. Irradiances are relative to full sun = 1. */
export interface Light {
  readonly sunDirection: Vec3
  readonly sun: Rgb
  readonly sky: Rgb
  readonly lamps: readonly LitLamp[]
  /** Zone lighting as given, for windows. */
  readonly zones: Readonly<Record<string, number>>
  readonly rainMmPerH: number
  /** Open ground: 0 dry … 1 standing water. */
  readonly wet: number
  readonly cloud: number
  /** No daylight worth speaking of: the infrared lamp of the camera may help. */
  readonly dark: boolean
}

const lampPower = 2.4
/** Starlight, moon and the glow of a town. */
const nightSky = 0.0011
export const lampColor: Rgb = [1, 0.86, 0.66]

const clamp01 = (x: number) => Math.min(1, Math.max(0, x))

export function lightOf(world: SimWorldMessage, lamps: readonly Lamp[]): Light {
  const [sx, sy, sz] = world.sun
  const up = clamp01((sz + 0.015) / 0.1)
  const direct = up * Math.sqrt(Math.max(0.02, Math.min(1, sz + 0.05))) * (1 - 0.93 * clamp01(world.cloud))
  const low = 1 - clamp01(sz / 0.35)
  const day = clamp01((sz + 0.16) / 0.5) ** 2
  const skyLevel = nightSky + day * (0.42 + 0.2 * clamp01(world.cloud))
  const photocell = day < 0.035 ? 1 : 0
  return {
    sunDirection: [sx, sy, sz],
    sun: [direct, direct * (0.97 - 0.3 * low), direct * (0.92 - 0.52 * low)],
    sky: [skyLevel * 0.9, skyLevel, skyLevel * 1.14],
    lamps: lamps.flatMap((lamp): LitLamp[] => {
      const level = lamp.zoneId === undefined ? photocell : clamp01(world.lights[lamp.zoneId] ?? 0)
      return level > 0.01 ? [{ at: lamp.at, power: lampPower * level }] : []
    }),
    zones: world.lights,
    rainMmPerH: Math.max(0, world.rainMmPerH),
    wet: clamp01(world.wet ?? 0),
    cloud: clamp01(world.cloud),
    dark: day < 0.02,
  }
}

/**
 * Names a light closely enough that pictures with the same name look the same: the sun to a degree,
 * levels to an eighth. The fixed picture is lit anew when the name changes.
 */
export function lightKey(world: SimWorldMessage, zoneIds: readonly string[]): string {
  const sun = world.sun[2] < -0.17 ? 'night' : world.sun.map((c) => Math.round(c * 50)).join(',')
  const zones = zoneIds.map((zone) => Math.round(clamp01(world.lights[zone] ?? 0) * 8)).join('')
  const wet = Math.round(clamp01(world.wet ?? 0) * 8)
  return `${sun}|${Math.round(world.cloud * 12)}|${Math.round(Math.min(20, world.rainMmPerH))}|${wet}|${zones}`
}

/** Irradiance of a lamp on a surface at distance vector (dx, dy, dz) from lamp to point, before the cosine. */
export function lampFalloff(lamp: LitLamp, dx: number, dy: number, dz: number): number {
  const d2 = dx * dx + dy * dy + dz * dz
  if (d2 > 900) return 0
  const distance = Math.sqrt(d2)
  const down = -dz / distance
  // A shaded luminaire: full below, nothing above the horizontal.
  return down < 0.05 ? 0 : (lamp.power * Math.min(1, down * 1.4)) / (d2 + 1)
}

/** Infrared lamp beside the lens: falls with the square of the distance and towards the edge of its beam. */
export const infraredPower = 3
export function infraredFalloff(distanceM: number, cosOffAxis: number): number {
  if (cosOffAxis <= 0.3) return 0
  const c2 = cosOffAxis * cosOffAxis
  return (infraredPower * c2 * c2) / (distanceM * distanceM + 4)
}
