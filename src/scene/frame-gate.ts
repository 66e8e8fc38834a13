import type { Clock } from '../platform/clock.ts'

/** How often a drawn frame is asked whether it is done. */
const askEveryMs = 4

/**
 * Lets the next frame begin only when the last one is really drawn. A slow rasteriser takes longer over a frame than the
 * page over asking for it; frames would queue up, and the page would stand still inside a call to WebGL until there is
 * room again. Behind the gate it goes on reading messages and answering clicks instead.
 */
export class FrameGate {
  readonly #gl: WebGL2RenderingContext
  readonly #clock: Clock
  readonly #request: () => void
  #fence: WebGLSync | null = null
  #cancel: (() => void) | undefined
  #wanted = false

  constructor(gl: WebGL2RenderingContext, clock: Clock, request: () => void) {
    this.#gl = gl
    this.#clock = clock
    this.#request = request
  }

  /** Asks for a frame: now, or when the one under way is done. */
  readonly request = (): void => {
    if (this.#fence) this.#wanted = true
    else this.#request()
  }

  /** All calls of a frame have been made. */
  drawn(): void {
    if (this.#fence || this.#gl.isContextLost()) return
    this.#fence = this.#gl.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    this.#gl.flush()
    if (this.#fence) this.#cancel = this.#clock.after(askEveryMs, () => this.#ask())
  }

  #ask(): void {
    const gl = this.#gl
    const fence = this.#fence
    if (!fence) return
    if (!gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) {
      this.#cancel = this.#clock.after(askEveryMs, () => this.#ask())
      return
    }
    gl.deleteSync(fence)
    this.#fence = null
    if (!this.#wanted) return
    this.#wanted = false
    this.#request()
  }

  dispose(): void {
    this.#cancel?.()
    if (this.#fence) this.#gl.deleteSync(this.#fence)
    this.#fence = null
    this.#wanted = false
  }
}
