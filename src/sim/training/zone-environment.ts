/** Minute series of randomised rooms with their truth, for training and testing the environment model. */
import { createRandom, type Random } from '../../platform/random.ts'
import { ceilingJetK, fireHeatKw, fireSources } from '../physics/fire.ts'
import { mixingRatio } from '../physics/moist-air.ts'
import { clamp } from '../physics/noise.ts'
import { followRoom, restingReading, withNoise } from '../physics/room-sensor.ts'
import { createWeather } from '../physics/weather.ts'
import { type CoilHeat, outdoorCo2Ppm, personSensibleW, stepZone, type ZoneState } from '../physics/zone-air.ts'
import { type Episode, type EpisodeKind, episodeKinds, planEpisodes } from './episodes.ts'
import { headcounts } from './headcounts.ts'
import { type Room, type RoomKind, randomRoom } from './rooms.ts'

export interface ZoneEnvironmentOptions {
  readonly seed: number
  /** Length in minutes; a day unless given. */
  readonly minutes?: number
  readonly kind?: RoomKind
  /** Whether the room burns once; by the seed (one in three) unless given. */
  readonly withFire?: boolean
  /** Local start; a random day of a random year between 2024 and 2027 unless given. */
  readonly startMs?: number
}

/** Parallel arrays, one entry a minute. */
export interface ZoneEnvironmentSeries {
  readonly kind: RoomKind
  readonly areaM2: number
  readonly capacity: number
  readonly startMs: number
  readonly utcOffsetMinutes: number
  /** As the sensor head reports: lag, noise and saturation included. */
  readonly temperatureC: Float32Array
  readonly humidityPct: Float32Array
  readonly co2Ppm: Float32Array
  readonly pm25: Float32Array
  readonly illuminanceLx: Float32Array
  /** Whether the passive infrared sensor fired in the minute. */
  readonly motion: Uint8Array
  /** Truth: people in the room. */
  readonly people: Float32Array
  /** Truth: 1 while something burns that should not. */
  readonly fire: Uint8Array
  /** What else went on: index into `episodeKinds` + 1, 0 for nothing. */
  readonly episode: Uint8Array
}

const utcOffsetMinutes = 480
const minuteMs = 60_000
const subSteps = 4

export function simulateZoneEnvironment(options: ZoneEnvironmentOptions): ZoneEnvironmentSeries {
  const random = createRandom(options.seed)
  const minutes = options.minutes ?? 1440
  const startMs =
    options.startMs ?? Date.UTC(2024, 0, 1) + random.integer(0, 1095) * 86_400_000 - utcOffsetMinutes * minuteMs
  const room = randomRoom(random.fork('room'), options.kind)
  const burns = options.withFire ?? random.next() < 0.34
  const episodes = planEpisodes(random.fork('episodes'), room.kind, minutes, burns)
  const people = headcounts(random.fork('people'), room, startMs, utcOffsetMinutes, minutes)
  return runRoom({ room, episodes, people, startMs, minutes, random, seed: options.seed })
}

interface Run {
  readonly room: Room
  readonly episodes: readonly Episode[]
  readonly people: Float32Array
  readonly startMs: number
  readonly minutes: number
  readonly random: Random
  readonly seed: number
}

interface Habits {
  readonly coolAboveC: number
  readonly heatBelowC: number
  readonly fireDistanceM: number
  readonly pirHitShare: number
  readonly daylightShare: number
  readonly alwaysOn: boolean
}

function runRoom(run: Run): ZoneEnvironmentSeries {
  const { room, minutes, startMs } = run
  const habits = someHabits(run.random.fork('habits'), room)
  const weatherAt = createWeather({ seed: run.seed, latitudeDeg: 31.3, longitudeDeg: 120.6, utcOffsetMinutes })
  const noise = run.random.fork('noise')
  const series = emptySeries(run)
  const state = firstState(weatherAt(startMs).temperatureC, run.random)
  const coil: CoilHeat = { coolW: 0, heatW: 0 }
  let reading = restingReading(state)
  for (let minute = -240; minute < minutes; minute++) {
    const weather = weatherAt(startMs + minute * minuteMs)
    const people = run.people[Math.max(0, minute)] ?? 0
    const active = run.episodes.filter((e) => minute >= e.fromMinute && minute < e.fromMinute + e.minutes)
    const working = people > 0 || habits.alwaysOn
    const burning = active.find((e) => e.kind === 'fire')
    for (let sub = 0; sub < subSteps; sub++) {
      const heatKw = burning ? burning.strength * fireHeatKw((minute - burning.fromMinute) * 60 + sub * 15) : 0
      const blaze = fireSources(heatKw)
      const other = sumEpisodes(active)
      const plugW = room.restW + (room.plugW - room.restW) * Math.min(1, people / room.capacity)
      stepZone(
        room.params,
        state,
        {
          outdoorC: weather.temperatureC,
          outdoorVapourGpKg: mixingRatio(weather.temperatureC, weather.humidityPct),
          outdoorPm25: weather.pm25,
          solarW: room.glassM2 * 0.4 * weather.globalWm2 * 0.45,
          internalW: people * personSensibleW + plugW + heatKw * 600 + other.heatW,
          people,
          freshM3ps: working ? room.freshM3ps : 0,
          freshC: clamp(weather.temperatureC, 16, 22),
          openM3ps: other.openM3ps,
          filteredM3ps: working ? room.fanM3ps : 0,
          coolAboveC: habits.coolAboveC,
          heatBelowC: working ? habits.heatBelowC : 12,
          coolShare: working ? 1 : 0,
          heatShare: 1,
          co2Lps: blaze.co2Lps + other.co2Lps,
          vapourGps: blaze.vapourGps + other.vapourGps,
          dustUgps: blaze.dustUgps + other.dustUgps + people * 0.6,
        },
        60 / subSteps,
        coil,
      )
      const heightM = room.params.volumeM3 / room.params.areaM2
      followRoom(reading, state, 0.4 * ceilingJetK(heatKw, habits.fireDistanceM, heightM), 60 / subSteps)
    }
    if (minute === -1) reading = restingReading(state)
    if (minute >= 0) record(series, minute, run, habits, withNoise(reading, noise), weather.globalWm2, active, noise)
  }
  return series
}

function someHabits(random: Random, room: Room): Habits {
  return {
    coolAboveC: random.between(23, 27),
    heatBelowC: random.between(18.5, 21.5),
    fireDistanceM: random.between(1.5, Math.max(2, Math.sqrt(room.params.areaM2) * 0.7)),
    pirHitShare: random.between(0.45, 0.95),
    daylightShare: random.between(0.002, 0.025),
    alwaysOn: random.next() < 0.12,
  }
}

function firstState(outdoorC: number, random: Random): ZoneState {
  const airC = clamp(outdoorC + random.between(0, 4), 15, 30)
  return {
    airC,
    massC: airC,
    co2Ppm: outdoorCo2Ppm + random.between(0, 80),
    vapourGpKg: mixingRatio(airC, random.between(35, 70)),
    pm25: random.between(6, 40),
  }
}

function emptySeries(run: Run): ZoneEnvironmentSeries {
  const n = run.minutes
  return {
    kind: run.room.kind,
    areaM2: run.room.params.areaM2,
    capacity: run.room.capacity,
    startMs: run.startMs,
    utcOffsetMinutes,
    temperatureC: new Float32Array(n),
    humidityPct: new Float32Array(n),
    co2Ppm: new Float32Array(n),
    pm25: new Float32Array(n),
    illuminanceLx: new Float32Array(n),
    motion: new Uint8Array(n),
    people: run.people,
    fire: new Uint8Array(n),
    episode: new Uint8Array(n),
  }
}

function sumEpisodes(active: readonly Episode[]) {
  const sum = { heatW: 0, co2Lps: 0, vapourGps: 0, dustUgps: 0, openM3ps: 0 }
  for (const e of active) {
    sum.heatW += e.heatW
    sum.co2Lps += e.co2Lps
    sum.vapourGps += e.vapourGps
    sum.dustUgps += e.dustUgps
    sum.openM3ps += e.openM3ps
  }
  return sum
}

function record(
  series: ZoneEnvironmentSeries,
  minute: number,
  run: Run,
  habits: Habits,
  seen: { temperatureC: number; humidityPct: number; co2Ppm: number; pm25: number },
  globalWm2: number,
  active: readonly Episode[],
  noise: Random,
): void {
  const people = run.people[minute] ?? 0
  const lit = people > 0 || (run.room.kind === 'lobby' && globalWm2 < 50)
  series.temperatureC[minute] = seen.temperatureC
  series.humidityPct[minute] = seen.humidityPct
  series.co2Ppm[minute] = seen.co2Ppm
  series.pm25[minute] = seen.pm25
  const daylightLx = globalWm2 * 115 * habits.daylightShare
  series.illuminanceLx[minute] = Math.max(0, (daylightLx + (lit ? run.room.lightLx : 1)) * (1 + 0.03 * noise.normal()))
  const hit = 1 - (1 - habits.pirHitShare) ** people
  series.motion[minute] = noise.next() < Math.max(hit, 0.003) ? 1 : 0
  series.fire[minute] = active.some((e) => e.kind === 'fire') ? 1 : 0
  const odd: EpisodeKind | undefined = active.at(-1)?.kind
  series.episode[minute] = odd === undefined ? 0 : episodeKinds.indexOf(odd) + 1
}
