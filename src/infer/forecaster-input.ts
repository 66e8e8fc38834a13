/** From a meter's load profile to what the forecaster reads. The training data is assembled by this very code. */
import type { ProfileMessage } from '../contract/messages.ts'

export const forecastShape = {
  intervalMs: 900_000,
  /** Seven days back, one day ahead. */
  historyIntervals: 672,
  horizonIntervals: 96,
  /** Per step: time of day (2), working day, and for each of the seven lags whether that was one. */
  calendarChannels: 10,
} as const

const { intervalMs, historyIntervals, horizonIntervals } = forecastShape
const dayIntervals = 96
const dayMs = 86_400_000

/** kW = centre + scale × model value. */
interface MeterScale {
  readonly centre: number
  readonly scale: number
}

export interface ForecastInput {
  readonly history: Float32Array
  readonly calendar: Float32Array
  readonly meterScale: MeterScale
}

/**
 * The seven days before `startMs`, NaN where nothing is known. `overrides` (by interval start) replace what was
 * measured: a fault must not become tomorrow's normal.
 */
export function historyBefore(
  profile: ProfileMessage,
  startMs: number,
  overrides?: ReadonlyMap<number, number>,
): Float32Array {
  const history = new Float32Array(historyIntervals).fill(Number.NaN)
  for (let i = 0; i < historyIntervals; i++) {
    const atMs = startMs - (historyIntervals - i) * intervalMs
    const measured = profile.values[Math.round((atMs - profile.startMs) / intervalMs)]
    history[i] = overrides?.get(atMs) ?? measured ?? Number.NaN
  }
  return history
}

/** Undefined where less than a day of history is known: nothing honest can be said then. */
export function forecastInput(
  history: Float32Array,
  startMs: number,
  utcOffsetMinutes: number,
): ForecastInput | undefined {
  const known = history.filter(Number.isFinite)
  if (known.length < dayIntervals) return undefined
  const meterScale = scaleOf(known)
  const filled = fillGaps(history)
  for (let i = 0; i < filled.length; i++)
    filled[i] = Math.max(-8, Math.min(8, ((filled[i] as number) - meterScale.centre) / meterScale.scale))
  return { history: filled, calendar: calendarOf(startMs, utcOffsetMinutes), meterScale }
}

/** Median and the spread between the 5th and 95th hundredth: neither moves for a short fault. */
function scaleOf(known: Float32Array): MeterScale {
  const sorted = known.slice().sort()
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number
  const centre = at(0.5)
  return { centre, scale: Math.max((at(0.95) - at(0.05)) / 2, 0.05 * Math.abs(centre), 0.05) }
}

/** A gap takes the same time of the nearest known day, else the nearest known value. */
function fillGaps(history: Float32Array): Float32Array {
  const filled = history.slice()
  for (let i = 0; i < filled.length; i++) {
    if (Number.isFinite(history[i])) continue
    let value = Number.NaN
    for (let days = 1; days < 7 && !Number.isFinite(value); days++) {
      const earlier = history[i - days * dayIntervals] ?? Number.NaN
      value = Number.isFinite(earlier) ? earlier : (history[i + days * dayIntervals] ?? Number.NaN)
    }
    for (let step = 1; step < history.length && !Number.isFinite(value); step++) {
      const earlier = history[i - step] ?? Number.NaN
      value = Number.isFinite(earlier) ? earlier : (history[i + step] ?? Number.NaN)
    }
    filled[i] = value
  }
  return filled
}

/** `[channels, horizon]`, row-major. Monday to Friday count as working days; holidays are not known. */
export function calendarOf(startMs: number, utcOffsetMinutes: number): Float32Array {
  const calendar = new Float32Array(forecastShape.calendarChannels * horizonIntervals)
  for (let step = 0; step < horizonIntervals; step++) {
    const localMs = startMs + step * intervalMs + utcOffsetMinutes * 60_000
    const angle = (2 * Math.PI * (localMs % dayMs)) / dayMs
    const channels = [Math.sin(angle), Math.cos(angle)]
    for (let daysBack = 0; daysBack <= 7; daysBack++) channels.push(isWorkingDay(localMs - daysBack * dayMs) ? 1 : 0)
    for (const [channel, value] of channels.entries()) calendar[channel * horizonIntervals + step] = value
  }
  return calendar
}

function isWorkingDay(localMs: number): boolean {
  // 1 January 1970 was a Thursday.
  const weekday = (Math.floor(localMs / dayMs) + 4) % 7
  return weekday >= 1 && weekday <= 5
}
