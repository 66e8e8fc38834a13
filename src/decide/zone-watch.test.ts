import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Track } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { defaultZoneWatch, ZoneWatch } from './zone-watch.ts'

const site = buildCampus()

const person = (atMs: number, more: Partial<Track> = {}): Track => ({
  id: 'cam-dock:1',
  cameraId: 'cam-dock',
  className: 'person',
  score: 0.8,
  box: { x: 0, y: 0, width: 10, height: 30 },
  firstSeenMs: 0,
  lastSeenMs: atMs,
  zoneId: 'dock',
  ...more,
})

/** However long ago a camera said so. */
const always = Number.NEGATIVE_INFINITY

const frame = (atMs: number, tracks: readonly Track[]) => ({ cameraId: 'cam-dock', capturedAtMs: atMs, tracks })

describe('who is in which zone', () => {
  it('takes four frames and a second to enter, and tells a stay at most once a second', () => {
    const watch = new ZoneWatch(site)
    const told: string[] = []
    for (let atMs = 0; atMs <= 4000; atMs += 250)
      told.push(...watch.observe(frame(atMs, [person(atMs)])).map((event) => `${event.type}@${event.atMs}`))
    expect(told).toEqual(['enter@1000', 'dwell@2000', 'dwell@3000', 'dwell@4000'])
    expect(watch.isOccupied('dock', 4000)).toBe(true)
    expect(watch.isOccupied('dock', 4001)).toBe(false)
  })

  it('bridges an occlusion, and lets go only after long enough without a sight', () => {
    const watch = new ZoneWatch(site)
    for (let atMs = 0; atMs <= 2000; atMs += 250) watch.observe(frame(atMs, [person(atMs)]))
    for (let atMs = 2250; atMs < 12_000; atMs += 250) expect(watch.observe(frame(atMs, []))).toEqual([])
    expect(watch.isOccupied('dock', always)).toBe(true)
    watch.observe(frame(12_000, [person(12_000)]))
    const left = Array.from({ length: 100 }, (_, i) => watch.observe(frame(12_250 + i * 250, []))).flat()
    expect(left.map(({ type, atMs }) => [type, atMs])).toEqual([['leave', 12_000 + defaultZoneWatch.leaveMs]])
  })

  it('does not take a coasting track for a sighting, nor a truck for a person', () => {
    const watch = new ZoneWatch(site)
    for (let atMs = 0; atMs < 10_000; atMs += 250) {
      watch.observe(frame(atMs, [person(0), person(atMs, { id: 'cam-dock:2', className: 'truck' })]))
    }
    expect(watch.isOccupied('dock', always)).toBe(false)
  })

  it('finds the zone by the ground position where the track names none', () => {
    const watch = new ZoneWatch(site)
    const { zoneId: _, ...unplaced } = person(0)
    const at = { eastM: 87, northM: 0, sigmaM: 0.3 }
    for (let atMs = 0; atMs <= 1500; atMs += 250)
      watch.observe(frame(atMs, [{ ...unplaced, lastSeenMs: atMs, world: at }]))
    expect(watch.isOccupied('dock', always)).toBe(true)
  })

  it('lets nobody enter whose place is less sure than its distance to the border', () => {
    const dock = site.zones.find(({ id }) => id === 'dock') ?? expect.fail('the campus has a dock')
    const northM = Math.max(...dock.polygon.map(([, north]) => north))
    const at = (depthM: number) => ({ eastM: 87, northM: northM - depthM, sigmaM: 0.8 })
    for (const [depthM, occupied] of [
      [0.5, false],
      [2, true],
    ] as const) {
      const watch = new ZoneWatch(site)
      for (let atMs = 0; atMs <= 4000; atMs += 250) watch.observe(frame(atMs, [person(atMs, { world: at(depthM) })]))
      expect(watch.isOccupied('dock', always)).toBe(occupied)
    }
  })

  it('does not take whoever comes after hours of silence, or after a clock was set back, for one who stayed', () => {
    for (const laterMs of [3_600_000, -3_600_000]) {
      const watch = new ZoneWatch(site)
      for (let atMs = 0; atMs <= 2000; atMs += 250) watch.observe(frame(atMs, [person(atMs)]))
      const told = []
      for (let atMs = 2250; atMs <= 4000; atMs += 250)
        told.push(...watch.observe(frame(laterMs + atMs, [person(laterMs + atMs)])))
      expect(told.slice(0, 2).map(({ type, sinceMs }) => [type, sinceMs])).toEqual([
        ['leave', 0],
        ['enter', laterMs + 2250],
      ])
    }
  })

  it('lets somebody go whom nobody sees any more once a clock was set back', () => {
    const watch = new ZoneWatch(site)
    for (let atMs = 0; atMs <= 2000; atMs += 250) watch.observe(frame(atMs, [person(atMs)]))
    watch.observe(frame(-3_600_000, []))
    expect(watch.isOccupied('dock', always)).toBe(false)
  })

  it('lets people enter and stay under a clock so fast that minutes pass between two looks', () => {
    const watch = new ZoneWatch(site)
    const told = []
    for (let look = 0; look < 8; look++)
      told.push(...watch.observe(frame(look * 600_000, [person(look * 600_000)])).map(({ type }) => type))
    expect(told).toEqual(['enter', 'dwell', 'dwell', 'dwell'])
  })

  it('alternates enter and leave whatever the frames show, and whatever the clock does', () => {
    const gap = fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: 9000 }), weight: 20 },
      { arbitrary: fc.integer({ min: -86_400_000, max: 86_400_000 }), weight: 1 },
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), gap), { maxLength: 200 }), (looks) => {
        const watch = new ZoneWatch(site)
        let atMs = 0
        let inside = false
        for (const [seen, gapMs] of looks) {
          atMs += gapMs
          for (const { type } of watch.observe(frame(atMs, seen ? [person(atMs)] : []))) {
            expect(inside).toBe(type !== 'enter')
            inside = type !== 'leave'
          }
        }
        expect(watch.isOccupied('dock', always)).toBe(inside)
      }),
    )
  })
})
