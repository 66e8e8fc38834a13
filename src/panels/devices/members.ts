import type { Picked } from '../../scene/selection.ts'
import type { SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'

/** Devices inside a building, storey or zone, and plant elsewhere that serves the zone. */
export function membersOf(
  site: SiteFile,
  devices: ReadonlyMap<string, TwinDevice>,
  place: Pick<Picked, 'kind' | 'id'>,
): string[] {
  const zones = new Set(
    site.zones
      .filter(
        (zone) =>
          (place.kind === 'zone' && zone.id === place.id) ||
          (place.kind === 'building' && zone.building === place.id) ||
          (place.kind === 'storey' && `${zone.building}/${zone.storey}` === place.id),
      )
      .map((zone) => zone.id),
  )
  const equipment = new Map(site.equipment.map((item) => [item.id, item]))
  return [...devices.values()]
    .filter(({ id, birth }) => {
      const item = equipment.get(id)
      const zone = birth.zone ?? item?.zone
      if (zone !== undefined && zones.has(zone)) return true
      if (place.kind === 'building') return item?.building === place.id
      return place.kind === 'zone' && (item?.serves?.includes(place.id) ?? false)
    })
    .map((device) => device.id)
}
