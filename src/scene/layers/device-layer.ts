import { type BufferGeometry, Color, Group, type InstancedMesh, Matrix4, Vector3 } from 'three'
import type { Incident } from '../../contract/decision.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { poseMatrix, type SitePoint } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { type FlockMember, InstanceFlock } from '../instance-flock.ts'
import { type EquipmentFamily, equipmentFamilies, equipmentMesh, mastMesh } from '../kit/architecture-equipment.ts'
import { type KitMesh, MeshBuilder } from '../kit/mesh.ts'
import type { Picked } from '../selection.ts'
import { type Attention, type Belief, type Eye, noAttention, type StageLayer, type TargetSink } from '../stage-layer.ts'
import { liftM, mostApart } from '../storeys-apart.ts'
import { type PlacedDevice, placeDevices, placeInCut, standsIn } from './device-places.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** Half extents for picking, generous for small things. */
const half: Readonly<Partial<Record<EquipmentFamily, SitePoint>>> = {
  airHandler: [1.6, 2.4, 1.2],
  chiller: [1.6, 2, 1.1],
  tower: [1.5, 1.5, 1.5],
  battery: [1.6, 3, 1.4],
  charger: [0.5, 0.5, 0.9],
}
const smallHalf: SitePoint = [0.6, 0.6, 0.6]
/** What stands in a laid open storey is drawn larger than life, or nobody would find it. */
const insideScale = 1.3
const offline = new Color('#75797e')
const white = new Color(1, 1, 1)

/** Equipment as instanced solids, one draw for each family that is near, one for all that is far. */
export class DeviceLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #flock: InstanceFlock
  readonly #families: Family[]
  /** The family that each model of the site file became. */
  readonly #models = new Map<string, number>()
  readonly #at = new Map<string, number>()
  #masts: InstancedMesh | undefined
  #placed: readonly PlacedDevice[] = []
  #devices: ReadonlyMap<string, TwinDevice> = new Map()
  #attention: Attention = noAttention
  #incidents: readonly Incident[] | undefined
  #alarmed: ReadonlyMap<string, string> = new Map()
  readonly #color = new Color()
  #chosen: ReadonlySet<string> = new Set()
  #revealed = false

  constructor(context: LayerContext) {
    this.#context = context
    this.#families = equipmentFamilies.map((family) => familyOf(equipmentMesh(family)))
    this.#flock = new InstanceFlock({
      shapes: this.#families.map(({ geometry, sizeM }) => ({ near: geometry, sizeM })),
      far: geometryOf(unitBox()),
      material: context.solid,
      castShadow: true,
      cull: context.quality.plain,
      farBelowPx: 12,
      goneBelowPx: 1.2,
    })
    this.object.add(this.#flock.object)
  }

  /** How many are drawn now. */
  get drawnCount(): number {
    return this.#flock.drawnCount
  }

  /** Draws every device, those under roofs and those too small to be seen as well, for views that look through walls. */
  reveal(revealed: boolean): void {
    if (revealed === this.#revealed) return
    this.#revealed = revealed
    this.#flock.drawAnyway(revealed)
    this.#show()
    this.#context.host.redraw('devices')
  }

  sync({ state, registryChanged }: Belief): void {
    const { palette, host } = this.#context
    if (registryChanged) {
      this.#devices = state.devices
      this.#place()
      host.redraw('devices')
    }
    if (state.incidents === this.#incidents && !registryChanged) return
    this.#incidents = state.incidents
    const open = state.incidents.filter((i) => i.state !== 'closed')
    this.#alarmed = new Map(open.map((i) => [i.subject, palette[i.priority]]))
    this.#tintAll()
  }

  attend(now: Attention): void {
    const before = this.#attention
    this.#attention = now
    if (now.apart !== before.apart) this.#placeAnew()
    else if (now.open !== before.open || now.alone !== before.alone) this.#show()
    if (now.many !== before.many) this.#chosen = new Set(now.many.map((pick) => pick.id))
    if (now.many !== before.many) this.#tintAll()
    for (const picked of [before.selected, before.hovered, now.selected, now.hovered]) this.#tintPicked(picked)
  }

  look(eye: Eye): void {
    if (this.#flock.look(eye)) this.#context.host.castersMoved()
  }

  addTargets({ boxes }: TargetSink): void {
    for (const placed of this.#placed) {
      if (!this.#visible(placed)) continue
      const at = this.#shownAt(placed)
      const model = this.#families[this.#models.get(placed.model ?? '') ?? -1]
      const own = model ? halfOf(model) : half[placed.family]
      const lift = model?.middle.z ?? own?.[2] ?? 0
      boxes.add({ kind: 'device', id: placed.id }, [at[0], at[1], at[2] + lift], own ?? smallHalf)
    }
  }

  positionOf(id: string): SitePoint | undefined {
    const placed = this.#placed[this.#at.get(id) ?? -1]
    return placed && this.#shownAt(placed)
  }

  /** From now on this mesh stands for all devices that name the model, in its true size. */
  standModel(id: string, mesh: KitMesh): void {
    const family = familyOf(mesh)
    this.#families.push(family)
    this.#models.set(id, this.#flock.addShape({ near: family.geometry, sizeM: family.sizeM }))
    this.#placeAnew()
    this.#placeMasts()
  }

  /** New registry: everything is placed anew. */
  #place(): void {
    const { index } = this.#context
    this.#placed = placeDevices(index, this.#devices)
    this.#at.clear()
    for (const [i, { id }] of this.#placed.entries()) this.#at.set(id, i)
    this.#flock.setMembers(this.#placed.map((placed) => this.#memberOf(placed)))
    this.#show()
    this.#placeMasts()
  }

  /** Storeys are drawn apart or back together: what stands in them goes with them. */
  #placeAnew(): void {
    this.#flock.setMembers(this.#placed.map((placed) => this.#memberOf(placed)))
    this.#show()
    this.#tintAll()
  }

  #memberOf(placed: PlacedDevice): FlockMember {
    const model = this.#models.get(placed.model ?? '')
    const family = model ?? equipmentFamilies.indexOf(placed.family)
    const { middle, extent, sizeM, color } = this.#families[family] as Family
    const at = this.#shownAt(placed)
    const matrix = poseMatrix(at, placed.headingDeg, placed.storey && model === undefined ? insideScale : 1)
    const far = new Matrix4().makeTranslation(middle).scale(extent).premultiply(matrix)
    return {
      eastM: at[0],
      northM: at[1],
      upM: at[2],
      reachM: sizeM / 2,
      shape: family,
      matrix: matrix.elements,
      farMatrix: far.elements,
      farColor: color,
    }
  }

  /** What can be seen has changed: everything outdoors and on roofs, and what stands in the storey laid open. */
  #show(): void {
    for (const [i, placed] of this.#placed.entries()) this.#flock.hide(i, !this.#visible(placed))
    this.#context.host.targetsChanged()
    this.#context.host.lookAgain()
  }

  #visible(placed: PlacedDevice): boolean {
    const { open, apart, alone } = this.#attention
    // What stands on a roof goes with the roof.
    if (!placed.storey) {
      if (alone && placed.roofOf !== undefined && placed.roofOf !== alone.building.id) return false
      return placed.roofOf === undefined || placed.roofOf !== (apart ?? open?.parts)?.building.id
    }
    if (apart?.building.id === placed.storey.building) return placed.storey.storeyAt < mostApart
    return this.#revealed || standsIn(placed, open)
  }

  #shownAt(placed: PlacedDevice): SitePoint {
    const at = placeInCut(this.#context.index, placed)
    const { storey } = placed
    return storey ? [at[0], at[1], at[2] + liftM(this.#attention, storey.building, storey.storeyAt)] : at
  }

  /** Floodlights outdoors do not hang in the air. */
  #placeMasts(): void {
    const free = this.#placed.filter(
      (p) =>
        p.family === 'luminaire' &&
        !p.storey &&
        p.roofOf === undefined &&
        p.at[2] > 2 &&
        !this.#models.has(p.model ?? ''),
    )
    if (this.#masts) this.#masts.count = 0
    if (free.length === 0) return
    if (!this.#masts || this.#masts.instanceMatrix.count < free.length) {
      this.#masts?.removeFromParent()
      this.#masts?.dispose()
      this.#masts = this.#gpu.instanced(this.#gpu.keep(geometryOf(mastMesh())), this.#context.solid, free.length)
      this.object.add(this.#masts)
    }
    const matrix = new Matrix4()
    for (const [i, { at }] of free.entries())
      this.#masts.setMatrixAt(i, matrix.makeScale(1, 1, at[2]).setPosition(at[0], at[1], 0))
    this.#masts.count = free.length
    this.#masts.instanceMatrix.needsUpdate = true
  }

  /** Everything that can be seen, with its place. */
  eachShown(see: (id: string, at: SitePoint) => void): void {
    for (const placed of this.#placed) if (this.#visible(placed)) see(placed.id, this.#shownAt(placed))
  }

  #tintAll(): void {
    let changed = false
    for (const [i, placed] of this.#placed.entries()) if (this.#tint(i, placed)) changed = true
    if (changed) this.#context.host.redraw('devices')
  }

  #tintPicked(picked: Picked | undefined): void {
    const at = picked?.kind === 'device' ? this.#at.get(picked.id) : undefined
    const placed = at === undefined ? undefined : this.#placed[at]
    if (at !== undefined && placed) this.#tint(at, placed)
  }

  /** Colour for offline, alarmed, hovered and selected; true when it is another than before. */
  #tint(at: number, { id }: PlacedDevice): boolean {
    const { selected, hovered } = this.#attention
    const alarm = this.#alarmed.get(id)
    const color = this.#color.copy(white)
    if ((selected?.kind === 'device' && selected.id === id) || this.#chosen.has(id))
      color.set(this.#context.palette.accent).multiplyScalar(1.5)
    else if (hovered?.kind === 'device' && hovered.id === id) color.set(this.#context.palette.accent).lerp(white, 0.4)
    else if (alarm !== undefined) color.set(alarm)
    else if (this.#devices.get(id)?.online === false) color.copy(offline)
    return this.#flock.setColor(at, color.r, color.g, color.b)
  }

  dispose(): void {
    this.#flock.dispose()
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

interface Family {
  readonly geometry: BufferGeometry
  readonly middle: Vector3
  readonly extent: Vector3
  readonly sizeM: number
  readonly color: readonly [number, number, number]
}

/** However it is turned, a thing that is longer than wide is met by its shorter half at least. */
function halfOf({ extent }: Family): SitePoint {
  const across = Math.max(smallHalf[0] / 2, (extent.x + extent.y) / 4)
  return [across, across, Math.max(smallHalf[2] / 2, extent.z / 2)]
}

/** A family's solid, and the box of its mean colour that stands for it from afar. */
function familyOf(mesh: KitMesh): Family {
  const geometry = geometryOf(mesh)
  geometry.computeBoundingBox()
  const box = geometry.boundingBox
  const extent = box?.getSize(new Vector3()) ?? new Vector3(1, 1, 1)
  const middle = box?.getCenter(new Vector3()) ?? new Vector3()
  const mean = (channel: number) => {
    let sum = 0
    for (let i = channel; i < mesh.colors.length; i += 3) sum += mesh.colors[i] as number
    return (sum * 3) / Math.max(1, mesh.colors.length)
  }
  const sizeM = Math.max(extent.x, extent.y, extent.z)
  return { geometry, middle, extent, sizeM, color: [mean(0), mean(1), mean(2)] }
}

/** Side 1, about the middle. */
function unitBox() {
  const builder = new MeshBuilder()
  builder.box([0, 0, -0.5], [1, 1, 1], [1, 1, 1])
  return builder.build()
}
