/** Who is in which zone, from tracks, with hysteresis: nobody enters by one frame or leaves by a missed one. */
import type { Track, TrackUpdate } from '../contract/perception.ts'
import { pointInPolygon } from '../site/geometry.ts'
import type { SiteFile } from '../site/schema.ts'
import { CameraSilence } from './camera-silence.ts'
import { isInside } from './zone-events/border.ts'

export interface ZoneEvent {
  readonly type: 'enter' | 'dwell' | 'leave'
  readonly zone: string
  readonly cameraId: string
  readonly trackId: string
  readonly atMs: number
  /** When the person was first seen here. */
  readonly sinceMs: number
  /** Mean detector score so far. */
  readonly score: number
  readonly frames: number
}

export interface ZoneWatchSettings {
  readonly enterFrames: number
  readonly enterMs: number
  /** Gone when unseen for so long and over so many frames of the camera that saw them. */
  readonly leaveMs: number
  readonly leaveFrames: number
  /** A stay is told again at most this often. */
  readonly dwellEveryMs: number
  /** A gap longer than this before entering was confirmed starts the count anew. */
  readonly forgetMs: number
}

export const defaultZoneWatch: ZoneWatchSettings = {
  enterFrames: 4,
  enterMs: 1000,
  leaveMs: 20_000,
  leaveFrames: 6,
  dwellEveryMs: 1000,
  forgetMs: 5000,
}

interface Stay {
  readonly zone: string
  readonly cameraId: string
  trackId: string
  sinceMs: number
  lastSeenMs: number
  frames: number
  missedFrames: number
  scoreSum: number
  present: boolean
  toldAtMs: number
}

const watchedClasses = new Set(['person', 'bicycle'])

export class ZoneWatch {
  readonly #site: SiteFile
  readonly #settings: ZoneWatchSettings
  /** By camera and zone: bounded by what cameras can see. */
  readonly #stays = new Map<string, Stay>()
  readonly #lastFrameMs = new Map<string, number>()
  readonly #silence = new CameraSilence()

  constructor(site: SiteFile, settings: ZoneWatchSettings = defaultZoneWatch) {
    this.#site = site
    this.#settings = settings
  }

  observe(update: TrackUpdate): ZoneEvent[] {
    const { cameraId, capturedAtMs: atMs } = update
    const events = this.#silence.breaks(cameraId, atMs) ? this.#endAll(cameraId, atMs) : []
    this.#lastFrameMs.set(cameraId, atMs)
    const seen = new Map<string, Track>()
    const doubtful = new Set<string>()
    for (const track of update.tracks) {
      // A track that coasts through a miss is a guess, not a sighting.
      if (!watchedClasses.has(track.className) || Math.abs(track.lastSeenMs - atMs) > 1) continue
      const zone = this.#zoneOf(track)
      if (zone === undefined) continue
      const stays = this.#stays.get(`${cameraId}/${zone}`)?.present === true
      // Too near the border to say who is not yet known to be inside.
      if (!stays && this.#straddles(zone, track)) doubtful.add(zone)
      else if ((seen.get(zone)?.score ?? 0) < track.score) seen.set(zone, track)
    }
    for (const [zone, track] of seen) events.push(...this.#sighted(zone, track, atMs))
    for (const stay of this.#stays.values())
      if (stay.cameraId === cameraId && !seen.has(stay.zone) && !doubtful.has(stay.zone))
        events.push(...this.#missed(stay, atMs))
    return events
  }

  /** Whether somebody is in the zone, as far as cameras tell that saw them at `sinceMs` or later. */
  isOccupied(zone: string, sinceMs: number): boolean {
    return [...this.#stays.values()].some((stay) => stay.zone === zone && stay.present && stay.lastSeenMs >= sinceMs)
  }

  /** Site time of the newest frame of a camera; undefined if it never gave one. */
  lastFrameMs(cameraId: string): number | undefined {
    return this.#lastFrameMs.get(cameraId)
  }

  /** After a jump of the site's clock nothing seen before tells of now. */
  clear(): void {
    this.#stays.clear()
    this.#lastFrameMs.clear()
    this.#silence.clear()
  }

  #endAll(cameraId: string, atMs: number): ZoneEvent[] {
    const mine = [...this.#stays.values()].filter((stay) => stay.cameraId === cameraId)
    for (const stay of mine) this.#stays.delete(`${cameraId}/${stay.zone}`)
    return mine.filter(({ present }) => present).map((stay) => eventOf(stay, 'leave', atMs))
  }

  #straddles(zoneId: string, { world }: Track): boolean {
    const zone = this.#site.zones.find(({ id }) => id === zoneId)
    return !!world && !!zone && isInside(world, zone.polygon) !== true
  }

  #zoneOf(track: Track): string | undefined {
    if (track.zoneId !== undefined || !track.world) return track.zoneId
    const { eastM, northM } = track.world
    return this.#site.zones.find((zone) => zone.floorM < 1 && pointInPolygon(eastM, northM, zone.polygon))?.id
  }

  #sighted(zone: string, track: Track, atMs: number): ZoneEvent[] {
    const key = `${track.cameraId}/${zone}`
    const known = this.#stays.get(key)
    const stale = known && !known.present && atMs - known.lastSeenMs > this.#settings.forgetMs && known.missedFrames > 2
    const stay: Stay = known && !stale ? known : newStay(zone, track, atMs)
    this.#stays.set(key, stay)
    stay.trackId = track.id
    stay.lastSeenMs = atMs
    stay.missedFrames = 0
    stay.frames++
    stay.scoreSum += track.score
    const entered = !stay.present && stay.frames >= this.#settings.enterFrames
    if (entered && atMs - stay.sinceMs >= this.#settings.enterMs) {
      stay.present = true
      stay.toldAtMs = atMs
      return [eventOf(stay, 'enter', atMs)]
    }
    if (!stay.present || atMs - stay.toldAtMs < this.#settings.dwellEveryMs) return []
    stay.toldAtMs = atMs
    return [eventOf(stay, 'dwell', atMs)]
  }

  #missed(stay: Stay, atMs: number): ZoneEvent[] {
    stay.missedFrames++
    if (atMs - stay.lastSeenMs < this.#settings.leaveMs || stay.missedFrames < this.#settings.leaveFrames) return []
    this.#stays.delete(`${stay.cameraId}/${stay.zone}`)
    return stay.present ? [eventOf(stay, 'leave', atMs)] : []
  }
}

function newStay(zone: string, { cameraId, id }: Track, atMs: number): Stay {
  return {
    zone,
    cameraId,
    trackId: id,
    sinceMs: atMs,
    lastSeenMs: atMs,
    frames: 0,
    missedFrames: 0,
    scoreSum: 0,
    present: false,
    toldAtMs: atMs,
  }
}

function eventOf(stay: Stay, type: ZoneEvent['type'], atMs: number): ZoneEvent {
  const { zone, cameraId, trackId, sinceMs, frames } = stay
  return { type, zone, cameraId, trackId, atMs, sinceMs, score: stay.scoreSum / Math.max(1, frames), frames }
}
