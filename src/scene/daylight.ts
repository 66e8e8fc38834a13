import { mix, type Rgb, rgb } from './kit/mesh.ts'
import type { ScenePalette, Surroundings } from './palette.ts'

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
  /** Towards the sun, wherever it is, and what it leaves above the horizon. */
  readonly sun: readonly [number, number, number]
  readonly glow: Rgb
  readonly glowShare: number
  readonly exposure: number
}

const noon = rgb('#fff6ea')
const golden = rgb('#ff9d57')
const moon = rgb('#a9bcd9')
const skyDay = rgb('#c9dcec')
const skyDusk = rgb('#8f9bd0')
const skyNight = rgb('#5470ad')
/** Below this the last light of the sun is gone and the moon's stand-in takes over; neither shines right here. */
const moonriseDeg = -6
const moonAt = [-0.38, -0.42, 0.82] as const

function smooth(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** `sun` is a unit vector towards the sun; `cloud` 0 clear … 1 overcast. */
export function daylight(sun: readonly [number, number, number], cloud: number, palette: ScenePalette): Daylight {
  const altitudeDeg = (Math.asin(Math.max(-1, Math.min(1, sun[2]))) * 180) / Math.PI
  const day = smooth(-4, 14, altitudeDeg)
  const night = 1 - smooth(-6, 8, altitudeDeg)
  /** 0 the sky still holds light … 1 it no longer does. */
  const deep = smooth(-3, -12, altitudeDeg)
  const low = smooth(30, 4, altitudeDeg)
  const dusk = Math.max(0, 1 - Math.abs(altitudeDeg + 2) / 11)
  const veil = 1 - 0.72 * cloud
  const keyIsSun = altitudeDeg > moonriseDeg
  const sunUp = smooth(moonriseDeg, 6, altitudeDeg)
  const sky = mix(mix(skyDusk, skyNight, deep), skyDay, day)
  const { theme, around } = palette
  /** Colour of what surrounds the model, at this hour. */
  const ofHour = (what: keyof Surroundings) =>
    mix(mix(rgb(around.dusk[what]), rgb(around.night[what]), deep), rgb(around.day[what]), day)
  return {
    key: keyIsSun ? raised(sun) : moonAt,
    keyColor: keyIsSun ? mix(mix(noon, golden, low), [0.9, 0.93, 1], cloud * 0.7) : moon,
    keyGain: keyIsSun ? sunUp * veil * (2 + 1.3 * day) : 0.62 * smooth(moonriseDeg, -10, altitudeDeg),
    sky,
    bounce: mix(mix(rgb('#5a5263'), rgb('#2c3347'), deep), rgb('#d3cabc'), day),
    // A light room is not as dark by night as a dark one, nor is the model in it.
    ambientGain:
      1.05 + 0.45 * day + 0.7 * dusk * (1 - day) + 0.5 * cloud * day + (theme === 'light' ? 0.7 * (1 - day) : 0),
    night,
    backdropTop: ofHour('skyTop'),
    backdropLow: ofHour('skyLow'),
    table: ofHour('table'),
    sun,
    glow: ofHour('glow'),
    glowShare: veil * dusk * (1 - day),
    exposure: 1,
  }
}

/** Shadows of a sun on the horizon would be endless; the model's lamp never sinks below 8°. */
function raised(sun: readonly [number, number, number]): readonly [number, number, number] {
  const z = Math.max(sun[2], Math.sin((8 * Math.PI) / 180))
  const flat = Math.hypot(sun[0], sun[1]) || 1
  const k = Math.sqrt(1 - z * z) / flat
  return [sun[0] * k, sun[1] * k, z]
}
