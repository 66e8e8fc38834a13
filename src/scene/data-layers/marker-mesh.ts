import {
  BufferAttribute,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  ShaderMaterial,
  Vector2,
  type WebGLRenderer,
} from 'three'
import { Disposables } from '../../platform/disposables.ts'
import type { SitePoint } from '../frames.ts'

/** Shapes tell what colours tell: round is well, the others are not. */
export const markerShape = { disc: 0, triangle: 1, square: 2, diamond: 3, cross: 4, ring: 5 } as const
export type MarkerShape = keyof typeof markerShape

export interface Marker {
  readonly at: SitePoint
  /** Display colour, each 0…255. */
  readonly color: readonly [number, number, number]
  readonly shape: MarkerShape
  readonly sizePx: number
}

/** Marks of a constant size on the screen, all in one draw; only those that changed are written again. */
export class MarkerMesh {
  readonly mesh: Mesh
  readonly #geometry = new InstancedBufferGeometry()
  readonly #gpu = new Disposables()
  #at = attribute(0, 3)
  #look = attribute(0, 4)
  #color = new InstancedBufferAttribute(new Uint8Array(0), 4, true)
  #capacity = 0

  constructor() {
    const corners = new BufferAttribute(Float32Array.from([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]), 3)
    this.#geometry.setAttribute('position', corners)
    this.#geometry.setIndex([0, 1, 2, 0, 2, 3])
    this.#geometry.instanceCount = 0
    const material = markerMaterial()
    this.mesh = new Mesh(this.#geometry, material)
    this.mesh.frustumCulled = false
    this.mesh.renderOrder = 8
    this.mesh.visible = false
    const size = new Vector2()
    this.mesh.onBeforeRender = (renderer: WebGLRenderer) => {
      renderer.getDrawingBufferSize(size)
      material.uniforms.uBuffer?.value.copy(size)
      const ratio = material.uniforms.uRatio
      if (ratio) ratio.value = renderer.getPixelRatio()
    }
    this.#gpu.add(() => {
      this.mesh.removeFromParent()
      this.#geometry.dispose()
      material.dispose()
    })
  }

  get count(): number {
    return this.#geometry.instanceCount
  }

  set count(count: number) {
    this.#geometry.instanceCount = Math.min(count, this.#capacity)
    // None at all would be a draw all the same.
    this.mesh.visible = this.count > 0
  }

  /** Makes room; what was written before is lost where it has to grow. */
  reserve(count: number): void {
    if (count <= this.#capacity) return
    this.#capacity = Math.ceil(count * 1.25) + 16
    this.#at = attribute(this.#capacity, 3)
    this.#look = attribute(this.#capacity, 4)
    this.#color = new InstancedBufferAttribute(new Uint8Array(this.#capacity * 4), 4, true)
    // A geometry whose buffers are replaced has to let go of those that it holds on the GPU.
    this.#geometry.dispose()
    this.#geometry.setAttribute('spot', this.#at)
    this.#geometry.setAttribute('look', this.#look)
    this.#geometry.setAttribute('tint', this.#color)
  }

  /** Writes one; true where it differs from what was there. */
  set(i: number, { at, color, shape, sizePx }: Marker): boolean {
    const look = this.#look.array
    const tint = this.#color.array
    const code = markerShape[shape]
    const same =
      look[i * 4] === sizePx &&
      look[i * 4 + 1] === code &&
      tint[i * 4] === color[0] &&
      tint[i * 4 + 1] === color[1] &&
      tint[i * 4 + 2] === color[2] &&
      this.#at.array[i * 3] === Math.fround(at[0]) &&
      this.#at.array[i * 3 + 1] === Math.fround(at[1]) &&
      this.#at.array[i * 3 + 2] === Math.fround(at[2])
    if (same) return false
    this.#at.setXYZ(i, ...at)
    this.#look.setXYZW(i, sizePx, code, 0, 0)
    tint.set([...color, 255], i * 4)
    for (const [buffer, width] of [
      [this.#at, 3],
      [this.#look, 4],
      [this.#color, 4],
    ] as const) {
      buffer.addUpdateRange(i * width, width)
      buffer.needsUpdate = true
    }
    return true
  }

  dispose(): void {
    this.#gpu.dispose()
  }
}

function attribute(count: number, width: number): InstancedBufferAttribute {
  return new InstancedBufferAttribute(new Float32Array(count * width), width)
}

/** Seen through walls: what a building hides is what people look for here. */
function markerMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    uniforms: { uBuffer: { value: new Vector2(1, 1) }, uRatio: { value: 1 } },
    vertexShader: `attribute vec3 spot; attribute vec4 look; attribute vec4 tint; uniform vec2 uBuffer; uniform float uRatio;
      varying vec2 vAt; varying float vShape; varying vec3 vTint; varying float vSize;
      void main() {
        vAt = position.xy; vShape = look.y; vTint = pow(tint.rgb, vec3(2.2)); vSize = look.x;
        vec4 p = projectionMatrix * modelViewMatrix * vec4(spot, 1.0);
        // From afar they shrink a little, so that a crowd of them stays a crowd of points.
        float near = mix(0.6, 1.0, clamp(160.0 / p.w, 0.0, 1.0));
        p.xy += position.xy * (look.x + 3.0) * near * uRatio / uBuffer * p.w;
        gl_Position = p;
      }`,
    fragmentShader: `varying vec2 vAt; varying float vShape; varying vec3 vTint; varying float vSize;
      float shapeAt(vec2 p) {
        if (vShape < 0.5) return length(p) - 0.8;
        if (vShape < 1.5) { vec2 q = vec2(abs(p.x), p.y + 0.15); return max(q.x * 0.866 + q.y * 0.5 - 0.5, -q.y - 0.55); }
        if (vShape < 2.5) return max(abs(p.x), abs(p.y)) - 0.68;
        if (vShape < 3.5) return abs(p.x) + abs(p.y) - 0.92;
        if (vShape < 4.5) { vec2 q = vec2(p.x + p.y, p.x - p.y) * 0.7071; return min(max(abs(q.x) - 0.24, abs(q.y) - 0.86), max(abs(q.y) - 0.24, abs(q.x) - 0.86)); }
        return abs(length(p) - 0.62) - 0.2;
      }
      void main() {
        vec2 p = vAt * (vSize + 3.0) / vSize;
        float d = shapeAt(p) * vSize * 0.5;
        if (d > 1.4) discard;
        vec3 rim = vec3(0.015, 0.02, 0.03);
        gl_FragColor = vec4(mix(vTint, rim, smoothstep(-0.4, 0.3, d)), 1.0 - smoothstep(0.6, 1.4, d));
        #include <colorspace_fragment>
      }`,
  })
}
