/** All that is remembered of one camera: its motion gate, its tracks, its place. */
import type { CameraFrame } from '../contract/camera.ts'
import type { Detection, TrackUpdate } from '../contract/perception.ts'
import { MotionGate } from './motion-gate.ts'
import { type CameraPlace, placeTracks } from './track-placement.ts'
import { advanceTracks, defaultTracker, emptyTracker, type TrackerState, visibleTracks } from './tracker.ts'

export class CameraWatch {
  #gate = new MotionGate()
  #tracker: TrackerState = emptyTracker
  place: CameraPlace | undefined

  /** Whether this frame is worth a look. */
  wants(frame: CameraFrame, monotonicMs: number): boolean {
    return this.#gate.look(frame, monotonicMs)
  }

  track(frame: CameraFrame, detections: readonly Detection[], sureScore: number): TrackUpdate {
    // A source that restarted its clock: positions in time that has not happened yet would never be forgotten.
    if (frame.capturedAtMs < this.#tracker.atMs) this.reset()
    this.#tracker = advanceTracks(this.#tracker, detections, frame.capturedAtMs, {
      ...defaultTracker,
      highScore: sureScore,
      newScore: sureScore,
    })
    const tracks = visibleTracks(this.#tracker, frame.cameraId)
    return {
      cameraId: frame.cameraId,
      capturedAtMs: frame.capturedAtMs,
      tracks: this.place ? placeTracks(tracks, this.place, frame) : tracks,
    }
  }

  /** Serial numbers go on, so that a track's id stays unique for the session. */
  reset(): void {
    this.#gate = new MotionGate()
    this.#tracker = { ...emptyTracker, nextSerial: this.#tracker.nextSerial }
  }
}
