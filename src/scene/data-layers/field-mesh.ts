import { BufferAttribute, BufferGeometry, type DataTexture, DoubleSide, Mesh, ShaderMaterial } from 'three'
import { Disposables } from '../../platform/disposables.ts'
import { bytesTexture } from './data-texture.ts'
import { type FieldGrid, type FieldSample, spread } from './heat-field.ts'
import { type LayerScale, shareOf } from './layer-catalogue.ts'

/** A sheet of heat over one floor or over the ground. */
export class FieldMesh {
  readonly mesh: Mesh
  readonly #grid: FieldGrid
  readonly #texture: DataTexture
  readonly #bytes: Uint8Array
  readonly #gpu = new Disposables()
  #last: Float64Array | undefined

  constructor(grid: FieldGrid, heightM: number, ramp: DataTexture) {
    this.#grid = grid
    this.#bytes = new Uint8Array(grid.columns * grid.rows * 4)
    this.#texture = bytesTexture(grid.columns, grid.rows, this.#bytes, 4)
    const geometry = sheet(grid, heightM)
    const material = fieldMaterial(this.#texture, ramp)
    this.mesh = new Mesh(geometry, material)
    this.mesh.renderOrder = 3
    this.#gpu.add(() => {
      this.mesh.removeFromParent()
      geometry.dispose()
      material.dispose()
      this.#texture.dispose()
    })
  }

  /** Returns true when anything that can be seen changed. */
  write(samples: readonly FieldSample[], scale: LayerScale): boolean {
    const now = Float64Array.from(samples.flatMap((s) => [s.x, s.y, shareOf(scale, s.value), Math.round(s.trust * 20)]))
    if (
      this.#last &&
      now.length === this.#last.length &&
      now.every((v, i) => Math.abs(v - (this.#last?.[i] ?? 0)) < 0.004)
    )
      return false
    this.#last = now
    const field = spread(this.#grid, samples, scale.reachM)
    for (let i = 0; i < field.value.length; i++) {
      const value = field.value[i] as number
      const there = Number.isNaN(value) ? 0 : Math.min(1, (field.reach[i] as number) * 2.2)
      // Premultiplied, so that neighbours without a value do not bleed into those that have one.
      this.#bytes[i * 4] = Math.round(255 * there * (there > 0 ? shareOf(scale, value) : 0))
      this.#bytes[i * 4 + 1] = Math.round(255 * there)
      this.#bytes[i * 4 + 2] = Math.round(255 * there * (field.trust[i] as number))
      this.#bytes[i * 4 + 3] = 255
    }
    this.#texture.needsUpdate = true
    return true
  }

  dispose(): void {
    this.#gpu.dispose()
  }
}

export function sheet(
  { west, south, cellM, columns, rows }: Omit<FieldGrid, 'rooms'>,
  heightM: number,
): BufferGeometry {
  const [east, north] = [west + columns * cellM, south + rows * cellM]
  const geometry = new BufferGeometry()
  const corners = [west, south, heightM, east, south, heightM, east, north, heightM, west, north, heightM]
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(corners), 3))
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.from([0, 0, 1, 0, 1, 1, 0, 1]), 2))
  geometry.setIndex([0, 1, 2, 0, 2, 3])
  return geometry
}

/** Data colours are the legend's: no light, no tone mapping. Stale ones are paler and hatched. */
function fieldMaterial(field: DataTexture, ramp: DataTexture): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
    uniforms: { uField: { value: field }, uRamp: { value: ramp } },
    vertexShader: `varying vec2 vUv; varying vec2 vAt;
      void main() { vUv = uv; vAt = position.xy; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform sampler2D uField; uniform sampler2D uRamp; varying vec2 vUv; varying vec2 vAt;
      void main() {
        vec4 f = texture2D(uField, vUv);
        if (f.g < 0.02) discard;
        float share = f.r / f.g;
        float trust = f.b / f.g;
        vec3 shown = pow(texture2D(uRamp, vec2(share, 0.5)).rgb, vec3(2.2));
        float stripe = smoothstep(0.3, 0.42, abs(fract((vAt.x - vAt.y) * 0.7) - 0.5));
        float stale = 1.0 - smoothstep(0.08, 0.3, trust);
        float alpha = 0.86 * smoothstep(0.0, 0.75, f.g);
        shown = mix(shown, vec3(dot(shown, vec3(0.3, 0.6, 0.1))), 0.35 * stale);
        alpha *= mix(1.0, 0.25 + 0.6 * stripe, stale);
        gl_FragColor = vec4(shown, alpha);
        #include <colorspace_fragment>
      }`,
  })
}
