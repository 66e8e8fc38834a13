import { describe, expect, it } from 'vitest'
import { parseSite } from '../../site/load.ts'
import type { SiteFile } from '../../site/schema.ts'
import { tinySite } from '../../testing/tiny-site.ts'
import { addCamera, type CoverageRaster, coveredShare, emptyRaster, notGround } from './coverage.ts'

const yard = (more: object): SiteFile => {
  const parsed = parseSite({
    ...tinySite(),
    ground: {
      boundary: [
        [-50, -50],
        [50, -50],
        [50, 50],
        [-50, 50],
      ],
    },
    buildings: [],
    zones: [],
    equipment: [],
    cameras: [],
    gates: [],
    paths: { nodes: [], edges: [] },
    ...more,
  })
  if (!parsed.ok) throw new Error(`${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}
const camera = {
  id: 'cam',
  name: 'Cam',
  at: [0, 0, 5],
  headingDeg: 0,
  pitchDeg: -20,
  lens: { widthPx: 320, heightPx: 192, hfovDeg: 70 },
}
const seenAt = (raster: CoverageRaster, x: number, y: number) =>
  raster.seen[
    Math.floor((y - raster.south) / raster.cellM) * raster.columns + Math.floor((x - raster.west) / raster.cellM)
  ]
const computed = (site: SiteFile) => {
  const raster = emptyRaster(site)
  for (const one of site.cameras) addCamera(raster, one, site)
  return raster
}

describe('camera coverage', () => {
  it('reaches before the lens, not behind it and not beyond the useful range', () => {
    const raster = computed(yard({ cameras: [camera] }))
    expect(seenAt(raster, 0, 15)).toBe(1)
    expect(seenAt(raster, 0, -15)).toBe(0)
    expect(seenAt(raster, 0, 45)).toBe(0)
    expect(coveredShare(raster)).toBeGreaterThan(0.02)
  })

  it('leaves a blind spot behind a building, as deep as the building is high', () => {
    const block = (heightM: number) => ({
      id: 'block',
      name: 'Block',
      use: 'office',
      footprint: [
        [-4, 12],
        [4, 12],
        [4, 16],
        [-4, 16],
      ],
      storeys: [{ id: 'f1', name: '1', baseM: 0, heightM }],
    })
    const high = computed(yard({ cameras: [camera], buildings: [block(9)] }))
    expect(seenAt(high, 0, 14)).toBe(notGround)
    expect(seenAt(high, 0, 30)).toBe(0)
    const kerb = computed(yard({ cameras: [camera], buildings: [block(0.4)] }))
    expect(seenAt(kerb, 0, 30)).toBe(1)
  })

  it('counts the cameras that share a place', () => {
    const raster = computed(yard({ cameras: [camera, { ...camera, id: 'other', at: [6, 0, 5] }] }))
    expect(seenAt(raster, 2, 16)).toBe(2)
  })
})
