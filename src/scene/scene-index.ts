import { centroid, type Point2 } from '../site/geometry.ts'
import type { Equipment, SiteFile, Zone } from '../site/schema.ts'
import { type BuildingParts, numberParts } from './kit/architecture-building.ts'
import type { Picked } from './selection.ts'

/** Look-ups that several layers need, made once for each site. */
export interface SceneIndex {
  readonly site: SiteFile
  readonly parts: readonly BuildingParts[]
  readonly partsOf: ReadonlyMap<string, BuildingParts>
  readonly zoneOf: ReadonlyMap<string, Zone>
  /** Slot in the zone table, from 1; 0 is nobody's. */
  readonly slotOf: (zoneId: string | undefined) => number
  readonly slots: number
  /** Zones of a storey; with neither, those outdoors. */
  readonly zonesOf: (building: string | undefined, storey: string | undefined) => readonly Zone[]
  readonly equipmentOf: ReadonlyMap<string, Equipment>
}

export function indexSite(site: SiteFile): SceneIndex {
  const parts = numberParts(site)
  const slots = new Map(site.zones.map((z, i) => [z.id, i + 1]))
  const byStorey = new Map<string, Zone[]>()
  for (const zone of site.zones) {
    const key = storeyKey(zone.building, zone.storey)
    const list = byStorey.get(key)
    if (list) list.push(zone)
    else byStorey.set(key, [zone])
  }
  return {
    site,
    parts,
    partsOf: new Map(parts.map((p) => [p.building.id, p])),
    zoneOf: new Map(site.zones.map((z) => [z.id, z])),
    slotOf: (id) => (id === undefined ? 0 : (slots.get(id) ?? 0)),
    slots: site.zones.length + 1,
    zonesOf: (building, storey) => byStorey.get(storeyKey(building, storey)) ?? [],
    equipmentOf: new Map(site.equipment.map((e) => [e.id, e])),
  }
}

/** Storeys are numbered within their building only; the separator occurs in no id. */
const storeyKey = (building: string | undefined, storey: string | undefined) => `${building ?? ''}/${storey ?? ''}`

/** The storey to be laid open for a selection: `building` and the storey's place in it. */
export interface OpenStorey {
  readonly parts: BuildingParts
  readonly storeyAt: number
}

export function storeyToOpen(index: SceneIndex, selected: Picked | undefined): OpenStorey | undefined {
  if (!selected) return undefined
  if (selected.kind === 'storey') {
    const [building, storey] = selected.id.split('/')
    return open(index, building, storey)
  }
  const zoneId = selected.kind === 'zone' ? selected.id : equipmentZone(index, selected)
  const zone = zoneId === undefined ? undefined : index.zoneOf.get(zoneId)
  return zone ? open(index, zone.building, zone.storey) : undefined
}

function equipmentZone(index: SceneIndex, selected: Picked): string | undefined {
  return selected.kind === 'device' ? index.equipmentOf.get(selected.id)?.zone : undefined
}

function open(index: SceneIndex, building: string | undefined, storey: string | undefined): OpenStorey | undefined {
  const parts = building === undefined ? undefined : index.partsOf.get(building)
  const storeyAt = parts?.building.storeys.findIndex((s) => s.id === storey) ?? -1
  return parts && storeyAt >= 0 && parts.building.facade.style !== 'open' ? { parts, storeyAt } : undefined
}

export interface Sphere {
  readonly at: readonly [number, number, number]
  readonly radiusM: number
}

/** Where a thing is and how large, for flights and labels; undefined where the site file does not know it. */
export function whereIs(index: SceneIndex, picked: Picked): Sphere | undefined {
  const { site } = index
  switch (picked.kind) {
    case 'building': {
      const parts = index.partsOf.get(picked.id)
      return (
        parts && {
          at: [...centroid(parts.building.footprint), parts.topM / 2],
          radiusM: reach(parts.building.footprint) + parts.topM / 3,
        }
      )
    }
    case 'storey': {
      const [building, storey] = picked.id.split('/')
      const parts = index.partsOf.get(building ?? '')
      const found = parts?.building.storeys.find((s) => s.id === storey)
      return (
        parts &&
        found && { at: [...centroid(parts.building.footprint), found.baseM], radiusM: reach(parts.building.footprint) }
      )
    }
    case 'zone': {
      const zone = index.zoneOf.get(picked.id)
      return zone && { at: [...centroid(zone.polygon), zone.floorM], radiusM: Math.max(6, reach(zone.polygon)) }
    }
    case 'camera': {
      const camera = site.cameras.find((c) => c.id === picked.id)
      return camera && { at: camera.at, radiusM: 14 }
    }
    case 'device': {
      const device = index.equipmentOf.get(picked.id) ?? site.cameras.find((c) => c.id === picked.id)
      if (device) return { at: device.at, radiusM: 6 }
      const gate = site.gates.find((g) => g.id === picked.id)
      return gate && { at: [(gate.from[0] + gate.to[0]) / 2, (gate.from[1] + gate.to[1]) / 2, 1], radiusM: 10 }
    }
    case 'track':
      return undefined
  }
}

function reach(polygon: readonly Point2[]): number {
  const [x, y] = centroid(polygon)
  return Math.max(...polygon.map((p) => Math.hypot(p[0] - x, p[1] - y)))
}
