import {
  AdditiveBlending,
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  type InstancedMesh,
  type Matrix4,
  ShaderMaterial,
} from 'three'
import { type LampPlaces, lampPlaces } from '../kit/architecture-vehicles.ts'
import type { Vec3 } from '../kit/mesh.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** What a head lamp lights of the ground: from here to there before the lamp, and how wide in the end. */
const beam = { fromM: 0.4, toM: 15, halfWidthM: 3.4, aboveGroundM: 0.1 } as const
const discM = 0.34

/** Head and rear lamps of found vehicles and their light on the road: one draw for each kind, and none by day. */
export class VehicleLamps {
  readonly meshes: ReadonlyMap<'car' | 'truck', InstancedMesh>
  readonly #gpu = new GpuStore()
  readonly #night: { readonly value: number }

  constructor({ uniforms }: LayerContext, capacity: number) {
    this.#night = uniforms.uNight
    const material = this.#gpu.keep(lampMaterial(uniforms.uNight))
    const meshOf = (kind: 'car' | 'truck') => {
      const mesh = this.#gpu.instanced(this.#gpu.keep(lampGeometry(lampPlaces[kind])), material, capacity)
      mesh.count = 0
      mesh.visible = false
      mesh.renderOrder = 4
      return mesh
    }
    this.meshes = new Map([
      ['car', meshOf('car')],
      ['truck', meshOf('truck')],
    ])
  }

  begin(): void {
    for (const mesh of this.meshes.values()) mesh.count = 0
  }

  add(kind: string, matrix: Matrix4): void {
    const mesh = kind === 'car' || kind === 'truck' ? this.meshes.get(kind) : undefined
    if (mesh && mesh.count < mesh.instanceMatrix.count) mesh.setMatrixAt(mesh.count++, matrix)
  }

  end(): void {
    for (const mesh of this.meshes.values()) {
      mesh.visible = mesh.count > 0 && this.#night.value > 0
      mesh.instanceMatrix.needsUpdate = true
    }
  }

  dispose(): void {
    this.#gpu.dispose()
  }
}

interface Corners {
  readonly spots: number[]
  /** Place on the quad, then what it is: 0 a lamp ahead, 1 one behind, 2 a beam. */
  readonly looks: number[]
  readonly indices: number[]
}

function lampGeometry({ front, rear }: LampPlaces): BufferGeometry {
  const corners: Corners = { spots: [], looks: [], indices: [] }
  for (const [x, y, z] of front) {
    addQuad(corners, disc([x, y + 0.09, z]), 0)
    const near = y + beam.fromM
    const far = y + beam.toM
    const up = beam.aboveGroundM
    const wide = beam.halfWidthM
    addQuad(corners, [[x - 0.5, near, up], [x + 0.5, near, up], [x + wide, far, up], [x - wide, far, up]], 2) // biome-ignore format: one quad
  }
  for (const [x, y, z] of rear) addQuad(corners, disc([x, y - 0.08, z]), 1)
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(corners.spots), 3))
  geometry.setAttribute('look', new BufferAttribute(Float32Array.from(corners.looks), 3))
  geometry.setIndex(corners.indices)
  return geometry
}

/** Upright, across the way that the vehicle goes. */
function disc([x, y, z]: Vec3): readonly Vec3[] {
  return [[x - discM, y, z - discM], [x + discM, y, z - discM], [x + discM, y, z + discM], [x - discM, y, z + discM]] // biome-ignore format: one quad
}

function addQuad({ spots, looks, indices }: Corners, corners: readonly Vec3[], what: number): void {
  const first = spots.length / 3
  for (const [i, corner] of corners.entries()) {
    spots.push(...corner)
    looks.push(i === 1 || i === 2 ? 1 : -1, i > 1 ? 1 : -1, what)
  }
  indices.push(first, first + 1, first + 2, first, first + 2, first + 3)
}

function lampMaterial(uNight: { value: number }): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    side: DoubleSide,
    uniforms: { uNight },
    vertexShader: `attribute vec3 look; varying vec3 vLook;
      void main() { vLook = look; gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform float uNight; varying vec3 vLook;
      void main() {
        float inside = max(0.0, 1.0 - length(vLook.xy));
        vec3 light = vec3(1.0, 0.12, 0.07) * (2.4 * smoothstep(0.55, 0.75, inside) + 0.5 * inside * inside);
        if (vLook.z < 0.5) light = vec3(1.0, 0.95, 0.84) * (6.0 * smoothstep(0.55, 0.75, inside) + 0.5 * inside * inside);
        else if (vLook.z > 1.5) {
          float ahead = 0.5 + 0.5 * vLook.y;
          float side = 1.0 - vLook.x * vLook.x;
          light = vec3(1.0, 0.93, 0.78) * (0.30 * side * side * smoothstep(0.0, 0.12, ahead) * pow(1.0 - ahead, 1.6));
        }
        gl_FragColor = vec4(light * uNight, 1.0);
        #include <colorspace_fragment>
      }`,
  })
}
