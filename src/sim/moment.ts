import type { Weather } from './physics/weather.ts'

/** What every part of the park needs to know of one physics step. */
export interface Moment {
  /** At the end of the step. */
  readonly nowMs: number
  readonly dtS: number
  readonly weather: Weather
  /** 1 Monday … 7 Sunday, local. */
  readonly weekday: number
  /** Local, fractional. */
  readonly hour: number
}

export function isWorkday(moment: Moment): boolean {
  return moment.weekday <= 5
}

export function isBetween(hour: number, fromH: number, toH: number): boolean {
  return hour >= fromH && hour < toH
}
