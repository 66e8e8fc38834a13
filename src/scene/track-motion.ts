import type { Track } from '../contract/perception.ts'

/** A found person or vehicle as drawn: eased between sightings, turned along its way. */
export interface Mover {
  readonly track: Track
  readonly eastM: number
  readonly northM: number
  /** Standard deviations of the place: along its worst direction, which lies `worstDeg` clockwise of north, and across. */
  readonly sigmaM: number
  readonly acrossSigmaM: number
  readonly worstDeg: number
  readonly headingDeg: number
  /** 1 just seen … 0 long not seen. */
  readonly freshness: number
}

const easeMs = 220
const fadeFromMs = 1500
const goneAfterMs = 8000
/** Slower than this, heading is noise. */
const movingM = 0.25

interface Known {
  track: Track
  eastM: number
  northM: number
  headingDeg: number
  anchor: readonly [number, number]
}

/** Eases tracks between slow updates. Pure but for its memory of last positions. */
export class TrackMotion {
  readonly #known = new Map<string, Known>()

  setTracks(tracks: readonly Track[]): void {
    const present = new Set<string>()
    for (const track of tracks) {
      if (!track.world) continue
      present.add(track.id)
      const known = this.#known.get(track.id)
      if (known) known.track = track
      else
        this.#known.set(track.id, {
          track,
          eastM: track.world.eastM,
          northM: track.world.northM,
          headingDeg: 0,
          anchor: [track.world.eastM, track.world.northM],
        })
    }
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id)
  }

  /** Moves everybody on by `dtMs`; returns true while somebody is still on the way. */
  step(dtMs: number): boolean {
    const share = 1 - Math.exp(-dtMs / easeMs)
    let moving = false
    for (const known of this.#known.values()) {
      const goal = known.track.world
      if (!goal) continue
      const [dx, dy] = [goal.eastM - known.eastM, goal.northM - known.northM]
      known.eastM += dx * share
      known.northM += dy * share
      if (Math.hypot(dx, dy) > 0.02) moving = true
      const [ax, ay] = [known.eastM - known.anchor[0], known.northM - known.anchor[1]]
      if (Math.hypot(ax, ay) > movingM) {
        known.headingDeg = (Math.atan2(ax, ay) * 180) / Math.PI
        known.anchor = [known.eastM, known.northM]
      }
    }
    return moving
  }

  movers(siteNowMs: number): Mover[] {
    const shown: Mover[] = []
    for (const { track, eastM, northM, headingDeg } of this.#known.values()) {
      const age = siteNowMs - track.lastSeenMs
      const freshness = Math.max(0, Math.min(1, 1 - (age - fadeFromMs) / (goneAfterMs - fadeFromMs)))
      if (freshness > 0) shown.push({ track, eastM, northM, headingDeg, freshness, ...spreadOf(track) })
    }
    return shown
  }
}

/** Axes of the ellipse that a covariance is. */
function spreadOf({ world }: Track): Pick<Mover, 'sigmaM' | 'acrossSigmaM' | 'worstDeg'> {
  const sigmaM = world?.sigmaM ?? 1
  if (!world?.covariance) return { sigmaM, acrossSigmaM: sigmaM, worstDeg: 0 }
  const { eeM2, nnM2, enM2 } = world.covariance
  const least = (eeM2 + nnM2) / 2 - Math.hypot((eeM2 - nnM2) / 2, enM2)
  const worstDeg = (Math.atan2(2 * enM2, nnM2 - eeM2) * 90) / Math.PI
  return { sigmaM, acrossSigmaM: Math.min(sigmaM, Math.sqrt(Math.max(0, least))), worstDeg }
}
