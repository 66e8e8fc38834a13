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
/** So much of a kind of day, working or off, makes it known: all of one but for a short gap. */
const leastOfKind = 88
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
  /** From the start on: steps before the first day of a kind, working or off, that the meter has never lived through. */
  readonly familiarSteps: number
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

/** As if the clock had always been what it is at `startMs`: habits keep to it, so after a change older values move. */
export function byLocalTime(history: Float32Array, startMs: number, offsetAt: (atMs: number) => number): Float32Array {
  const firstMs = startMs - historyIntervals * intervalMs
  const nowMinutes = offsetAt(startMs)
  if (offsetAt(firstMs) === nowMinutes) return history
  return history.map((_, i) => {
    const aheadMs = (nowMinutes - offsetAt(firstMs + i * intervalMs)) * 60_000
    return history[i + Math.round(aheadMs / intervalMs)] ?? Number.NaN
  })
}

/** Undefined where less than a day, or no day like that of the start, is known: nothing honest can be said then. */
export function forecastInput(
  history: Float32Array,
  startMs: number,
  utcOffsetMinutes: number,
): ForecastInput | undefined {
  const known = history.filter(Number.isFinite)
  if (known.length < dayIntervals) return undefined
  const localMs = (i: number): number => startMs + i * intervalMs + utcOffsetMinutes * 60_000
  const works = (i: number): boolean => isWorkingDay(localMs(i - historyIntervals))
  const familiar = [false, true].map((kind) => history.filter((kw, i) => Number.isFinite(kw) && works(i) === kind))
  const isFamiliar = (step: number): boolean =>
    (familiar[Number(works(historyIntervals + step))]?.length ?? 0) >= leastOfKind
  let familiarSteps = 0
  while (familiarSteps < horizonIntervals && isFamiliar(familiarSteps)) familiarSteps++
  if (familiarSteps === 0) return undefined
  const meterScale = scaleOf(known)
  const filled = fillGaps(history, works)
  for (let i = 0; i < filled.length; i++)
    filled[i] = Math.max(-8, Math.min(8, ((filled[i] as number) - meterScale.centre) / meterScale.scale))
  return { history: filled, calendar: calendarOf(startMs, utcOffsetMinutes), meterScale, familiarSteps }
}

/** Median and the spread between the 5th and 95th hundredth: neither moves for a short fault. */
function scaleOf(known: Float32Array): MeterScale {
  const sorted = known.slice().sort()
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number
  const centre = at(0.5)
  return { centre, scale: Math.max((at(0.95) - at(0.05)) / 2, 0.05 * Math.abs(centre), 0.05) }
}

const daysAway = [1, 2, 3, 4, 5, 6].flatMap((days) => [-days * dayIntervals, days * dayIntervals])

/** A gap takes the same time of the nearest known day, if possible one of its kind, else the nearest known value. */
function fillGaps(history: Float32Array, works: (i: number) => boolean): Float32Array {
  const filled = history.slice()
  for (let i = 0; i < filled.length; i++) {
    if (Number.isFinite(history[i])) continue
    const days = daysAway.map((away) => i + away).filter((at) => Number.isFinite(history[at]))
    let value = history[days.find((at) => works(at) === works(i)) ?? days[0] ?? -1] ?? Number.NaN
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
