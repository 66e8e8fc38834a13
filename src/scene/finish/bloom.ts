import { HalfFloatType, type Texture, Vector2, type WebGLRenderer, WebGLRenderTarget } from 'three'
import { ScreenPass } from './screen-pass.ts'

/** Keeps what is brighter than `uFrom`. Single bright pixels count for less, or they would flicker as the eye moves. */
const brightShader = /* glsl */ `
  uniform sampler2D uPicture;
  uniform vec2 uTexel;
  uniform float uFrom;
  varying vec2 vUv;
  vec4 brightAt(vec2 shift) {
    vec3 color = min(max(texture2D(uPicture, vUv + shift * uTexel).rgb, 0.0), 16.0);
    float peak = max(color.r, max(color.g, color.b));
    vec3 bright = color * max(0.0, peak - uFrom) / max(peak, 1e-4);
    return vec4(bright, 1.0) / (1.0 + max(0.0, peak - uFrom));
  }
  void main() {
    vec4 sum = brightAt(vec2(-1.0)) + brightAt(vec2(1.0, -1.0)) + brightAt(vec2(-1.0, 1.0)) + brightAt(vec2(1.0));
    gl_FragColor = vec4(sum.rgb / sum.a, 1.0);
  }
`

/** Halves a picture; dual filter (Bjørge, SIGGRAPH 2015). */
const downShader = /* glsl */ `
  uniform sampler2D uFrom;
  uniform vec2 uTexel;
  varying vec2 vUv;
  void main() {
    vec3 sum = texture2D(uFrom, vUv).rgb * 4.0;
    sum += texture2D(uFrom, vUv + uTexel).rgb + texture2D(uFrom, vUv - uTexel).rgb;
    sum += texture2D(uFrom, vUv + vec2(uTexel.x, -uTexel.y)).rgb + texture2D(uFrom, vUv - vec2(uTexel.x, -uTexel.y)).rgb;
    gl_FragColor = vec4(sum / 8.0, 1.0);
  }
`

/** Doubles a picture and lays it over the finer one. */
const upShader = /* glsl */ `
  uniform sampler2D uFrom;
  uniform sampler2D uFiner;
  uniform vec2 uTexel;
  varying vec2 vUv;
  void main() {
    vec2 t = uTexel;
    vec3 sum = texture2D(uFrom, vUv + vec2(t.x * 2.0, 0.0)).rgb + texture2D(uFrom, vUv - vec2(t.x * 2.0, 0.0)).rgb;
    sum += texture2D(uFrom, vUv + vec2(0.0, t.y * 2.0)).rgb + texture2D(uFrom, vUv - vec2(0.0, t.y * 2.0)).rgb;
    sum += 2.0 * (texture2D(uFrom, vUv + t).rgb + texture2D(uFrom, vUv - t).rgb);
    sum += 2.0 * (texture2D(uFrom, vUv + vec2(t.x, -t.y)).rgb + texture2D(uFrom, vUv - vec2(t.x, -t.y)).rgb);
    gl_FragColor = vec4(texture2D(uFiner, vUv).rgb + sum / 12.0 * 0.85, 1.0);
  }
`

function halfFloat(): WebGLRenderTarget {
  return new WebGLRenderTarget(1, 1, { type: HalfFloatType, depthBuffer: false })
}

/** The glow round lamps and lit windows: what is brighter than paper, spread over a few smaller and smaller pictures. */
export class Bloom {
  readonly #down: readonly WebGLRenderTarget[]
  readonly #up: readonly WebGLRenderTarget[]
  readonly #bright
  readonly #halve
  readonly #double

  constructor(picture: Texture, levels: number) {
    this.#down = Array.from({ length: levels }, halfFloat)
    this.#up = Array.from({ length: levels - 1 }, halfFloat)
    this.#bright = new ScreenPass({
      uniforms: { uPicture: { value: picture }, uTexel: { value: new Vector2() }, uFrom: { value: 1 } },
      fragmentShader: brightShader,
    })
    this.#halve = new ScreenPass({
      uniforms: { uFrom: { value: picture }, uTexel: { value: new Vector2() } },
      fragmentShader: downShader,
    })
    this.#double = new ScreenPass({
      uniforms: { uFrom: { value: picture }, uFiner: { value: picture }, uTexel: { value: new Vector2() } },
      fragmentShader: upShader,
    })
  }

  get texture(): Texture {
    return (this.#up[0] ?? (this.#down[0] as WebGLRenderTarget)).texture
  }

  setSize(width: number, height: number): void {
    this.#bright.uniforms.uTexel.value.set(1 / width, 1 / height)
    for (const [i, target] of this.#down.entries()) {
      const [w, h] = [Math.max(1, width >> (i + 1)), Math.max(1, height >> (i + 1))]
      target.setSize(w, h)
      this.#up[i]?.setSize(w, h)
    }
  }

  /** `from` is the light from which on things glow. */
  draw(renderer: WebGLRenderer, from: number): void {
    const down = this.#down
    this.#bright.uniforms.uFrom.value = from
    this.#bright.draw(renderer, down[0] as WebGLRenderTarget)
    for (let i = 1; i < down.length; i++)
      step(this.#halve, renderer, down[i - 1] as WebGLRenderTarget, down[i] as WebGLRenderTarget)
    for (let i = this.#up.length - 1; i >= 0; i--) {
      this.#double.uniforms.uFiner.value = (down[i] as WebGLRenderTarget).texture
      step(
        this.#double,
        renderer,
        this.#up[i + 1] ?? (down.at(-1) as WebGLRenderTarget),
        this.#up[i] as WebGLRenderTarget,
      )
    }
  }

  dispose(): void {
    for (const pass of [this.#bright, this.#halve, this.#double]) pass.dispose()
    for (const target of [...this.#down, ...this.#up]) target.dispose()
  }
}

type Step = ScreenPass<{ uFrom: { value: Texture }; uTexel: { value: Vector2 } }>

function step(
  pass: Pick<Step, 'uniforms' | 'draw'>,
  renderer: WebGLRenderer,
  from: WebGLRenderTarget,
  to: WebGLRenderTarget,
): void {
  pass.uniforms.uFrom.value = from.texture
  pass.uniforms.uTexel.value.set(0.5 / from.width, 0.5 / from.height)
  pass.draw(renderer, to)
}
