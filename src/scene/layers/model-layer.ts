import { Color, Group, type InstancedMesh, Matrix4 } from 'three'
import { centroid } from '../../site/geometry.ts'
import { modelBudget, type SiteModel } from '../../site/schema.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import type { BuildingParts } from '../kit/architecture-building.ts'
import type { KitMesh } from '../kit/mesh.ts'
import { modelFault } from '../model-fetch.ts'
import { type LoadModel, loadModel } from '../model-shelf.ts'
import { type Attention, noAttention, type StageLayer } from '../stage-layer.ts'
import type { BuildingLayer } from './building-layer.ts'
import type { DeviceLayer } from './device-layer.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** Whoever draws a plain solid until the model has come. */
interface StandIns {
  readonly buildings: Pick<BuildingLayer, 'standIn'>
  readonly devices: Pick<DeviceLayer, 'standModel'>
}

interface ModelledBuildings {
  readonly mesh: InstancedMesh
  readonly buildings: readonly BuildingParts[]
}

const nowhere = new Matrix4().makeScale(0, 0, 0)
const white = new Color(1, 1, 1)

/**
 * GLB models that stand for buildings and devices. They come one after the other; until one stands, and for good where
 * it fails, the plain solid is drawn. Devices go with the flock of the device layer. A building's model is one instance
 * here, and gives way to the plain building whenever that is cut, drawn apart or lowered; that one is also what is
 * pointed at.
 */
export class ModelLayer implements StageLayer {
  readonly object = new Group()
  /** Settles when every model either stands or is a fault. */
  readonly done: Promise<void>
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #standIns: StandIns
  readonly #standing: ModelledBuildings[] = []
  #attention: Attention = noAttention
  #triangles = 0

  constructor(context: LayerContext, standIns: StandIns, load: LoadModel = loadModel) {
    this.#context = context
    this.#standIns = standIns
    this.object.matrixAutoUpdate = false
    this.done = this.#loadAll(load)
  }

  async #loadAll(load: LoadModel): Promise<void> {
    const { site } = this.#context.index
    const used = new Set([...site.buildings, ...site.equipment].map(({ model }) => model))
    for (const model of site.models ?? []) {
      if (!used.has(model.id)) continue
      const loaded = await load(site, model)
      if (this.#gpu.disposed) return
      const mesh = loaded.ok ? this.#within(loaded.value, model) : loaded
      if (mesh.ok) this.#stand(model.id, mesh.value)
      else this.#fault(model.id, mesh.error.code, mesh.error.detail)
    }
  }

  #within(mesh: KitMesh, { url }: SiteModel) {
    const triangles = this.#triangles + mesh.indices.length / 3
    if (triangles > modelBudget.siteTriangles)
      return modelFault(
        'scene.modelTooLarge',
        `${url}: all models hold more than ${modelBudget.siteTriangles} triangles`,
      )
    this.#triangles = triangles
    return { ok: true, value: mesh } as const
  }

  #fault(id: string, code: string, detail: string): void {
    const { host } = this.#context
    const key = `scene:model/${id}`
    host.fault(key, { severity: 'warning', code, detail })
    this.#gpu.add(() => host.fault(key, undefined))
  }

  #stand(id: string, mesh: KitMesh): void {
    const { index, solid, host } = this.#context
    this.#standIns.devices.standModel(id, mesh)
    const buildings = index.parts.filter((p) => p.building.model === id)
    if (buildings.length > 0) {
      const drawn = this.#gpu.instanced(this.#gpu.keep(geometryOf(mesh)), solid, buildings.length)
      drawn.castShadow = true
      drawn.receiveShadow = true
      this.object.add(drawn)
      this.#standing.push({ mesh: drawn, buildings })
      this.#show()
    }
    host.castersMoved()
    host.targetsChanged()
    host.redraw('models')
  }

  attend(now: Attention): void {
    this.#attention = now
    this.#show()
  }

  #show(): void {
    for (const { mesh, buildings } of this.#standing) {
      for (const [i, { building }] of buildings.entries()) {
        const whole = isWhole(this.#attention, building.id)
        this.#standIns.buildings.standIn(building.id, whole)
        const [eastM, northM] = centroid(building.footprint)
        mesh.setMatrixAt(i, whole ? poseMatrix([eastM, northM, building.baseM], 0) : nowhere)
        mesh.setColorAt(i, this.#tintOf(building.id))
      }
      mesh.instanceMatrix.needsUpdate = true
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true
    }
  }

  #tintOf(id: string): Color {
    const { selected, hovered, many } = this.#attention
    const is = (pick: Attention['selected']) => pick?.kind === 'building' && pick.id === id
    const share = is(selected) || many.some(is) ? 0.5 : is(hovered) ? 0.25 : 0
    return new Color(this.#context.palette.accent).multiplyScalar(1.4).lerp(white, 1 - share)
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

/** Neither cut nor drawn apart, nor lowered because another stands alone. */
function isWhole({ open, apart, alone }: Attention, id: string): boolean {
  if (open?.parts.building.id === id || apart?.building.id === id) return false
  return !alone || alone.building.id === id
}
