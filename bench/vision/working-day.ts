/**
 * A piece of a working day before some cameras. Every picture is inferred once; what the gated pipeline would not have
 * looked at does not reach its tracker or its bill. Time is the day's own: nothing is told how fast it is computed.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CameraFrame } from '../../src/contract/camera.ts'
import type { Track, TrackUpdate } from '../../src/contract/perception.ts'
import type { Distractor, SimWorldMessage } from '../../src/contract/sim-world.ts'
import { defaultZoneWatch, ZoneWatch } from '../../src/decide/zone-watch.ts'
import { CameraWatch } from '../../src/infer/camera-watch.ts'
import type { Detector } from '../../src/infer/detector.ts'
import { type CameraPlace, cameraPlace, placeTracks } from '../../src/infer/track-placement.ts'
import type { LabelledBox } from '../../src/sim/camera/label-boxes.ts'
import { createStage, createVirtualCamera, type VirtualCamera } from '../../src/sim/camera/virtual-camera.ts'
import { createPark } from '../../src/sim/park.ts'
import { parseSite } from '../../src/site/load.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'
import { Refusal } from '../refusal.ts'
import { eventToleranceMs, type TimedEvent } from './day-scores.ts'

/** Of the virtual cameras: eight pictures a second. */
export const stepMs = 125
const stepsPerMinute = 60_000 / stepMs
const cacheMinutes = 15

/** Comings and goings are told sooner than in the product, so that ten minutes hold enough of them to count. */
const briskWatch = { ...defaultZoneWatch, leaveMs: 3000, leaveFrames: 3 }

/** Two more eyes on the campus, so that six cameras look. */
const moreCameras: readonly (Partial<Camera> & Pick<Camera, 'id' | 'at' | 'headingDeg' | 'pitchDeg'>)[] = [
  { id: 'cam-canteen', at: [-20, 46, 6], headingDeg: 150, pitchDeg: -22 },
  { id: 'cam-yard', at: [96, -6, 7], headingDeg: 350, pitchDeg: -20 },
]

export interface DayOptions {
  readonly site: string
  readonly minutes: number
  readonly hour: number
  readonly seed: number
}

export interface Looks {
  readonly cameraId: string
  readonly frames: number
  readonly looked: number
}

export interface DayPart {
  readonly alwaysMs: number
  readonly gatedMs: number
  readonly looks: readonly Looks[]
  readonly events: Readonly<Record<Who, readonly TimedEvent[]>>
  /** After a collection, at the end of each minute. */
  readonly heapMb: readonly number[]
  readonly engineMb: readonly number[]
  /** Site time at which the piece ends; events go on being told a little longer. */
  readonly endMs: number
}

type Who = 'truth' | 'always' | 'gated'

export interface Eye {
  readonly camera: Camera
  readonly place: CameraPlace
  readonly view: VirtualCamera
  readonly always: CameraWatch
  readonly gated: CameraWatch
}

export function loadSite(file: string): SiteFile {
  const parsed = parseSite(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.ok) throw new Refusal(`${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}

export function camerasOf(site: SiteFile): Camera[] {
  const [first] = site.cameras
  const more = site.id === 'campus' && first ? moreCameras.map((extra) => ({ ...first, zones: [], ...extra })) : []
  return [...site.cameras, ...more]
}

export function openEyes(site: SiteFile, cameras: readonly Camera[]): Eye[] {
  const stage = createStage(site)
  return cameras.map((camera) => {
    const place = cameraPlace(camera, site.zones)
    const [always, gated] = [new CameraWatch(), new CameraWatch()]
    always.place = place
    gated.place = place
    return { camera, place, view: createVirtualCamera({ site, camera, stage, seed: 1 }), always, gated }
  })
}

export const frameOf = (eye: Eye, rgba: Uint8ClampedArray, frameId: number, atMs: number): CameraFrame => ({
  cameraId: eye.camera.id,
  frameId,
  capturedAtMs: atMs,
  width: eye.view.width,
  height: eye.view.height,
  rgba: rgba.slice().buffer as ArrayBuffer,
})

/** The cameras at `shares` of all that look; `minuteOver` hears how far it is. */
export async function runDay(
  options: DayOptions,
  cameraIds: readonly string[],
  model: Detector,
  engineMb: () => number,
  minuteOver: (minute: number) => void,
): Promise<DayPart> {
  const site = loadSite(options.site)
  const startMs = dayStart(site, options.hour)
  const park = createPark({ site, seed: options.seed, startMs, pastDays: 1 })
  const eyes = openEyes(
    site,
    camerasOf(site).filter(({ id }) => cameraIds.includes(id)),
  )
  fillCaches(
    eyes,
    createPark({ site, seed: options.seed, startMs: dayStart(site, options.hour - cacheMinutes / 60), pastDays: 1 }),
  )
  const watches = {
    truth: new ZoneWatch(site, briskWatch),
    always: new ZoneWatch(site, briskWatch),
    gated: new ZoneWatch(site, briskWatch),
  }
  const events: Record<Who, TimedEvent[]> = { truth: [], always: [], gated: [] }
  const tell = (who: Who, update: TrackUpdate) => {
    for (const { type, cameraId, zone, atMs } of watches[who].observe(update))
      if (type !== 'dwell') events[who].push({ key: `${type} ${cameraId} ${zone}`, atMs })
  }
  const looked = new Map(eyes.map(({ camera }) => [camera.id, 0]))
  const [heapMb, engineMbs]: [number[], number[]] = [[], []]
  let [alwaysMs, gatedMs] = [0, 0]
  const { sureScore } = model.manifest.output
  const steps = Math.round(options.minutes * stepsPerMinute)
  // What becomes true at the very end may be told within the tolerance.
  for (let step = 0; step < steps + eventToleranceMs / stepMs; step++) {
    park.step(stepMs)
    const world = park.world()
    const nowMs = step * stepMs
    for (const eye of eyes) {
      const picture = eye.view.renderLabelled(world)
      const frame = frameOf(eye, picture.rgba, step, world.at)
      const begunMs = performance.now()
      const found = await model.detect(frame)
      const tookMs = step < steps ? performance.now() - begunMs : 0
      tell('truth', trueTracks(eye, picture.boxes, world, nowMs))
      alwaysMs += tookMs
      eye.always.wants(frame, nowMs)
      tell('always', eye.always.track(frame, found, sureScore, nowMs))
      if (eye.gated.wants(frame, nowMs) === undefined) continue
      gatedMs += tookMs
      if (step < steps) looked.set(eye.camera.id, (looked.get(eye.camera.id) ?? 0) + 1)
      tell('gated', eye.gated.track(frame, found, sureScore, nowMs))
    }
    if ((step + 1) % stepsPerMinute !== 0 || step >= steps) continue
    heapMb.push(await heapAfterCollection())
    engineMbs.push(engineMb())
    minuteOver((step + 1) / stepsPerMinute)
  }
  const looks = [...looked].map(([cameraId, count]) => ({ cameraId, frames: steps, looked: count }))
  return { alwaysMs, gatedMs, looks, events, heapMb, engineMb: engineMbs, endMs: startMs + options.minutes * 60_000 }
}

/** Virtual cameras keep a bounded number of figures that they have drawn; else the day's memory would show them come. */
function fillCaches(eyes: readonly Eye[], park: ReturnType<typeof createPark>): void {
  for (let step = 0; step < cacheMinutes * stepsPerMinute; step++) {
    park.step(stepMs)
    if (step % 4 !== 0) continue
    const world = park.world()
    for (const eye of eyes) eye.view.render(world)
  }
  // Once where the light passes over the ground, which needs to be known for that: it may happen at any time of the day.
  const shade: Distractor = {
    kind: 'cloudShade',
    at: [0, 0, 0],
    headingDeg: 0,
    sizeM: 10,
    strength: 0.5,
    phase: 0,
    look: 0,
  }
  for (const eye of eyes) eye.view.render({ ...park.world(), sun: [0.3, 0, 0.95], cloud: 0, distractors: [shade] })
}

/** Everybody who can be made out, as tracks without any error. */
function trueTracks(
  eye: Eye,
  boxes: readonly LabelledBox[],
  world: SimWorldMessage,
  sinceStartMs: number,
): TrackUpdate {
  const cameraId = eye.camera.id
  const tracks = boxes.flatMap((box): Track[] => {
    if (box.actorId === undefined || box.visible < 0.5 || box.height < 16) return []
    const seen = { firstSeenMs: world.at - sinceStartMs, lastSeenMs: world.at }
    return [{ id: `${cameraId}:${box.actorId}`, cameraId, className: box.className, score: 1, box, ...seen }]
  })
  const { width, height } = eye.view
  return { cameraId, capturedAtMs: world.at, tracks: placeTracks(tracks, eye.place, { width, height }) }
}

/** Of this thread. Pictures are freed beside the collection that finds them unused: the second one is through with them. */
async function heapAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  for (let turn = 0; turn < 2; turn++) {
    if (typeof collect === 'function') collect()
    await new Promise((swept) => setImmediate(swept))
  }
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 1e5) / 10
}

/** Tuesday 16 June 2026 at a local hour. */
export const dayStart = (site: SiteFile, hour: number) =>
  Date.UTC(2026, 5, 16) + hour * 3_600_000 - site.geo.utcOffsetMinutes * 60_000
