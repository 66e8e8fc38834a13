import type { Clock } from '../platform/clock.ts'

/** How often a picture under way is asked whether it is done. */
const askEveryMs = 4

export interface GateHost {
  /** Asks the browser for its next frame. */
  request(): void
  /** Draws a picture now, outside of the browser's frames. */
  draw(): void
  /** A picture is done, so long after its calls were made; `more` where the next is wished for already. */
  done(tookMs: number, more: boolean): void
}

/**
 * Lets pictures be drawn one at a time and shown only when they are done. A slow rasteriser takes longer over a picture
 * than the page over asking for it; and where the browser composes pages without a GPU, it reads the canvas back at the
 * end of each frame that touched it, and the page stands still until all that was asked for is drawn. Behind the gate
 * a picture is drawn beside the canvas while the page goes on reading messages and answering clicks, and the canvas is
 * touched when nothing is left to wait for.
 */
export class FrameGate {
  readonly #gl: WebGL2RenderingContext
  readonly #clock: Clock
  readonly #host: GateHost
  #fence: WebGLSync | null = null
  #calling = false
  #begunMs = 0
  #cancel: (() => void) | undefined
  #wanted = false
  #due = false

  constructor(gl: WebGL2RenderingContext, clock: Clock, host: GateHost) {
    this.#gl = gl
    this.#clock = clock
    this.#host = host
  }

  /** A picture is being drawn. */
  get drawing(): boolean {
    return this.#calling || this.#fence !== null
  }

  /** A picture is done and not shown yet. */
  get due(): boolean {
    return this.#due
  }

  /** Wishes for a picture: now, or after the one under way. */
  readonly request = (): void => {
    if (this.drawing || this.#due) this.#wanted = true
    else this.#host.request()
  }

  /** Makes all calls of a picture. Who wishes for a frame meanwhile, because something still moves, means the next. */
  draw(calls: () => void): void {
    if (this.drawing) return
    this.#calling = true
    try {
      calls()
    } finally {
      this.#calling = false
    }
    this.#await()
  }

  #await(): void {
    if (this.#gl.isContextLost()) return
    this.#fence = this.#gl.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    this.#gl.flush()
    this.#begunMs = this.#clock.monotonicMs()
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
    this.#due = true
    this.#host.done(this.#clock.monotonicMs() - this.#begunMs, this.#wanted)
    this.#host.request()
  }

  /** The picture is on the canvas. The next is drawn when the browser is through with this frame, and not within it. */
  shown(): void {
    this.#due = false
    if (!this.#wanted) return
    this.#wanted = false
    this.#cancel = this.#clock.after(0, () => this.#host.draw())
  }

  dispose(): void {
    this.#cancel?.()
    if (this.#fence) this.#gl.deleteSync(this.#fence)
    this.#fence = null
    this.#due = false
    this.#wanted = false
  }
}
