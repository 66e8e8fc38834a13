/** What a plan did, from what the meter then reported: the frozen expectation of doing nothing, minus the actual. */
import type { Baseline, Plan } from '../contract/decision.ts'
import type { SiteFile } from '../site/schema.ts'
import type { MeterReading } from './park-view.ts'
import { baselineKwAt, integrate } from './saving.ts'

export type Measured = NonNullable<Plan['measured']>

export interface Measurement {
  /** Power had nothing been done, frozen when the plan was proposed. */
  readonly baseline: Baseline
  readonly untilMs: number
  readonly last: MeterReading | undefined
  readonly measured: Measured
}

/** A hole in the readings longer than this is left out: nobody knows what happened in it. Some meters report hourly. */
export const longestGapMs = 4_500_000

/** From the beginning, or from where somebody else had come: what went by since then nobody counts. */
export function resumeMeasurement(
  baseline: Baseline,
  fromMs: number,
  untilMs: number,
  measured: Measured = { energySavedKwh: 0, costSaved: 0, fromMs, toMs: fromMs },
): Measurement {
  return { baseline, untilMs, last: undefined, measured }
}

/** Adds the stretch since the reading before, at the mean of both readings. */
export function addReading(site: SiteFile, measurement: Measurement, reading: MeterReading): Measurement {
  const { last, measured } = measurement
  if (reading.atMs < measured.toMs || (last && reading.atMs <= last.atMs)) return measurement
  if (last === undefined || reading.atMs - last.atMs > longestGapMs) return { ...measurement, last: reading }
  const meanKw = (last.kw + reading.kw) / 2
  const saved = integrate(site, last.atMs, Math.min(reading.atMs, measurement.untilMs), (atMs) => {
    return baselineKwAt(measurement.baseline, atMs) - meanKw
  })
  return {
    ...measurement,
    last: reading,
    measured: {
      ...measured,
      energySavedKwh: measured.energySavedKwh + saved.kwh,
      costSaved: measured.costSaved + saved.cost,
      toMs: Math.min(reading.atMs, measurement.untilMs),
    },
  }
}

/** The whole at once, for reports and tests. */
export function measureEffect(
  site: SiteFile,
  baseline: Baseline,
  fromMs: number,
  readings: readonly MeterReading[],
): Measured {
  const lastMs = readings.at(-1)?.atMs ?? fromMs
  const start = resumeMeasurement(baseline, fromMs, lastMs)
  return readings.reduce((sum, reading) => addReading(site, sum, reading), start).measured
}
