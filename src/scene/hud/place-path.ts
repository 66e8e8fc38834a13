import type { LocalText } from '../../contract/messages.ts'
import type { SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import type { Picked } from '../selection.ts'

export interface PlaceStep {
  readonly pick: Picked
  readonly name: LocalText
}

/** The way from the park to a thing: building, storey, room, device; each of them can be gone to. */
export function placePath(
  site: SiteFile,
  devices: ReadonlyMap<string, TwinDevice>,
  picked: Picked | undefined,
): PlaceStep[] {
  if (!picked) return []
  switch (picked.kind) {
    case 'building':
      return buildingSteps(site, picked.id, undefined)
    case 'storey': {
      const [building, storey] = picked.id.split('/')
      return buildingSteps(site, building, storey)
    }
    case 'zone':
      return zoneSteps(site, picked.id)
    case 'device':
    case 'camera': {
      const item = site.equipment.find((e) => e.id === picked.id)
      const camera = site.cameras.find((c) => c.id === picked.id)
      const device = devices.get(picked.id)
      const zone = device?.birth.zone ?? item?.zone
      const above = zone === undefined ? buildingSteps(site, item?.building, undefined) : zoneSteps(site, zone)
      return [...above, { pick: picked, name: device?.birth.name ?? item?.name ?? camera?.name ?? picked.id }]
    }
    case 'track':
      return []
  }
}

function zoneSteps(site: SiteFile, id: string): PlaceStep[] {
  const zone = site.zones.find((z) => z.id === id)
  if (!zone) return []
  return [...buildingSteps(site, zone.building, zone.storey), { pick: { kind: 'zone', id }, name: zone.name }]
}

function buildingSteps(site: SiteFile, id: string | undefined, storeyId: string | undefined): PlaceStep[] {
  const building = site.buildings.find((b) => b.id === id)
  if (!building) return []
  const steps: PlaceStep[] = [{ pick: { kind: 'building', id: building.id }, name: building.name }]
  const storey = building.storeys.find((s) => s.id === storeyId)
  if (storey && building.storeys.length > 1)
    steps.push({ pick: { kind: 'storey', id: `${building.id}/${storey.id}` }, name: storey.name })
  return steps
}
