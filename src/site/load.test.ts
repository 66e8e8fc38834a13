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

  it('is refused where a rule, a list of points or ground leads nowhere or is told twice', () => {
    const site = tinySite()
    for (const kind of ['dwell', 'crowds', 'posts', 'parking', 'leftObjects'] as const)
      expect(problem({ ...site, rules: { [kind]: [{ zone: 'nowhere', people: 1 }] } })).toBe(
        `rules.${kind}.0.zone: “nowhere” does not exist`,
      )
    const twice = [0, 1].map(() => ({ id: 'a', polygon: site.ground.boundary }))
    for (const kind of ['pavements', 'lawns', 'water'] as const)
      expect(problem({ ...site, ground: { ...site.ground, [kind]: twice } })).toBe(
        `ground.${kind}.1.id: “a” is used twice`,
      )
    const lock = { id: 'a', type: 'limit', kind: 'setpoint' }
    expect(problem({ ...site, interlocks: [lock, lock] })).toBe('interlocks.1.id: “a” is used twice')
    const set = { id: 'a', points: [] }
    expect(problem({ ...site, pointSets: [set, set] })).toBe('pointSets.1.id: “a” is used twice')
  })

  it('names the corner of a polygon that is closed, doubled or flat', () => {
    const site = tinySite()
    const boundary = (corners: [number, number][]) =>
      problem({ ...site, ground: { ...site.ground, boundary: corners } })
    const square: [number, number][] = [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
    ]
    expect(boundary([...square, [0, 0]])).toBe('ground.boundary.4: the last corner repeats the first: leave it out')
    expect(boundary([[0, 0], ...square])).toBe('ground.boundary.1: repeats the corner before it')
    expect(
      boundary([
        [0, 0],
        [9, 0],
        [4, 0],
      ]),
    ).toBe('ground.boundary: the polygon encloses nothing')
  })

  it('holds no limits that cannot be kept: storeys in one another, hours past midnight, endless lenses', () => {
    const site = tinySite()
    const [building] = site.buildings
    const [ground] = building?.storeys ?? []
    const [camera] = site.cameras
    if (!building || !ground || !camera) throw new Error('the tiny site has a storey and a camera')
    const storeys = [ground, { ...ground, id: 'upper', baseM: 2 }]
    expect(problem({ ...site, buildings: [{ ...building, storeys }] })).toBe(
      'buildings.0.storeys.1.baseM: stands in the storey before it',
    )
    expect(problem({ ...site, zones: [{ ...site.zones[0], hours: { fromH: 6, toH: 99, days: [1] } }] })).toMatch(
      /^zones\.0\.hours\.toH:/,
    )
    for (const term of ['k1', 'k2', 'p1', 'p2'])
      expect(
        problem({ ...site, cameras: [{ ...camera, lens: { ...camera.lens, [term]: Number.POSITIVE_INFINITY } }] }),
      ).toMatch(new RegExp(`^cameras\\.0\\.lens\\.${term}:`))
    expect(problem({ ...site, comfort: { heatC: 30, coolC: 20 } })).toBe('comfort.heatC: is above coolC')
    const lock = { id: 'a', type: 'limit', kind: 'setpoint', min: 5, max: 1 }
    expect(problem({ ...site, interlocks: [lock] })).toBe('interlocks.0.min: is above max')
    expect(problem({ ...site, id: 'constructor' })).toMatch(/^id: must be an id/)
  })

  it('is refused in few words, however much is wrong', () => {
    const message = problem({ ...tinySite(), version: 'x'.repeat(1_000_000) })
    expect(message).toMatch(/^version: /)
    expect(message.length).toBeLessThan(400)
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
