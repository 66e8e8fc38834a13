/** Windows and truth of simulated rooms, shared by training and evaluation. */
import { type EnvironmentWindow, type Series, sampleWindow } from '../../src/infer/environment-input.ts'
import type { EnvironmentChannel } from '../../src/infer/model-manifest.ts'
import type { ZoneEnvironmentSeries } from '../../src/sim/training/zone-environment.ts'

const minuteMs = 60_000

/** The window that a console would cut at the end of `minute`. */
export function roomWindow(
  series: ZoneEnvironmentSeries,
  minute: number,
  thin: { readonly without: ReadonlySet<string>; readonly knownSteps: number } = {
    without: new Set(),
    knownSteps: 1e9,
  },
): EnvironmentWindow {
  const first = Math.max(0, minute - Math.min(40, thin.knownSteps - 1))
  const view = (values: Float32Array): Series => ({
    length: minute - first + 1,
    atMs: (index) => series.startMs + (first + index) * minuteMs,
    value: (index) => values[first + index] ?? Number.NaN,
  })
  const all: Partial<Record<EnvironmentChannel, Float32Array>> = {
    temperature: series.temperatureC,
    humidity: series.humidityPct,
    co2: series.co2Ppm,
    pm25: series.pm25,
  }
  const present = Object.entries(all).filter(([name]) => !thin.without.has(name))
  const views = Object.fromEntries(present.map(([name, values]) => [name, view(values)]))
  return sampleWindow('room', views, series.startMs + minute * minuteMs)
}

/** Smoke lingers: for this long after a fire, neither answer is wrong. */
export const afterFireMinutes = 45

/** `[occupied, fire, weight of occupied, weight of fire]` */
export function environmentTruth(series: ZoneEnvironmentSeries, minute: number): [number, number, number, number] {
  const occupied = (series.people[minute] ?? 0) > 0 ? 1 : 0
  const fire = series.fire[minute] ?? 0
  const burntFor = fire ? minute - ignition(series, minute) : 0
  const lingering = !fire && series.fire.subarray(Math.max(0, minute - afterFireMinutes), minute).includes(1)
  // Nobody can tell a fire from its first minute.
  const fireWeight = lingering ? 0 : fire && burntFor < 2 ? 0.2 : 1
  return [occupied, fire, fire || lingering ? 0 : 1, fireWeight]
}

function ignition(series: ZoneEnvironmentSeries, minute: number): number {
  let at = minute
  while (at > 0 && series.fire[at - 1]) at--
  return at
}
