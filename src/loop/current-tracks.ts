import type { Track, TrackUpdate } from '../contract/perception.ts'
import { type CrossCameraState, namedTogether, nothingSeen, seeTogether, thingsSeen } from '../infer/cross-camera.ts'
import type { Clock } from '../platform/clock.ts'

/** A camera that looked last this long ago (wall time) says nothing of now. */
const forgetAfterMs = 10_000

interface LastWord {
  readonly update: TrackUpdate
  readonly heardMs: number
}

/** What all cameras see now, by their last word each; one thing is one track, however many of them see it. */
export class CurrentTracks {
  readonly #clock: Clock
  readonly #byCamera = new Map<string, LastWord>()
  #together: CrossCameraState = nothingSeen

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns the update with the names and places that the cameras agree on. */
  update(update: TrackUpdate): TrackUpdate {
    this.#together = seeTogether(this.#together, update)
    const named = namedTogether(this.#together, update)
    this.#byCamera.set(update.cameraId, { update: named, heardMs: this.#clock.monotonicMs() })
    return named
  }

  /** Each thing once, in the order of the cameras that see it. */
  list(): Track[] {
    const placed = new Map(thingsSeen(this.#together).map((thing) => [thing.id, thing]))
    const listed = new Map<string, Track>()
    for (const track of this.inPictures())
      if (!listed.has(track.id)) listed.set(track.id, placed.get(track.id) ?? track)
    return [...listed.values()]
  }

  /** Each camera's own boxes, under the names that all agree on. */
  inPictures(): Track[] {
    const nowMs = this.#clock.monotonicMs()
    const current: Track[] = []
    for (const [camera, { update, heardMs }] of this.#byCamera) {
      if (nowMs - heardMs > forgetAfterMs) this.#byCamera.delete(camera)
      else current.push(...update.tracks)
    }
    return current
  }

  clear(): void {
    this.#byCamera.clear()
    this.#together = nothingSeen
  }
}
