import { describe, expect, it } from 'vitest'
import type { Track } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { sunDirection } from '../site/sun.ts'
import { cameraFootprint, usefulRangeM } from './camera-footprint.ts'
import { daylight } from './daylight.ts'
import { scenePalettes } from './palette.ts'
import { indexSite, storeyToOpen, whereIs } from './scene-index.ts'
import { sceneTree } from './scene-tree.ts'
import { createSelection } from './selection.ts'
import { TrackMotion } from './track-motion.ts'

const site = buildCampus()
const index = indexSite(site)

describe('storeys', () => {
  it('open for a storey, a zone and a device in it, and not for a building as a whole', () => {
    expect(storeyToOpen(index, { kind: 'storey', id: 'office-a/f3' })?.storeyAt).toBe(2)
    expect(storeyToOpen(index, { kind: 'zone', id: 'a2-west' })?.storeyAt).toBe(1)
    expect(storeyToOpen(index, { kind: 'device', id: 'env-a2-west' })?.storeyAt).toBe(1)
    expect(storeyToOpen(index, { kind: 'building', id: 'office-a' })).toBeUndefined()
    expect(storeyToOpen(index, { kind: 'zone', id: 'plaza' })).toBeUndefined()
  })

  it('tells where everything in the site file is', () => {
    expect(whereIs(index, { kind: 'building', id: 'office-a' })?.at[0]).toBeCloseTo(-62)
    expect(whereIs(index, { kind: 'device', id: 'dock-door' })).toBeDefined()
    expect(whereIs(index, { kind: 'device', id: 'nobody' })).toBeUndefined()
  })
})

describe('view cones', () => {
  it('end at the useful range or at a wall, never behind it', () => {
    for (const camera of site.cameras) {
      const rays = cameraFootprint(camera, site)
      expect(rays.length).toBeGreaterThan(10)
      for (const ray of rays)
        expect(Math.hypot(ray.far[0] - camera.at[0], ray.far[1] - camera.at[1])).toBeLessThanOrEqual(
          usefulRangeM + 1e-6,
        )
    }
  })

  it('stop at the warehouse before the dock camera', () => {
    const dock = site.cameras.find((c) => c.id === 'cam-dock')
    const rays = dock ? cameraFootprint(dock, site) : []
    const middle = rays[Math.floor(rays.length / 2)]
    expect(middle?.far[1]).toBeCloseTo(-6, 0)
  })
})

describe('daylight', () => {
  const { latitudeDeg, longitudeDeg } = site.geo
  const at = (utcHour: number) =>
    daylight(sunDirection(Date.UTC(2026, 5, 10, utcHour), latitudeDeg, longitudeDeg), 0, scenePalettes.dark)

  it('is bright at noon and dark at midnight', () => {
    expect(at(4).night).toBe(0)
    expect(at(16).night).toBe(1)
    expect(at(4).keyGain).toBeGreaterThan(at(16).keyGain * 3)
  })

  it('never lets the lamp that casts shadows sink below the ground', () => {
    for (let hour = 0; hour < 24; hour++) expect(at(hour).key[2]).toBeGreaterThan(0)
  })
})

describe('tracks', () => {
  const track = (eastM: number, lastSeenMs: number): Track => ({
    id: 't1',
    cameraId: 'cam-dock',
    className: 'person',
    score: 0.9,
    box: { x: 0, y: 0, width: 1, height: 2 },
    firstSeenMs: 0,
    lastSeenMs,
    world: { eastM, northM: 0, sigmaM: 0.5 },
  })

  it('glide to where they were seen, face their way and come to rest', () => {
    const motion = new TrackMotion()
    motion.setTracks([track(0, 0)])
    motion.setTracks([track(4, 500)])
    let frames = 0
    while (motion.step(50) && frames < 200) frames++
    const [mover] = motion.movers(600)
    expect(mover?.eastM).toBeCloseTo(4, 1)
    expect(mover?.headingDeg).toBeCloseTo(90)
    expect(frames).toBeLessThan(60)
  })

  it('fade with age and are gone after eight seconds', () => {
    const motion = new TrackMotion()
    motion.setTracks([track(0, 1000)])
    expect(motion.movers(1500)[0]?.freshness).toBe(1)
    expect(motion.movers(6000)[0]?.freshness).toBeLessThan(0.6)
    expect(motion.movers(9500)).toEqual([])
  })
})

describe('selection', () => {
  it('tells listeners only of changes, and lets the same flight be asked for twice', () => {
    const store = createSelection()
    let calls = 0
    store.subscribe(() => calls++)
    store.getState().select({ kind: 'zone', id: 'dock' })
    store.getState().select({ kind: 'zone', id: 'dock' })
    expect(calls).toBe(1)
    store.getState().fly('home')
    store.getState().fly('home')
    expect(store.getState().flyTo?.serial).toBe(2)
    expect(store.getState().selected?.id).toBe('dock')
  })
})

describe('the scene as a tree', () => {
  it('holds every building, storey and zone once', () => {
    const keys: string[] = []
    const walk = (node: ReturnType<typeof sceneTree>) => {
      keys.push(node.key)
      node.children.forEach(walk)
    }
    walk(sceneTree(site, new Map()))
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.filter((k) => k.startsWith('zone:'))).toHaveLength(site.zones.length)
    expect(keys.filter((k) => k.startsWith('building:'))).toHaveLength(site.buildings.length)
  })
})
