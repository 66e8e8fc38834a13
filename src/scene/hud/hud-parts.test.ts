import { describe, expect, it } from 'vitest'
import { buildCampus } from '../../site/campus/campus.ts'
import { type Bookmark, keepBookmarks, placesToSee, readBookmarks, viewFromAbove } from './bookmarks.ts'
import { groundQuad } from './ground-quad.ts'
import { fitMap, fromMap, onMap } from './minimap-draw.ts'
import { placePath } from './place-path.ts'

const site = buildCampus()

describe('the map', () => {
  it('turns a click back into the place that was drawn there', () => {
    const fit = fitMap(site, 168, 124)
    const [x, y] = fromMap(fit, onMap(fit, [12, -34]))
    expect(x).toBeCloseTo(12)
    expect(y).toBeCloseTo(-34)
  })

  it('shows the ground in view: around the target, wider far off, cut off at the horizon', () => {
    const lens = { fovDeg: 30, aspect: 1.6 }
    const view = { target: [10, 20, 0] as const, headingDeg: 90, elevationDeg: 45, distanceM: 100 }
    const [nearLeft, farLeft, farRight, nearRight] = groundQuad(view, lens)
    expect(nearLeft[0]).toBeLessThan(10)
    expect(farLeft[0]).toBeGreaterThan(10)
    expect(farLeft[1]).toBeGreaterThan(20)
    expect(farRight[1]).toBeLessThan(20)
    expect(Math.abs(farLeft[1] - farRight[1])).toBeGreaterThan(Math.abs(nearLeft[1] - nearRight[1]))
    for (const [x, y] of groundQuad({ ...view, elevationDeg: 6 }, lens)) expect(Math.hypot(x, y)).toBeLessThan(500)
  })
})

describe('the way to a thing', () => {
  it('leads from the building over storey and room to the device', () => {
    const steps = placePath(site, new Map(), { kind: 'device', id: 'env-a3-west' })
    expect(steps.map((s) => `${s.pick.kind}:${s.pick.id}`)).toEqual([
      'building:office-a',
      'storey:office-a/f3',
      'zone:a3-west',
      'device:env-a3-west',
    ])
  })

  it('leaves out the only storey, and what it does not know', () => {
    expect(placePath(site, new Map(), { kind: 'zone', id: 'wh-hall' }).map((s) => s.pick.kind)).toEqual([
      'building',
      'zone',
    ])
    expect(placePath(site, new Map(), { kind: 'zone', id: 'nowhere' })).toEqual([])
  })
})

describe('kept views', () => {
  const memory = () => {
    const kept = new Map<string, string>()
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
  }
  const mark = (i: number): Bookmark => ({ id: `${i}`, name: `View ${i}`, view: viewFromAbove(site), layer: 'co2' })

  it('come back as they were, of this site only, and make room for newer ones', () => {
    const storage = memory()
    keepBookmarks(
      'campus',
      Array.from({ length: 30 }, (_, i) => mark(i)),
      storage,
    )
    const back = readBookmarks('campus', storage)
    expect(back).toHaveLength(24)
    expect(back[23]).toEqual(mark(29))
    expect(readBookmarks('factory', storage)).toEqual([])
  })

  it('forget what another version or another hand wrote', () => {
    const storage = memory()
    storage.setItem('parkloop.views.campus', '[{"id":1}]')
    expect(readBookmarks('campus', storage)).toEqual([])
    storage.setItem('parkloop.views.campus', 'no json')
    expect(readBookmarks('campus', storage)).toEqual([])
  })

  it('offer the large buildings and the gates of any site', () => {
    const places = placesToSee(site)
    expect(places[0]).toEqual({ kind: 'building', id: 'office-a' })
    expect(places.some((p) => p.kind === 'device')).toBe(true)
    expect(places.length).toBeLessThanOrEqual(14)
  })
})
