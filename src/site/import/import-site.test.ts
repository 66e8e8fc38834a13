import { describe, expect, it } from 'vitest'
import { signedAreaM2 } from '../geometry.ts'
import { parseSite } from '../load.ts'
import { epsgOf, localFrame, projectionOf } from './geodesy.ts'
import { type ImportOptions, importSite } from './import-site.ts'
import { cleanRing, outlines } from './rings.ts'

const options: ImportOptions = { id: 'here', name: 'Here' }

function imported(root: unknown, more: Partial<ImportOptions> = {}) {
  const text = typeof root === 'string' ? root : JSON.stringify(root)
  const result = importSite([{ name: 'file.json', text }], { ...options, ...more })
  if (!result.ok) throw new Error(`${result.error.path}: ${result.error.message}`)
  const parsed = parseSite(structuredClone(result.value.site))
  if (!parsed.ok) throw new Error(`${parsed.error.path}: ${parsed.error.message}`)
  return { site: parsed.value, notes: result.value.notes }
}

function problem(text: string): string {
  const result = importSite([{ name: 'bad.json', text }], options)
  return result.ok ? 'imported' : `${result.error.path}: ${result.error.message}`
}

/** A rectangle some 40 m by 22 m near Suzhou, clockwise as many files have it. */
const ring = [
  [120.6, 31.3],
  [120.6, 31.3002],
  [120.60042, 31.3002],
  [120.60042, 31.3],
  [120.6, 31.3],
]
const feature = (properties: object, geometry: object = { type: 'Polygon', coordinates: [ring] }) => ({
  type: 'Feature',
  id: 'way/77',
  properties,
  geometry,
})
const collection = (...features: object[]) => ({ type: 'FeatureCollection', features })

describe('GeoJSON', () => {
  it('becomes buildings in local metres with storeys and a zone on each', () => {
    const { site } = imported(
      collection(feature({ building: 'apartments', height: '18 m', 'building:levels': '6', name: 'Lake House' })),
    )
    const [building] = site.buildings
    expect(building).toMatchObject({ id: 'way-77', name: 'Lake House', use: 'residential' })
    expect(building?.storeys).toHaveLength(6)
    expect(building?.storeys.at(-1)).toMatchObject({ baseM: 15, heightM: 3 })
    expect(signedAreaM2(building?.footprint ?? [])).toBeCloseTo(40.0 * 22.18, -1)
    expect(site.geo.latitudeDeg).toBeCloseTo(31.3001, 3)
    expect(site.geo.utcOffsetMinutes).toBe(480)
    expect(site.zones.map((z) => z.storey)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
  })

  it('takes heights in feet, storeys alone, tags in a bag, and says what it assumed', () => {
    const topM = (properties: object) => {
      const { site, notes } = imported(collection(feature(properties)))
      const last = site.buildings[0]?.storeys.at(-1)
      return { topM: Math.round(((last?.baseM ?? 0) + (last?.heightM ?? 0)) * 10) / 10, notes }
    }
    expect(topM({ building: 'yes', height: `40'` }).topM).toBe(12.2)
    expect(topM({ tags: { building: 'office', 'building:levels': '4' } }).topM).toBe(14.4)
    expect(topM({ building: 'yes' }).notes.join()).toMatch(/2 storeys assumed/)
  })

  it('makes a building of each polygon, closes courtyards and brings roads, lawns, water and trees along', () => {
    const shift = (by: number) => ring.map(([x = 0, y = 0]) => [x + by, y])
    const hole = [
      [120.6001, 31.30005],
      [120.6002, 31.30005],
      [120.6002, 31.3001],
      [120.6001, 31.30005],
    ]
    const { site, notes } = imported(
      collection(
        feature({ building: 'yes' }, { type: 'MultiPolygon', coordinates: [[ring, hole], [shift(0.001)]] }),
        feature({ landuse: 'grass' }, { type: 'Polygon', coordinates: [shift(0.002)] }),
        feature({ natural: 'water' }, { type: 'Polygon', coordinates: [shift(0.003)] }),
        feature({ natural: 'tree' }, { type: 'Point', coordinates: [120.6005, 31.3001] }),
        feature({ highway: 'service' }, { type: 'LineString', coordinates: [ring[0], [120.602, 31.301]] }),
        feature({ amenity: 'bench' }, { type: 'Point', coordinates: [120.6005, 31.3001] }),
      ),
    )
    expect(site.buildings.map((b) => b.id)).toEqual(['way-77-1', 'way-77-2'])
    expect(notes.join()).toMatch(/1 courtyards are closed/)
    expect([site.ground.lawns, site.ground.water, site.ground.trees, site.ground.roads].map((l) => l.length)).toEqual([
      1, 1, 1, 1,
    ])
  })

  it('lives with rings that cross themselves and with devices on request', () => {
    const bow = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    const { site } = imported(
      collection(feature({ building: 'yes' }), feature({ building: 'yes' }, { type: 'Polygon', coordinates: [bow] })),
      { equip: true },
    )
    expect(site.buildings).toHaveLength(2)
    expect(new Set(site.equipment.map((e) => e.class))).toContain('Electrical_Meter')
    expect(site.equipment.some((e) => e.id === 'env-way-77-f1')).toBe(true)
  })
})

/** A box of 10 m × 8 m with a gable of 2 m over walls of 5 m, in RD New, its floor cut in two triangles. */
function gableHouse(version: string) {
  const [x0, y0] = [84_990, 447_470]
  const corners = [
    [0, 0, 1],
    [10, 0, 1],
    [10, 8, 1],
    [0, 8, 1],
    [0, 0, 6],
    [10, 0, 6],
    [10, 8, 6],
    [0, 8, 6],
    [0, 4, 8],
    [10, 4, 8],
  ]
  const surfaces = [{ type: 'GroundSurface' }, { type: 'WallSurface' }, { type: 'RoofSurface' }]
  const faces = [
    [[0, 2, 1]],
    [[0, 3, 2]],
    [[0, 1, 5, 4]],
    [[1, 2, 6, 9, 5]],
    [[2, 3, 7, 6]],
    [[3, 0, 4, 8, 7]],
    [[4, 5, 9, 8]],
    [[6, 7, 8, 9]],
  ]
  return {
    type: 'CityJSON',
    version,
    metadata: {
      referenceSystem: version === '1.0' ? 'urn:ogc:def:crs:EPSG::7415' : 'https://www.opengis.net/def/crs/EPSG/0/7415',
    },
    transform: { scale: [0.001, 0.001, 0.001], translate: [x0, y0, 0] },
    vertices: corners.map((c) => c.map((n) => n * 1000)),
    CityObjects: {
      'Pand.1': { type: 'Building', children: ['Pand.1-0'], attributes: { storeysAboveGround: 2, naam: 'Huis' } },
      'Pand.1-0': {
        type: 'BuildingPart',
        parents: ['Pand.1'],
        geometry: [
          {
            type: 'Solid',
            lod: '2.2',
            boundaries: [faces],
            semantics: { surfaces, values: [[0, 0, 1, 1, 1, 1, 2, 2]] },
          },
        ],
      },
    },
  }
}

describe('CityJSON', () => {
  it.each(['1.0', '1.1', '2.0'])('%s gives footprint, eaves, roof and place', (version) => {
    const { site } = imported(gableHouse(version))
    const [house] = site.buildings
    expect(house?.footprint).toHaveLength(4)
    expect(signedAreaM2(house?.footprint ?? [])).toBeCloseTo(80, 0)
    expect(house).toMatchObject({ name: 'Huis', roof: { style: 'gable' } })
    expect(house?.storeys).toHaveLength(2)
    expect(house?.storeys.at(-1)).toMatchObject({ baseM: 2.5, heightM: 2.5 })
    // Delft
    expect(site.geo.latitudeDeg).toBeCloseTo(52.011, 2)
    expect(site.geo.longitudeDeg).toBeCloseTo(4.367, 2)
  })

  it('reads text sequences and finds the footprint without semantics', () => {
    const { CityObjects, vertices, ...head } = gableHouse('2.0')
    const part = structuredClone(CityObjects['Pand.1-0']) as { geometry: { semantics?: unknown }[] }
    delete part.geometry[0]?.semantics
    const lines = [
      { ...head, CityObjects: {}, vertices: [] },
      { type: 'CityJSONFeature', id: 'a', CityObjects: { a: part }, vertices },
    ]
    const { site } = imported(lines.map((line) => JSON.stringify(line)).join('\n'))
    expect(signedAreaM2(site.buildings[0]?.footprint ?? [])).toBeCloseTo(80, 0)
  })

  it('stays local where the coordinate system is unknown, and says so', () => {
    const { metadata: _unnamed, ...rest } = gableHouse('1.1')
    const { site, notes } = imported(rest)
    expect(site.geo).toMatchObject({ latitudeDeg: 0, longitudeDeg: 0 })
    expect(notes.join()).toMatch(/stays local/)
    expect(imported(rest, { at: { latDeg: 48, lonDeg: 11 } }).site.geo.latitudeDeg).toBe(48)
  })
})

describe('files that are none', () => {
  it('are refused with a reason', () => {
    expect(problem('{')).toMatch(/^bad\.json: /)
    expect(problem('[1]')).toMatch(/GeoJSON and CityJSON can be read/)
    expect(problem('{"type":"CityJSON","version":"0.9"}')).toMatch(/version: is “0\.9”/)
    expect(
      problem(JSON.stringify(collection(feature({ building: 'yes' }, { type: 'Polygon', coordinates: [[['a', 1]]] })))),
    ).toMatch(/features\.0\.geometry\.coordinates/)
    expect(problem('{"type":"FeatureCollection","features":[]}')).toMatch(/no buildings/)
    expect(
      problem('{"type":"CityJSON","version":"1.1","CityObjects":{"__proto__":{"type":"Building"}},"vertices":[]}'),
    ).toMatch(/no buildings/)
  })
})

describe('places on Earth', () => {
  /** Published pairs: RD's origin, the old observatory of Bern, a corner of UTM 32N, Paris in Lambert-93. */
  it.each([
    [28992, 155_000, 463_000, 5.38720621, 52.1551744, 5],
    [2056, 2_600_000, 1_200_000, 7.438632, 46.951081, 4],
    [32632, 500_000, 5_316_300.8, 9, 48, 4],
    [32719, 500_000, 10_000_000, -69, 0, 6],
    [3414, 28_001.642, 38_744.572, 103.8333333, 1.3666667, 6],
    [2154, 652_469, 6_862_035, 2.3522, 48.8566, 3],
    [3857, 0, 0, 0, 0, 6],
  ])('EPSG:%i', (epsg, x, y, lonDeg, latDeg, digits) => {
    const at = projectionOf(epsg)?.toLonLat(x, y)
    expect(at?.lonDeg).toBeCloseTo(lonDeg, digits)
    expect(at?.latDeg).toBeCloseTo(latDeg, digits)
  })

  it('knows the ways a code is written', () => {
    expect(epsgOf('urn:ogc:def:crs:EPSG::7415')).toBe(7415)
    expect(epsgOf('https://www.opengis.net/def/crs/EPSG/0/7415')).toBe(7415)
    expect(epsgOf('http://www.opengis.net/def/crs/EPSG/0/28992')).toBe(28992)
    expect(epsgOf('EPSG:2056')).toBe(2056)
    expect(epsgOf('urn:ogc:def:crs:OGC:1.3:CRS84')).toBe(4326)
    expect(epsgOf('nowhere')).toBeUndefined()
  })

  it('measures a degree where the Earth is as wide as it is', () => {
    const [east, north] = localFrame({ lonDeg: 10, latDeg: 60 })({ lonDeg: 10.01, latDeg: 60.01 })
    expect(east).toBeCloseTo(558.0, 0)
    expect(north).toBeCloseTo(1114.1, 0)
  })
})

describe('rings', () => {
  it('lose closing, repeated and idle corners and turn counter-clockwise', () => {
    expect(
      cleanRing(
        [
          [0, 0],
          [0, 5],
          [0, 10],
          [10, 10],
          [10, 10.001],
          [10, 0],
          [0, 0],
        ],
        1,
      ),
    ).toHaveLength(4)
    expect(
      cleanRing(
        [
          [0, 0],
          [10, 0],
          [5, 0.001],
        ],
        1,
      ),
    ).toBeUndefined()
  })

  it('join faces that share edges and keep apart what only touches', () => {
    const square = (x: number, y: number) =>
      [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ] as [number, number][]
    expect(outlines([square(0, 0), square(1, 0)]).rings.map(signedAreaM2)).toEqual([2])
    expect(outlines([square(0, 0), square(1, 1)]).rings.map(signedAreaM2)).toEqual([1, 1])
    const frame = [0, 1, 2].flatMap((x) => [0, 1, 2].flatMap((y) => (x === 1 && y === 1 ? [] : [square(x, y)])))
    expect(outlines(frame)).toMatchObject({ holes: 1, rings: [expect.anything()] })
  })
})
