import { type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Building, Equipment, SiteFile } from '../../site/schema.ts'

interface Lookup {
  readonly equipmentOf: ReadonlyMap<string, readonly Equipment[]>
  readonly reaches: readonly Reach[]
}

interface Reach {
  readonly building: Building
  readonly topM: number
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

/** Site files do not change; what is asked of one thousands of times is found once. */
const lookups = new WeakMap<SiteFile, Lookup>()

function lookupOf(site: SiteFile): Lookup {
  const known = lookups.get(site)
  if (known) return known
  const equipmentOf = new Map<string, Equipment[]>()
  for (const item of site.equipment) {
    if (item.building === undefined) continue
    const list = equipmentOf.get(item.building)
    if (list) list.push(item)
    else equipmentOf.set(item.building, [item])
  }
  const lookup = { equipmentOf, reaches: site.buildings.map(reachOf) }
  lookups.set(site, lookup)
  return lookup
}

function reachOf(building: Building): Reach {
  const xs = building.footprint.map((p) => p[0])
  const ys = building.footprint.map((p) => p[1])
  return {
    building,
    topM: Math.max(...building.storeys.map((storey) => storey.baseM + storey.heightM)),
    west: Math.min(...xs),
    east: Math.max(...xs),
    south: Math.min(...ys),
    north: Math.max(...ys),
  }
}

/** Equipment that names this building, in the file's order. */
export function equipmentOf(site: SiteFile, building: string): readonly Equipment[] {
  return lookupOf(site).equipmentOf.get(building) ?? []
}

/** Whether a building stands over or under this place, below its top less `slackM`. */
export function underRoof(site: SiteFile, [x, y]: Point2, upM: number, slackM: number): boolean {
  return lookupOf(site).reaches.some(
    (r) =>
      x >= r.west &&
      x <= r.east &&
      y >= r.south &&
      y <= r.north &&
      upM < r.topM - slackM &&
      pointInPolygon(x, y, r.building.footprint),
  )
}
