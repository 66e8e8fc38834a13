import { Color, Group, type InstancedMesh, Matrix4 } from 'three'
import type { Incident } from '../../contract/decision.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { poseMatrix, type SitePoint } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { buildingTopM } from '../kit/architecture-building.ts'
import { type EquipmentFamily, equipmentFamily, equipmentMesh, mastMesh } from '../kit/architecture-equipment.ts'
import type { OpenStorey, SceneIndex } from '../scene-index.ts'
import type { Picked } from '../selection.ts'
import { samePick } from '../selection.ts'
import { type Attention, type Belief, noAttention, type StageLayer, type TargetSink } from '../stage-layer.ts'
import { GpuStore, type LayerContext } from './layer.ts'

interface Placed {
  readonly id: string
  readonly family: EquipmentFamily
  readonly at: SitePoint
  readonly headingDeg: number
  /** Under a roof: only seen when its storey is laid open. */
  readonly storey: { readonly building: string; readonly storeyAt: number } | undefined
  readonly roofOf: string | undefined
}

/** Half extents for picking, generous for small things. */
const half: Readonly<Partial<Record<EquipmentFamily, SitePoint>>> = {
  airHandler: [1.6, 2.4, 1.2],
  chiller: [1.6, 2, 1.1],
  tower: [1.5, 1.5, 1.5],
  battery: [1.6, 3, 1.4],
  charger: [0.5, 0.5, 0.9],
}
const smallHalf: SitePoint = [0.6, 0.6, 0.6]
const cutDeviceM = 1.55

/** Equipment as instanced solids, one draw for each family that is present. */
export class DeviceLayer implements StageLayer {
  readonly object = new Group()
  #attention: Attention = noAttention
  #incidents: readonly Incident[] | undefined
  #alarmed: ReadonlyMap<string, string> = new Map()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #meshes = new Map<EquipmentFamily, InstancedMesh>()
  #masts: InstancedMesh | undefined
  #placed: Placed[] = []
  #devices: ReadonlyMap<string, TwinDevice> = new Map()
  #instances: { family: EquipmentFamily; at: number; placed: Placed }[] = []

  constructor(context: LayerContext) {
    this.#context = context
  }

  sync({ state, registryChanged }: Belief): void {
    if (state.incidents !== this.#incidents) {
      this.#incidents = state.incidents
      const open = state.incidents.filter((i) => i.state !== 'closed')
      this.#alarmed = new Map(open.map((i) => [i.subject, this.#context.palette[i.priority]]))
      this.#tint()
    }
    if (!registryChanged) return
    this.#setDevices(state.devices)
    this.#place()
    this.#context.host.redraw('devices')
  }

  attend(now: Attention): void {
    const before = this.#attention
    this.#attention = now
    if (now.open !== before.open) this.#place()
    else if (now.many !== before.many || now.selected !== before.selected || now.hovered !== before.hovered)
      this.#tint()
  }

  addTargets({ boxes }: TargetSink): void {
    for (const { placed, family } of this.#instances) {
      const at = this.#shownAt(placed)
      const [hx, hy, hz] = half[family] ?? smallHalf
      boxes.add({ kind: 'device', id: placed.id }, [at[0], at[1], at[2] + (half[family] ? hz : 0)], [hx, hy, hz])
    }
  }

  /** New registry: places come from the birth message, else from the site file. */
  #setDevices(devices: ReadonlyMap<string, TwinDevice>): void {
    this.#devices = devices
    const { index } = this.#context
    const others = new Set([...index.site.gates.map((g) => g.id), ...index.site.cameras.map((c) => c.id)])
    this.#placed = []
    for (const device of devices.values()) {
      const file = index.equipmentOf.get(device.id)
      const at = device.birth.pose?.at ?? file?.at
      if (!at || others.has(device.id) || /gateway/i.test(device.birth.class)) continue
      this.#placed.push({
        id: device.id,
        family: equipmentFamily(device.birth.class),
        at: lifted(index, file?.building, at),
        headingDeg: device.birth.pose?.headingDeg ?? file?.headingDeg ?? 0,
        storey: storeyOf(index, file?.zone ?? device.birth.zone, file?.building, at),
        roofOf: file?.building,
      })
    }
  }

  /** Draws what can be seen: everything outdoors and on roofs, and what stands in the storey laid open. */
  #place(): void {
    const { open } = this.#attention
    const groups = new Map<EquipmentFamily, Placed[]>()
    for (const placed of this.#placed) {
      if (!visible(placed, open)) continue
      const list = groups.get(placed.family)
      if (list) list.push(placed)
      else groups.set(placed.family, [placed])
    }
    this.#instances = []
    const matrix = new Matrix4()
    for (const mesh of this.#meshes.values()) mesh.count = 0
    for (const [family, list] of groups) {
      const mesh = this.#meshFor(family, list.length)
      mesh.count = list.length
      for (const [i, placed] of list.entries()) {
        const at = this.#shownAt(placed)
        mesh.setMatrixAt(i, poseMatrix(at, placed.headingDeg, placed.storey ? 1.3 : 1, matrix))
        this.#instances.push({ family, at: i, placed })
      }
      mesh.instanceMatrix.needsUpdate = true
    }
    this.#placeMasts(groups.get('luminaire') ?? [])
    this.#tint()
    this.#context.host.targetsChanged()
    this.#context.host.castersMoved()
  }

  /** Floodlights outdoors do not hang in the air. */
  #placeMasts(lamps: readonly Placed[]): void {
    const free = lamps.filter((p) => !p.storey && p.roofOf === undefined && p.at[2] > 2)
    if (this.#masts) this.#masts.count = 0
    if (free.length === 0) return
    if (!this.#masts || this.#masts.instanceMatrix.count < free.length) {
      this.#masts?.removeFromParent()
      this.#masts = this.#gpu.instanced(
        this.#gpu.keep(geometryOf(mastMesh())),
        this.#context.models.instanced,
        free.length,
      )
      this.object.add(this.#masts)
    }
    const matrix = new Matrix4()
    for (const [i, { at }] of free.entries())
      this.#masts.setMatrixAt(i, matrix.makeScale(1, 1, at[2]).setPosition(at[0], at[1], 0))
    this.#masts.count = free.length
    this.#masts.instanceMatrix.needsUpdate = true
  }

  /** Tints for offline, alarmed, hovered and selected devices. */
  #tint(): void {
    const { palette } = this.#context
    const { selected, hovered, many } = this.#attention
    const chosen = new Set(many.map((pick) => pick.id))
    const color = new Color()
    for (const { family, at, placed } of this.#instances) {
      const mine: Picked = { kind: 'device', id: placed.id }
      const alarm = this.#alarmed.get(placed.id)
      if (samePick(selected, mine) || chosen.has(placed.id)) color.set(palette.accent).multiplyScalar(1.5)
      else if (samePick(hovered, mine)) color.set(palette.accent).lerp(new Color(1, 1, 1), 0.4)
      else if (alarm !== undefined) color.set(alarm)
      else if (this.#devices.get(placed.id)?.online === false) color.set('#75797e')
      else color.setRGB(1, 1, 1)
      this.#meshes.get(family)?.setColorAt(at, color)
    }
    for (const mesh of this.#meshes.values()) if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true
  }

  /** Everything that is drawn, with its place. */
  eachShown(see: (id: string, at: SitePoint) => void): void {
    for (const { placed } of this.#instances) see(placed.id, this.#shownAt(placed))
  }

  positionOf(id: string): SitePoint | undefined {
    const placed = this.#placed.find((p) => p.id === id)
    return placed && this.#shownAt(placed)
  }

  /** In the cut-away, what hangs from the ceiling is brought down to the height of the cut. */
  #shownAt(placed: Placed): SitePoint {
    const { storey, at } = placed
    const building = storey && this.#context.index.partsOf.get(storey.building)?.building
    const base = building?.storeys[storey?.storeyAt ?? 0]?.baseM
    return base === undefined ? at : [at[0], at[1], Math.min(at[2], base + cutDeviceM)]
  }

  #meshFor(family: EquipmentFamily, count: number): InstancedMesh {
    const known = this.#meshes.get(family)
    if (known && known.instanceMatrix.count >= count) return known
    known?.removeFromParent()
    known?.dispose()
    const material = this.#context.models.tinted
    const mesh = this.#gpu.instanced(
      this.#gpu.keep(geometryOf(equipmentMesh(family))),
      material,
      Math.ceil(count * 1.25),
    )
    mesh.castShadow = true
    mesh.setColorAt(0, new Color(1, 1, 1))
    this.#meshes.set(family, mesh)
    this.object.add(mesh)
    return mesh
  }

  dispose(): void {
    this.#gpu.dispose()
    this.#meshes.clear()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function visible(placed: Placed, open: OpenStorey | undefined): boolean {
  // What stands on a roof goes with the roof.
  if (!placed.storey) return open === undefined || placed.roofOf !== open.parts.building.id
  return open?.parts.building.id === placed.storey.building && open.storeyAt === placed.storey.storeyAt
}

function storeyOf(
  index: SceneIndex,
  zoneId: string | undefined,
  buildingId: string | undefined,
  at: SitePoint,
): Placed['storey'] {
  const zone = zoneId === undefined ? undefined : index.zoneOf.get(zoneId)
  const building = index.partsOf.get(zone?.building ?? buildingId ?? '')?.building
  if (!building || building.facade.style === 'open') return undefined
  if (!zone && at[2] >= buildingTopM(building) - 0.6) return undefined
  const byZone = building.storeys.findIndex((s) => s.id === zone?.storey)
  const storeyAt =
    byZone >= 0 ? byZone : building.storeys.findIndex((s) => at[2] >= s.baseM - 0.1 && at[2] < s.baseM + s.heightM)
  return storeyAt >= 0 ? { building: building.id, storeyAt } : undefined
}

/** Things on a sawtooth roof stand on its ridge rather than in it. */
function lifted(index: SceneIndex, buildingId: string | undefined, at: SitePoint): SitePoint {
  const building = buildingId === undefined ? undefined : index.partsOf.get(buildingId)?.building
  if (building?.roof.style !== 'sawtooth' || at[2] < buildingTopM(building) - 0.6) return at
  return [at[0], at[1], buildingTopM(building) + 1.3]
}
