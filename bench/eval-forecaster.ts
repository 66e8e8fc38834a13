/** Figures of the energy forecaster on meters it never saw, through the product's own inference code. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ProfileMessage } from '../src/contract/messages.ts'
import { Forecaster } from '../src/infer/forecaster.ts'
import { forecastShape } from '../src/infer/forecaster-input.ts'
import { advanceMeterWatch, newMeterWatch } from '../src/infer/meter-watch.ts'
import { loadModel } from '../src/infer/model-manifest.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createRandom, type Random } from '../src/platform/random.ts'
import { type MeterHistory, simulateMeterHistory } from '../src/sim/training/meter-history.ts'
import { flagValue, modelFolder, quantile, readCard, rounded, strayFigures } from './model-card.ts'
import { Refusal } from './refusal.ts'

const { intervalMs, historyIntervals, horizonIntervals } = forecastShape
/** Far from the seeds of training, which start at 1 000 000. */
const firstHeldOutSeed = 9_000_000
const weekIntervals = 672
const days = 29

export const evalForecasterHelp = `eval forecaster [--meters 120] [--model models/forecaster] [--no-card] [--ucsd DIR]
  --ucsd DIR   also a folder of DateTime,RealPower CSV files (newest first, .csv or .csv.gz) of real meters\n`

interface Series {
  readonly name: string
  readonly startMs: number
  readonly utcOffsetMinutes: number
  /** NaN where missing. */
  readonly powerKw: Float32Array
}

export async function evalForecaster(flags: string[]) {
  if (flags.includes('--help')) process.stderr.write(evalForecasterHelp)
  const folder = flagValue(flags, 'model') ?? 'models/forecaster'
  const forecaster = await open(folder)
  const count = Number(flagValue(flags, 'meters') ?? 120)
  const meters = Array.from({ length: count }, (_, i) => simulateMeterHistory({ seed: firstHeldOutSeed + i, days }))

  const score = new Score()
  for (const [i, meter] of meters.entries()) await scoreSeries(forecaster, seriesOf(meter), score, createRandom(i), 14)
  const watched = await watchMeters(forecaster, meters)
  const figures: Record<string, number> = { ...score.figures(), ...watched }
  const ucsd = flagValue(flags, 'ucsd')
  const real = ucsd === undefined ? undefined : await evalReal(forecaster, ucsd)
  await forecaster.dispose()

  const stray = flags.includes('--no-card') || count !== 120 ? [] : strayFigures(await readCard(folder), figures)
  for (const line of stray) process.stderr.write(`forecaster ${line}\n`)
  const pass =
    stray.length === 0 && (figures.pinballRatio ?? 1) < 0.75 && Math.abs((figures.coverage90 ?? 0) - 0.9) < 0.04
  return { pass, meters: count, figures, stray, ...(real && { real }) }
}

async function open(folder: string): Promise<Forecaster> {
  const loaded = await loadModel(modelFolder(folder))
  if (!loaded.ok) throw new Refusal(`${folder}: ${loaded.error.message}`)
  const opened = await Forecaster.open(loaded.value, { clock: systemClock, backends: ortBackends() })
  if (!opened.ok) throw new Refusal(`${folder}: ${opened.error.message}`)
  return opened.value
}

const seriesOf = (meter: MeterHistory): Series => ({ name: meter.kind, ...meter })

/** Sums of losses in units of each meter's spread, so that a large meter counts as much as a small one. */
class Score {
  #steps = 0
  #pinball = 0
  #naivePinball = 0
  #absolute = 0
  #lastWeek = 0
  #yesterday = 0
  #inside = 0

  add(
    actual: number,
    low: number,
    median: number,
    high: number,
    lastWeek: number,
    yesterday: number,
    scale: number,
  ): void {
    if (![actual, lastWeek, yesterday].every(Number.isFinite)) return
    const loss = (q: number, forecast: number) =>
      Math.max(q * (actual - forecast), (q - 1) * (actual - forecast)) / scale
    this.#steps++
    this.#pinball += (loss(0.05, low) + loss(0.5, median) + loss(0.95, high)) / 3
    this.#naivePinball += (loss(0.05, lastWeek) + loss(0.5, lastWeek) + loss(0.95, lastWeek)) / 3
    this.#absolute += Math.abs(actual - median) / scale
    this.#lastWeek += Math.abs(actual - lastWeek) / scale
    this.#yesterday += Math.abs(actual - yesterday) / scale
    if (actual >= low && actual <= high) this.#inside++
  }

  figures() {
    return {
      pinballRatio: rounded(this.#pinball / this.#naivePinball),
      maeRatioLastWeek: rounded(this.#absolute / this.#lastWeek),
      maeRatioYesterday: rounded(this.#absolute / this.#yesterday),
      coverage90: rounded(this.#inside / this.#steps),
    }
  }
}

/** `count` forecasts at random moments, each judged over its whole day. */
async function scoreSeries(forecaster: Forecaster, series: Series, score: Score, random: Random, count: number) {
  const { powerKw } = series
  const known = powerKw.filter(Number.isFinite)
  const sorted = [...known].sort((a, b) => a - b)
  const scale = Math.max(
    ((sorted[Math.floor(0.95 * sorted.length)] ?? 0) - (sorted[Math.floor(0.05 * sorted.length)] ?? 0)) / 2,
    0.1,
  )
  for (let i = 0; i < count; i++) {
    const at = random.integer(historyIntervals, powerKw.length - horizonIntervals)
    const forecast = await forecaster.forecast({
      meterId: 'm',
      history: powerKw.slice(at - historyIntervals, at),
      startMs: series.startMs + at * intervalMs,
      utcOffsetMinutes: series.utcOffsetMinutes,
    })
    if (!forecast) continue
    for (let step = 0; step < horizonIntervals; step++) {
      const value = (index: number) => powerKw[index] ?? Number.NaN
      const quantiles = [forecast.low[step] ?? 0, forecast.median[step] ?? 0, forecast.high[step] ?? 0] as const
      score.add(value(at + step), ...quantiles, value(at + step - weekIntervals), value(at + step - 96), scale)
    }
  }
}

interface Fault {
  readonly kind: 'stuckOn' | 'extraLoad'
  readonly from: number
  readonly to: number
  readonly powerKw: Float32Array
  /** First interval in which the fault shows at all. */
  readonly showsAt: number
}

/** What a meter's watch says over three weeks, clean and with one fault in the last of them. */
async function watchMeters(forecaster: Forecaster, meters: readonly MeterHistory[]) {
  const tally = { above: 0, aboveNotCharging: 0, below: 0, weeks: 0, weeksNotCharging: 0 }
  const found = { stuckOn: [0, 0], extraLoad: [0, 0] }
  const delays: number[] = []
  for (const [i, meter] of meters.entries()) {
    const series = seriesOf(meter)
    const clean = await breaksOf(forecaster, series)
    const above = clean.filter(({ direction }) => direction === 'above').length
    const weeks = (meter.powerKw.length - weekIntervals) / weekIntervals
    tally.above += above
    if (meter.kind !== 'ev') {
      tally.aboveNotCharging += above
      tally.weeksNotCharging += weeks
    }
    tally.below += clean.filter(({ direction }) => direction === 'below').length
    tally.weeks += weeks
    if (meter.kind === 'pv' || meter.kind === 'server') continue
    for (const kind of ['stuckOn', 'extraLoad'] as const) {
      const fault = injectFault(meter, kind, createRandom(firstHeldOutSeed + i).fork(kind))
      if (!fault) continue
      const breaks = await breaksOf(forecaster, { ...series, powerKw: fault.powerKw })
      const at = (index: number) => series.startMs + index * intervalMs
      const hit = breaks.find(
        ({ direction, establishedMs }) =>
          direction === 'above' && establishedMs > at(fault.showsAt) && establishedMs <= at(fault.to + 1),
      )
      found[kind][1] = (found[kind][1] ?? 0) + 1
      if (!hit) continue
      found[kind][0] = (found[kind][0] ?? 0) + 1
      delays.push((hit.establishedMs - at(fault.showsAt)) / 60_000)
    }
  }
  const recall = ([hits = 0, all = 0]: readonly number[]) => rounded(hits / Math.max(1, all))
  return {
    stuckOnRecall: recall(found.stuckOn),
    extraLoadRecall: recall(found.extraLoad),
    detectMinutesMedian: quantile(delays, 0.5),
    falseAbovePerMeterWeek: rounded(tally.above / tally.weeks, 3),
    falseAboveWithoutCharging: rounded(tally.aboveNotCharging / tally.weeksNotCharging, 3),
    falseBelowPerMeterWeek: rounded(tally.below / tally.weeks, 3),
  }
}

/** Distinct breaks after the first week, each with the moment it was established. */
async function breaksOf(forecaster: Forecaster, series: Series) {
  const profile: ProfileMessage = {
    point: 'power',
    intervalMs,
    startMs: series.startMs,
    values: Array.from(series.powerKw, (value) => (Number.isFinite(value) ? value : null)),
  }
  const watch = { ...newMeterWatch, judgedUntilMs: series.startMs + weekIntervals * intervalMs }
  const { utcOffsetMinutes } = series
  const news = await advanceMeterWatch(watch, 'm', profile, (history, startMs) =>
    forecaster.forecast({ meterId: 'm', history, startMs, utcOffsetMinutes }),
  )
  const first = new Map<number, { direction: 'above' | 'below'; establishedMs: number }>()
  for (const { sinceMs, direction, untilMs } of news.breaks)
    if (!first.has(sinceMs)) first.set(sinceMs, { direction, establishedMs: untilMs })
  return [...first.values()]
}

/**
 * `stuckOn`: from an evening or through a weekend it runs at a daytime level. `extraLoad`: something more runs for
 * some hours. Undefined where the meter is so busy then that the fault would not show.
 */
function injectFault(meter: MeterHistory, kind: Fault['kind'], random: Random): Fault | undefined {
  const { powerKw } = meter
  const low = quantile([...powerKw], 0.05)
  const high = quantile([...powerKw], 0.95)
  const day = 21 + random.integer(0, 5)
  const hour = kind === 'stuckOn' ? random.integer(20, 23) : random.integer(0, 23)
  const hours = kind === 'stuckOn' ? random.integer(8, 36) : random.integer(6, 24)
  const from = day * 96 + hour * 4
  const to = Math.min(powerKw.length, from + hours * 4)
  const level = low + (high - low) * random.between(0.5, 0.9)
  const extra = (high - low) * random.between(0.3, 0.6)
  const faulty = powerKw.slice()
  let showsAt = -1
  let shown = 0
  for (let i = from; i < to; i++) {
    const before = powerKw[i] ?? 0
    faulty[i] = kind === 'stuckOn' ? Math.max(before, level) : before + extra
    if ((faulty[i] ?? 0) - before < 0.2 * (high - low)) continue
    shown++
    if (showsAt < 0) showsAt = i
  }
  return shown < 12 || high - low < 1 ? undefined : { kind, from, to, powerKw: faulty, showsAt }
}

/** Real meters: never trained on, no labels; how the forecast holds, and how often a break is called. */
async function evalReal(forecaster: Forecaster, folder: string) {
  const results: Record<string, unknown> = {}
  for (const file of readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name))) {
    const series = readCsv(join(folder, file))
    // The newest year at most.
    const recent = series.powerKw.length - 365 * 96
    const cut =
      recent > 0
        ? { ...series, startMs: series.startMs + recent * intervalMs, powerKw: series.powerKw.slice(recent) }
        : series
    const score = new Score()
    await scoreSeries(forecaster, cut, score, createRandom(1), 150)
    const breaks = await breaksOf(forecaster, cut)
    const weeks = cut.powerKw.length / weekIntervals - 1
    results[file.replace(/\.csv(\.gz)?$/, '')] = {
      ...score.figures(),
      breaksPerWeek: rounded(breaks.length / weeks, 2),
    }
  }
  return results
}

function readCsv(path: string): Series {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const rows = text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [when = '', power = ''] = line.split(',')
      const [month, day, year, hour, minute] = when.split(/[/ :]/).map(Number)
      const atMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute)
      return Number.isFinite(atMs) && power.trim() !== '' ? [[atMs, Number(power)] as const] : []
    })
  const startMs = Math.min(...[rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0])
  const endMs = Math.max(...[rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0])
  const powerKw = new Float32Array(Math.round((endMs - startMs) / intervalMs) + 1).fill(Number.NaN)
  for (const [atMs, kw] of rows) powerKw[Math.round((atMs - startMs) / intervalMs)] = kw
  // The files carry local time.
  return { name: path, startMs, utcOffsetMinutes: 0, powerKw }
}
