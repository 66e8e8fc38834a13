/**
 * Writes the forecaster's training data: windows of simulated meters, assembled by the product's own input code.
 * `npx tsx models/training/forecaster-data.ts --out DIR [--meters 2600] [--windows 12]`
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calendarOf, forecastInput, forecastShape } from '../../src/infer/forecaster-input.ts'
import { createRandom } from '../../src/platform/random.ts'
import { simulateMeterHistory } from '../../src/sim/training/meter-history.ts'

const { intervalMs, historyIntervals, horizonIntervals } = forecastShape
const weekIntervals = 672
/** Training draws seeds from here up; evaluation from 9 000 000 up: they never meet. */
const firstTrainingSeed = 1_000_000

function flag(name: string, usual: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at >= 0 ? (process.argv[at + 1] ?? usual) : usual
}

const out = flag('out', 'models/training/.data')
const meters = Number(flag('meters', '2600'))
const windows = Number(flag('windows', '12'))
mkdirSync(out, { recursive: true })

/** Monday 0:00 UTC; a calendar depends on the quarter of the week alone. */
const mondayMs = Date.UTC(2024, 0, 1)
const calendars = new Float32Array(weekIntervals * forecastShape.calendarChannels * horizonIntervals)
for (let i = 0; i < weekIntervals; i++)
  calendars.set(calendarOf(mondayMs + i * intervalMs, 0), i * forecastShape.calendarChannels * horizonIntervals)
writeFileSync(join(out, 'calendars.f32'), calendars)

const rowLength = historyIntervals + horizonIntervals + 1
const stream = createWriteStream(join(out, 'windows.f32'))
let rows = 0
for (let meter = 0; meter < meters; meter++) {
  const seed = firstTrainingSeed + meter
  const days = 23
  const one = simulateMeterHistory({ seed, days })
  const random = createRandom(seed)
  for (let i = 0; i < windows; i++) {
    const at = random.integer(historyIntervals, days * 96 - horizonIntervals)
    const startMs = one.startMs + at * intervalMs
    const input = forecastInput(one.powerKw.slice(at - historyIntervals, at), startMs, one.utcOffsetMinutes)
    if (!input) continue
    const row = new Float32Array(rowLength)
    row.set(input.history)
    for (let step = 0; step < horizonIntervals; step++)
      row[historyIntervals + step] = ((one.powerKw[at + step] ?? 0) - input.meterScale.centre) / input.meterScale.scale
    const localMs = startMs + one.utcOffsetMinutes * 60_000
    row[rowLength - 1] = Math.round((localMs - mondayMs) / intervalMs) % weekIntervals
    if (!stream.write(new Uint8Array(row.buffer))) await new Promise<void>((resolve) => stream.once('drain', resolve))
    rows++
  }
  if (meter % 200 === 199) console.error(`${meter + 1} meters, ${rows} windows`)
}
stream.end()
await new Promise<void>((resolve) => stream.once('finish', resolve))
writeFileSync(join(out, 'forecaster.json'), JSON.stringify({ rows, rowLength, firstTrainingSeed, meters, windows }))
