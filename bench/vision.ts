/**
 * `npm run bench -- vision`: what the pipeline adds to a bare run of the model, and what looking only where something is
 * new saves on a working day, at what cost in events. Memory over the day.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CameraFrame } from '../src/contract/camera.ts'
import type { Detection, Track, TrackUpdate } from '../src/contract/perception.ts'
import type { SimWorldMessage } from '../src/contract/sim-world.ts'
import { defaultZoneWatch, ZoneWatch } from '../src/decide/zone-watch.ts'
import { CameraWatch } from '../src/infer/camera-watch.ts'
import { Detector } from '../src/infer/detector.ts'
import { loadModel } from '../src/infer/model-manifest.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { type CameraPlace, cameraPlace, placeTracks } from '../src/infer/track-placement.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { LabelledBox } from '../src/sim/camera/label-boxes.ts'
import { createStage, createVirtualCamera, type VirtualCamera } from '../src/sim/camera/virtual-camera.ts'
import { createPark } from '../src/sim/park.ts'
import { parseSite } from '../src/site/load.ts'
import type { Camera, SiteFile } from '../src/site/schema.ts'
import { flagValue } from './model-card.ts'
import { percentile } from './statistics.ts'

const help = `bench vision
  --model DIR     folder of the model (models/detector)
  --site FILE     site whose cameras look (public/sites/campus.site.json)
  --minutes N     length of the working day's piece (10)
  --hour H        local hour at which it begins (9.5)
  --rounds N      pairs of runs for the overhead (300)
  --seed N        of the simulated day (11)
`

const targets = { overBare: 1.15, savedShare: 0.7, f1Loss: 0.01 }
const stepMs = 125
/** An event of the pipeline and one of the truth are the same within this. */
const eventToleranceMs = 4000

/** Comings and goings are told sooner than in the product, so that ten minutes hold enough of them to count. */
const briskWatch = { ...defaultZoneWatch, leaveMs: 3000, leaveFrames: 3 }

/** Two more eyes on the campus, so that six cameras look. */
const moreCameras: readonly (Partial<Camera> & Pick<Camera, 'id' | 'at' | 'headingDeg' | 'pitchDeg'>)[] = [
  { id: 'cam-canteen', at: [-20, 46, 6], headingDeg: 150, pitchDeg: -22 },
  { id: 'cam-yard', at: [96, -6, 7], headingDeg: 350, pitchDeg: -20 },
]

interface Eye {
  readonly camera: Camera
  readonly place: CameraPlace
  readonly view: VirtualCamera
  readonly always: CameraWatch
  readonly gated: CameraWatch
}

type Figures = { readonly pass: boolean } & Record<string, unknown>

export async function benchVision(args: string[]): Promise<Figures> {
  if (args.includes('--help')) {
    process.stderr.write(help)
    return { pass: true }
  }
  const flag = (name: string, otherwise: string) => flagValue(args, name) ?? otherwise
  const parsed = parseSite(JSON.parse(readFileSync(flag('site', 'public/sites/campus.site.json'), 'utf8')))
  if (!parsed.ok) throw new Error(`${parsed.error.path}: ${parsed.error.message}`)
  const model = await loadDetector(flag('model', 'models/detector'))
  const cost = await overBare(parsed.value, model, Number(flag('rounds', '300')))
  process.stderr.write(`overhead: ${JSON.stringify(cost)}\n`)
  const day = await workingDay(parsed.value, model, {
    minutes: Number(flag('minutes', '10')),
    hour: Number(flag('hour', '9.5')),
    seed: Number(flag('seed', '11')),
  })
  await model.dispose()
  const pass =
    cost.overBare <= targets.overBare &&
    day.savedShare >= targets.savedShare &&
    day.alwaysF1 - day.gatedF1 <= targets.f1Loss &&
    day.heapGrowthMb < 8
  return { pass, ...cost, ...day }
}

async function loadDetector(folder: string): Promise<Detector> {
  const loaded = await loadModel(async (file) => new Uint8Array(readFileSync(join(folder, file))))
  if (!loaded.ok) throw new Error(loaded.error.message)
  const opened = await Detector.open(loaded.value, { clock: systemClock, backends: ortBackends(), preference: 'wasm' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

function openEyes(site: SiteFile): Eye[] {
  const stage = createStage(site)
  const first = site.cameras[0]
  const more = site.id === 'campus' && first ? moreCameras.map((extra) => ({ ...first, zones: [], ...extra })) : []
  return [...site.cameras, ...more].map((camera) => {
    const place = cameraPlace(camera, site.zones)
    const [always, gated] = [new CameraWatch(), new CameraWatch()]
    always.place = place
    gated.place = place
    return { camera, place, view: createVirtualCamera({ site, camera, stage, seed: 1 }), always, gated }
  })
}

const frameOf = (eye: Eye, picture: { rgba: Uint8ClampedArray }, frameId: number, atMs: number): CameraFrame => ({
  cameraId: eye.camera.id,
  frameId,
  capturedAtMs: atMs,
  width: eye.view.width,
  height: eye.view.height,
  rgba: picture.rgba.slice().buffer,
})

/** Frame in → placed tracks out, and a bare run of the same session on the same tensor, in turn. */
async function overBare(site: SiteFile, model: Detector, rounds: number) {
  const park = createPark({ site, seed: 3, startMs: dayStart(site, 10), pastDays: 1 })
  const eye = openEyes(site)[0]
  if (!eye) throw new Error('the site has no camera')
  const { input, output } = model.manifest
  const tensor = new Float32Array(input.shape.reduce((size, n) => size * n, 1)).fill(0.5)
  const feeds = { [input.name]: { data: tensor, dims: input.shape } }
  const [pipelineMs, bareMs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    park.step(stepMs)
    const frame = frameOf(eye, eye.view.render(park.world()), round, park.nowMs())
    const startMs = performance.now()
    eye.always.wants(frame, startMs)
    const found = await model.detect(frame)
    eye.always.track(frame, found, output.sureScore, startMs)
    const middleMs = performance.now()
    await model.engine.run(feeds)
    const endMs = performance.now()
    if (round < rounds / 10) continue
    pipelineMs.push(middleMs - startMs)
    bareMs.push(endMs - middleMs)
  }
  const [pipeline, bare] = [percentile(pipelineMs, 50), percentile(bareMs, 50)]
  return {
    overBare: round3(pipeline / bare),
    pipelineMs: round3(pipeline),
    bareMs: round3(bare),
    engine: model.engine.kind,
  }
}

interface DayOptions {
  readonly minutes: number
  readonly hour: number
  readonly seed: number
}

/** Every picture is inferred once; what the gated pipeline would not have looked at does not reach its tracker or its bill. */
async function workingDay(site: SiteFile, model: Detector, options: DayOptions) {
  const park = createPark({ site, seed: options.seed, startMs: dayStart(site, options.hour), pastDays: 1 })
  const eyes = openEyes(site)
  const watches = {
    truth: new ZoneWatch(site, briskWatch),
    always: new ZoneWatch(site, briskWatch),
    gated: new ZoneWatch(site, briskWatch),
  }
  const events: Record<keyof typeof watches, Seen[]> = { truth: [], always: [], gated: [] }
  const tell = (who: keyof typeof watches, update: TrackUpdate) => {
    for (const event of watches[who].observe(update))
      if (event.type !== 'dwell')
        events[who].push({ key: `${event.type} ${event.cameraId} ${event.zone}`, atMs: event.atMs })
  }
  const bill = { always: 0, gated: 0 }
  const looks = new Map<string, { frames: number; looked: number }>()
  const heapMb: number[] = []
  const steps = Math.round((options.minutes * 60_000) / stepMs)
  for (let step = 0; step < steps; step++) {
    park.step(stepMs)
    const world = park.world()
    for (const eye of eyes) {
      const picture = eye.view.renderLabelled(world)
      const frame = frameOf(eye, picture, step, world.at)
      const startMs = performance.now()
      const found = await model.detect(frame)
      const tookMs = performance.now() - startMs
      bill.always += tookMs
      tell('truth', trueTracks(eye, picture.boxes, world, step))
      eye.always.wants(frame, step * stepMs)
      tell('always', eye.always.track(frame, found, model.manifest.output.sureScore, step * stepMs))
      if (account(looks, eye, eye.gated.wants(frame, step * stepMs) !== undefined)) {
        bill.gated += tookMs
        tell('gated', trackOf(eye, frame, found, model, step))
      }
    }
    if (step % 480 === 479) {
      heapMb.push(heapAfterCollection())
      process.stderr.write(
        `minute ${Math.round((step * stepMs) / 60_000)}: saved ${share(bill)} heap ${heapMb.at(-1)} MB\n`,
      )
    }
  }
  const [always, gated] = [score(events.truth, events.always), score(events.truth, events.gated)]
  return {
    cameras: eyes.length,
    minutes: options.minutes,
    savedShare: share(bill),
    perCamera: Object.fromEntries([...looks].map(([id, { frames, looked }]) => [id, round3(looked / frames)])),
    events: events.truth.length,
    alwaysF1: always,
    gatedF1: gated,
    gatedAgainstAlways: score(events.always, events.gated),
    heapGrowthMb: round3((heapMb.at(-1) ?? 0) - (heapMb[Math.min(1, heapMb.length - 1)] ?? 0)),
  }
}

const share = (bill: { always: number; gated: number }) => round3(1 - bill.gated / bill.always)

function account(looks: Map<string, { frames: number; looked: number }>, eye: Eye, looked: boolean): boolean {
  const tally = looks.get(eye.camera.id) ?? { frames: 0, looked: 0 }
  looks.set(eye.camera.id, { frames: tally.frames + 1, looked: tally.looked + (looked ? 1 : 0) })
  return looked
}

function trackOf(
  eye: Eye,
  frame: CameraFrame,
  found: readonly Detection[],
  model: Detector,
  step: number,
): TrackUpdate {
  return eye.gated.track(frame, found, model.manifest.output.sureScore, step * stepMs)
}

/** Everybody who can be made out, as tracks without any error. */
function trueTracks(eye: Eye, boxes: readonly LabelledBox[], world: SimWorldMessage, step: number): TrackUpdate {
  const tracks = boxes.flatMap((box): Track[] =>
    box.actorId === undefined || box.visible < 0.5 || box.height < 16
      ? []
      : [
          {
            id: `${eye.camera.id}:${box.actorId}`,
            cameraId: eye.camera.id,
            className: box.className,
            score: 1,
            box,
            firstSeenMs: world.at - step * stepMs,
            lastSeenMs: world.at,
          },
        ],
  )
  const { width, height } = eye.view
  return { cameraId: eye.camera.id, capturedAtMs: world.at, tracks: placeTracks(tracks, eye.place, { width, height }) }
}

interface Seen {
  readonly key: string
  readonly atMs: number
}

/** F1 of two lists of events, each matched once with the nearest of its kind. */
function score(truth: readonly Seen[], found: readonly Seen[]): number {
  const left = [...found]
  let hits = 0
  for (const { key, atMs } of truth) {
    let best = -1
    for (const [i, event] of left.entries()) {
      if (event.key !== key || Math.abs(event.atMs - atMs) > eventToleranceMs) continue
      if (best < 0 || Math.abs(event.atMs - atMs) < Math.abs((left[best] as Seen).atMs - atMs)) best = i
    }
    if (best < 0) continue
    left.splice(best, 1)
    hits++
  }
  return truth.length + found.length === 0 ? 1 : round3((2 * hits) / (truth.length + found.length))
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 100_000) / 10
}

/** Tuesday 16 June 2026 at a local hour. */
const dayStart = (site: SiteFile, hour: number) =>
  Date.UTC(2026, 5, 16) + hour * 3_600_000 - site.geo.utcOffsetMinutes * 60_000

const round3 = (x: number) => Math.round(x * 1000) / 1000
