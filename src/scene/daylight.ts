import { mix, type Rgb, rgb } from './kit/mesh.ts'
import type { ScenePalette } from './palette.ts'

/** Light of an hour, linear colours. Directions are east-north-up. */
export interface Daylight {
  /** Towards the lamp that casts shadows: the sun, or the moon's stand-in at night. */
  readonly key: readonly [number, number, number]
  readonly keyColor: Rgb
  readonly keyGain: number
  readonly sky: Rgb
  readonly bounce: Rgb
  readonly ambientGain: number
  /** 0 day … 1 night; drives windows and lamps. */
  readonly night: number
  readonly backdropTop: Rgb
  readonly backdropLow: Rgb
  readonly table: Rgb
  readonly exposure: number
}

const noon = rgb('#fff6ea')
const golden = rgb('#ff9d57')
const moon = rgb('#a9bcd9')
const skyDay = rgb('#c9dcec')
const skyDusk = rgb('#bba4b4')
const skyNight = rgb('#6b7f9f')

function smooth(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** `sun` is a unit vector towards the sun; `cloud` 0 clear … 1 overcast. */
export function daylight(sun: readonly [number, number, number], cloud: number, palette: ScenePalette): Daylight {
  const altitudeDeg = (Math.asin(Math.max(-1, Math.min(1, sun[2]))) * 180) / Math.PI
  const day = smooth(-4, 14, altitudeDeg)
  const night = 1 - smooth(-6, 8, altitudeDeg)
  const low = smooth(30, 4, altitudeDeg)
  const dusk = Math.max(0, 1 - Math.abs(altitudeDeg + 1) / 11)
  const sunUp = smooth(-2.5, 5, altitudeDeg)
  const veil = 1 - 0.72 * cloud
  const keyIsSun = sunUp > 0.02
  const sky = mix(mix(skyNight, skyDusk, 1 - night), skyDay, day)
  return {
    key: keyIsSun ? raised(sun) : [-0.38, -0.42, 0.82],
    keyColor: keyIsSun ? mix(mix(noon, golden, low), [0.9, 0.93, 1], cloud * 0.7) : moon,
    keyGain: keyIsSun ? sunUp * veil * (1.4 + 1.9 * day) : 0.6,
    sky,
    bounce: mix(rgb('#414759'), rgb('#d3cabc'), day),
    ambientGain: 1.15 + 0.35 * day + 0.35 * dusk + 0.5 * cloud * day,
    night,
    backdropTop: backdrop(palette, day, dusk, 0.82),
    backdropLow: backdrop(palette, day, dusk, 1.12),
    table: mix(
      scale(rgb(palette.table), palette.theme === 'light' ? 0.16 : 0.3),
      rgb(palette.table),
      0.15 + 0.85 * day,
    ),
    exposure: 1,
  }
}

/** Shadows of a sun on the horizon would be endless; the model's lamp never sinks below 6°. */
function raised(sun: readonly [number, number, number]): readonly [number, number, number] {
  const z = Math.max(sun[2], Math.sin((6 * Math.PI) / 180))
  const flat = Math.hypot(sun[0], sun[1]) || 1
  const k = Math.sqrt(1 - z * z) / flat
  return [sun[0] * k, sun[1] * k, z]
}

function backdrop(palette: ScenePalette, day: number, dusk: number, gain: number): Rgb {
  const base = mix(rgb(palette.backdropNight), rgb(palette.backdropDay), day)
  return scale(mix(base, rgb(palette.backdropDusk), dusk * 0.7), gain)
}

function scale(color: Rgb, gain: number): Rgb {
  return [color[0] * gain, color[1] * gain, color[2] * gain]
}
