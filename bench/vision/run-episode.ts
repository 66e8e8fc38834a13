/** A clip through the real pipeline: pixels → motion gate → detector → tracker → placement → events. */
import type { Detection } from '../../src/contract/perception.ts'
import { FireWatch } from '../../src/decide/fire-watch.ts'
import { personSignal } from '../../src/decide/video-evidence.ts'
import { ZoneEvents } from '../../src/decide/zone-events/zone-events.ts'
import { defaultZoneWatch, ZoneWatch } from '../../src/decide/zone-watch.ts'
import { CameraWatch } from '../../src/infer/camera-watch.ts'
import type { Detector } from '../../src/infer/detector.ts'
import { cameraPlace } from '../../src/infer/track-placement.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { LabelledBox } from '../../src/sim/camera/label-boxes.ts'
import { iou } from '../detector-scores.ts'
import type { Episode } from './episode.ts'
import { type EventType, leaveAfterS, stageZone, type TruthEvent } from './scripts.ts'

export interface SaidEvent {
  readonly type: EventType
  readonly atS: number
}

/** How far a track's place is from where the thing truly stood, and how far from the camera that was. */
export type PlaceError = readonly [className: string, rangeM: number, errorM: number, sigmaM: number]

export interface EpisodeResult {
  readonly kind: string
  readonly place: string
  readonly mood: string
  readonly durationS: number
  readonly truth: readonly TruthEvent[]
  readonly neutral: readonly EventType[]
  readonly said: readonly SaidEvent[]
  readonly places: readonly PlaceError[]
  readonly frames: number
  readonly looks: number
  readonly engineMs: number
}

export type Trace = (
  timeS: number,
  found: readonly Detection[],
  boxes: readonly LabelledBox[],
  said: readonly SaidEvent[],
) => void

export async function runEpisode(episode: Episode, detector: Detector, trace?: Trace): Promise<EpisodeResult> {
  const { site, pose, script, camera } = episode
  const watch = new CameraWatch()
  watch.place = cameraPlace(pose, site.zones)
  const people = new ZoneWatch(site)
  const goings = new ZoneWatch(site, { ...defaultZoneWatch, leaveMs: leaveAfterS * 1000, leaveFrames: 3 })
  const fires = new FireWatch({ site })
  const rules = new ZoneEvents({ site })
  const said: SaidEvent[] = []
  const places: PlaceError[] = []
  const burning = new Set<string>()
  let [looks, engineMs] = [0, 0]
  const frames = Math.floor(script.durationS * pose.fps)
  for (let frameId = 0; frameId < frames; frameId++) {
    const timeS = frameId / pose.fps
    const world = episode.worldAt(timeS)
    const picture = camera.renderLabelled(world)
    const { width, height } = picture
    const rgba = picture.rgba.slice().buffer
    const frame = { cameraId: pose.id, frameId, capturedAtMs: world.at, width, height, rgba }
    if (!watch.wants(frame, timeS * 1000)) continue
    const startedMs = systemClock.monotonicMs()
    const found = await detector.detect(frame)
    engineMs += systemClock.monotonicMs() - startedMs
    looks++
    const update = watch.track(frame, found, detector.manifest.output.sureScore, timeS * 1000)
    const now: SaidEvent[] = []
    for (const event of people.observe(update))
      if (event.type === 'enter' && personSignal(site, event)) now.push({ type: 'intrusion', atS: timeS })
    for (const { type, zone } of script.tellsLeaving ? goings.observe(update) : [])
      if (type === 'leave' && zone === stageZone) now.push({ type, atS: timeS })
    for (const event of rules.observe(update)) if (event.phase === 'began') now.push({ type: event.type, atS: timeS })
    const seen = { ...frame, detections: found, engine: 'wasm' as const, inferenceMs: 0 }
    for (const { evidence } of fires.observeFrame(seen)) {
      const type = evidence.kind === 'fireSeen' ? 'fire' : 'smoke'
      if (!burning.has(type)) now.push({ type, atS: timeS })
      burning.add(type)
    }
    said.push(...now)
    places.push(...placeErrors(update.tracks, picture.boxes, world, pose.at))
    trace?.(timeS, found, picture.boxes, now)
  }
  const { kind, place, mood } = episode
  const { durationS, truth, neutral } = script
  return { kind, place, mood, durationS, truth, neutral, said, places, frames, looks, engineMs }
}

function placeErrors(
  tracks: ReturnType<CameraWatch['track']>['tracks'],
  boxes: readonly LabelledBox[],
  world: ReturnType<Episode['worldAt']>,
  from: readonly [number, number, number],
): PlaceError[] {
  return tracks.flatMap((track): PlaceError[] => {
    if (!track.world || Math.abs(track.lastSeenMs - world.at) > 1) return []
    const best = boxes
      .filter((box) => box.actorId !== undefined && box.className === track.className)
      .map((box) => ({ box, overlap: iou(box, track.box) }))
      .sort((a, b) => b.overlap - a.overlap)[0]
    const actor = best && best.overlap >= 0.3 ? world.actors.find(({ id }) => id === best.box.actorId) : undefined
    if (!actor) return []
    const errorM = Math.hypot(track.world.eastM - actor.at[0], track.world.northM - actor.at[1])
    const rangeM = Math.hypot(actor.at[0] - from[0], actor.at[1] - from[1], actor.at[2] - from[2])
    const round = (x: number) => Math.round(x * 100) / 100
    return [[track.className, round(rangeM), round(errorM), round(track.world.sigmaM)]]
  })
}
