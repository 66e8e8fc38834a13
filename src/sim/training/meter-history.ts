/** Load profiles of randomised buildings with their weather and calendar, for training and testing the forecaster. */
import { createRandom, type Random } from '../../platform/random.ts'
import { localTime } from '../../site/tariff.ts'
import { createWeather } from '../physics/weather.ts'
import {
  chargingPart,
  chillerPlantPart,
  hvacPart,
  kitchenPart,
  lightingPart,
  type MeterKind,
  type Moment,
  meterKinds,
  type Part,
  plugPart,
  serverPart,
  solarPart,
  someHabits,
} from './building-load.ts'

export interface MeterHistoryOptions {
  readonly seed: number
  readonly days: number
  /** What the meter counts; drawn by the seed unless given. */
  readonly kind?: MeterKind
  /** UTC; a local midnight of 2024 … 2026 unless given. */
  readonly startMs?: number
  readonly latitudeDeg?: number
  readonly longitudeDeg?: number
  readonly utcOffsetMinutes?: number
}

/** Parallel arrays, one entry for each quarter of an hour. */
export interface MeterHistory {
  readonly kind: MeterKind
  readonly intervalMs: number
  readonly startMs: number
  readonly utcOffsetMinutes: number
  /** Interval means, kW; negative where the meter counts generation. */
  readonly powerKw: Float32Array
  readonly temperatureC: Float32Array
  readonly globalWm2: Float32Array
  readonly cloud: Float32Array
  /** Local. */
  readonly hour: Float32Array
  /** 1 Monday … 7 Sunday. */
  readonly weekday: Uint8Array
  /** 1 on days off that the calendar does not tell. */
  readonly holiday: Uint8Array
}

const intervalMs = 900_000
const dayMs = 86_400_000
const holidayShare = 0.015

export function simulateMeterHistory(options: MeterHistoryOptions): MeterHistory {
  const random = createRandom(options.seed)
  const kind = options.kind ?? random.pick(meterKinds)
  const utcOffsetMinutes = options.utcOffsetMinutes ?? 480
  const startMs = options.startMs ?? Date.UTC(2024, 0, 1) + random.integer(0, 1000) * dayMs - utcOffsetMinutes * 60_000
  const weatherAt = createWeather({
    seed: options.seed,
    latitudeDeg: options.latitudeDeg ?? random.between(24, 38),
    longitudeDeg: options.longitudeDeg ?? random.between(113, 122),
    utcOffsetMinutes,
  })
  const part = compose(kind, random, options.seed)
  const count = options.days * 96
  const history = emptyHistory(kind, startMs, utcOffsetMinutes, count)
  // two days let walls and rooms find their temperature
  for (let i = -192; i < count; i++) {
    const atMs = startMs + i * intervalMs
    const day = Math.floor((atMs + utcOffsetMinutes * 60_000) / dayMs)
    const holiday = createRandom(options.seed ^ Math.imul(day, 2654435761)).next() < holidayShare
    const moment: Moment = {
      weather: weatherAt(atMs + intervalMs / 2),
      ...localTime(atMs, utcOffsetMinutes),
      day,
      holiday,
    }
    const powerKw = part(moment)
    if (i >= 0) write(history, i, moment, powerKw)
  }
  return history
}

function emptyHistory(kind: MeterKind, startMs: number, utcOffsetMinutes: number, count: number): MeterHistory {
  return {
    kind,
    intervalMs,
    startMs,
    utcOffsetMinutes,
    powerKw: new Float32Array(count),
    temperatureC: new Float32Array(count),
    globalWm2: new Float32Array(count),
    cloud: new Float32Array(count),
    hour: new Float32Array(count),
    weekday: new Uint8Array(count),
    holiday: new Uint8Array(count),
  }
}

function write(history: MeterHistory, i: number, m: Moment, powerKw: number): void {
  history.powerKw[i] = powerKw
  history.temperatureC[i] = m.weather.temperatureC
  history.globalWm2[i] = m.weather.globalWm2
  history.cloud[i] = m.weather.cloud
  history.hour[i] = m.hour
  history.weekday[i] = m.weekday
  history.holiday[i] = m.holiday ? 1 : 0
}

/** The parts behind one meter. */
function compose(kind: MeterKind, random: Random, seed: number): Part {
  const habits = someHabits(random.fork('habits'))
  const areaM2 = Math.exp(random.between(Math.log(400), Math.log(9000)))
  const kw = (low: number, high: number) => (areaM2 * random.between(low, high)) / 1000
  const draw = (label: string) => random.fork(label)
  const chilled = random.next() < 0.6
  switch (kind) {
    case 'lighting':
      return lightingPart(draw('light'), habits, seed, kw(4, 11))
    case 'plug':
      return plugPart(draw('plug'), habits, seed, kw(5, 30))
    case 'hvac':
      return hvacPart(draw('hvac'), habits, seed, areaM2, 12, chilled)
    case 'chillerPlant':
      return chillerPlantPart(draw('plant'), habits, seed, areaM2 * 2, random.between(12, 26))
    case 'server':
      return serverPart(draw('server'), random.between(4, 90))
    case 'ev':
      return chargingPart(draw('ev'), habits, random.integer(4, 24), random.pick([7, 11, 22]))
    case 'pv':
      return solarPart(draw('pv'), random.between(20, 400))
    case 'office':
      return sum(building(draw('b'), habits, seed, areaM2, 8, 10, chilled))
    case 'lab':
      return sum(building(draw('b'), habits, seed, areaM2, 9, 28, chilled))
    case 'canteen':
      return sum([
        ...building(draw('b'), habits, seed, areaM2 / 3, 8, 5, chilled),
        kitchenPart(draw('k'), habits, kw(10, 30)),
      ])
    case 'warehouse':
      return sum(building(draw('b'), habits, seed, areaM2, 5, 3, chilled))
    case 'site':
      return wholeSite(random, seed, areaM2)
  }
}

function building(
  random: Random,
  habits: ReturnType<typeof someHabits>,
  seed: number,
  areaM2: number,
  lightWpM2: number,
  plugWpM2: number,
  chilled: boolean,
): Part[] {
  return [
    lightingPart(random.fork('light'), habits, seed, (areaM2 * lightWpM2 * random.between(0.6, 1.3)) / 1000),
    plugPart(random.fork('plug'), habits, seed, (areaM2 * plugWpM2 * random.between(0.6, 1.4)) / 1000),
    hvacPart(random.fork('hvac'), habits, seed, areaM2, lightWpM2 + plugWpM2, chilled),
  ]
}

function wholeSite(random: Random, seed: number, areaM2: number): Part {
  const habits = someHabits(random.fork('site'))
  const parts = [
    ...building(random.fork('a'), habits, seed, areaM2, 7, 11, true),
    ...building(random.fork('b'), someHabits(random.fork('hb')), seed + 1, areaM2 * 0.7, 8, 24, true),
    chillerPlantPart(random.fork('plant'), habits, seed, areaM2 * 1.7, 20),
    kitchenPart(random.fork('kitchen'), habits, areaM2 * 0.012),
    serverPart(random.fork('server'), areaM2 * random.between(0.001, 0.008)),
    chargingPart(random.fork('ev'), habits, random.integer(4, 16), 11),
  ]
  if (random.next() < 0.7) parts.push(solarPart(random.fork('pv'), areaM2 * random.between(0.01, 0.07)))
  return sum(parts)
}

function sum(parts: readonly Part[]): Part {
  return (m) => parts.reduce((total, part) => total + part(m), 0)
}
