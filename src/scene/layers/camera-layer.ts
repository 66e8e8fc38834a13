import { BufferAttribute, Color, Group, type InstancedMesh, Matrix4, Mesh } from 'three'
import { cameraFootprint } from '../camera-footprint.ts'
import { filmGeometry } from '../film-material.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { equipmentMesh, mastMesh } from '../kit/architecture-equipment.ts'
import { groundLevelM } from '../kit/architecture-ground.ts'
import type { Picked } from '../selection.ts'
import type { Attention, StageLayer, TargetSink } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/** Of a cone right before its camera, at full glow. */
const coneOpacity = 0.3

/** Cameras on their masts, with what they see of the ground. */
export class CameraLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  #bodies: readonly InstancedMesh[] = []
  readonly #cones: Mesh | undefined
  readonly #glow: BufferAttribute | undefined
  readonly #verticesOf = new Map<string, readonly [from: number, to: number]>()

  constructor(context: LayerContext) {
    this.#context = context
    const { site } = context.index
    if (site.cameras.length === 0) return
    this.#addBodies()
    this.#cones = this.#buildCones()
    this.#glow = this.#cones.geometry.getAttribute('film') as BufferAttribute
    this.object.add(still(this.#cones))
  }

  attend(now: Attention, before: Attention): void {
    if (this.#cones && this.#cones.visible !== now.cones) {
      this.#cones.visible = now.cones
      this.#context.host.redraw('layer')
    }
    // The eye stands where the camera's own mast and housing are.
    if (now.through !== before.through) for (const body of this.#bodies) body.visible = now.through === undefined
    if (now.selected !== before.selected || now.hovered !== before.hovered) this.#mark(now)
  }

  /** The selected and the hovered camera's cones stand out. */
  #mark({ selected, hovered }: Attention): void {
    if (!this.#glow) return
    for (const [id, [from, to]] of this.#verticesOf) {
      const mine = (p: Picked | undefined) => p?.id === id && (p.kind === 'camera' || p.kind === 'device')
      const level = mine(selected) ? 1 : mine(hovered) ? 0.8 : 0.42
      for (let i = from; i < to; i++) this.#glow.setW(i, Math.sqrt(coneOpacity * level))
    }
    this.#glow.needsUpdate = true
  }

  addTargets({ boxes }: TargetSink): void {
    for (const camera of this.#context.index.site.cameras)
      boxes.add({ kind: 'camera', id: camera.id }, camera.at, [0.9, 0.9, 0.9])
  }

  #addBodies(): void {
    const { index, solid } = this.#context
    const { cameras } = index.site
    const bodies = this.#gpu.instanced(this.#gpu.keep(geometryOf(equipmentMesh('camera'))), solid, cameras.length)
    const masts = this.#gpu.instanced(this.#gpu.keep(geometryOf(mastMesh())), solid, cameras.length)
    const matrix = new Matrix4()
    const tilt = new Matrix4()
    for (const [i, camera] of cameras.entries()) {
      poseMatrix(camera.at, camera.headingDeg, 1.5, matrix)
      bodies.setMatrixAt(i, matrix.multiply(tilt.makeRotationX((camera.pitchDeg * Math.PI) / 180)))
      poseMatrix([camera.at[0], camera.at[1], 0], camera.headingDeg, 1, matrix)
      masts.setMatrixAt(i, matrix.multiply(tilt.makeScale(1, 1, camera.at[2])))
    }
    bodies.castShadow = true
    this.#bodies = [bodies, masts]
    this.object.add(bodies, masts)
  }

  #buildCones(): Mesh {
    const positions: number[] = []
    const edges: number[] = []
    const indices: number[] = []
    const z = groundLevelM.pavement + 0.06
    for (const camera of this.#context.index.site.cameras) {
      const rays = cameraFootprint(camera, this.#context.index.site)
      const first = positions.length / 3
      for (const [i, ray] of rays.entries()) {
        const side = Math.abs(i / Math.max(1, rays.length - 1) - 0.5) * 2
        positions.push(...ray.near, z, ...ray.far, z)
        edges.push(0, side, ray.reach, side)
        if (i === 0) continue
        const at = first + i * 2
        indices.push(at - 2, at - 1, at + 1, at - 2, at + 1, at)
      }
      this.#verticesOf.set(camera.id, [first, positions.length / 3])
    }
    const { palette, film } = this.#context
    const mesh = { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) }
    const geometry = this.#gpu.keep(filmGeometry(mesh, new Color(palette.accent), () => coneOpacity * 0.42))
    geometry.setAttribute('edge', new BufferAttribute(Float32Array.from(edges), 2))
    const cones = new Mesh(geometry, film)
    cones.renderOrder = 3
    cones.frustumCulled = false
    return cones
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}
