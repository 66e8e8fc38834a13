import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, ShaderMaterial } from 'three'
import type { SiteFile } from '../../site/schema.ts'
import { counterClockwise, offsetPolygon } from '../kit/architecture-polygon.ts'

const widthM = 3.2

/** A coloured border on the ground round each building that something was reported of. One draw for all. */
export class PlinthMesh {
  readonly mesh: Mesh
  readonly #tint: BufferAttribute
  readonly #rangeOf = new Map<string, readonly [from: number, to: number]>()

  constructor(site: SiteFile, heightM: number) {
    const positions: number[] = []
    const indices: number[] = []
    for (const { id, footprint } of site.buildings) {
      const inner = counterClockwise(footprint)
      const outer = offsetPolygon(inner, widthM)
      const first = positions.length / 3
      for (const [i, a] of inner.entries()) {
        const b = outer[i] ?? a
        positions.push(...a, heightM, ...b, heightM)
        const [at, next] = [first + i * 2, first + ((i + 1) % inner.length) * 2]
        indices.push(at, at + 1, next + 1, at, next + 1, next)
      }
      this.#rangeOf.set(id, [first, positions.length / 3])
    }
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
    this.#tint = new BufferAttribute(new Uint8Array((positions.length / 3) * 4), 4, true)
    geometry.setAttribute('tint', this.#tint)
    geometry.setIndex(indices)
    this.mesh = new Mesh(geometry, plinthMaterial())
    this.mesh.renderOrder = 2
    this.mesh.frustumCulled = false
  }

  /** Colours 0…255 by building; the others are not drawn. True where something changed. */
  write(colors: ReadonlyMap<string, readonly [number, number, number]>): boolean {
    let changed = false
    for (const [id, [from, to]] of this.#rangeOf) {
      const color = colors.get(id)
      const [r, g, b] = color ?? [0, 0, 0]
      const alpha = color ? 255 : 0
      const at = from * 4
      const { array } = this.#tint
      if (array[at] === r && array[at + 1] === g && array[at + 2] === b && array[at + 3] === alpha) continue
      changed = true
      for (let i = from; i < to; i++) array.set([r, g, b, alpha], i * 4)
      this.#tint.addUpdateRange(at, (to - from) * 4)
      this.#tint.needsUpdate = true
    }
    return changed
  }

  dispose(): void {
    this.mesh.removeFromParent()
    this.mesh.geometry.dispose()
    for (const material of [this.mesh.material].flat()) material.dispose()
  }
}

function plinthMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
    vertexShader: `attribute vec4 tint; varying vec4 vTint;
      void main() { vTint = vec4(pow(tint.rgb, vec3(2.2)), tint.a); gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `varying vec4 vTint;
      void main() {
        if (vTint.a < 0.5) discard;
        gl_FragColor = vec4(vTint.rgb, 0.92);
        #include <colorspace_fragment>
      }`,
  })
}
