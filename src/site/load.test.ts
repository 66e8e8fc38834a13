import { describe, expect, it } from 'vitest'
import { tinySite } from '../testing/tiny-site.ts'
import { maxSiteFileBytes } from './file-limit.ts'
import { loadSite, parseSite } from './load.ts'
import { sunDirection } from './sun.ts'
import { localTime, tariffAt } from './tariff.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

function problem(value: unknown): string {
  const result = parseSite(value)
  return result.ok ? 'valid' : `${result.error.path}: ${result.error.message}`
}

describe('a site file', () => {
  it('is accepted when it is whole', () => {
    expect(loadSite(encode(tinySite())).ok).toBe(true)
  })

  it('is refused with the path of what is wrong', () => {
    const site = tinySite()
    expect(problem({ ...site, version: 2 })).toMatch(/^version:/)
    expect(problem({ ...site, geo: { ...site.geo, latitudeDeg: 123 } })).toMatch(/^geo\.latitudeDeg:/)
    expect(problem({ ...site, equipment: [{ ...site.equipment[0], zone: 'nowhere' }] })).toBe(
      'equipment.0.zone: “nowhere” does not exist',
    )
    expect(problem({ ...site, zones: [site.zones[0], site.zones[0]] })).toMatch(/^zones\.1\.id: .*used twice/)
    expect(problem({ ...site, paths: { nodes: [], edges: [{ a: 'x', b: 'y', kind: 'walk' }] } })).toMatch(
      /^paths\.edges\.0\.a/,
    )
  })

  it('is refused where a thing is not where it belongs', () => {
    const site = tinySite()
    const [zone] = site.zones
    const [building] = site.buildings
    if (!zone || !building) throw new Error('the tiny site has a zone in a building')
    const bow = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ] as [number, number][]
    expect(problem({ ...site, buildings: [{ ...building, footprint: bow }] })).toMatch(
      /^buildings\.0\.footprint\.0: the polygon crosses itself/,
    )
    const far = zone.polygon.map(([e, n]) => [e + 5000, n])
    expect(
      problem({ ...site, zones: [{ ...zone, building: building.id, polygon: far }, ...site.zones.slice(1)] }),
    ).toMatch(/^zones\.0\.polygon\.0: lies outside its building/)
    const camera = {
      id: 'cam',
      name: 'cam',
      at: [0, 0, -1],
      headingDeg: 0,
      pitchDeg: 0,
      lens: { widthPx: 320, heightPx: 192, hfovDeg: 70 },
    }
    expect(problem({ ...site, cameras: [camera] })).toBe('cameras.0.at.2: the camera is under the ground')
    const meter = (id: string, meteredBy: string) => ({
      id,
      name: id,
      class: 'Electrical_Meter',
      at: [0, 0, 1],
      meteredBy,
    })
    expect(problem({ ...site, equipment: [meter('a', 'b'), meter('b', 'a')] })).toMatch(
      /^equipment\.0\.meteredBy: .*itself/,
    )
    expect(problem({ ...site, equipment: [{ ...meter('a', 'a'), meteredBy: undefined, pointSet: 'none' }] })).toBe(
      'equipment.0.pointSet: “none” does not exist',
    )
  })

  it('costs nothing when it is hostile', () => {
    const deep = loadSite(new TextEncoder().encode('['.repeat(2_000_000)))
    expect(!deep.ok && deep.error.message).toMatch(/deeper/)
    const text = JSON.stringify(tinySite())
    const bent = (from: RegExp, to: string) => loadSite(new TextEncoder().encode(text.replace(from, to)))
    const endless = bent(/"latitudeDeg":[\d.]+/, '"latitudeDeg":1e999')
    expect(!endless.ok && endless.error.path).toBe('geo.latitudeDeg')
    const none = bent(/"latitudeDeg":[\d.]+/, '"latitudeDeg":null')
    expect(!none.ok && none.error.path).toBe('geo.latitudeDeg')
    const poisoned = bent(/^\{/, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},')
    expect(poisoned.ok).toBe(true)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(poisoned.ok && Object.keys(poisoned.value)).not.toContain('constructor')
  })

  it('costs nothing when it is not JSON or too large', () => {
    const notJson = loadSite(new TextEncoder().encode('{"format":'))
    expect(!notJson.ok && notJson.error.code).toBe('notJson')
    const large = loadSite(new Uint8Array(maxSiteFileBytes + 1))
    expect(!large.ok && large.error.code).toBe('tooLarge')
  })
})

describe('the price of a kilowatt-hour', () => {
  it('follows the local hour and weekday of the site', () => {
    const site = tinySite()
    const mondayAt = (hour: number) => Date.UTC(2026, 5, 1, hour - 8)
    expect(localTime(mondayAt(14), 480)).toMatchObject({ weekday: 1, hour: 14 })
    expect(tariffAt(site, mondayAt(14)).name).toBe('peak')
    expect(tariffAt(site, mondayAt(3)).name).toBe('valley')
    expect(tariffAt(site, mondayAt(20)).name).toBe('flat')
  })
})

describe('the sun', () => {
  it('stands where almanacs put it', () => {
    // Greenwich, 2026-06-21 12:00 UTC: elevation 61.95°, close to due south.
    const [east, north, up] = sunDirection(Date.UTC(2026, 5, 21, 12), 51.4779, 0)
    expect((Math.asin(up) * 180) / Math.PI).toBeCloseTo(61.95, 0)
    expect(north).toBeLessThan(0)
    expect(Math.abs(east)).toBeLessThan(0.02)
    // Equator at an equinox noon: overhead within the equation of time.
    expect(sunDirection(Date.UTC(2026, 2, 20, 12), 0, 0)[2]).toBeGreaterThan(0.99)
    // Midnight is night.
    expect(sunDirection(Date.UTC(2026, 5, 1, 18), 31.3, 120.6)[2]).toBeLessThan(0)
  })
})
