/** Windows of a zone's sensors for the environment model. The training data is assembled by this very code. */
import { type EnvironmentChannel, environmentChannels } from './model-manifest.ts'

export const environmentShape = {
  /** A minute a step, 24 minutes in all. */
  stepMs: 60_000,
  steps: 24,
  /** What the model reads. */
  channels: ['temperature', 'humidity', 'co2', 'pm25'],
} as const

/** What a ring buffer offers; times rise with the index. */
export interface Series {
  readonly length: number
  atMs(index: number): number
  value(index: number): number
}

type FromUnit = Readonly<Record<string, (value: number) => number>>

const celsius = (fahrenheit: number): number => (fahrenheit - 32) / 1.8
const fromUnit: Readonly<Partial<Record<EnvironmentChannel, FromUnit>>> = {
  temperature: { '°F': celsius, '℉': celsius, degF: celsius, K: (kelvin) => kelvin - 273.15 },
  co2: { '%': (percent) => percent * 10_000, ppb: (ppb) => ppb / 1000 },
  pm25: { 'mg/m³': (mg) => mg * 1000, 'mg/m3': (mg) => mg * 1000 },
}

/** The readings of a sensor in the unit that the model reads; a unit that is not known here is taken for that one. */
export function inModelUnit(channel: EnvironmentChannel, unit: string, series: Series): Series {
  const convert = fromUnit[channel]?.[unit]
  if (!convert) return series
  return { length: series.length, atMs: (i) => series.atMs(i), value: (i) => convert(series.value(i)) }
}

/** One value per step and channel, the last at `atMs`; NaN where nothing is known. °C, %RH, ppm, µg/m³. */
export interface EnvironmentWindow {
  readonly zoneId: string
  readonly atMs: number
  readonly channels: Readonly<Partial<Record<EnvironmentChannel, Float32Array>>>
}

/** A reading older than this says nothing of now. */
const staleMs = 10 * 60_000

/** Samples each series at the steps of the window: linear between readings, held after the last until it is stale. */
export function sampleWindow(
  zoneId: string,
  series: Readonly<Partial<Record<EnvironmentChannel, Series>>>,
  atMs: number,
): EnvironmentWindow {
  const channels: Partial<Record<EnvironmentChannel, Float32Array>> = {}
  for (const name of environmentChannels) {
    const one = series[name]
    if (one && one.length > 0) channels[name] = sampleSeries(one, atMs)
  }
  return { zoneId, atMs, channels }
}

function sampleSeries(series: Series, atMs: number): Float32Array {
  const { steps, stepMs } = environmentShape
  const samples = new Float32Array(steps).fill(Number.NaN)
  let i = series.length - 1
  for (let step = steps - 1; step >= 0; step--) {
    const wantedMs = atMs - (steps - 1 - step) * stepMs
    while (i >= 0 && series.atMs(i) > wantedMs) i--
    if (i < 0) break
    const beforeMs = series.atMs(i)
    const value = series.value(i)
    if (i + 1 < series.length && series.atMs(i + 1) - beforeMs <= staleMs) {
      const share = (wantedMs - beforeMs) / Math.max(1, series.atMs(i + 1) - beforeMs)
      samples[step] = value + (series.value(i + 1) - value) * share
    } else if (wantedMs - beforeMs <= staleMs) samples[step] = value
  }
  return samples
}

/** Brings each channel to about −2…2; PM2.5 spans decades and goes in as a logarithm. */
const normalise: Readonly<Record<(typeof environmentShape.channels)[number], (value: number) => number>> = {
  temperature: (c) => (c - 23) / 6,
  humidity: (percent) => (percent - 45) / 20,
  co2: (ppm) => (ppm - 700) / 400,
  pm25: (ugPerM3) => (Math.log(1 + Math.max(0, ugPerM3)) - 2.5) / 1.2,
}

/**
 * `[2 × channels, steps]`: the values, then for each channel 1 where it is known. Gaps take the nearest known value;
 * a channel the zone does not have is all zeros. Undefined where no channel reaches the present.
 */
export function environmentTensor(window: EnvironmentWindow): Float32Array | undefined {
  const { steps, channels } = environmentShape
  const count = channels.length
  const tensor = new Float32Array(2 * count * steps)
  let useful = false
  for (const [row, name] of channels.entries()) {
    const samples = window.channels[name]
    const newest = samples?.[steps - 1] ?? Number.NaN
    if (!samples || !Number.isFinite(newest)) continue
    useful = true
    let carried = newest
    for (let step = steps - 1; step >= 0; step--) {
      const sample = samples[step] as number
      if (Number.isFinite(sample)) {
        carried = sample
        tensor[(count + row) * steps + step] = 1
      }
      tensor[row * steps + step] = Math.max(-6, Math.min(6, normalise[name](carried)))
    }
  }
  return useful ? tensor : undefined
}
