import type { TwinDevice } from '../../twin/twin.ts'
import type { SitePoint } from '../frames.ts'
import { buildingTopM } from '../kit/architecture-building.ts'
import { type EquipmentFamily, equipmentFamily } from '../kit/architecture-equipment.ts'
import type { OpenStorey, SceneIndex } from '../scene-index.ts'

export interface PlacedDevice {
  readonly id: string
  readonly family: EquipmentFamily
  readonly at: SitePoint
  readonly headingDeg: number
  /** Under a roof: only seen when its storey is laid open. */
  readonly storey: { readonly building: string; readonly storeyAt: number } | undefined
  readonly roofOf: string | undefined
  /** The model of the site file that stands for it, once that has come. */
  readonly model: string | undefined
}

const cutDeviceM = 1.55

/** Where each device stands: by its birth message, else by the site file. Doors, cameras and gateways are drawn elsewhere. */
export function placeDevices(index: SceneIndex, devices: ReadonlyMap<string, TwinDevice>): PlacedDevice[] {
  const others = new Set([...index.site.gates.map((g) => g.id), ...index.site.cameras.map((c) => c.id)])
  const placed: PlacedDevice[] = []
  for (const { id, birth } of devices.values()) {
    const file = index.equipmentOf.get(id)
    const at = birth.pose?.at ?? file?.at
    if (!at || others.has(id) || /gateway/i.test(birth.class)) continue
    placed.push({
      id,
      family: equipmentFamily(birth.class),
      at: lifted(index, file?.building, at),
      headingDeg: birth.pose?.headingDeg ?? file?.headingDeg ?? 0,
      storey: storeyOf(index, file?.zone ?? birth.zone, file?.building, at),
      roofOf: file?.building,
      model: file?.model,
    })
  }
  return placed
}

/** In the cut-away, what hangs from the ceiling is brought down to the height of the cut. */
export function placeInCut(index: SceneIndex, { storey, at }: PlacedDevice): SitePoint {
  const building = storey && index.partsOf.get(storey.building)?.building
  const base = building?.storeys[storey?.storeyAt ?? 0]?.baseM
  return base === undefined ? at : [at[0], at[1], Math.min(at[2], base + cutDeviceM)]
}

export function standsIn(placed: PlacedDevice, open: OpenStorey | undefined): boolean {
  return open?.parts.building.id === placed.storey?.building && open?.storeyAt === placed.storey?.storeyAt
}

function storeyOf(
  index: SceneIndex,
  zoneId: string | undefined,
  buildingId: string | undefined,
  at: SitePoint,
): PlacedDevice['storey'] {
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
