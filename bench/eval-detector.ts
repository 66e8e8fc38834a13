/**
 * Held-out figures of a detector: pictures rendered from seeds that training never saw, judged by COCO's rules at
 * IoU 0.5, and the night at the dock by itself.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  heldOutFrom,
  type LabelledFrame,
  loadSiteCameras,
  parkFrames,
  type SiteCameras,
  siteFrames,
} from '../models/training/detector-frames.ts'
import { isIgnored } from '../models/training/detector-labels.ts'
import type { SimWorldMessage, WorldActor } from '../src/contract/sim-world.ts'
import { Detector } from '../src/infer/detector.ts'
import { loadModel } from '../src/infer/model-manifest.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createRandom } from '../src/platform/random.ts'
import { cameraModel, worldFromImage } from '../src/site/projection.ts'
import { averagePrecision, type Box, countsAt, type ScoredFrame, type Truth } from './detector-scores.ts'
import { flagValue, readCard, strayFigures } from './model-card.ts'

export const evalDetectorHelp = `eval detector
  --model DIR   folder of the model (models/detector)
  --site FILE   site whose cameras are tried (public/sites/campus.site.json)
  --camera ID   camera of the night watch (cam-dock), --zone ID its lit zone (dock)
  --from SEED   first held-out seed (${heldOutFrom}); smaller ones were trained on
  --parks N     random parks of 12 pictures (30)
  --moments N   moments of 6 pictures at the site (50)
  --no-card     do not hold the figures to the model's card
`

/** What the night watch needs; everything else is held to the card. */
const targets = { dockRecall: 0.8, emptyFalsePerFrame: 0.02 }

/** Only detections above it may begin a track; lower ones carry a known track on. */
const sureScore = 0.55

const usual = { asBuilt: true, density: 1 }

const tall = (box: Box) => box.height >= 16
const lowestFloor = 0.01

interface Opened {
  readonly detector: Detector
  readonly floorOf: (className: string) => number
  readonly classes: readonly string[]
}

export async function evalDetector(
  args: string[],
): Promise<{ pass: boolean; figures: Record<string, number | string> }> {
  if (args.includes('--help')) process.stderr.write(evalDetectorHelp)
  const flag = (name: string, otherwise: string) => flagValue(args, name) ?? otherwise
  const flags = {
    model: flag('model', 'models/detector'),
    site: flag('site', 'public/sites/campus.site.json'),
    camera: flag('camera', 'cam-dock'),
    zone: flag('zone', 'dock'),
    from: flag('from', String(heldOutFrom)),
    parks: flag('parks', '30'),
    moments: flag('moments', '50'),
  }
  const model = await open(flags.model)
  const from = Number(flags.from)
  const figures: Record<string, number> = {}
  const started = systemClock.monotonicMs()
  const timing = { ms: 0, frames: 0 }
  const parks: ScoredFrame[] = []
  for (let i = 0; i < Number(flags.parks); i++) await judgeAll(model, parkFrames(from + i, usual), parks, timing)
  const site = loadSiteCameras(flags.site)
  const onSite: ScoredFrame[] = []
  for (let i = 0; i < Number(flags.moments); i++)
    await judgeAll(model, siteFrames(site, from + 50_000 + i, usual), onSite, timing)
  summarise(figures, 'parks', parks, model)
  summarise(figures, 'site', onSite, model)
  const everything = [...parks, ...onSite]
  const perClass = model.classes.map((name) => [name, averagePrecision(everything, name)] as const)
  for (const [name, ap] of perClass) if (ap !== undefined) figures[`ap50.${name}`] = round(ap)
  const known = perClass.flatMap(([, ap]) => (ap === undefined ? [] : [ap]))
  const meanAp50 = known.reduce((sum, ap) => sum + ap, 0) / Math.max(1, known.length)
  figures.ap50 = round(meanAp50)
  const person = countsAt(everything, 'person', model.floorOf('person'), tall)
  figures.personRecall16 = round(person.recall)
  figures.personPrecision16 = round(person.precision)
  const sure = countsAt(everything, 'person', sureScore, tall)
  figures.surePersonRecall16 = round(sure.recall)
  figures.surePersonPrecision16 = round(sure.precision)
  const night = await nightWatch(model, site, flags.camera, flags.zone, from)
  Object.assign(figures, night)
  figures.msPerFrame = round(timing.ms / Math.max(1, timing.frames))
  figures.frames = everything.length
  figures.seconds = Math.round((systemClock.monotonicMs() - started) / 1000)
  await model.detector.dispose()
  const stray = args.includes('--no-card') ? [] : strayFigures(await readCard(flags.model), figures)
  if (stray.length > 0) process.stderr.write(`not as on the card: ${stray.join('; ')}\n`)
  const pass =
    stray.length === 0 &&
    (figures['night.dark.recall'] ?? 0) >= targets.dockRecall &&
    (figures['night.lit.recall'] ?? 0) >= targets.dockRecall &&
    (figures['night.dark.falsePerEmptyFrame'] ?? 1) <= targets.emptyFalsePerFrame &&
    (figures['night.lit.falsePerEmptyFrame'] ?? 1) <= targets.emptyFalsePerFrame
  return { pass, figures }
}

async function open(folder: string): Promise<Opened> {
  const loaded = await loadModel(async (file) => new Uint8Array(await readFile(join(folder, file))))
  if (!loaded.ok) throw new Error(loaded.error.message)
  const { manifest, weights } = loaded.value
  if (manifest.task !== 'detection') throw new Error(`${folder} holds no detector`)
  const { scoreFloor, classFloors } = manifest.output
  // Average precision asks for the doubtful ones too; the floors that count come back in `floorOf`.
  const open = { ...manifest, output: { ...manifest.output, scoreFloor: lowestFloor, classFloors: {} } }
  const detector = await Detector.open(
    { manifest: open, weights },
    { clock: systemClock, backends: ortBackends(), preference: 'wasm' },
  )
  if (!detector.ok) throw new Error(detector.error.message)
  return { detector: detector.value, floorOf: (name) => classFloors[name] ?? scoreFloor, classes: manifest.classes }
}

const truthOf = (frame: LabelledFrame): Truth[] =>
  frame.boxes.map((box) => ({ ...box, ignore: isIgnored(box) }))

async function judgeAll(
  model: Opened,
  frames: Iterable<LabelledFrame>,
  into: ScoredFrame[],
  timing: { ms: number; frames: number },
): Promise<void> {
  for (const frame of frames) {
    const picture = { width: frame.width, height: frame.height, rgba: frame.rgba.slice().buffer }
    const startedMs = systemClock.monotonicMs()
    const found = await model.detector.detect(picture)
    timing.ms += systemClock.monotonicMs() - startedMs
    timing.frames++
    into.push({
      truth: truthOf(frame),
      found: found.map(({ className, score, box }) => ({ className, score, ...box })),
    })
  }
}

function summarise(
  figures: Record<string, number | string>,
  name: string,
  frames: readonly ScoredFrame[],
  model: Opened,
): void {
  const aps = model.classes.flatMap((className) => averagePrecision(frames, className) ?? [])
  figures[`${name}.ap50`] = round(aps.reduce((sum, ap) => sum + ap, 0) / Math.max(1, aps.length))
  const person = countsAt(frames, 'person', model.floorOf('person'), tall)
  figures[`${name}.personRecall16`] = round(person.recall)
  figures[`${name}.personPrecision16`] = round(person.precision)
  figures[`${name}.persons16`] = person.wanted
}

const round = (x: number) => Math.round(x * 1000) / 1000

/** 02:00, once by infrared and once with the zone's lamps: one person walks between 6 and 25 m, then nobody does. */
async function nightWatch(
  model: Opened,
  site: SiteCameras,
  cameraId: string,
  zone: string,
  seed: number,
): Promise<Record<string, number>> {
  const entry = site.cameras.find(({ pose }) => pose.id === cameraId)
  if (!entry) return {}
  const figures: Record<string, number> = {}
  for (const [name, level] of [
    ['dark', 0],
    ['lit', 1],
  ] as const) {
    // biome-ignore format: two cases
    const random = createRandom(seed).fork(`night ${name}`)
    const walked: ScoredFrame[] = []
    const empty: ScoredFrame[] = []
    const timing = { ms: 0, frames: 0 }
    const calm: SimWorldMessage = {
      at: 0,
      sun: [0.2, 0.5, -0.84],
      cloud: 0.2,
      rainMmPerH: 0,
      actors: [],
      openings: {},
      lights: { [zone]: level },
      fires: [],
    }
    for (let walk = 0; walk < 10; walk++) {
      const look = random.integer(1_000_000, 2_000_000)
      const [a, b] = [placeAt(entry.pose, random), placeAt(entry.pose, random)]
      for (let k = 0; k < 8; k++) {
        const t = k / 7
        const stranger: WorldActor = {
          id: 'stranger',
          kind: 'person',
          at: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, 0],
          headingDeg: (Math.atan2(b[0] - a[0], b[1] - a[1]) * 180) / Math.PI,
          speedMps: 1.3,
          phase: k * 1.1,
          look,
        }
        const at = seed * 1000 + walk * 100 + k
        entry.camera.setTuning({})
        await judgeAll(model, [entry.camera.renderLabelled({ ...calm, at, actors: [stranger] })], walked, timing)
        await judgeAll(model, [entry.camera.renderLabelled({ ...calm, at: at + 50 })], empty, timing)
      }
    }
    const floor = model.floorOf('person')
    figures[`night.${name}.recall`] = round(countsAt(walked, 'person', floor).recall)
    figures[`night.${name}.precision`] = round(countsAt(walked, 'person', floor).precision)
    const wrong = empty.reduce(
      (sum, frame) => sum + frame.found.filter((box) => box.score >= model.floorOf(box.className)).length,
      0,
    )
    figures[`night.${name}.falsePerEmptyFrame`] = round(wrong / empty.length)
  }
  return figures
}

/** A point on the ground 6…25 m before the camera. */
function placeAt(
  pose: SiteCameras['cameras'][number]['pose'],
  random: ReturnType<typeof createRandom>,
): readonly [number, number] {
  const model = cameraModel(pose)
  const range = random.between(6, 25)
  const ray = worldFromImage(model, random.between(0.12, 0.88) * model.widthPx, model.heightPx * 0.97)
  if (!ray) return [pose.at[0], pose.at[1]]
  const [dx, dy] = [ray.eastM - pose.at[0], ray.northM - pose.at[1]]
  const length = Math.hypot(dx, dy)
  return [pose.at[0] + (dx / length) * range, pose.at[1] + (dy / length) * range]
}
