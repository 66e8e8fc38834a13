/**
 * ByteTrack (Zhang et al. 2022): every detection counts. Sure ones are matched first, the doubtful ones then extend
 * what is already followed but never start anything. Pure: state and detections in, state out; no clock, no frame rate.
 */
import type { BoxInImage, Detection, Track } from '../contract/perception.ts'
import { assign, forbidden } from './assignment.ts'
import { type BoxMotion, boxOfMotion, centreSigmaPx, correctMotion, predictMotion, startMotion } from './box-motion.ts'

export interface TrackerSettings {
  /** Detections at or above take part in the first matching; below, only in the second. */
  readonly highScore: number
  /** What starts a new track. */
  readonly newScore: number
  readonly confirmHits: number
  /** A track is forgotten after this long unseen *and* `lostFrames` looks, so that a sparse stream keeps it too. */
  readonly lostAfterMs: number
  readonly lostFrames: number
}

export const defaultTracker: TrackerSettings = {
  highScore: 0.5,
  newScore: 0.55,
  confirmHits: 3,
  lostAfterMs: 2500,
  lostFrames: 4,
}

interface TrackState {
  readonly serial: number
  readonly motion: BoxMotion
  /** Summed score per class name; the heaviest names the track. */
  readonly votes: ReadonlyMap<string, number>
  readonly score: number
  readonly hits: number
  readonly misses: number
  readonly confirmed: boolean
  readonly firstSeenMs: number
  readonly lastSeenMs: number
}

export interface TrackerState {
  readonly tracks: readonly TrackState[]
  readonly nextSerial: number
  readonly atMs: number
}

export const emptyTracker: TrackerState = { tracks: [], nextSerial: 1, atMs: Number.NaN }

/** Longest step the motion model is trusted for; after a longer gap positions are what was last seen. */
const longestStepS = 3

/** Classes that a detector may mistake for one another keep one track. */
const families: Readonly<Record<string, string>> = { car: 'vehicle', truck: 'vehicle', forklift: 'vehicle' }
const family = (className: string): string => families[className] ?? className

export function advanceTracks(
  state: TrackerState,
  detections: readonly Detection[],
  atMs: number,
  settings: TrackerSettings = defaultTracker,
): TrackerState {
  const stepS = Math.min(longestStepS, Math.max(0, (atMs - state.atMs) / 1000 || 0))
  const predicted = state.tracks.map((track) => ({ ...track, motion: predictMotion(track.motion, stepS) }))
  const sure = detections.filter(({ score }) => score >= settings.highScore)
  const doubtful = detections.filter(({ score }) => score < settings.highScore)
  const known = predicted.filter(({ confirmed }) => confirmed)
  const young = predicted.filter(({ confirmed }) => !confirmed)

  const first = match(known, sure, 0.85)
  const second = match(
    first.tracksLeft.filter(({ misses }) => misses === 0),
    doubtful,
    0.6,
  )
  const third = match(young, first.detectionsLeft, 0.8)

  const seen = [...first.pairs, ...second.pairs, ...third.pairs]
  const matched = new Set(seen.map(([track]) => track))
  const tracks: TrackState[] = seen.map(([track, detection]) => hit(track, detection, atMs, settings))
  for (const track of predicted) {
    if (matched.has(track)) continue
    const missed = { ...track, misses: track.misses + 1 }
    if (isKept(missed, atMs, settings)) tracks.push(missed)
  }
  let nextSerial = state.nextSerial
  for (const detection of third.detectionsLeft)
    if (detection.score >= settings.newScore) tracks.push(start(detection, nextSerial++, atMs, settings))
  return { tracks: tracks.sort((a, b) => a.serial - b.serial), nextSerial, atMs }
}

/** Confirmed tracks that were seen in the newest look, or are only just out of sight. */
export function visibleTracks(state: TrackerState, cameraId: string): Track[] {
  return state.tracks
    .filter(({ confirmed, misses }) => confirmed && misses <= 1)
    .map((track) => ({
      id: `${cameraId}:${track.serial}`,
      cameraId,
      className: heaviest(track.votes),
      score: track.score,
      box: boxOfMotion(track.motion),
      firstSeenMs: track.firstSeenMs,
      lastSeenMs: track.lastSeenMs,
    }))
}

interface Matching {
  readonly pairs: readonly (readonly [TrackState, Detection])[]
  readonly tracksLeft: readonly TrackState[]
  readonly detectionsLeft: readonly Detection[]
}

function match(tracks: readonly TrackState[], detections: readonly Detection[], costLimit: number): Matching {
  const boxes = tracks.map(({ motion }) => ({
    box: boxOfMotion(motion),
    slack: Math.min(2 * centreSigmaPx(motion), 60),
  }))
  const cost = (row: number, column: number): number => {
    const track = tracks[row] as TrackState
    const detection = detections[column] as Detection
    const { box, slack } = boxes[row] as (typeof boxes)[number]
    const name = heaviest(track.votes)
    if (family(name) !== family(detection.className)) return forbidden
    const dissimilarity = 1 - bufferedIou(box, detection.box, slack) + (name === detection.className ? 0 : 0.1)
    return dissimilarity < costLimit ? dissimilarity : forbidden
  }
  const columns = assign(tracks.length, detections.length, cost)
  const pairs: [TrackState, Detection][] = []
  const taken = new Set<number>()
  for (const [row, column] of columns.entries()) {
    if (column < 0) continue
    taken.add(column)
    pairs.push([tracks[row] as TrackState, detections[column] as Detection])
  }
  return {
    pairs,
    tracksLeft: tracks.filter((_, row) => (columns[row] ?? -1) < 0),
    detectionsLeft: detections.filter((_, column) => !taken.has(column)),
  }
}

/**
 * Intersection over union of boxes widened by what the filter does not know: small far figures at few frames a second
 * hardly overlap themselves from one look to the next (C-BIoU, Yang et al. 2023, with the buffer from the covariance).
 */
function bufferedIou(a: BoxInImage, b: BoxInImage, slackPx: number): number {
  const pad = Math.min(slackPx, 0.5 * Math.max(a.width, a.height, 6))
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + 2 * pad
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + 2 * pad
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  const area = (box: BoxInImage): number => (box.width + 2 * pad) * (box.height + 2 * pad)
  return shared / (area(a) + area(b) - shared)
}

function hit(track: TrackState, detection: Detection, atMs: number, settings: TrackerSettings): TrackState {
  const hits = track.hits + 1
  const votes = new Map(track.votes)
  // Old votes fade, so that a change of mind about the class comes through within some ten looks.
  for (const [name, weight] of votes) votes.set(name, weight * 0.9)
  votes.set(detection.className, (votes.get(detection.className) ?? 0) + detection.score)
  return {
    ...track,
    motion: correctMotion(track.motion, detection.box),
    votes,
    score: 0.6 * track.score + 0.4 * detection.score,
    hits,
    misses: 0,
    confirmed: track.confirmed || hits >= settings.confirmHits,
    lastSeenMs: atMs,
  }
}

function start(detection: Detection, serial: number, atMs: number, settings: TrackerSettings): TrackState {
  return {
    serial,
    motion: startMotion(detection.box),
    votes: new Map([[detection.className, detection.score]]),
    score: detection.score,
    hits: 1,
    misses: 0,
    confirmed: settings.confirmHits <= 1,
    firstSeenMs: atMs,
    lastSeenMs: atMs,
  }
}

function isKept(track: TrackState, atMs: number, settings: TrackerSettings): boolean {
  if (!track.confirmed) return track.misses <= 1
  return track.misses < settings.lostFrames || atMs - track.lastSeenMs < settings.lostAfterMs
}

function heaviest(votes: ReadonlyMap<string, number>): string {
  let best = ''
  let most = Number.NEGATIVE_INFINITY
  for (const [name, weight] of votes) {
    if (weight > most) {
      best = name
      most = weight
    }
  }
  return best
}
