import type { Rgb, Vec3 } from './mesh.ts'

/** A soft round blob that always faces the viewer: the stuff of flames and smoke. */
export interface Puff {
  readonly at: Vec3
  readonly radiusM: number
  readonly color: Rgb
  /** 0…1 at the middle; falls to nothing at the edge. */
  readonly opacity: number
  /** Shines by itself (flame) or is lit (smoke). */
  readonly glows: boolean
}

/** Cheap repeatable noise in [0, 1) for the `i`-th puff of a seed. */
function chance(seed: number, i: number): number {
  const s = Math.sin(seed * 127.1 + i * 311.7) * 43758.5453
  return s - Math.floor(s)
}

/** Tongues of flame over a seat at the origin; `intensity` 0…1 gives up to 2.2 m. `timeS` lets them dance. */
export function flamePuffs(intensity: number, timeS: number, seed = 1): Puff[] {
  const count = Math.round(10 + 22 * intensity)
  const height = 0.4 + 1.8 * intensity
  const spread = 0.18 + 0.5 * intensity
  return Array.from({ length: count }, (_, i) => {
    const age = (timeS * (0.9 + 0.5 * chance(seed, i)) + chance(seed + 1, i)) % 1
    const sway = 0.12 * Math.sin(timeS * 7 + i * 1.7) * age
    const angle = chance(seed + 2, i) * 2 * Math.PI
    const out = spread * Math.sqrt(chance(seed + 3, i)) * (1 - 0.75 * age)
    return {
      at: [Math.cos(angle) * out + sway, Math.sin(angle) * out, 0.1 + age * height],
      radiusM: (0.12 + 0.24 * intensity) * (1 - 0.62 * age) * (0.7 + 0.6 * chance(seed + 4, i)),
      color: age < 0.25 ? [1, 0.86, 0.5] : age < 0.6 ? [1, 0.5, 0.1] : [0.9, 0.18, 0.03],
      opacity: 0.85 * (1 - 0.7 * age),
      glows: true,
    } satisfies Puff
  })
}

/** A rising plume of smoke over a seat at the origin; `density` 0…1, `windMps` leans it. */
export function smokePuffs(
  density: number,
  timeS: number,
  windMps: readonly [number, number] = [0.5, 0.2],
  seed = 2,
): Puff[] {
  const count = Math.round(10 + 24 * density)
  const life = 5
  const grey = 0.06 + 0.22 * chance(seed, 99)
  return Array.from({ length: count }, (_, i) => {
    const age = (timeS / life + i / count + 0.2 * chance(seed, i)) % 1
    const seconds = age * life
    const angle = chance(seed + 1, i) * 2 * Math.PI
    const out = (0.15 + 0.9 * age) * chance(seed + 2, i)
    return {
      at: [
        Math.cos(angle) * out + windMps[0] * seconds * age,
        Math.sin(angle) * out + windMps[1] * seconds * age,
        0.5 + (0.5 + 0.9 * density) * seconds,
      ],
      radiusM: (0.28 + 1.0 * age) * (0.5 + 0.7 * density),
      color: [grey, grey, grey * 1.03],
      opacity: 0.5 * density ** 0.5 * (1 - age) ** 0.7,
      glows: false,
    } satisfies Puff
  })
}
