/**
 * One person or vehicle, however many cameras see it. Tracks of different cameras are joined where place and velocity
 * agree within what each camera knows (Mahalanobis; the pairing is optimal), and stay joined until they disagree for
 * several looks. What leaves one picture and soon enters another keeps its name. Pure: state and an update in, state out.
 */
import type { GroundPlace, Track, TrackUpdate } from '../contract/perception.ts'
import { assign, forbidden } from './assignment.ts'
import { disagreement, type PlaceAt, placesJoined } from './place-agreement.ts'
import { classFamily } from './tracker-match.ts'

interface Sighting {
  readonly track: Track
  readonly atMs: number
  readonly looks: number
  /** Looks in a row at which it did not fit the other cameras' sightings. */
  readonly misfits: number
}

interface Thing {
  /** The id of the track by which it was first seen. */
  readonly id: string
  readonly firstSeenMs: number
  /** By camera; the newest of each. */
  readonly sightings: ReadonlyMap<string, Sighting>
}

export interface CrossCameraState {
  readonly things: readonly Thing[]
}

export const nothingSeen: CrossCameraState = { things: [] }

/** A sighting this old (site time) no longer tells where the thing is while another camera sees it. */
const freshMs = 1200
/** Unseen by all cameras for longer, a thing is gone, and what comes next is another. */
const handoverMs = 4000
/** A freshly joined sighting parts after few looks that do not fit, a proven one after more. */
const misfitLimit = { fresh: 2, proven: 8, provenLooks: 10 }
/** Scores as of `disagreement`: joins below, and a joined one misfits above. */
const limits = { join: 11, misfit: 18 }
/** More than this are not joined: they go by the names that their cameras give them. */
const thingLimit = 2000

/** Takes in one look of one camera. */
export function seeTogether(state: CrossCameraState, update: TrackUpdate): CrossCameraState {
  const { cameraId, capturedAtMs: atMs, tracks } = update
  const remembered = state.things.flatMap((thing) => forgotten(thing, atMs))
  const present = new Map(tracks.filter(({ world }) => world).map((track) => [track.id, track]))
  const things: Thing[] = []
  for (const thing of remembered) {
    const mine = thing.sightings.get(cameraId)
    const track = mine && present.get(mine.track.id)
    if (!mine || !track) {
      things.push(thing)
      continue
    }
    const followed = follow(thing, mine, track, atMs)
    // Parted tracks look for another thing below, like new ones.
    if (followed) present.delete(track.id)
    things.push(followed ?? without(thing, cameraId))
  }
  const open = things.filter(({ sightings }) => sightings.size > 0)
  return { things: joinNew(open, [...present.values()], update).slice(0, thingLimit) }
}

/** One track per thing, placed by all cameras that see it now. */
export function thingsSeen(state: CrossCameraState): Track[] {
  return state.things.map((thing) => {
    const newestMs = Math.max(...[...thing.sightings.values()].map(({ atMs }) => atMs))
    const fresh = [...thing.sightings.values()].filter(({ atMs }) => newestMs - atMs <= freshMs)
    return asOne(thing, fresh, newestMs)
  })
}

/** The update with the names and places that all cameras agree on, so that whoever counts counts nobody twice. */
export function namedTogether(state: CrossCameraState, update: TrackUpdate): TrackUpdate {
  const byTrack = new Map<string, Thing>()
  for (const thing of state.things) {
    const mine = thing.sightings.get(update.cameraId)
    if (mine?.atMs === update.capturedAtMs) byTrack.set(mine.track.id, thing)
  }
  const tracks = update.tracks.map((track) => {
    const thing = byTrack.get(track.id)
    if (!thing) return track
    const fresh = [...thing.sightings.values()].filter(({ atMs }) => update.capturedAtMs - atMs <= freshMs)
    const { world, sightings } = asOne(thing, fresh, update.capturedAtMs)
    return { ...track, id: thing.id, ...(world && { world }), ...(sightings !== undefined && { sightings }) }
  })
  return { ...update, tracks }
}

/** Drops sightings that are too old; the thing with its last one. */
function forgotten(thing: Thing, atMs: number): Thing[] {
  const isOld = (sighting: Sighting) => Math.abs(atMs - sighting.atMs) > handoverMs
  if (![...thing.sightings.values()].some(isOld)) return [thing]
  const sightings = new Map([...thing.sightings].filter(([, sighting]) => !isOld(sighting)))
  return sightings.size > 0 ? [{ ...thing, sightings }] : []
}

function without(thing: Thing, cameraId: string): Thing {
  return { ...thing, sightings: new Map([...thing.sightings].filter(([id]) => id !== cameraId)) }
}

/** The known track at its new place; undefined when it no longer belongs here. */
function follow(thing: Thing, mine: Sighting, track: Track, atMs: number): Thing | undefined {
  const others = freshOthers(thing, track.cameraId, atMs)
  const joined = placesJoined(others, atMs)
  const world = track.world as GroundPlace
  const misfit = joined !== undefined && disagreement(joined, { place: world, atMs }) > limits.misfit
  const misfits = misfit ? mine.misfits + 1 : 0
  const proven = mine.looks >= misfitLimit.provenLooks
  if (misfits >= (proven ? misfitLimit.proven : misfitLimit.fresh)) return undefined
  const sightings = new Map(thing.sightings).set(track.cameraId, { track, atMs, looks: mine.looks + 1, misfits })
  return { ...thing, sightings }
}

/** Tracks that belong to nothing yet find the thing they continue or double, or become one. */
function joinNew(things: readonly Thing[], tracks: readonly Track[], update: TrackUpdate): Thing[] {
  const { cameraId, capturedAtMs: atMs } = update
  const stillHere = new Set(update.tracks.map(({ id }) => id))
  // A camera sees a thing once: those that it sees already are taken.
  const free = things.filter(({ sightings }) => {
    const mine = sightings.get(cameraId)
    return !mine || !stillHere.has(mine.track.id)
  })
  const known =
    tracks.length === 0
      ? []
      : free.map((thing) => ({
          family: classFamily(classOf(thing)),
          joined: placesJoined(placesOf([...thing.sightings.values()], atMs), atMs),
        }))
  const columns = assign(tracks.length, known.length, (row, column) => {
    const track = tracks[row] as Track
    const { family, joined } = known[column] as (typeof known)[number]
    if (!joined || family !== classFamily(track.className)) return forbidden
    const apart = disagreement(joined, { place: track.world as GroundPlace, atMs })
    return apart <= limits.join ? apart : forbidden
  })
  const seen = new Map<Thing, Track>()
  const fresh: Thing[] = []
  for (const [row, track] of tracks.entries()) {
    const thing = free[columns[row] ?? -1]
    if (thing) seen.set(thing, track)
    else fresh.push(startThing(things, track, atMs))
  }
  const joined = things.map((thing) => {
    const track = seen.get(thing)
    if (!track) return thing
    return { ...thing, sightings: new Map(thing.sightings).set(cameraId, { track, atMs, looks: 1, misfits: 0 }) }
  })
  return [...joined, ...fresh]
}

/** Named after its track, unless a thing that it parted from still bears that name. */
function startThing(things: readonly Thing[], track: Track, atMs: number): Thing {
  const taken = new Set(things.map(({ id }) => id))
  let id = track.id
  for (let n = 2; taken.has(id); n++) id = `${track.id}.${n}`
  return {
    id,
    firstSeenMs: track.firstSeenMs,
    sightings: new Map([[track.cameraId, { track, atMs, looks: 1, misfits: 0 }]]),
  }
}

function freshOthers(thing: Thing, cameraId: string, atMs: number): PlaceAt[] {
  return placesOf(
    [...thing.sightings.values()].filter(({ track }) => track.cameraId !== cameraId),
    atMs,
  ).filter((place) => Math.abs(atMs - place.atMs) <= freshMs)
}

function placesOf(sightings: readonly Sighting[], atMs: number): PlaceAt[] {
  const places = sightings.flatMap(({ track: { world }, atMs: seenMs }) =>
    world ? [{ place: world, atMs: seenMs }] : [],
  )
  const fresh = places.filter((place) => Math.abs(atMs - place.atMs) <= freshMs)
  return fresh.length > 0 ? fresh : places
}

function asOne(thing: Thing, sightings: readonly Sighting[], atMs: number): Track {
  const best = sightings.reduce((a, b) => ((b.track.world?.sigmaM ?? 0) < (a.track.world?.sigmaM ?? 0) ? b : a))
  const place = sightings.length > 1 ? placesJoined(placesOf(sightings, atMs), atMs)?.place : best.track.world
  return {
    ...best.track,
    id: thing.id,
    className: classOf(thing),
    score: Math.max(...sightings.map(({ track }) => track.score)),
    firstSeenMs: thing.firstSeenMs,
    lastSeenMs: Math.max(...sightings.map(({ track }) => track.lastSeenMs)),
    ...(place && { world: place }),
    ...(sightings.length > 1 && { sightings: sightings.length }),
  }
}

/** What most cameras say, the surer ones louder. */
function classOf(thing: Thing): string {
  const votes = new Map<string, number>()
  for (const { track } of thing.sightings.values())
    votes.set(track.className, (votes.get(track.className) ?? 0) + track.score)
  return [...votes].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
