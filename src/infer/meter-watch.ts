/**
 * Judges what a meter reports against a forecast made *before*: several intervals in a row clearly outside the band are
 * a break. While it lasts, the forecast stays the one from before, and the history that later forecasts read keeps the
 * expected values in place of the measured ones: a fault must not become normal by lasting.
 */
import type { ProfileMessage } from '../contract/messages.ts'
import type { BandBreak, Forecast } from '../contract/perception.ts'
import { forecastShape, historyBefore } from './forecaster-input.ts'

export interface MeterWatchSettings {
  /**
   * Each interval outside weighs by how many margins it is away, 1 to `heaviestInterval`; a row of them that adds up to
   * this is a break. Intervals in a row inside before it has returned.
   */
  readonly breakWeight: number
  readonly heaviestInterval: number
  readonly returnIntervals: number
  /** How far outside counts: a share of the band's width, of the expected power, and of what the meter spans in a week. */
  readonly bandMargin: number
  readonly levelMargin: number
  readonly spanMargin: number
  readonly leastMarginKw: number
  /** A fresh forecast is made this often while all is well. */
  readonly refreshIntervals: number
  /** After a week outside, the new level is taken for normal. */
  readonly adoptIntervals: number
}

const defaultMeterWatch: MeterWatchSettings = {
  breakWeight: 6,
  heaviestInterval: 3,
  returnIntervals: 2,
  bandMargin: 1,
  levelMargin: 0.1,
  spanMargin: 0.1,
  leastMarginKw: 0.5,
  refreshIntervals: 16,
  adoptIntervals: 672,
}

interface Excursion {
  readonly direction: 'above' | 'below'
  readonly sinceMs: number
  readonly intervals: number
  readonly weight: number
  readonly insideInARow: number
  readonly excessKwh: number
}

export interface MeterWatch {
  /** The forecast in force; its band is what the meter is judged by. */
  readonly reference?: Forecast
  readonly judgedUntilMs?: number
  readonly excursion?: Excursion
  readonly broken: boolean
  /** Expected power of intervals that were part of a break, by their start. */
  readonly overrides: ReadonlyMap<number, number>
}

export const newMeterWatch: MeterWatch = { broken: false, overrides: new Map() }

export interface MeterNews {
  readonly watch: MeterWatch
  readonly forecasts: readonly Forecast[]
  readonly breaks: readonly BandBreak[]
}

export type ForecastFrom = (history: Float32Array, startMs: number) => Promise<Forecast | undefined>

const { intervalMs, horizonIntervals, historyIntervals } = forecastShape

/** Walks over every interval that is new in `profile`. On first sight it looks a day back, so that a fault already under way is found. */
export async function advanceMeterWatch(
  watch: MeterWatch,
  meterId: string,
  profile: ProfileMessage,
  forecastFrom: ForecastFrom,
  settings: MeterWatchSettings = defaultMeterWatch,
): Promise<MeterNews> {
  const endMs = profile.startMs + profile.values.length * intervalMs
  const wentBack = watch.judgedUntilMs !== undefined && watch.judgedUntilMs > endMs
  let current = wentBack ? newMeterWatch : watch
  const forecasts: Forecast[] = []
  const breaks: BandBreak[] = []
  const floorKw = Math.max(settings.spanMargin * spanKw(profile), settings.leastMarginKw)
  const firstMs = Math.max(profile.startMs, endMs - horizonIntervals * intervalMs)
  for (let atMs = Math.max(current.judgedUntilMs ?? firstMs, profile.startMs); atMs <= endMs; atMs += intervalMs) {
    if (needsReference(current, atMs, settings)) {
      const reference = await forecastFrom(historyBefore(profile, atMs, current.overrides), atMs)
      if (reference) {
        current = { ...current, reference }
        forecasts.push(reference)
      }
    }
    if (atMs === endMs) break
    const actualKw = profile.values[Math.round((atMs - profile.startMs) / intervalMs)]
    const judged = judge(current, meterId, atMs, actualKw ?? undefined, floorKw, settings)
    current = { ...judged.watch, judgedUntilMs: atMs + intervalMs }
    if (judged.bandBreak) breaks.push(judged.bandBreak)
  }
  return { watch: { ...current, judgedUntilMs: endMs }, forecasts: forecasts.slice(-2), breaks }
}

/**
 * What of an update is worth telling: of each break its newest report, and nothing of one that began and ended unseen
 * (a first look at a profile, or a clock that jumped, walks over days at once).
 */
export function newsOf(before: MeterWatch, breaks: readonly BandBreak[]): BandBreak[] {
  const newest = new Map<number, BandBreak>()
  for (const one of breaks) newest.set(one.sinceMs, one)
  const known = before.broken ? before.excursion?.sinceMs : undefined
  return [...newest.values()].filter(({ returnedAtMs, sinceMs }) => returnedAtMs === undefined || sinceMs === known)
}

/** From the 5th to the 95th hundredth of all that is known. */
function spanKw(profile: ProfileMessage): number {
  const sorted = profile.values.filter((kw) => kw !== null).sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return at(0.95) - at(0.05)
}

function needsReference(watch: MeterWatch, atMs: number, settings: MeterWatchSettings): boolean {
  if (!watch.reference) return true
  const age = (atMs - watch.reference.startMs) / intervalMs
  return age >= horizonIntervals || (!watch.excursion && age >= settings.refreshIntervals)
}

function judge(
  watch: MeterWatch,
  meterId: string,
  atMs: number,
  actualKw: number | undefined,
  floorKw: number,
  settings: MeterWatchSettings,
): { watch: MeterWatch; bandBreak?: BandBreak } {
  const band = bandAt(watch.reference, atMs)
  if (!band || actualKw === undefined) return { watch }
  const marginKw = Math.max(
    settings.bandMargin * (band.highKw - band.lowKw),
    settings.levelMargin * Math.abs(band.expectedKw),
    floorKw,
  )
  const direction = actualKw > band.highKw + marginKw ? 'above' : actualKw < band.lowKw - marginKw ? 'below' : undefined
  const marginsAway = Math.max(actualKw - band.highKw, band.lowKw - actualKw) / marginKw
  const before = watch.excursion
  if (!before && !direction) return { watch }
  const goesOn = before !== undefined && direction === before.direction
  if (before && !goesOn && !watch.broken) {
    // A short excursion: what was measured stays in the history. The other side may begin one of its own.
    const overrides = without(watch.overrides, before, atMs)
    const { excursion: _, ...rest } = watch
    return direction
      ? judge({ ...rest, overrides }, meterId, atMs, actualKw, floorKw, settings)
      : { watch: { ...rest, overrides } }
  }
  const excursion: Excursion = {
    direction: before?.direction ?? direction ?? 'above',
    sinceMs: before?.sinceMs ?? atMs,
    intervals: (before?.intervals ?? 0) + 1,
    weight: (before?.weight ?? 0) + (direction ? Math.min(settings.heaviestInterval, marginsAway) : 0),
    insideInARow: before && !goesOn ? before.insideInARow + 1 : 0,
    excessKwh: (before?.excessKwh ?? 0) + ((actualKw - band.expectedKw) * intervalMs) / 3_600_000,
  }
  const returned = excursion.insideInARow >= settings.returnIntervals
  const adopted = excursion.intervals >= settings.adoptIntervals
  const broken = watch.broken || excursion.weight >= settings.breakWeight
  const report = {
    meterId,
    direction: excursion.direction,
    sinceMs: excursion.sinceMs,
    untilMs: atMs + intervalMs,
    actualKw,
    ...band,
    excessKwh: excursion.excessKwh,
  }
  if (returned || adopted) {
    const { excursion: _, ...rest } = watch
    const overrides = adopted
      ? new Map<number, number>()
      : without(watch.overrides, excursion, atMs, settings.returnIntervals)
    return { watch: { ...rest, broken: false, overrides }, bandBreak: { ...report, returnedAtMs: atMs + intervalMs } }
  }
  const overrides = new Map(watch.overrides).set(atMs, band.expectedKw)
  for (const key of overrides.keys())
    if (key < atMs - (historyIntervals + horizonIntervals) * intervalMs) overrides.delete(key)
  return { watch: { ...watch, excursion, broken, overrides }, ...(broken && { bandBreak: report }) }
}

function bandAt(reference: Forecast | undefined, atMs: number) {
  if (!reference) return undefined
  const step = Math.round((atMs - reference.startMs) / intervalMs)
  const [lowKw, expectedKw, highKw] = [reference.low[step], reference.median[step], reference.high[step]]
  if (lowKw === undefined || expectedKw === undefined || highKw === undefined) return undefined
  return { lowKw, expectedKw, highKw }
}

/** Takes back the last `count` overrides of an excursion, or all of them. */
function without(
  overrides: ReadonlyMap<number, number>,
  excursion: Excursion,
  atMs: number,
  count = Number.POSITIVE_INFINITY,
): Map<number, number> {
  const fromMs = Math.max(excursion.sinceMs, atMs - count * intervalMs)
  return new Map([...overrides].filter(([key]) => key < fromMs))
}
