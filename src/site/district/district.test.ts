import { describe, expect, it } from 'vitest'
import { pointInPolygon } from '../geometry.ts'
import { loadSite } from '../load.ts'
import { buildDistrict, districtInput } from './district.ts'

const site = buildDistrict({ devices: 1500, seed: 3 })

describe('a generated district', () => {
  it('has as many devices and buildings as were asked for', () => {
    expect(site.equipment).toHaveLength(1500)
    expect(site.buildings).toHaveLength(45)
    expect(buildDistrict({ devices: 1500, seed: 3, buildings: 20, cameras: 7 }).buildings).toHaveLength(20)
  })

  it('is the same for the same seed and another for another', () => {
    const text = (seed: number) => JSON.stringify(districtInput({ devices: 400, seed }))
    expect(text(5)).toBe(text(5))
    expect(text(5)).not.toBe(text(6))
  })

  it('stands as a small file, because devices alike share their points', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(districtInput({ devices: 1500, seed: 3 })))
    const loaded = loadSite(bytes)
    expect(loaded.ok && loaded.value).toEqual(site)
    expect(bytes.byteLength / site.equipment.length).toBeLessThan(520)
  })

  it('gives every storey a room and every room a sensor head inside its building', () => {
    const zonesOf = new Set(site.zones.map((z) => `${z.building}/${z.storey}`))
    for (const building of site.buildings) {
      for (const storey of building.storeys) expect(zonesOf.has(`${building.id}/${storey.id}`)).toBe(true)
      for (const zone of site.zones.filter((z) => z.building === building.id))
        for (const [east, north] of zone.polygon) expect(pointInPolygon(east, north, building.footprint)).toBe(true)
    }
  })

  it('keeps buildings off each other and off the roads', () => {
    for (const [i, a] of site.buildings.entries())
      for (const b of site.buildings.slice(i + 1))
        expect(
          a.footprint.some(([e, n]) => pointInPolygon(e, n, b.footprint)),
          `${a.id} ${b.id}`,
        ).toBe(false)
    for (const road of site.ground.roads)
      for (const [east, north] of road.centreline)
        expect(site.buildings.some((b) => pointInPolygon(east, north, b.footprint))).toBe(false)
  })

  it('can be walked from any door to any other', () => {
    const next = new Map<string, string[]>()
    for (const { a, b, kind } of site.paths.edges) {
      if (kind === 'drive') continue
      next.set(a, [...(next.get(a) ?? []), b])
      next.set(b, [...(next.get(b) ?? []), a])
    }
    const seen = new Set(['in-b001'])
    for (const node of seen) for (const to of next.get(node) ?? []) seen.add(to)
    for (const building of site.buildings) expect(seen.has(`in-${building.id}`), building.id).toBe(true)
  })
})
