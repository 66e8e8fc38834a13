import { describe, expect, it } from 'vitest'
import shipped from '../../../public/sites/campus.site.json?raw'
import { encodeJson } from '../../contract/decode.ts'
import { type Box, polygonBox } from '../compose/shapes.ts'
import { siteJson } from '../compose/site-json.ts'
import { pointInPolygon } from '../geometry.ts'
import { loadSite } from '../load.ts'
import { cameraModel, imageFromWorld } from '../projection.ts'
import { footprints } from './buildings.ts'
import { buildCampus } from './campus.ts'

const site = buildCampus()

function overlap(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.south < b.north && b.south < a.north
}

describe('campus', () => {
  it('equals the shipped file, which loads', () => {
    expect(shipped).toBe(siteJson(site))
    expect(loadSite(encodeJson(site)).ok).toBe(true)
  })

  it('is as rich as promised', () => {
    const points = site.equipment.reduce((sum, item) => sum + item.points.length, 0)
    expect(site.buildings.length).toBeGreaterThanOrEqual(6)
    expect(site.zones.length).toBeGreaterThanOrEqual(24)
    expect(site.equipment.length).toBeGreaterThanOrEqual(150)
    expect(points).toBeGreaterThanOrEqual(600)
    expect(site.cameras.map((c) => c.id)).toEqual(['cam-dock', 'cam-gate', 'cam-carpark', 'cam-plaza'])
  })

  it('keeps buildings off each other, off roads and off pavements', () => {
    const boxes = Object.values(footprints)
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false)
    for (const pavement of site.ground.pavements)
      for (const b of boxes) expect(overlap(polygonBox(pavement.polygon), b), pavement.id).toBe(false)
    for (const lawn of site.ground.lawns)
      for (const b of boxes) expect(overlap(polygonBox(lawn.polygon), b), lawn.id).toBe(false)
  })

  it('plants no tree in a building or in the water', () => {
    const solids = [...site.buildings.map((b) => b.footprint), ...site.ground.water.map((w) => w.polygon)]
    const misplaced = site.ground.trees.filter((t) => solids.some((s) => pointInPolygon(t.at[0], t.at[1], s)))
    expect(misplaced).toEqual([])
    expect(site.ground.trees.length).toBeGreaterThan(150)
  })

  it('shows the whole dock to its camera, 6 to 25 m away', () => {
    const camera = site.cameras.find((c) => c.id === 'cam-dock')
    const dock = site.zones.find((z) => z.id === 'dock')
    if (!camera || !dock) throw new Error('dock is missing')
    const model = cameraModel(camera)
    for (const [east, north] of dock.polygon)
      for (const up of [0, 1.8]) {
        const seen = imageFromWorld(model, east, north, up)
        expect(seen?.x).toBeGreaterThan(0)
        expect(seen?.x).toBeLessThan(320)
        expect(seen?.y).toBeGreaterThan(0)
        expect(seen?.y).toBeLessThan(192)
        const range = Math.hypot(east - camera.at[0], north - camera.at[1], camera.at[2])
        expect(range).toBeGreaterThan(6)
        expect(range).toBeLessThan(25)
      }
  })

  it('names a meter that exists for everything metered', () => {
    const ids = new Set(site.equipment.map((e) => e.id))
    const lost = site.equipment.filter((e) => e.meteredBy !== undefined && !ids.has(e.meteredBy))
    expect(lost.map((e) => e.id)).toEqual([])
  })
})
