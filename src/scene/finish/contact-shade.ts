import {
  type DepthTexture,
  HalfFloatType,
  Matrix4,
  NearestFilter,
  type PerspectiveCamera,
  RGFormat,
  type Texture,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import { ScreenPass } from './screen-pass.ts'

/**
 * How far shade reaches, as a share of the distance: some twenty-five pixels of a picture 768 high, at any distance, as
 * on a model under a lamp. In metres it stays between that of a kerb and that of a house.
 */
const reach = { share: 0.018, leastM: 0.5, mostM: 14 } as const

const fromDepth = /* glsl */ `
  uniform sampler2D uDepth;
  uniform mat4 uUnproject;
  vec3 seenAt(vec2 uv) {
    vec4 p = uUnproject * vec4(vec3(uv, texture2D(uDepth, uv).r) * 2.0 - 1.0, 1.0);
    return p.xyz / p.w;
  }
`

/** Red: share of the sky's light that arrives. Green: distance before the eye, metres; what is not drawn is far off. */
const shadeShader = /* glsl */ `
  ${fromDepth}
  uniform vec2 uTexel;
  uniform vec2 uPerM;
  // Interleaved gradient noise (Jimenez 2014): neighbours differ most, so that the blur evens them out.
  float noiseAt(vec2 px) { return fract(52.9829189 * fract(dot(px, vec2(0.06711056, 0.00583715)))); }
  // Depth is known at the middles of pixels: asked for between two, either answers, and flat ground looks rough.
  vec2 middleOf(vec2 uv) { return (floor(uv / uTexel) + 0.5) * uTexel; }
  // Of two neighbours the one on the same surface. Beyond the border there is none, and no difference to be had.
  vec3 stepAlong(vec2 at, vec3 here, vec2 along) {
    vec3 ahead = seenAt(at + along) - here;
    vec3 behind = here - seenAt(at - along);
    vec2 next = at + along;
    vec2 last = at - along;
    if (max(next.x, next.y) > 1.0) return behind;
    if (min(last.x, last.y) < 0.0) return ahead;
    return abs(ahead.z) < abs(behind.z) ? ahead : behind;
  }
  void main() {
    // Every second pixel of every second row.
    vec2 at = min((floor(gl_FragCoord.xy) * 2.0 + 0.5) * uTexel, 1.0 - 0.5 * uTexel);
    if (texture2D(uDepth, at).r >= 1.0) { gl_FragColor = vec4(1.0, 60000.0, 0.0, 1.0); return; }
    vec3 here = seenAt(at);
    vec3 normal = normalize(cross(stepAlong(at, here, vec2(uTexel.x, 0.0)), stepAlong(at, here, vec2(0.0, uTexel.y))));
    float reachM = clamp(-here.z * ${reach.share}, ${reach.leastM.toFixed(1)}, ${reach.mostM.toFixed(1)});
    vec2 reachUv = reachM * uPerM / -here.z;
    float spin = noiseAt(gl_FragCoord.xy) * 6.2831853;
    float hidden = 0.0;
    // After Alchemy AO (McGuire et al. 2011): what stands above the surface and near hides sky.
    for (int i = 0; i < TAPS; i++) {
      float out1 = (float(i) + 0.5) / float(TAPS);
      float angle = spin + float(i) * 2.3999632;
      vec2 uv = middleOf(at + reachUv * sqrt(out1) * vec2(cos(angle), sin(angle)));
      if (any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)))) continue;
      vec3 to = seenAt(uv) - here;
      float far2 = dot(to, to);
      float near = max(0.0, 1.0 - far2 / (reachM * reachM));
      hidden += near * max(0.0, dot(to, normal) - 0.05 * reachM) / (sqrt(far2) + 0.02 * reachM);
    }
    gl_FragColor = vec4(clamp(1.0 - 4.8 * hidden / float(TAPS), 0.0, 1.0), -here.z, 0.0, 1.0);
  }
`

/** Blurs along one axis, but not over edges. */
const blurShader = /* glsl */ `
  uniform sampler2D uShade;
  uniform vec2 uStep;
  varying vec2 vUv;
  void main() {
    vec2 here = texture2D(uShade, vUv).rg;
    float sum = here.r;
    float weights = 1.0;
    for (int i = 1; i <= 4; i++) {
      for (int side = -1; side <= 1; side += 2) {
        vec2 there = texture2D(uShade, vUv + uStep * float(i * side)).rg;
        float w = exp(-0.11 * float(i * i)) * max(0.0, 1.0 - abs(there.g - here.g) / (0.008 * here.g + 0.05));
        sum += there.r * w;
        weights += w;
      }
    }
    gl_FragColor = vec4(sum / weights, here.g, 0.0, 1.0);
  }
`

/** Shade where things meet (ambient occlusion), from the depth of a drawn picture, at half its size. */
export class ContactShade {
  readonly #shaded: WebGLRenderTarget
  readonly #blurred: WebGLRenderTarget
  readonly #shade
  readonly #blur

  constructor(depth: DepthTexture, taps: number) {
    const options = {
      type: HalfFloatType,
      format: RGFormat,
      minFilter: NearestFilter,
      magFilter: NearestFilter,
      depthBuffer: false,
    } as const
    this.#shaded = new WebGLRenderTarget(1, 1, options)
    this.#blurred = new WebGLRenderTarget(1, 1, options)
    this.#shade = new ScreenPass({
      uniforms: {
        uDepth: { value: depth },
        uUnproject: { value: new Matrix4() },
        uTexel: { value: new Vector2() },
        uPerM: { value: new Vector2() },
      },
      defines: { TAPS: taps },
      fragmentShader: shadeShader,
    })
    this.#blur = new ScreenPass({
      uniforms: { uShade: { value: this.#shaded.texture as Texture }, uStep: { value: new Vector2() } },
      fragmentShader: blurShader,
    })
  }

  /** Shade and distance, half as large as the picture. */
  get texture(): Texture {
    return this.#shaded.texture
  }

  setSize(width: number, height: number): void {
    this.#shade.uniforms.uTexel.value.set(1 / width, 1 / height)
    for (const target of [this.#shaded, this.#blurred]) target.setSize(Math.ceil(width / 2), Math.ceil(height / 2))
  }

  draw(renderer: WebGLRenderer, camera: PerspectiveCamera): void {
    const { uUnproject, uPerM } = this.#shade.uniforms
    uUnproject.value.copy(camera.projectionMatrixInverse)
    const lens = camera.projectionMatrix.elements
    uPerM.value.set((lens[0] as number) / 2, (lens[5] as number) / 2)
    this.#shade.draw(renderer, this.#shaded)
    const { uShade, uStep } = this.#blur.uniforms
    uShade.value = this.#shaded.texture
    uStep.value.set(1 / this.#shaded.width, 0)
    this.#blur.draw(renderer, this.#blurred)
    uShade.value = this.#blurred.texture
    uStep.value.set(0, 1 / this.#shaded.height)
    this.#blur.draw(renderer, this.#shaded)
  }

  dispose(): void {
    this.#shade.dispose()
    this.#blur.dispose()
    this.#shaded.dispose()
    this.#blurred.dispose()
  }
}
