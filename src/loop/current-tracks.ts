import type { Track, TrackUpdate } from '../contract/perception.ts'
import type { Clock } from '../platform/clock.ts'

/** A camera that looked last this long ago (wall time) says nothing of now. */
const forgetAfterMs = 10_000

/** What all cameras see now, by their last word each. */
export class CurrentTracks {
  readonly #clock: Clock
  readonly #byCamera = new Map<string, { readonly tracks: readonly Track[]; readonly heardMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  update({ cameraId, tracks }: TrackUpdate): void {
    this.#byCamera.set(cameraId, { tracks, heardMs: this.#clock.monotonicMs() })
  }

  list(): Track[] {
    const nowMs = this.#clock.monotonicMs()
    const current: Track[] = []
    for (const [camera, { tracks, heardMs }] of this.#byCamera) {
      if (nowMs - heardMs > forgetAfterMs) this.#byCamera.delete(camera)
      else current.push(...tracks)
    }
    return current
  }

  clear(): void {
    this.#byCamera.clear()
  }
}
