import { sunDirection } from '../../site/sun.ts'
import { mixingRatio, relativeHumidity } from './moist-air.ts'
import { clamp, createNoise } from './noise.ts'

export interface Weather {
  readonly temperatureC: number
  readonly humidityPct: number
  readonly windMps: number
  /** 0 clear … 1 overcast. */
  readonly cloud: number
  readonly rainMmPerH: number
  readonly pm25: number
  /** Towards the sun, east-north-up. */
  readonly sun: readonly [number, number, number]
  /** W/m² on the horizontal, and its parts. */
  readonly globalWm2: number
  readonly directNormalWm2: number
  readonly diffuseWm2: number
}

export interface WeatherOptions {
  readonly seed: number
  readonly latitudeDeg: number
  readonly longitudeDeg: number
  readonly utcOffsetMinutes: number
}

/** A spell forced on the weather by a story; fades in and out over an hour. */
export interface WeatherSpell {
  readonly fromMs: number
  readonly untilMs: number
  readonly temperatureC: number
  readonly cloud: number
}

export type WeatherSource = (atMs: number, spell?: WeatherSpell) => Weather

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A humid subtropical climate around seasonal means; a pure function of time, so any hour may be asked. */
export function createWeather(options: WeatherOptions): WeatherSource {
  const { seed, latitudeDeg, longitudeDeg, utcOffsetMinutes } = options
  const front = createNoise(seed, 'front')
  const gust = createNoise(seed, 'gust')
  const cover = createNoise(seed, 'cover')
  const puff = createNoise(seed, 'puff')
  const shower = createNoise(seed, 'shower')
  const damp = createNoise(seed, 'damp')
  const haze = createNoise(seed, 'haze')
  return (atMs, spell) => {
    const localDays = (atMs + utcOffsetMinutes * 60_000) / dayMs
    const hour = (localDays - Math.floor(localDays)) * 24
    const season = Math.cos((2 * Math.PI * (localDays - 10.957 - 20)) / 365.25)
    const share = spellShare(atMs, spell)
    const cloud = mix(
      clamp(0.48 + 0.75 * cover(localDays / 0.9) + 0.3 * puff(localDays * 9), 0, 1),
      spell?.cloud,
      share,
    )
    const mean = 16.8 - 12.2 * season + 3.6 * front(localDays / 2.7) + 1.2 * front(localDays * 1.7 + 500)
    const swing = (5.4 - 3.4 * cloud) * Math.cos((2 * Math.PI * (hour - 15)) / 24)
    const spellSwing = 3.5 * Math.cos((2 * Math.PI * (hour - 15)) / 24) - 3.5
    const temperatureC = mix(mean + swing, spell && spell.temperatureC + spellSwing, share)
    const wet = clamp((cloud - 0.72) / 0.28, 0, 1) * clamp(shower(localDays * 3.1) * 1.8 - 0.2, 0, 1) * (1 - share)
    const dewC = Math.min(temperatureC - 0.4, mean - 4.5 + 3 * damp(localDays / 1.6) + 2.5 * wet)
    const sun = sunDirection(atMs, latitudeDeg, longitudeDeg)
    return {
      temperatureC,
      humidityPct: clamp(relativeHumidity(temperatureC, mixingRatio(dewC, 100)), 12, 100),
      windMps: clamp(2.4 + 1.8 * gust(localDays * 4) + 1.3 * gust(localDays * 160 + 900), 0.2, 14),
      cloud,
      rainMmPerH: 9 * wet * wet,
      pm25: clamp(38 + 9 * season + 26 * haze(localDays / 1.9) - 20 * wet, 6, 160),
      sun,
      ...irradiance(sun[2], cloud),
    }
  }
}

function mix(natural: number, forced: number | undefined, share: number): number {
  return forced === undefined ? natural : natural + (forced - natural) * share
}

function spellShare(atMs: number, spell: WeatherSpell | undefined): number {
  if (!spell) return 0
  return clamp(Math.min((atMs - spell.fromMs) / hourMs, (spell.untilMs - atMs) / hourMs) + 1, 0, 1)
}

/**
 * Clear sky by Haurwitz (1945), cloud by Kasten & Czeplak (1980, Solar Energy 24), the split into beam and
 * diffuse by Erbs et al. (1982, Solar Energy 28).
 */
function irradiance(sinElevation: number, cloud: number) {
  if (sinElevation <= 0.01) return { globalWm2: 0, directNormalWm2: 0, diffuseWm2: 0 }
  const clearWm2 = 1098 * sinElevation * Math.exp(-0.057 / sinElevation)
  const globalWm2 = clearWm2 * (1 - 0.75 * cloud ** 3.4)
  const clearness = clamp(globalWm2 / (1361 * sinElevation), 0, 1)
  const diffuseShare =
    clearness <= 0.22
      ? 1 - 0.09 * clearness
      : clearness <= 0.8
        ? 0.9511 - 0.1604 * clearness + 4.388 * clearness ** 2 - 16.638 * clearness ** 3 + 12.336 * clearness ** 4
        : 0.165
  const diffuseWm2 = globalWm2 * diffuseShare
  return { globalWm2, directNormalWm2: Math.min(1050, (globalWm2 - diffuseWm2) / sinElevation), diffuseWm2 }
}

/** On a plane tilted by `tiltDeg` that faces `azimuthDeg` (isotropic sky of Liu & Jordan, ground albedo 0.2). */
export function planeIrradianceWm2(weather: Weather, tiltDeg: number, azimuthDeg: number): number {
  const tilt = (tiltDeg * Math.PI) / 180
  const azimuth = (azimuthDeg * Math.PI) / 180
  const [east, north, up] = weather.sun
  const incidence =
    east * Math.sin(azimuth) * Math.sin(tilt) + north * Math.cos(azimuth) * Math.sin(tilt) + up * Math.cos(tilt)
  return (
    weather.directNormalWm2 * Math.max(0, incidence) +
    (weather.diffuseWm2 * (1 + Math.cos(tilt))) / 2 +
    (weather.globalWm2 * 0.2 * (1 - Math.cos(tilt))) / 2
  )
}
