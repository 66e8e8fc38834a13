import { describe, expect, it } from 'vitest'
import { buildCampus } from '../../site/campus/campus.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { feederKw, feedersOf, feederWidthPx, route } from './flow-graph.ts'

const site = buildCampus()
const devices = new Map<string, TwinDevice>()
let next = 0
for (const item of site.equipment) {
  const points = Object.fromEntries(item.points.map((p) => [p.id, next++]))
  devices.set(item.id, {
    id: item.id,
    birth: { id: item.id, name: item.name, class: item.class, points: item.points, at: 0 },
    points,
    online: true,
  })
}

describe('the feeders of the campus', () => {
  const feeders = feedersOf(site, devices)
  const of = (id: string) => feeders.find((f) => f.id === id)

  it('run from the grid to the site meter, from there to each building, and to solar, storage and chargers', () => {
    const [first] = of('meter-site')?.path ?? []
    expect(Math.max(Math.abs(first?.[0] ?? 0) / 110, Math.abs(first?.[1] ?? 0) / 80)).toBeCloseTo(1)
    for (const building of ['office-a', 'office-b', 'lab', 'canteen', 'warehouse'])
      expect(of(`meter-${building}`)?.building).toBe(building)
    expect(of('pv-carpark-1')).toBeDefined()
    expect(feeders.some((f) => /charg|ev-/.test(f.id))).toBe(true)
  })

  it('leave out circuits of one building, which are one place on the drawing', () => {
    expect(of('meter-office-a-plug')).toBeUndefined()
    expect(of('lights-a2-west')).toBeUndefined()
  })

  it('flow back where the thing generates', () => {
    const solar = of('pv-carpark-1')
    if (!solar) throw new Error('no solar feeder')
    const values: number[] = []
    values[solar.index] = 42
    expect(feederKw(solar, values)).toBe(-42)
    expect(feederKw(solar, [])).toBeNaN()
  })

  it('bend once, on the side with fewer buildings, and climb to roofs', () => {
    const path = route(site, [40, 30, 0], [60, -60, 8])
    expect(path[path.length - 1]).toEqual([60, -60, 8.5])
    expect(path.length).toBeLessThanOrEqual(4)
  })

  it('grow wider with power, within bounds', () => {
    expect(feederWidthPx(0)).toBeLessThan(feederWidthPx(5))
    expect(feederWidthPx(-50)).toBe(feederWidthPx(50))
    expect(feederWidthPx(1e6)).toBeLessThanOrEqual(13)
  })
})
