import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  Group,
  type InstancedMesh,
  Matrix4,
  Mesh,
  ShaderMaterial,
} from 'three'
import { cameraFootprint } from '../camera-footprint.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { equipmentMesh, mastMesh } from '../kit/architecture-equipment.ts'
import { groundLevelM } from '../kit/architecture-ground.ts'
import type { Picked } from '../selection.ts'
import type { Attention, StageLayer, TargetSink } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

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
    this.#glow = this.#cones.geometry.getAttribute('glow') as BufferAttribute
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
      for (let i = from; i < to; i++) this.#glow.setX(i, level)
    }
    this.#glow.needsUpdate = true
  }

  addTargets({ boxes }: TargetSink): void {
    for (const camera of this.#context.index.site.cameras)
      boxes.add({ kind: 'camera', id: camera.id }, camera.at, [0.9, 0.9, 0.9])
  }

  #addBodies(): void {
    const { index, models } = this.#context
    const { cameras } = index.site
    const bodies = this.#gpu.instanced(
      this.#gpu.keep(geometryOf(equipmentMesh('camera'))),
      models.instanced,
      cameras.length,
    )
    const masts = this.#gpu.instanced(this.#gpu.keep(geometryOf(mastMesh())), models.instanced, cameras.length)
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
    const geometry = this.#gpu.keep(new BufferGeometry())
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
    geometry.setAttribute('edge', new BufferAttribute(Float32Array.from(edges), 2))
    geometry.setAttribute('glow', new BufferAttribute(new Float32Array(positions.length / 3).fill(0.42), 1))
    geometry.setIndex(indices)
    const mesh = new Mesh(geometry, this.#gpu.keep(coneMaterial(this.#context)))
    mesh.renderOrder = 3
    mesh.frustumCulled = false
    return mesh
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function coneMaterial({ palette, uniforms, quality }: LayerContext): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    uniforms: { uColor: { value: new Color(palette.accent) }, uNight: uniforms.uNight },
    // Mixed in linear light the same share covers more, and most by night.
    defines: { SHARE: quality.finish ? '0.55' : '1.0' },
    vertexShader: `attribute vec2 edge; attribute float glow; varying vec2 vEdge; varying float vGlow;
      void main() { vEdge = edge; vGlow = glow; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform vec3 uColor; uniform float uNight; varying vec2 vEdge; varying float vGlow;
      void main() {
        float rim = smoothstep(0.955, 0.985, vEdge.y);
        float a = (0.30 * (1.0 - 0.75 * vEdge.x) + 0.5 * rim * (1.0 - vEdge.x)) * vGlow;
        gl_FragColor = vec4(uColor * (1.0 - 0.6 * uNight), a * SHARE);
        #include <colorspace_fragment>
      }`,
  })
}
