import type { CameraFrame } from '../contract/camera.ts'

export interface WaitingFrame {
  readonly frame: CameraFrame
  /** Monotonic. */
  readonly arrivedMs: number
}

/** The newest waiting frame of each camera, handed out in turn, so that a fast camera cannot starve a slow one. */
export class FrameQueue {
  readonly #waiting = new Map<string, WaitingFrame>()
  /** Number of the turn in which each camera was last served. */
  readonly #servedIn = new Map<string, number>()
  #turn = 0
  #offered = 0
  #dropped = 0

  get offeredCount(): number {
    return this.#offered
  }

  /** Frames replaced by a newer one before their turn. */
  get droppedCount(): number {
    return this.#dropped
  }

  offer(frame: CameraFrame, arrivedMs: number): void {
    this.#offered++
    if (this.#waiting.has(frame.cameraId)) this.#dropped++
    this.#waiting.set(frame.cameraId, { frame, arrivedMs })
  }

  /** The frame of the camera that has waited for its turn longest. */
  take(): WaitingFrame | undefined {
    let best: WaitingFrame | undefined
    for (const waiting of this.#waiting.values()) {
      if (!best || this.#lastTurn(waiting.frame) < this.#lastTurn(best.frame)) best = waiting
    }
    if (!best) return undefined
    this.#waiting.delete(best.frame.cameraId)
    this.#servedIn.set(best.frame.cameraId, ++this.#turn)
    return best
  }

  /** All that waits, or one camera's. */
  clear(cameraId?: string): void {
    if (cameraId === undefined) this.#waiting.clear()
    else this.#waiting.delete(cameraId)
  }

  #lastTurn({ cameraId }: CameraFrame): number {
    return this.#servedIn.get(cameraId) ?? 0
  }
}
