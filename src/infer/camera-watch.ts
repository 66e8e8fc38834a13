/** All that is remembered of one camera: where it moved, when it was looked at, its tracks, its place. */
import type { CameraFrame } from '../contract/camera.ts'
import type { BoxInImage, Detection, StandingThing, Track, TrackUpdate } from '../contract/perception.ts'
import { type Findings, LookPlanner, type LookReason } from './look-planner.ts'
import { type Motion, MotionSense } from './motion-sense.ts'
import { closeRegion, type Size } from './region-look.ts'
import { StandingThings } from './standing-things.ts'
import { type CameraPlace, followOnGround, type GroundPaths } from './track-placement.ts'
import { advanceTracks, defaultTracker, emptyTracker, type TrackerState, visibleTracks } from './tracker.ts'

/** A track is young, and looked at closely, for so long. */
const youngMs = 1500
/** What was followed this long before or after a picture may be in it. */
const followedMs = 2000
/** A clock that is set right, or a guess at a frame's age, steps back by less; by more, it is another time. */
const stepBackMs = 2000
/** So slowly told times run until a clock that was set back has caught up: every step is right but for a fifth. */
const catchUpShare = 0.8
/** Parts are looked at for no longer without a look at the whole picture. */
const wholePeriodMs = 500

export class CameraWatch {
  #sense = new MotionSense()
  #planner = new LookPlanner()
  #motion: Motion = { cellPx: 1, columns: 0, rows: 0, moved: [] }
  #tracker: TrackerState = emptyTracker
  readonly #standing = new StandingThings()
  #paths: GroundPaths = new Map()
  /** Boxes found and followed in the last look. */
  #known: readonly BoxInImage[] = []
  #wholeAtMs = Number.NEGATIVE_INFINITY
  /** The newest frame's own time, and when it was looked at. */
  #seen = { atMs: Number.NaN, monotonicMs: Number.NaN }
  #place: CameraPlace | undefined

  get place(): CameraPlace | undefined {
    return this.#place
  }

  /** Ways on the ground that were seen with another pose are not this one's. */
  set place(place: CameraPlace | undefined) {
    this.#place = place
    this.#paths = new Map()
    this.#standing.reset()
  }

  /** Why this frame is worth a look; undefined when it is not. */
  wants(frame: CameraFrame, monotonicMs: number): LookReason | undefined {
    this.#motion = this.#sense.compare(frame)
    return this.#planner.plan(this.#motion, monotonicMs)
  }

  /**
   * The part of the frame last asked about that tells as much as all of it, and closer. Undefined: look at all of it,
   * as every `wholePeriodMs` at least, so that what never moved is seen too.
   */
  part(frame: CameraFrame, input: Size, monotonicMs: number): BoxInImage | undefined {
    if (monotonicMs - this.#wholeAtMs >= wholePeriodMs) return undefined
    return closeRegion(this.#motion, this.#known, frame, input)
  }

  /** What was found in the frame last asked about, in all of it or in `part`. Told times do not go back a little. */
  track(
    seen: CameraFrame,
    detections: readonly Detection[],
    sureScore: number,
    monotonicMs: number,
    part?: BoxInImage,
  ): TrackUpdate {
    if (!part) this.#wholeAtMs = monotonicMs
    // A source that restarted its clock: positions in time that has not happened yet would never be forgotten.
    if (this.#tracker.atMs - seen.capturedAtMs > stepBackMs) this.reset()
    const frame = { ...seen, capturedAtMs: this.#toldAtMs(seen.capturedAtMs, monotonicMs) }
    this.#tracker = advanceTracks(this.#tracker, detections, frame.capturedAtMs, {
      ...defaultTracker,
      sureScore,
    })
    const tracks = visibleTracks(this.#tracker, frame.cameraId)
    this.#known = [...detections, ...tracks].map(({ box }) => box)
    this.#sense.keep()
    this.#planner.looked(this.#motion, findingsOf(frame.capturedAtMs, detections, tracks, sureScore), monotonicMs)
    const { cameraId, capturedAtMs } = frame
    const things = this.#things(frame, detections, tracks, sureScore)
    return { cameraId, capturedAtMs, tracks: this.#placed(tracks, frame), ...(things.length > 0 && { things }) }
  }

  /** Told times do not stand still either: whoever walks on meanwhile would seem to leap. */
  #toldAtMs(seenAtMs: number, monotonicMs: number): number {
    const last = this.#seen
    this.#seen = { atMs: seenAtMs, monotonicMs }
    const stepMs = seenAtMs >= last.atMs ? seenAtMs - last.atMs : monotonicMs - last.monotonicMs
    return Math.max(seenAtMs, this.#tracker.atMs + catchUpShare * stepMs || seenAtMs)
  }

  /** Where a camera's place is unknown, so is the size of what it sees. */
  #things(
    frame: CameraFrame,
    detections: readonly Detection[],
    tracks: readonly Track[],
    sureScore: number,
  ): readonly StandingThing[] {
    if (!this.#place) return []
    const sure = detections.filter(({ score }) => score >= sureScore).map(({ box }) => box)
    return this.#standing.look(frame.cameraId, frame, tracks, sure, this.#place, frame.capturedAtMs)
  }

  #placed(tracks: readonly Track[], frame: CameraFrame): readonly Track[] {
    if (!this.#place) return tracks
    const followed = followOnGround(this.#paths, tracks, this.#place, frame, frame.capturedAtMs)
    this.#paths = followed.paths
    return followed.tracks
  }

  /** What is followed about the time `atMs`; tracks have no class number. */
  followed(atMs: number): Detection[] {
    if (!(Math.abs(atMs - this.#tracker.atMs) <= followedMs)) return []
    return visibleTracks(this.#tracker, '').map(({ className, score, box }) => ({ classId: -1, className, score, box }))
  }

  /** Serial numbers go on, so that a track's id stays unique for the session. */
  reset(): void {
    this.#sense = new MotionSense()
    this.#planner = new LookPlanner()
    this.#paths = new Map()
    this.#standing.reset()
    this.#known = []
    this.#wholeAtMs = Number.NEGATIVE_INFINITY
    this.#tracker = { ...emptyTracker, nextSerial: this.#tracker.nextSerial }
  }
}

function findingsOf(
  atMs: number,
  detections: readonly Detection[],
  tracks: readonly Track[],
  sureScore: number,
): Findings {
  const boxes = tracks.map(({ box }) => box)
  const known = (x: number, y: number) =>
    boxes.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
  const beginning = detections.some(
    ({ score, box }) => score >= sureScore && !known(box.x + box.width / 2, box.y + box.height / 2),
  )
  return {
    detections: detections.map(({ box }) => box),
    tracks: boxes,
    unsettled: beginning || tracks.some((track) => atMs - track.firstSeenMs < youngMs || track.lastSeenMs < atMs),
  }
}
