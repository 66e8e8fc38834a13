/** Figures of the environment model on rooms it never saw, through the product's own inference code. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { roomWindow } from '../models/training/environment-windows.ts'
import { EnvironmentModel } from '../src/infer/environment.ts'
import { type Series, sampleWindow } from '../src/infer/environment-input.ts'
import { loadModel } from '../src/infer/model-manifest.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { systemClock } from '../src/platform/clock.ts'
import { simulateZoneEnvironment, type ZoneEnvironmentSeries } from '../src/sim/training/zone-environment.ts'
import { flagValue, modelFolder, quantile, readCard, rounded, strayFigures } from './model-card.ts'
import { Refusal } from './refusal.ts'

/** Far from the seeds of training, which start at 1 000 000. */
const firstHeldOutSeed = 9_000_000
const minutesPerWeek = 7 * 1440
/** Occupancy is asked for every so often; fire every minute. */
const occupancyEvery = 5
/** Alarms closer together than this are one; smoke that lingers after a fire is not a false alarm. */
const sameAlarmMinutes = 30
const afterFireMinutes = 60

export const evalEnvironmentHelp = `eval environment [--rooms 140] [--model models/environment] [--no-card] [--occupancy DIR]
  --rooms N        held-out room days without fire; half as many with one
  --occupancy DIR  also a folder of UCI occupancy files (date, Temperature, Humidity, Light, CO2, …, Occupancy)\n`

interface Tally {
  truePositive: number
  falsePositive: number
  falseNegative: number
  trueNegative: number
}

export async function evalEnvironment(flags: string[]) {
  if (flags.includes('--help')) process.stderr.write(evalEnvironmentHelp)
  const folder = flagValue(flags, 'model') ?? 'models/environment'
  const rooms = Number(flagValue(flags, 'rooms') ?? 140)
  const model = await open(folder)
  const { occupied: occupiedFrom, fireLike: fireFrom } = model.manifest.thresholds

  const occupancy: Tally = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  const falseAlarms: Record<string, number> = {}
  let falseCount = 0
  let calmMinutes = 0
  const fires = { all: 0, found: 0, strong: 0, strongFound: 0 }
  const delays: number[] = []
  for (let i = 0; i < rooms * 1.5; i++) {
    const burns = i >= rooms
    const series = simulateZoneEnvironment({ seed: firstHeldOutSeed + i, withFire: burns })
    const fireSaid = await judgeDay(model, series, (minute, occupied) => {
      if (!burns && minute % occupancyEvery === 0)
        count(occupancy, occupied >= occupiedFrom, (series.people[minute] ?? 0) > 0)
    })
    const alarms = alarmMinutes(fireSaid, fireFrom)
    const { wrong, calm } = falseAlarmsOf(series, alarms)
    falseCount += wrong.length
    calmMinutes += calm
    for (const minute of wrong) {
      const key = `${series.kind}:${series.episode[minute]}`
      falseAlarms[key] = (falseAlarms[key] ?? 0) + 1
    }
    if (burns) countFire(series, fireSaid, fireFrom, fires, delays)
  }
  const uci = flagValue(flags, 'occupancy')
  const real = uci === undefined ? undefined : await evalReal(model, uci, occupiedFrom)
  await model.dispose()

  process.stderr.write(`false alarms by room and episode: ${JSON.stringify(falseAlarms)}\n`)
  const figures: Record<string, number> = {
    ...scores(occupancy),
    fireRecall: rounded(fires.found / fires.all),
    strongFireRecall: rounded(fires.strongFound / fires.strong),
    fireMinutesMedian: quantile(delays, 0.5),
    fireMinutesP90: quantile(delays, 0.9),
    falseAlarmsPerZoneWeek: rounded(falseCount / (calmMinutes / minutesPerWeek), 3),
  }
  const stray = flags.includes('--no-card') || rooms !== 140 ? [] : strayFigures(await readCard(folder), figures)
  for (const line of stray) process.stderr.write(`environment ${line}\n`)
  const pass = stray.length === 0 && (figures.strongFireRecall ?? 0) >= 0.95 && (figures.occupancyF1 ?? 0) >= 0.75
  return { pass, rooms: Math.round(rooms * 1.5), figures, stray, ...(real && { real }) }
}

async function open(folder: string): Promise<EnvironmentModel> {
  const loaded = await loadModel(modelFolder(folder))
  if (!loaded.ok) throw new Refusal(`${folder}: ${loaded.error.message}`)
  const opened = await EnvironmentModel.open(loaded.value, { clock: systemClock, backends: ortBackends() })
  if (!opened.ok) throw new Refusal(`${folder}: ${opened.error.message}`)
  return opened.value
}

/** Fire probability of every minute. */
async function judgeDay(
  model: EnvironmentModel,
  series: ZoneEnvironmentSeries,
  occupied: (minute: number, probability: number) => void,
): Promise<Float32Array> {
  const said = new Float32Array(series.people.length)
  for (let minute = 0; minute < said.length; minute++) {
    const verdict = await model.judge(roomWindow(series, minute))
    said[minute] = verdict?.fireLike ?? 0
    if (verdict) occupied(minute, verdict.occupied)
  }
  return said
}

/** Minutes at which a new alarm begins. */
function alarmMinutes(said: Float32Array, from: number): number[] {
  const alarms: number[] = []
  let lastMinute = Number.NEGATIVE_INFINITY
  for (const [minute, probability] of said.entries()) {
    if (probability < from) continue
    if (minute - lastMinute > sameAlarmMinutes) alarms.push(minute)
    lastMinute = minute
  }
  return alarms
}

function falseAlarmsOf(series: ZoneEnvironmentSeries, alarms: readonly number[]) {
  const fireNear = (minute: number) =>
    series.fire.subarray(Math.max(0, minute - afterFireMinutes), minute + 1).includes(1)
  let calm = 0
  for (let minute = 0; minute < series.fire.length; minute++) if (!fireNear(minute)) calm++
  return { wrong: alarms.filter((minute) => !fireNear(minute)), calm }
}

/** Strong fires heat the room by what nobody could overlook: full growth, five minutes and more. */
function countFire(
  series: ZoneEnvironmentSeries,
  said: Float32Array,
  from: number,
  fires: { all: number; found: number; strong: number; strongFound: number },
  delays: number[],
): void {
  const first = series.fire.indexOf(1)
  const last = series.fire.lastIndexOf(1)
  if (first < 0 || last - first < 5) return
  const foundAt = said.subarray(first, last + 10).findIndex((probability) => probability >= from)
  const before = series.pm25[Math.max(0, first - 1)] ?? 0
  const strong = (series.pm25[last] ?? 0) > before + 100 && last - first >= 8
  fires.all++
  if (strong) fires.strong++
  if (foundAt < 0) return
  fires.found++
  if (strong) fires.strongFound++
  // A verdict speaks at the end of its minute.
  delays.push(foundAt + 1)
}

function count(tally: Tally, said: boolean, truth: boolean): void {
  if (said) tally[truth ? 'truePositive' : 'falsePositive']++
  else tally[truth ? 'falseNegative' : 'trueNegative']++
}

function scores(tally: Tally) {
  const { truePositive, falsePositive, falseNegative, trueNegative } = tally
  const all = truePositive + falsePositive + falseNegative + trueNegative
  return {
    occupancyAccuracy: rounded((truePositive + trueNegative) / all),
    occupancyF1: rounded((2 * truePositive) / (2 * truePositive + falsePositive + falseNegative)),
    occupancyPrecision: rounded(truePositive / (truePositive + falsePositive)),
    occupancyRecall: rounded(truePositive / (truePositive + falseNegative)),
  }
}

/** A real office (temperature, humidity and CO₂; no dust): never trained on. */
async function evalReal(model: EnvironmentModel, folder: string, threshold: number) {
  const results: Record<string, unknown> = {}
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    const rows = readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll('"', '').split(','))
      .filter((cells) => cells.length >= 8)
    const atMs = rows.map((cells) => Date.parse(`${cells[1]}Z`))
    const tally: Tally = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
    for (let i = 0; i < rows.length; i++) {
      const first = Math.max(0, i - 40)
      const series = (column: number): Series => ({
        length: i - first + 1,
        atMs: (index) => atMs[first + index] ?? 0,
        value: (index) => Number(rows[first + index]?.[column]),
      })
      const window = sampleWindow(
        'office',
        { temperature: series(2), humidity: series(3), co2: series(5) },
        atMs[i] ?? 0,
      )
      const verdict = await model.judge(window)
      if (verdict) count(tally, verdict.occupied >= threshold, rows[i]?.[7]?.trim() === '1')
    }
    results[file] = scores(tally)
  }
  return results
}
