/**
 * Somebody or something followed on the ground through one camera. A track that broke off is taken up by the one that
 * begins near its end, so that a stay or a stop goes on.
 */
import type { GroundPlace, Track, TrackUpdate } from '../../contract/perception.ts'
import { CameraSilence, type Look } from '../camera-silence.ts'

export interface Spot {
  readonly atMs: number
  readonly eastM: number
  readonly northM: number
}

export interface Followed {
  /** Stays when a broken track is taken up under a new name. */
  readonly serial: number
  trackId: string
  /** The camera that saw it first. */
  readonly cameraId: string
  /** When each camera saw it last; several may see one thing, under one name. */
  readonly seenBy: Map<string, number>
  className: string
  place: GroundPlace
  sinceMs: number
  lastSeenMs: number
  looks: number
  scoreSum: number
  /** Where it was, newest last, over the last seconds. */
  path: Spot[]
  /** Where it has been standing, and since when. */
  stillAt: Spot
  /** Bicycles and forklifts: when a person was last close; −∞ if never. */
  attendedMs: number
  /** By zone: since when inside; missing while outside or never decided. */
  readonly insideSinceMs: Map<string, number>
  /** By line: the side that was last certain, and where. */
  readonly sideOf: Map<string, { readonly side: -1 | 1; readonly at: Spot }>
}

const pathMs = 8000
const mostSpots = 64
/** A track unseen for so long is gone from sight; what stood still is remembered longer. */
const goneMs = 3000
const movingMemoryMs = 4000
const standingMemoryMs = 90_000
/** Where a camera looks rarely, who was missed in one look may come with the next. */
const memoryLooks = 2.5
/** Whoever comes beyond these is not followed; those who are must not be forgotten for it, or nobody would be for long. */
const mostFollowed = 3000
const stillAfterMs = 2500

const vehicles = new Set(['car', 'truck', 'forklift'])
const familyOf = (className: string) => (vehicles.has(className) ? 'vehicle' : className)

export const sigmaOf = (followed: Followed): number => followed.place.sigmaM
export const scoreOf = (followed: Followed): number => followed.scoreSum / Math.max(1, followed.looks)
export const isVehicle = ({ className }: Followed): boolean => vehicles.has(className)
export const stillMsAt = (followed: Followed, atMs: number): number => atMs - followed.stillAt.atMs

export class FollowedTracks {
  readonly #byTrack = new Map<string, Followed>()
  readonly #silence = new CameraSilence()
  #serial = 0

  /** Takes in one look of a camera; returns those seen in it. */
  observe({ cameraId, capturedAtMs, tracks }: TrackUpdate): Followed[] {
    const look = this.#silence.look(cameraId, capturedAtMs)
    if (look.wasSilent) this.#breakOff(cameraId)
    const seen: Followed[] = []
    const present = new Set(tracks.map(({ id }) => id))
    for (const track of tracks) {
      const { world, lastSeenMs } = track
      // A track that coasts through a miss is a guess, not a sighting.
      if (!world || Math.abs(lastSeenMs - capturedAtMs) > 1) continue
      const followed = this.#byTrack.get(track.id) ?? this.#takeUp(track, world, look, present)
      this.#see(followed, track, world, capturedAtMs)
      seen.push(followed)
    }
    this.#forget(look)
    return seen
  }

  /** Those of a camera that are in sight or only just lost. */
  inSight(cameraId: string, atMs: number): Followed[] {
    return [...this.#byTrack.values()].filter(
      (one) => atMs - (one.seenBy.get(cameraId) ?? Number.NEGATIVE_INFINITY) <= goneMs,
    )
  }

  /** Whom any camera sees or has only just lost. */
  about(atMs: number): Followed[] {
    return [...this.#byTrack.values()].filter((one) => Math.abs(atMs - one.lastSeenMs) <= goneMs)
  }

  clear(): void {
    this.#byTrack.clear()
    this.#silence.clear()
  }

  #see(followed: Followed, track: Track, world: GroundPlace, atMs: number): void {
    followed.className = track.className
    followed.place = world
    followed.seenBy.set(track.cameraId, atMs)
    // Cameras look at slightly different times; what one says late is no step back.
    followed.lastSeenMs = Math.max(followed.lastSeenMs, atMs)
    followed.looks++
    followed.scoreSum += track.score
    const { eastM, northM, sigmaM } = world
    const spot = { atMs, eastM, northM }
    followed.path = [...followed.path.filter((old) => atMs - old.atMs <= pathMs), spot].slice(-mostSpots)
    const slackM = Math.min(2.5, Math.max(0.8, 1.5 * sigmaM))
    if (Math.hypot(eastM - followed.stillAt.eastM, northM - followed.stillAt.northM) > slackM) followed.stillAt = spot
  }

  #takeUp(track: Track, world: GroundPlace, look: Look, present: ReadonlySet<string>): Followed {
    const { atMs } = look
    const before = this.#heir(track, world, look, present)
    if (before) {
      this.#byTrack.delete(before.trackId)
      before.trackId = track.id
      this.#byTrack.set(track.id, before)
      return before
    }
    const spot = { atMs, eastM: world.eastM, northM: world.northM }
    const fresh: Followed = {
      serial: this.#serial++,
      trackId: track.id,
      cameraId: track.cameraId,
      seenBy: new Map(),
      className: track.className,
      place: world,
      sinceMs: atMs,
      lastSeenMs: atMs,
      looks: 0,
      scoreSum: 0,
      path: [],
      stillAt: spot,
      attendedMs: Number.NEGATIVE_INFINITY,
      insideSinceMs: new Map(),
      sideOf: new Map(),
    }
    if (this.#byTrack.size < mostFollowed) this.#byTrack.set(track.id, fresh)
    return fresh
  }

  /** The nearest of its family that is lost where this one could have come from. */
  #heir(track: Track, world: GroundPlace, look: Look, present: ReadonlySet<string>): Followed | undefined {
    let best: Followed | undefined
    let nearestM = Number.POSITIVE_INFINITY
    for (const one of this.#byTrack.values()) {
      // Lost means: lost by this camera, and not meanwhile seen by another.
      if (one.seenBy.get(track.cameraId) !== one.lastSeenMs || present.has(one.trackId)) continue
      if (familyOf(one.className) !== familyOf(track.className)) continue
      const gapMs = look.atMs - one.lastSeenMs
      if (gapMs < 0 || gapMs > memoryMs(one, look)) continue
      const gapS = gapMs / 1000
      const { eastMps = 0, northMps = 0 } = one.place.velocity ?? {}
      const onS = Math.min(gapS, 2)
      const awayM = Math.hypot(
        one.place.eastM + eastMps * onS - world.eastM,
        one.place.northM + northMps * onS - world.northM,
      )
      const reachM = hasStood(one) ? Math.max(1.5, 2 * world.sigmaM) : Math.max(1.5, 2 * world.sigmaM) + 0.8 * gapS
      if (awayM <= Math.min(reachM, 5) && awayM < nearestM) {
        best = one
        nearestM = awayM
      }
    }
    return best
  }

  /** Nobody can say that somebody stayed meanwhile, though their track goes on. */
  #breakOff(cameraId: string): void {
    for (const [id, one] of this.#byTrack) {
      one.seenBy.delete(cameraId)
      if (one.seenBy.size === 0) this.#byTrack.delete(id)
    }
  }

  #forget(look: Look): void {
    const { cameraId, atMs } = look
    for (const [id, one] of this.#byTrack) {
      const mineMs = one.seenBy.get(cameraId)
      if (mineMs === undefined) continue
      // A camera whose own clock went back starts anew.
      if (atMs - mineMs > memoryMs(one, look) || atMs < mineMs) one.seenBy.delete(cameraId)
      if (one.seenBy.size === 0) this.#byTrack.delete(id)
    }
  }
}

const hasStood = (one: Followed) => one.lastSeenMs - one.stillAt.atMs >= stillAfterMs
const memoryMs = (one: Followed, { usualGapMs }: Look) =>
  Math.max(hasStood(one) ? standingMemoryMs : movingMemoryMs, memoryLooks * usualGapMs)
