import type { WebGLRenderer } from 'three'
import type { Clock } from '../platform/clock.ts'
import { FrameGate } from './frame-gate.ts'
import { SlowPicture } from './slow-picture.ts'

/** What is drawn, as the canvas's frames see it. */
export interface Drawable {
  /** Moves on and makes all calls of a picture. */
  draw(deltaMs: number): void
  /** Puts what lies over the picture where it belongs. */
  settle(): void
}

/** Frames of a canvas where one takes a tenth of a second: drawn beside it, shown when done. */
export class SlowCanvas {
  readonly #gate: FrameGate
  readonly #picture: SlowPicture
  #sinceMs = 0
  #sharp = false
  #sharpNext = false

  /**
   * `request` asks the browser for a frame, which comes to `frame`; `advance` calls that one at once. Neither may be a
   * closure of the component: it would keep the scene of the render before, and that one the scene before it.
   */
  constructor(
    renderer: WebGLRenderer,
    gl: WebGL2RenderingContext,
    clock: Clock,
    wishes: { readonly request: () => void; readonly advance: (timeMs: number) => void },
  ) {
    this.#picture = new SlowPicture(renderer, gl)
    this.#gate = new FrameGate(gl, clock, {
      request: wishes.request,
      draw: () => wishes.advance(clock.monotonicMs()),
      done: (tookMs, more) => {
        this.#sharpNext = this.#picture.took(tookMs, more)
      },
    })
  }

  get request(): () => void {
    return this.#gate.request
  }

  frame(deltaMs: number, drawable: Drawable): void {
    this.#sinceMs += deltaMs
    if (this.#gate.due) {
      this.#picture.show()
      drawable.settle()
      // Comes to rest with all pixels.
      this.#sharp = this.#sharpNext
      if (this.#sharp) this.#gate.request()
      this.#gate.shown()
    } else if (!this.#gate.drawing) {
      const sinceMs = this.#sinceMs
      this.#sinceMs = 0
      this.#gate.draw(() => this.#picture.draw(this.#sharp, () => drawable.draw(sinceMs)))
      this.#sharp = false
    }
  }

  /** The context is lost. */
  forget(): void {
    this.#picture.forget()
  }

  dispose(): void {
    this.#gate.dispose()
    this.#picture.dispose()
  }
}
