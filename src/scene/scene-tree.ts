import type { LocalText } from '../contract/messages.ts'
import type { SiteFile } from '../site/schema.ts'
import type { TwinDevice } from '../twin/twin.ts'
import type { Picked } from './selection.ts'

/** The scene as a tree for keyboard and screen reader: park → building → storey → zone → device. */
export interface SceneNode {
  readonly key: string
  readonly name: LocalText
  /** Undefined for the park and for mere headings. */
  readonly pick: Picked | undefined
  readonly children: readonly SceneNode[]
}

const outdoors: LocalText = { en: 'Outdoors', zh: '室外' }

export function sceneTree(site: SiteFile, devices: ReadonlyMap<string, TwinDevice>): SceneNode {
  const known = groupDevices(site, devices)
  const zoneNode = (zone: SiteFile['zones'][number]): SceneNode => ({
    key: `zone:${zone.id}`,
    name: zone.name,
    pick: { kind: 'zone', id: zone.id },
    children: known.byZone.get(zone.id) ?? [],
  })
  const buildings = site.buildings.map((building): SceneNode => {
    const storeys = building.storeys.map(
      (storey): SceneNode => ({
        key: `storey:${building.id}/${storey.id}`,
        name: storey.name,
        pick: { kind: 'storey', id: `${building.id}/${storey.id}` },
        children: site.zones.filter((z) => z.building === building.id && z.storey === storey.id).map(zoneNode),
      }),
    )
    return {
      key: `building:${building.id}`,
      name: building.name,
      pick: { kind: 'building', id: building.id },
      children: [...storeys, ...(known.byBuilding.get(building.id) ?? [])],
    }
  })
  const outside: SceneNode = {
    key: 'outdoors',
    name: outdoors,
    pick: undefined,
    children: [...site.zones.filter((z) => z.building === undefined).map(zoneNode), ...known.elsewhere],
  }
  return { key: 'park', name: site.name, pick: undefined, children: [...buildings, outside] }
}

interface Grouped {
  readonly byZone: ReadonlyMap<string, readonly SceneNode[]>
  /** Devices of a building that stand in none of its zones, on the roof for example. */
  readonly byBuilding: ReadonlyMap<string, readonly SceneNode[]>
  readonly elsewhere: readonly SceneNode[]
}

function groupDevices(site: SiteFile, devices: ReadonlyMap<string, TwinDevice>): Grouped {
  const zones = new Set(site.zones.map((z) => z.id))
  const buildingOf = new Map(site.equipment.map((e) => [e.id, e.building]))
  const cameras = new Set(site.cameras.map((c) => c.id))
  const byZone = new Map<string, SceneNode[]>()
  const byBuilding = new Map<string, SceneNode[]>()
  const elsewhere: SceneNode[] = []
  for (const { id, birth } of devices.values()) {
    const node: SceneNode = {
      key: `device:${id}`,
      name: birth.name,
      pick: { kind: cameras.has(id) ? 'camera' : 'device', id },
      children: [],
    }
    const building = buildingOf.get(id)
    if (birth.zone !== undefined && zones.has(birth.zone)) push(byZone, birth.zone, node)
    else if (building !== undefined) push(byBuilding, building, node)
    else elsewhere.push(node)
  }
  return { byZone, byBuilding, elsewhere }
}

function push(map: Map<string, SceneNode[]>, key: string, node: SceneNode): void {
  const list = map.get(key)
  if (list) list.push(node)
  else map.set(key, [node])
}
