import { Vector2, type WebGLRenderer } from 'three'

/** A picture that takes longer than the first is drawn with fewer pixels the next time, below the second with more. */
const [tooLongMs, shortMs] = [78, 55]
const leastShare = 0.6

/** A picture beside the canvas, drawn with as many pixels as the rasteriser manages and copied there when it is done. */
export class SlowPicture {
  readonly #renderer: WebGLRenderer
  readonly #gl: WebGL2RenderingContext
  readonly #size = new Vector2()
  #framebuffer: WebGLFramebuffer | null = null
  #buffers: (WebGLRenderbuffer | null)[] = []
  #width = 0
  #height = 0
  #share = 1
  #drawnShare = 1

  constructor(renderer: WebGLRenderer, gl: WebGL2RenderingContext) {
    this.#renderer = renderer
    this.#gl = gl
  }

  /** Calls `draw`, whose picture then has `drawnShare` of the canvas's width and height; all of them where it is `sharp`. */
  draw(sharp: boolean, draw: () => void): void {
    const gl = this.#gl
    const renderer = this.#renderer
    this.#drawnShare = sharp ? 1 : this.#share
    renderer.getDrawingBufferSize(this.#size).multiplyScalar(this.#drawnShare).floor()
    this.#reserve(Math.max(1, this.#size.x), Math.max(1, this.#size.y))
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer)
    const { x, y } = renderer.getSize(this.#size)
    renderer.setViewport(0, 0, x * this.#drawnShare, y * this.#drawnShare)
    draw()
    renderer.setViewport(0, 0, x, y)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  }

  /** How long the picture took; returns whether one with all pixels should follow, where none follows anyway. */
  took(ms: number, more: boolean): boolean {
    if (ms > tooLongMs) this.#share = Math.max(leastShare, this.#share * 0.92)
    else if (ms < shortMs) this.#share = Math.min(1, this.#share * 1.04)
    return !more && this.#drawnShare < 1
  }

  show(): void {
    const gl = this.#gl
    if (!this.#framebuffer) return
    const { x, y } = this.#renderer.getDrawingBufferSize(this.#size)
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.#framebuffer)
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null)
    const filter = this.#width === x && this.#height === y ? gl.NEAREST : gl.LINEAR
    gl.blitFramebuffer(0, 0, this.#width, this.#height, 0, 0, x, y, gl.COLOR_BUFFER_BIT, filter)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  }

  #reserve(width: number, height: number): void {
    if (this.#framebuffer && width === this.#width && height === this.#height) return
    this.dispose()
    const gl = this.#gl
    this.#width = width
    this.#height = height
    this.#framebuffer = gl.createFramebuffer()
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer)
    for (const [format, point] of [
      [gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT],
    ] as const) {
      const buffer = gl.createRenderbuffer()
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer)
      gl.renderbufferStorage(gl.RENDERBUFFER, format, width, height)
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, point, gl.RENDERBUFFER, buffer)
      this.#buffers.push(buffer)
    }
    gl.bindRenderbuffer(gl.RENDERBUFFER, null)
  }

  /** The context is lost, and all that it held; the next picture makes its own anew. */
  forget(): void {
    this.#framebuffer = null
    this.#buffers = []
  }

  dispose(): void {
    this.#gl.deleteFramebuffer(this.#framebuffer)
    for (const buffer of this.#buffers) this.#gl.deleteRenderbuffer(buffer)
    this.forget()
  }
}
