import type { CameraLooks, InferenceStatistics, TaskRates } from './inference.ts'
import type { LookReason } from './look-planner.ts'
import type { ModelTask } from './model-manifest.ts'

interface Tally {
  total: number
  recent: number
  recentMs: number
}

interface CameraTally {
  looks: number
  saved: number
  delayMs: number
  reason: LookReason | undefined
}

/** Counts runs per task and looks per camera, and turns them into rates once a beat. */
export class InferenceMeter {
  readonly #tallies: Record<ModelTask, Tally> = {
    detection: { total: 0, recent: 0, recentMs: 0 },
    forecast: { total: 0, recent: 0, recentMs: 0 },
    environment: { total: 0, recent: 0, recentMs: 0 },
  }

  readonly #cameras = new Map<string, CameraTally>()

  count(task: ModelTask, ms: number): void {
    const tally = this.#tallies[task]
    tally.total++
    tally.recent++
    tally.recentMs += ms
  }

  /** `delayMs` is the time from the frame's arrival to its tracks. */
  look(cameraId: string, reason: LookReason, delayMs: number): void {
    const tally = this.#cameraOf(cameraId)
    tally.looks++
    tally.delayMs += delayMs
    tally.reason = reason
  }

  save(cameraId: string): void {
    const tally = this.#cameraOf(cameraId)
    tally.saved++
    tally.reason = undefined
  }

  /** Call before `beat`, which starts the tasks' count anew. */
  busyShare(elapsedMs: number): number {
    const busyMs = Object.values(this.#tallies).reduce((sum, tally) => sum + tally.recentMs, 0)
    return elapsedMs > 0 ? Math.min(1, busyMs / elapsedMs) : 0
  }

  beatCameras(elapsedMs: number): CameraLooks[] {
    const perS = (count: number) => (elapsedMs > 0 ? (count * 1000) / elapsedMs : 0)
    return [...this.#cameras].map(([cameraId, tally]) => {
      const { looks, saved, delayMs, reason } = tally
      Object.assign(tally, { looks: 0, saved: 0, delayMs: 0 })
      return {
        cameraId,
        looksPerS: perS(looks),
        savedPerS: perS(saved),
        reason,
        delayMs: looks > 0 ? delayMs / looks : Number.NaN,
      }
    })
  }

  #cameraOf(cameraId: string): CameraTally {
    let tally = this.#cameras.get(cameraId)
    if (!tally) {
      tally = { looks: 0, saved: 0, delayMs: 0, reason: undefined }
      this.#cameras.set(cameraId, tally)
    }
    return tally
  }

  /** Rates over the `elapsedMs` since the last call. */
  beat(elapsedMs: number): InferenceStatistics['tasks'] {
    return {
      detection: rates(this.#tallies.detection, elapsedMs),
      forecast: rates(this.#tallies.forecast, elapsedMs),
      environment: rates(this.#tallies.environment, elapsedMs),
    }
  }
}

function rates(tally: Tally, elapsedMs: number): TaskRates {
  const result = {
    perS: elapsedMs > 0 ? (tally.recent * 1000) / elapsedMs : 0,
    meanMs: tally.recent > 0 ? tally.recentMs / tally.recent : Number.NaN,
    total: tally.total,
  }
  tally.recent = 0
  tally.recentMs = 0
  return result
}
