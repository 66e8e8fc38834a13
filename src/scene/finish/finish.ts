import {
  DepthTexture,
  HalfFloatType,
  type PerspectiveCamera,
  type Scene,
  type Texture,
  UnsignedIntType,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import type { FinishSettings } from '../quality.ts'
import { toneCurve } from '../tone-curve.ts'
import { Bloom } from './bloom.ts'
import { ContactShade } from './contact-shade.ts'
import { ScreenPass } from './screen-pass.ts'

/** By day only what is far brighter than sunlit paper glows; by night a lamp need not be. */
const glowFrom = { day: 1.9, night: 0.85 } as const

/** Shade, glow, tone curve, display encoding, and a grain finer than one step of the display so that skies do not band. */
const lastShader = /* glsl */ `
  ${toneCurve}
  uniform sampler2D uPicture;
  uniform sampler2D uDepth;
  uniform sampler2D uShade;
  uniform sampler2D uGlow;
  uniform vec2 uShadeSize;
  uniform vec2 uNearFar;
  uniform float uExposure;
  uniform float uGlowGain;
  varying vec2 vUv;
  float metresAt(vec2 uv) {
    float depth = texture2D(uDepth, uv).r;
    return uNearFar.x * uNearFar.y / (uNearFar.y - depth * (uNearFar.y - uNearFar.x));
  }
  // Of the four nearest half-size pixels those count that lie on the same surface.
  float shadeAt(vec2 uv) {
    if (texture2D(uDepth, uv).r >= 1.0) return 1.0;
    float here = metresAt(uv);
    vec2 at = (uv * vec2(textureSize(uDepth, 0)) - 0.5) * 0.5;
    vec2 low = floor(at);
    vec2 part = at - low;
    float sum = 0.0;
    float weights = 0.0;
    for (int i = 0; i < 4; i++) {
      vec2 corner = vec2(float(i & 1), float(i >> 1));
      vec2 there = texture2D(uShade, (low + corner + 0.5) / uShadeSize).rg;
      vec2 w2 = mix(1.0 - part, part, corner);
      float w = (w2.x * w2.y + 0.001) / (0.02 + abs(there.g - here) / here * 40.0);
      sum += there.r * w;
      weights += w;
    }
    return sum / weights;
  }
  float hash(vec2 p) {
    vec3 q = fract(vec3(p.xyx) * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
  }
  vec3 encoded(vec3 c) {
    return mix(1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, 12.92 * c, vec3(lessThanEqual(c, vec3(0.0031308))));
  }
  void main() {
    vec3 color = max(texture2D(uPicture, vUv).rgb, 0.0);
    float peak = max(color.r, max(color.g, color.b));
    // What shines by itself is not in the shade; what is, is a little bluer for the sky that still reaches it.
    float shade = mix(shadeAt(vUv), 1.0, smoothstep(1.0, 1.6, peak));
    color *= mix(vec3(0.20, 0.215, 0.25), vec3(1.0), shade);
    color += texture2D(uGlow, vUv).rgb * uGlowGain;
    color = encoded(clamp(toneCurve(color * uExposure), 0.0, 1.0));
    float grain = hash(gl_FragCoord.xy) + hash(gl_FragCoord.xy + 117.0) - 1.0;
    gl_FragColor = vec4(color + grain / 255.0, 1.0);
  }
`

export interface PictureLight {
  /** 0 day … 1 night. */
  readonly night: number
  readonly exposure: number
}

/** Whether this GPU can draw into pictures of half floats at all; some old phones cannot. */
export function canFinish(renderer: WebGLRenderer): boolean {
  return ['EXT_color_buffer_float', 'EXT_color_buffer_half_float'].some((name) => renderer.extensions.has(name))
}

/**
 * Draws the scene in linear light into a picture of its own, then shades where things meet, lets lamps glow and writes
 * what the display shows. Comes with the medium and high tiers only, as a chunk of its own.
 */
export class Finish {
  readonly #renderer: WebGLRenderer
  readonly #picture: WebGLRenderTarget
  readonly #shade: ContactShade
  readonly #bloom: Bloom
  readonly #last
  readonly #size = new Vector2()

  constructor(renderer: WebGLRenderer, { samples, shadeTaps, glowLevels }: FinishSettings) {
    this.#renderer = renderer
    const depth = new DepthTexture(1, 1, UnsignedIntType)
    this.#picture = new WebGLRenderTarget(1, 1, { type: HalfFloatType, samples, depthTexture: depth })
    this.#shade = new ContactShade(depth, shadeTaps)
    this.#bloom = new Bloom(this.#picture.texture, glowLevels)
    this.#last = new ScreenPass({
      uniforms: {
        uPicture: { value: this.#picture.texture as Texture },
        uDepth: { value: depth as Texture },
        uShade: { value: this.#shade.texture },
        uGlow: { value: this.#bloom.texture },
        uShadeSize: { value: new Vector2() },
        uNearFar: { value: new Vector2() },
        uExposure: { value: 1 },
        uGlowGain: { value: 0 },
      },
      fragmentShader: lastShader,
    })
    // One frame is many draws: their counts belong together.
    renderer.info.autoReset = false
  }

  render(scene: Scene, camera: PerspectiveCamera, { night, exposure }: PictureLight): void {
    const renderer = this.#renderer
    renderer.info.reset()
    renderer.getDrawingBufferSize(this.#size)
    this.#resize(this.#size.x, this.#size.y)
    renderer.setRenderTarget(this.#picture)
    renderer.render(scene, camera)
    this.#shade.draw(renderer, camera)
    this.#bloom.draw(renderer, glowFrom.day + (glowFrom.night - glowFrom.day) * night)
    const { uNearFar, uExposure, uGlowGain } = this.#last.uniforms
    uNearFar.value.set(camera.near, camera.far)
    uExposure.value = exposure
    uGlowGain.value = 0.05 + 0.17 * night
    this.#last.draw(renderer, null)
  }

  #resize(width: number, height: number): void {
    if (width === this.#picture.width && height === this.#picture.height) return
    this.#picture.setSize(width, height)
    this.#shade.setSize(width, height)
    this.#bloom.setSize(width, height)
    this.#last.uniforms.uShadeSize.value.set(Math.ceil(width / 2), Math.ceil(height / 2))
  }

  dispose(): void {
    this.#renderer.info.autoReset = true
    this.#renderer.setRenderTarget(null)
    this.#last.dispose()
    this.#bloom.dispose()
    this.#shade.dispose()
    this.#picture.depthTexture?.dispose()
    this.#picture.dispose()
  }
}
