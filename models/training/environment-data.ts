/**
 * Writes the environment model's training data: windows of simulated rooms, assembled by the product's own input code.
 * `npx tsx models/training/environment-data.ts --out DIR [--rooms 3000] [--windows 70]`
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentShape, environmentTensor } from '../../src/infer/environment-input.ts'
import { createRandom, type Random } from '../../src/platform/random.ts'
import { simulateZoneEnvironment } from '../../src/sim/training/zone-environment.ts'
import { environmentTruth, roomWindow } from './environment-windows.ts'

function flag(name: string, usual: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at >= 0 ? (process.argv[at + 1] ?? usual) : usual
}

/** Training draws seeds from here up; evaluation from 9 000 000 up: they never meet. */
const firstTrainingSeed = 1_000_000
const out = flag('out', 'models/training/.data')
const rooms = Number(flag('rooms', '3000'))
const windows = Number(flag('windows', '70'))
mkdirSync(out, { recursive: true })

const inputLength = 2 * environmentShape.channels.length * environmentShape.steps
/** Input, occupied, fire, and a weight for each label. */
const rowLength = inputLength + 4

/** Sometimes a sensor is missing, or the tab was only just opened. */
function thin(random: Random): { readonly without: ReadonlySet<string>; readonly knownSteps: number } {
  const without = new Set<string>()
  for (const name of environmentShape.channels) if (random.next() < 0.1) without.add(name)
  const knownSteps = random.next() < 0.25 ? random.integer(1, environmentShape.steps) : environmentShape.steps
  return { without, knownSteps }
}

const stream = createWriteStream(join(out, 'environment.f32'))
let rows = 0
for (let room = 0; room < rooms; room++) {
  const seed = firstTrainingSeed + room
  const random = createRandom(seed)
  const series = simulateZoneEnvironment({ seed, withFire: random.next() < 0.6 })
  const minutes = series.people.length
  const chosen = new Set<number>()
  for (let i = 0; i < windows; i++) chosen.add(random.integer(0, minutes - 1))
  // Everything that burns, and half of what only looks a little like it.
  for (let minute = 0; minute < minutes; minute++) {
    if (series.fire[minute] || (series.episode[minute] && random.next() < 0.25)) chosen.add(minute)
  }
  for (const minute of chosen) {
    const tensor = environmentTensor(roomWindow(series, minute, thin(random)))
    if (!tensor) continue
    const row = new Float32Array(rowLength)
    row.set(tensor)
    row.set(environmentTruth(series, minute), inputLength)
    if (!stream.write(new Uint8Array(row.buffer))) await new Promise<void>((resolve) => stream.once('drain', resolve))
    rows++
  }
  if (room % 500 === 499) console.error(`${room + 1} rooms, ${rows} windows`)
}
stream.end()
await new Promise<void>((resolve) => stream.once('finish', resolve))
writeFileSync(join(out, 'environment.json'), JSON.stringify({ rows, rowLength, inputLength, rooms, windows }))
