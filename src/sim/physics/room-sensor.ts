/** The sensor head of a room: it lags, saturates, and is a little wrong. Shared by the park and the training data. */
import type { Random } from '../../platform/random.ts'
import { relativeHumidity } from './moist-air.ts'
import { clamp } from './noise.ts'
import type { ZoneState } from './zone-air.ts'

export interface RoomReading {
  temperatureC: number
  humidityPct: number
  co2Ppm: number
  pm25: number
}

const lagS = { temperature: 90, co2: 40, pm25: 15 } as const
/** Where common non-dispersive infrared and laser heads saturate. */
const limits = { co2: 10_000, pm25: 1000 } as const

export function restingReading(state: ZoneState): RoomReading {
  return {
    temperatureC: state.airC,
    humidityPct: relativeHumidity(state.airC, state.vapourGpKg),
    co2Ppm: state.co2Ppm,
    pm25: state.pm25,
  }
}

/** Lets the head follow the room for `dtS`; `plumeK` is what a fire's ceiling jet adds at the head. */
export function followRoom(reading: RoomReading, state: ZoneState, plumeK: number, dtS: number): void {
  reading.temperatureC += (state.airC + plumeK - reading.temperatureC) * (1 - Math.exp(-dtS / lagS.temperature))
  reading.co2Ppm += (state.co2Ppm - reading.co2Ppm) * (1 - Math.exp(-dtS / lagS.co2))
  reading.pm25 += (state.pm25 - reading.pm25) * (1 - Math.exp(-dtS / lagS.pm25))
  reading.humidityPct = relativeHumidity(reading.temperatureC, state.vapourGpKg)
}

export function withNoise(reading: RoomReading, random: Random): RoomReading {
  return {
    temperatureC: reading.temperatureC + 0.05 * random.normal(),
    humidityPct: clamp(reading.humidityPct + 0.4 * random.normal(), 0, 100),
    co2Ppm: clamp(reading.co2Ppm + 6 * random.normal(), 380, limits.co2),
    pm25: clamp(reading.pm25 * (1 + 0.03 * random.normal()) + 0.8 * random.normal(), 0, limits.pm25),
  }
}
