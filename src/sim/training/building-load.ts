/** A whole building's electricity as a sum of parts, each with habits of its own; fifteen minutes a step. */
import { createRandom, type Random } from '../../platform/random.ts'
import { chillerKw, heatPumpCop } from '../physics/cooling.ts'
import { mixingRatio } from '../physics/moist-air.ts'
import { clamp } from '../physics/noise.ts'
import { planeIrradianceWm2, type Weather } from '../physics/weather.ts'
import { type CoilHeat, personSensibleW, stepZone, type ZoneParams, type ZoneState } from '../physics/zone-air.ts'

export const meterKinds = [
  'office',
  'lab',
  'canteen',
  'warehouse',
  'lighting',
  'plug',
  'hvac',
  'chillerPlant',
  'server',
  'ev',
  'pv',
  'site',
] as const
export type MeterKind = (typeof meterKinds)[number]

export interface Moment {
  readonly weather: Weather
  readonly hour: number
  readonly weekday: number
  /** Whole local days since 1970: seeds what is particular about a day. */
  readonly day: number
  readonly holiday: boolean
}

/** kW of one part over one step. */
export type Part = (moment: Moment) => number

export interface Habits {
  readonly arriveH: number
  readonly leaveH: number
  readonly spreadH: number
  readonly weekendShare: number
  readonly saturdayShare: number
  readonly lunchDip: number
}

export function someHabits(random: Random): Habits {
  return {
    arriveH: random.between(7.2, 9.6),
    leaveH: random.between(16.8, 20),
    spreadH: random.between(0.2, 0.8),
    weekendShare: random.next() < 0.75 ? random.between(0, 0.06) : random.between(0.06, 0.5),
    saturdayShare: random.next() < 0.3 ? random.between(0.1, 0.6) : 0,
    lunchDip: random.between(0.05, 0.4),
  }
}

const perDayVariation = 0.07

/** 0…1: how full the building is. Each day starts and ends a little differently. */
export function presence(habits: Habits, seed: number, m: Moment): number {
  const day = createRandom(seed ^ Math.imul(m.day, 0x9e3779b1))
  const arriveH = habits.arriveH + 0.18 * day.normal()
  const leaveH = habits.leaveH + 0.3 * day.normal()
  const rising = 1 / (1 + Math.exp(-(m.hour - arriveH) / (habits.spreadH * 0.45)))
  const falling = 1 / (1 + Math.exp((m.hour - leaveH) / (habits.spreadH * 0.8)))
  const lunch = 1 - habits.lunchDip * Math.exp(-(((m.hour - 12.3) / 0.55) ** 2))
  const restDay = m.holiday || m.weekday === 7 ? habits.weekendShare : m.weekday === 6 ? restSaturday(habits) : 1
  return clamp(rising * falling * lunch * restDay * (1 + perDayVariation * day.normal()), 0, 1.15)
}

function restSaturday(habits: Habits): number {
  return Math.max(habits.weekendShare, habits.saturdayShare)
}

/** Slow drift and quick flicker around 1. */
export function wobble(random: Random, share: number): () => number {
  let drift = 0
  return () => {
    drift = 0.93 * drift + share * 0.37 * random.normal()
    return Math.max(0, 1 + drift + share * 0.35 * random.normal())
  }
}

export function lightingPart(random: Random, habits: Habits, seed: number, ratedKw: number): Part {
  const jitter = wobble(random, 0.05)
  const nightShare = random.between(0.02, 0.14)
  const daylight = random.between(0.1, 0.6)
  return (m) => {
    const on = Math.min(1, presence(habits, seed, m) * 1.25)
    const dimmed = 1 - daylight * clamp(m.weather.globalWm2 / 500, 0, 1)
    return ratedKw * (nightShare + (1 - nightShare) * on * dimmed) * jitter()
  }
}

export function plugPart(random: Random, habits: Habits, seed: number, ratedKw: number): Part {
  const jitter = wobble(random, 0.06)
  const restShare = random.between(0.12, 0.45)
  return (m) => ratedKw * (restShare + (1 - restShare) * presence(habits, seed, m)) * jitter()
}

export function serverPart(random: Random, ratedKw: number): Part {
  const jitter = wobble(random, 0.03)
  const cycle = random.between(0, 0.12)
  return (m) => ratedKw * (1 + cycle * Math.sin(((m.hour - 9) / 24) * 2 * Math.PI)) * jitter()
}

export function kitchenPart(random: Random, habits: Habits, ratedKw: number): Part {
  const jitter = wobble(random, 0.12)
  const restShare = random.between(0.06, 0.15)
  return (m) => {
    const closed = m.holiday || m.weekday >= 6 ? habits.weekendShare : 1
    const meals = bump(m.hour, 7.2, 0.8) * 0.5 + bump(m.hour, 11, 1.3) + bump(m.hour, 17, 1.1) * 0.6
    return ratedKw * (restShare + (1 - restShare) * Math.min(1, meals) * closed) * jitter()
  }
}

function bump(hour: number, centre: number, widthH: number): number {
  return Math.exp(-(((hour - centre) / widthH) ** 2))
}

export function solarPart(random: Random, peakKw: number): Part {
  const tiltDeg = random.between(3, 20)
  const azimuthDeg = random.between(140, 220)
  const flicker = wobble(random, 0.04)
  return (m) => {
    const planeWm2 = planeIrradianceWm2(m.weather, tiltDeg, azimuthDeg)
    const cellC = m.weather.temperatureC + 0.028 * planeWm2
    return -peakKw * 0.86 * (planeWm2 / 1000) * (1 - 0.004 * (cellC - 25)) * Math.min(1.1, flicker())
  }
}

export function chargingPart(random: Random, habits: Habits, chargers: number, ratedKw: number): Part {
  const restKw = 0.05 * chargers
  let sessions: number[] = []
  return (m) => {
    const keen = m.holiday || m.weekday >= 6 ? habits.weekendShare : 1
    const perHour = chargers * (0.75 * bump(m.hour, habits.arriveH + 0.2, 0.7) + 0.18 * bump(m.hour, 13.4, 1.2) + 0.01)
    let due = perHour * keen * 0.25
    while (random.next() < due && sessions.length < chargers) {
      sessions.push(random.between(6, 42))
      due -= 1
    }
    const served = sessions.reduce((sum, needKwh) => sum + Math.min(ratedKw, needKwh * 4), 0)
    sessions = sessions.map((needKwh) => needKwh - ratedKw / 4).filter((needKwh) => needKwh > 0)
    return restKw + served
  }
}

export interface Cooling {
  /** Heat to be removed and to be given in the last step, kW. */
  coolKw: number
  heatKw: number
  fansKw: number
}

/** The building as one room; answers with its coil heat. */
export function conditioning(random: Random, habits: Habits, seed: number, areaM2: number, gainsWpM2: number) {
  const glassM2 = areaM2 * random.between(0.06, 0.22)
  const params: ZoneParams = {
    areaM2,
    volumeM3: areaM2 * 3.3,
    airJpK: areaM2 * 3.3 * 1206 * 4,
    massJpK: areaM2 * random.between(120_000, 260_000),
    massCouplingWpK: areaM2 * 9,
    envelopeWpK: glassM2 * 2.2 + areaM2 * random.between(0.15, 0.5),
    infiltrationM3ps: (areaM2 * 3.3 * random.between(0.1, 0.35)) / 3600,
    coolW: areaM2 * random.between(90, 170),
    heatW: areaM2 * random.between(60, 110),
  }
  const state: ZoneState = { airC: 23, massC: 23, co2Ppm: 450, vapourGpKg: 9, pm25: 20 }
  const coil: CoilHeat = { coolW: 0, heatW: 0 }
  const coolAboveC = random.between(23.5, 26.5)
  const heatBelowC = random.between(18.5, 21)
  const startsBeforeH = random.between(0.3, 1.6)
  const fanWpM2 = random.between(2.5, 7)
  const density = random.between(0.04, 0.11)
  return (m: Moment): Cooling => {
    const full = presence(habits, seed, m)
    const running = full > 0.05 || presence(habits, seed, { ...m, hour: m.hour + startsBeforeH }) > 0.3
    const people = full * areaM2 * density
    for (let i = 0; i < 3; i++)
      stepZone(
        params,
        state,
        {
          outdoorC: m.weather.temperatureC,
          outdoorVapourGpKg: mixingRatio(m.weather.temperatureC, m.weather.humidityPct),
          outdoorPm25: m.weather.pm25,
          solarW: glassM2 * 0.35 * m.weather.globalWm2 * 0.5,
          internalW: people * personSensibleW + areaM2 * gainsWpM2 * (0.2 + 0.8 * full),
          people,
          freshM3ps: running ? (people * 28) / 3600 : 0,
          freshC: clamp(m.weather.temperatureC, 16, 24),
          openM3ps: 0,
          filteredM3ps: 0,
          coolAboveC,
          heatBelowC: running ? heatBelowC : 10,
          coolShare: running ? 1 : 0,
          heatShare: 1,
          co2Lps: 0,
          vapourGps: 0,
          dustUgps: 0,
        },
        300,
        coil,
      )
    const freshCoolKw = running ? ((people * 28) / 3600) * 1.206 * Math.max(0, m.weather.temperatureC - 22) : 0
    return {
      coolKw: coil.coolW / 1000 + 1.25 * freshCoolKw,
      heatKw: coil.heatW / 1000,
      fansKw: running ? (fanWpM2 * areaM2) / 1000 : (0.04 * fanWpM2 * areaM2) / 1000,
    }
  }
}

export function hvacPart(
  random: Random,
  habits: Habits,
  seed: number,
  areaM2: number,
  gainsWpM2: number,
  chilled: boolean,
): Part {
  const room = conditioning(random, habits, seed, areaM2, gainsWpM2)
  const cop = random.between(2.6, 4)
  const jitter = wobble(random, 0.05)
  return (m) => {
    const { coolKw, heatKw, fansKw } = room(m)
    const ownCoolKw = chilled ? 0 : coolKw / cop
    return (fansKw + ownCoolKw + heatKw / heatPumpCop(cop, m.weather.temperatureC)) * jitter()
  }
}

export function chillerPlantPart(
  random: Random,
  habits: Habits,
  seed: number,
  areaM2: number,
  gainsWpM2: number,
): Part {
  const room = conditioning(random, habits, seed, areaM2, gainsWpM2)
  const capacityKw = (areaM2 * random.between(80, 130)) / 1000
  const cop = random.between(4, 5.8)
  const pumpsKw = capacityKw * random.between(0.02, 0.05)
  const standbyKw = random.between(0.3, 2.5)
  const jitter = wobble(random, 0.04)
  return (m) => {
    const { coolKw } = room(m)
    if (coolKw < capacityKw * 0.015) return standbyKw * jitter()
    const compressors = chillerKw(coolKw, capacityKw, cop, m.weather.temperatureC, 7, 0.18)
    return (standbyKw + compressors + pumpsKw * (0.4 + 0.6 * Math.min(1, coolKw / capacityKw))) * jitter()
  }
}
