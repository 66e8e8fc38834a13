import { describe, expect, it } from 'vitest'
import { buildCampus } from '../../site/campus/campus.ts'
import { indexSite } from '../scene-index.ts'
import { buildingMeshes } from './architecture-building.ts'
import { PaneBuilder, windowRhythm } from './architecture-facade.ts'
import { pvTables } from './architecture-pv.ts'

const site = buildCampus()
const index = indexSite(site)
const grey = [0.5, 0.5, 0.5] as const
const colors = { roof: grey, steel: grey, frame: grey, slab: grey }

function build(detail: 'low' | 'high') {
  const panes = new PaneBuilder()
  const parts = index.parts.flatMap((p) =>
    buildingMeshes({ site, parts: p, slotOf: index.slotOf, zonesOf: index.zonesOf, tone: grey, colors, detail }, panes),
  )
  return { panes, parts, vertices: parts.reduce((sum, p) => sum + p.mesh.positions.length / 3, 0) }
}

describe('windows', () => {
  it('share a wall evenly between its corners', () => {
    const rhythm = windowRhythm(31.2, 3)
    expect(rhythm.count).toBe(10)
    expect(rhythm.cornerM * 2 + rhythm.pitchM * rhythm.count).toBeCloseTo(31.2)
  })

  it('leave one opening in the shortest wall', () => {
    expect(windowRhythm(1.6, 3).count).toBe(1)
  })
})

describe('buildings of the campus', () => {
  it('give each storey and each roof a part of its own', () => {
    const { parts } = build('low')
    expect(new Set(parts.map((p) => p.part)).size).toBe(site.buildings.reduce((n, b) => n + b.storeys.length + 1, 0))
  })

  it('stay within what a software rasteriser bears at low detail', () => {
    const { vertices, panes } = build('low')
    expect(vertices + panes.count * 4).toBeLessThan(25_000)
  })

  it('connect nearly every window with the zone behind it', () => {
    const { panes } = build('high')
    const known = panes.slots.filter((slot) => slot > 0).length
    expect(panes.count).toBeGreaterThan(500)
    expect(known / panes.slots.length).toBeGreaterThan(0.95)
  })

  it('carry solar tables of about the area that their inverters state', () => {
    const tables = pvTables(site)
    for (const inverter of site.equipment.filter((e) => e.class === 'PV_Inverter')) {
      const area = tables.filter((t) => t.inverterId === inverter.id).length * 4.2 * 2.1
      expect(area / (inverter.ratings?.areaM2 ?? 1)).toBeGreaterThan(0.6)
      expect(area / (inverter.ratings?.areaM2 ?? 1)).toBeLessThan(1.05)
    }
  })
})
