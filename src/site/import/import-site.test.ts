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
    const { site, notes } = imported(
      collection(feature({ building: 'apartments', height: '18 m', 'building:levels': '6', name: 'Lake House' })),
    )
    const [building] = site.buildings
    expect(building).toMatchObject({ id: 'way-77', name: 'Lake House', use: 'residential' })
    expect(building?.storeys).toHaveLength(6)
    expect(building?.storeys.at(-1)).toMatchObject({ baseM: 15, heightM: 3 })
    expect(signedAreaM2(building?.footprint ?? [])).toBeCloseTo(40.0 * 22.18, -1)
    expect(site.geo.latitudeDeg).toBeCloseTo(31.3001, 3)
    expect(site.geo.utcOffsetMinutes).toBe(480)
    expect(notes.join()).toMatch(/guessed from the longitude, UTC\+8/)
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

describe('GeoJSON of strangers', () => {
  const house = (properties: object = {}) => feature({ building: 'yes', ...properties })
  const topOf = (properties: object) => {
    const { site, notes } = imported(collection(house(properties)))
    const last = site.buildings[0]?.storeys.at(-1)
    return { topM: Math.round(((last?.baseM ?? 0) + (last?.heightM ?? 0)) * 10) / 10, notes: notes.join() }
  }
  const moved = (by: number) => ring.map(([x = 0, y = 0]) => [x + by, y])

  it.each([
    ['about 12', 12],
    ['~ 9 m', 9],
    ['12-15', 15],
    ['12;15', 15],
    ['12.', 12],
    ['40′ 6″', 12.3],
    ['１２米', 12],
  ])('reads the height “%s”', (height, topM) => {
    expect(topOf({ height }).topM).toBe(topM)
  })

  it('says which heights it cannot read, and takes none that is negative', () => {
    expect(topOf({ height: 'tall' }).notes).toMatch(/1 heights cannot be read: “tall”/)
    expect(topOf({ height: '-5' })).toMatchObject({ topM: 7.2, notes: expect.stringMatching(/“-5”/) })
    expect(topOf({ 'building:levels': '-1' }).notes).toMatch(/2 storeys assumed/)
    expect(topOf({ height: 9999 }).notes).toMatch(/1 buildings higher than 900 m cut to it/)
    expect(topOf({ height: 20, min_height: 10 }).notes).toMatch(/begin above it/)
  })

  it('takes storeys of building parts where nothing says how high they are', () => {
    const part = feature({ 'building:part': 'yes', 'building:levels': 9 })
    expect(imported(collection(house(), part)).site.buildings[0]?.storeys).toHaveLength(9)
  })

  it('takes closed lines for buildings, and says what has no area or lies under the ground', () => {
    const line = (coordinates: unknown) => feature({ building: 'yes' }, { type: 'LineString', coordinates })
    const { site, notes } = imported(
      collection(
        line(ring),
        line(ring.slice(0, 3)),
        feature({ building: 'yes' }, { type: 'Point', coordinates: ring[0] }),
        feature({ building: 'garage', location: 'underground' }),
      ),
    )
    expect(site.buildings).toHaveLength(1)
    expect(notes.join()).toMatch(/2 buildings left out that are no areas.*1 things under the ground/)
  })

  it('brings car parks and squares as pavements, and the stretches of roads that lie near', () => {
    const road = { type: 'MultiLineString', coordinates: [[[120.5, 31.3], ring[0], ring[1], [120.7, 31.3]]] }
    const { site } = imported(
      collection(
        house(),
        feature({ amenity: 'parking' }, { type: 'Polygon', coordinates: [moved(0.001)] }),
        feature({ highway: 'pedestrian', area: 'yes' }, { type: 'Polygon', coordinates: [moved(0.002)] }),
        feature({ highway: 'motorway_link', width: '900' }, road),
      ),
    )
    expect(site.ground.pavements).toHaveLength(2)
    expect(site.ground.roads).toMatchObject([{ widthM: 15, centreline: [expect.anything(), expect.anything()] }])
  })

  it('never takes a car park or a border for a building in a file without tags of buildings', () => {
    const { site } = imported(
      collection(feature({ height: 6 }), feature({ amenity: 'parking' }), feature({ boundary: 'administrative' })),
    )
    expect(site.buildings).toHaveLength(1)
  })

  it('lies on either side of the date line', () => {
    const across = (west: number) => ring.map(([x = 0, y = 0]) => [turned(x - 120.6 + west), y])
    const turned = (x: number) => (x > 180 ? x - 360 : x)
    const at = (west: number) => feature({ building: 'yes' }, { type: 'Polygon', coordinates: [across(west)] })
    const { site } = imported(collection(at(179.9998), at(179.999), at(-179.9995)))
    expect(site.buildings).toHaveLength(3)
    expect(Math.abs(site.geo.longitudeDeg)).toBeGreaterThan(179.99)
    expect(imported(collection(at(-180.5 + 360.6))).site.geo.longitudeDeg).toBeCloseTo(-179.9, 1)
  })

  it('is refused with the feature that lies nowhere on Earth, unless its coordinate system is told', () => {
    const metric = [
      [465_000, 5_249_000],
      [465_040, 5_249_000],
      [465_040, 5_249_020],
      [465_000, 5_249_020],
    ]
    const file = collection(house(), feature({ building: 'yes' }, { type: 'Polygon', coordinates: [metric] }))
    expect(problem(JSON.stringify(file))).toMatch(/^bad\.json: features\.1: 465000, 5249000 is no place on Earth/)
    const swapped = ring.map(([x, y]) => [y, x])
    expect(problem(JSON.stringify(feature({ building: 'yes' }, { type: 'Polygon', coordinates: [swapped] })))).toMatch(
      /swapped/,
    )
    const { site } = imported(feature({ building: 'yes' }, { type: 'Polygon', coordinates: [metric] }), { epsg: 25832 })
    expect(site.geo).toMatchObject({ latitudeDeg: 47.393_608, longitudeDeg: 8.536_476 })
    const named = (crs: object) => ({ ...collection(feature({}, { type: 'Polygon', coordinates: [metric] })), crs })
    expect(imported(named({ type: 'EPSG', properties: { code: 25832 } })).site.geo.latitudeDeg).toBe(47.393_608)
    expect(imported(named({ properties: { name: 'Gauß' } })).notes.join()).toMatch(/“Gauß” is not known here/)
  })

  it('fits a site file however many and however high its buildings are', () => {
    const towers = (count: number) =>
      collection(
        ...Array.from({ length: count }, (_, i) =>
          feature({ building: 'yes', 'building:levels': 100 }, { type: 'Polygon', coordinates: [moved(i * 0.0006)] }),
        ),
      )
    const { site, notes } = imported(towers(250))
    expect(site.buildings).toHaveLength(200)
    expect(notes.join()).toMatch(/50 buildings left out: a site file holds 2000, 20000 zones/)
    const wide = [
      [120.6, 31.3],
      [120.7, 31.3],
      [120.7, 31.4],
      [120.6, 31.4],
    ]
    expect(
      imported(feature({ building: 'yes' }, { type: 'Polygon', coordinates: [wide] })).site.zones[0]?.capacity,
    ).toBeLessThan(1_000_000)
  })

  it('keeps the site meter apart from a building of that name', () => {
    const { site } = imported({ ...house(), id: 'site' }, { equip: true })
    expect(site.buildings[0]?.id).toBe('site-2')
  })

  it('comes as a text sequence as well, whose broken line is named', () => {
    const two = [house(), feature({ building: 'yes' }, { type: 'Polygon', coordinates: [moved(0.001)] })]
    const lines = two.map((f) => JSON.stringify(f))
    expect(imported(lines.join('\n')).site.buildings).toHaveLength(2)
    expect(imported(lines.map((l) => `\u001e${l}\n`).join('')).site.buildings).toHaveLength(2)
    expect(problem(`${lines[0]}\n\n{"type":`)).toMatch(/^bad\.json: line 3: /)
  })

  it('is refused when it nests without end', () => {
    const deep = '{"type":"GeometryCollection","geometries":['.repeat(20_000)
    expect(problem(deep)).toBe('bad.json: is nested deeper than 100 levels')
  })
})

describe('Overpass JSON', () => {
  const corners = ring.slice(0, 4)
  const nodes = corners.map(([lon, lat], id) => ({ type: 'node', id, lon, lat }))
  const way = (id: number, ids: number[], tags?: object) => ({ type: 'way', id, nodes: ids, tags })
  const answer = (...elements: object[]) => ({ version: 0.6, generator: 'Overpass API', elements })

  it('gives buildings by nodes and by geometry, roads and trees', () => {
    const geometry = [...corners, corners[0]].map((at) => ({ lon: (at?.[0] ?? 0) + 0.001, lat: at?.[1] }))
    const { site } = imported(
      answer(
        ...nodes,
        way(7, [0, 1, 2, 3, 0], { building: 'yes', 'building:levels': '5', name: 'Hall' }),
        { type: 'way', id: 8, geometry, tags: { building: 'warehouse', height: '9' } },
        way(9, [0, 1, 2, 3, 0], { highway: 'service' }),
        { type: 'node', id: 10, lon: 120.6, lat: 31.3, tags: { natural: 'tree' } },
      ),
    )
    expect(site.buildings).toMatchObject([
      { id: 'way-7', name: 'Hall' },
      { id: 'way-8', use: 'warehouse' },
    ])
    expect(site.buildings[0]?.storeys).toHaveLength(5)
    expect([site.ground.roads.length, site.ground.trees.length]).toEqual([1, 1])
  })

  it('lets a building stand once that a relation ties to its parts', () => {
    const outline = [0, 1, 2, 3, 0]
    const { site } = imported(
      answer(
        ...nodes,
        way(3, outline, { building: 'office', name: 'Tower' }),
        way(4, outline, { 'building:part': 'yes', height: '60' }),
        {
          type: 'relation',
          id: 11,
          tags: { type: 'building', building: 'office', name: 'Tower' },
          members: [
            { type: 'way', ref: 3, role: 'outline' },
            { type: 'way', ref: 4, role: 'part' },
          ],
        },
      ),
    )
    expect(site.buildings).toMatchObject([{ id: 'way-3', name: 'Tower' }])
    expect(site.buildings[0]?.storeys.at(-1)?.baseM).toBeGreaterThan(50)
  })

  it('joins the ways of a multipolygon, and closes its courtyard', () => {
    const member = (ref: number, role: string) => ({ type: 'way', ref, role })
    const inner = [0.0001, 0.0002].flatMap((d, i) => [
      { lon: 120.6 + d, lat: 31.30005 + i * 0.0001 },
      { lon: 120.6 + d + 0.00005, lat: 31.30005 + i * 0.0001 },
    ])
    const { site, notes } = imported(
      answer(...nodes, way(1, [0, 1, 2]), way(2, [0, 3, 2]), {
        type: 'relation',
        id: 5,
        tags: { type: 'multipolygon', building: 'school' },
        members: [
          member(1, 'outer'),
          member(2, 'outer'),
          { type: 'way', role: 'inner', geometry: [...inner, inner[0]] },
        ],
      }),
    )
    expect(site.buildings).toMatchObject([{ id: 'relation-5' }])
    expect(signedAreaM2(site.buildings[0]?.footprint ?? [])).toBeCloseTo(40.0 * 22.18, -1)
    expect(notes.join()).toMatch(/1 courtyards are closed/)
  })

  it('says what the answer lacks', () => {
    const bare = way(7, [90, 91, 92, 90], { building: 'yes' })
    expect(problem(JSON.stringify(answer(bare)))).toMatch(/holds no buildings; 1 buildings left out that are no areas/)
    const open = {
      type: 'relation',
      id: 5,
      tags: { building: 'yes' },
      members: [{ type: 'way', ref: 1, role: 'outer' }],
    }
    expect(problem(JSON.stringify(answer(...nodes, way(1, [0, 1]), open, null as never)))).toMatch(/no buildings/)
    expect(problem(JSON.stringify(answer()))).toMatch(/no buildings/)
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

describe('CityJSON of strangers', () => {
  const house = () => structuredClone(gableHouse('2.0')) as unknown as StrangeCity
  interface StrangeCity {
    version: unknown
    transform: unknown
    vertices: unknown
    metadata: unknown
    CityObjects: Record<string, Record<string, unknown> & { geometry?: Record<string, unknown>[] }>
  }
  const outline = { type: 'MultiSurface', lod: '0', boundaries: [[[0, 1, 2, 3]]] }

  it('is refused with the path of a broken transform or missing vertices', () => {
    expect(problem(JSON.stringify({ ...house(), transform: { scale: [1, 'x', 1], translate: [0, 0, 0] } }))).toBe(
      'bad.json: transform.scale: must be three numbers other than 0',
    )
    expect(problem(JSON.stringify({ ...house(), transform: { scale: [1, 1, 1] } }))).toMatch(/transform\.translate/)
    expect(problem(JSON.stringify({ ...house(), vertices: undefined }))).toMatch(/^bad\.json: vertices: must be a list/)
    expect(imported({ ...house(), version: 2 }).site.buildings).toHaveLength(1)
  })

  it('leaves faces out whose vertices are not there, never half of one', () => {
    const broken = house()
    broken.CityObjects['Pand.1-0']?.geometry?.push({ type: 'Solid', lod: '2.9', boundaries: [[[[900, 901, 902]]]] })
    const { site, notes } = imported(broken)
    expect(signedAreaM2(site.buildings[0]?.footprint ?? [])).toBeCloseTo(80, 0)
    expect(notes.join()).toMatch(/1 faces left out: they name vertices that are not there/)
    expect(problem(JSON.stringify({ ...house(), vertices: [] }))).toMatch(/holds no buildings.*without a face/)
  })

  it('takes the upright parts of a building that itself is an outline only', () => {
    const tall = house()
    const whole = tall.CityObjects['Pand.1']
    if (whole) {
      whole.geometry = [outline]
      whole.children = ['Pand.1-0']
    }
    const { site } = imported(tall)
    expect(site.buildings).toMatchObject([{ id: 'pand.1-0', name: 'Huis', roof: { style: 'gable' } }])
    const flat = house()
    flat.CityObjects = {
      a: { type: 'Building', geometry: [outline], attributes: { b3_h_dak_max: 48, b3_h_maaiveld: 40 } },
    }
    const top = (city: StrangeCity) => {
      const last = imported(city).site.buildings[0]?.storeys.at(-1)
      return (last?.baseM ?? 0) + (last?.heightM ?? 0)
    }
    expect(top(flat)).toBeCloseTo(8)
    flat.CityObjects = { a: { type: 'Building', geometry: [outline], attributes: { measuredHeight: -3 } } }
    expect(top(flat)).toBeCloseTo(7.2)
  })

  it('leaves out what stands on the roof of another part', () => {
    const roofed = house()
    const [solid] = roofed.CityObjects['Pand.1-0']?.geometry ?? []
    const dormer = {
      type: 'MultiSurface',
      lod: '2',
      boundaries: [[[4, 5, 9, 8]], [[6, 7, 8, 9]]],
      semantics: { surfaces: [{ type: 'WallSurface' }, { type: 'RoofSurface' }], values: [0, 1] },
    }
    roofed.CityObjects['Pand.1'] = { type: 'Building', children: ['Pand.1-0', 'dormer'] }
    roofed.CityObjects.dormer = { type: 'BuildingPart', parents: ['Pand.1'], geometry: [dormer] }
    const { site, notes } = imported(roofed)
    expect(site.buildings.map((b) => b.id)).toEqual(['pand.1-0'])
    expect(notes.join()).toMatch(/1 × BuildingPart on the roof of another left out/)
    // without any ground nothing says which part stands on which
    if (solid) solid.semantics = { surfaces: [{ type: 'WallSurface' }] }
    expect(imported(roofed).site.buildings).toHaveLength(2)
  })

  it('puts shared shapes where they stand, as large as they are there', () => {
    const planted = house()
    const tree = { type: 'MultiSurface', lod: '1', boundaries: [[[0, 1, 2]]] }
    const twice = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    const stands = { type: 'GeometryInstance', template: 0, boundaries: [1], transformationMatrix: twice }
    planted.CityObjects.oak = { type: 'SolitaryVegetationObject', geometry: [stands] }
    const shapes = {
      templates: [tree],
      'vertices-templates': [
        [0, 0, 0],
        [1, 0, 0],
        [0, 0, 5],
      ],
    }
    const { site } = imported({ ...planted, 'geometry-templates': shapes })
    expect(site.ground.trees).toMatchObject([{ heightM: 10 }])
    expect(imported(planted).notes.join()).toMatch(/1 × SolitaryVegetationObject without a face left out/)
  })

  it('counts what is left out, and bears surfaces of tens of thousands of faces', () => {
    const bare = house()
    bare.CityObjects.shed = { type: 'Building' }
    bare.CityObjects.thing = {}
    expect(imported(bare).notes.join()).toMatch(/1 × Building without a surface.*1 × object without a type/)
    const vast = house()
    const side = 190
    const nodes = Array.from({ length: (side + 1) ** 2 }, (_, i) => [i % (side + 1), Math.floor(i / (side + 1)), i % 2])
    const face = (i: number) => [[i, i + 1, i + side + 2, i + side + 1]]
    const faces = nodes.flatMap(([x, y], i) => (x === side || y === side ? [] : [face(i)]))
    vast.CityObjects = { hill: { type: 'Building', geometry: [{ type: 'MultiSurface', lod: '2', boundaries: faces }] } }
    expect(
      imported({ ...vast, vertices: nodes, transform: undefined, metadata: {} }).site.buildings.length,
    ).toBeGreaterThan(0)
  })

  it('says what a sequence lacks', () => {
    const { CityObjects, vertices, ...head } = house()
    const part = { type: 'CityJSONFeature', id: 'a', CityObjects, vertices }
    expect(problem(JSON.stringify(part))).toMatch(/first line of a sequence is “CityJSON”/)
    const long = { ...head, CityObjects: {}, vertices: [], note: 'x'.repeat(200_000) }
    expect(imported([long, part].map((line) => JSON.stringify(line)).join('\r\n')).site.buildings).toHaveLength(1)
  })
})

describe('files that are none', () => {
  it('are refused with a reason', () => {
    expect(problem('{')).toMatch(/^bad\.json: /)
    expect(problem('[1]')).toMatch(/GeoJSON, CityJSON and Overpass JSON can be read/)
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
    [2193, 1_600_000, 10_000_000, 173, 0, 6],
    [7856, 500_000, 10_000_000, 153, 0, 6],
    [5972, 500_000, 5_316_300.8, 9, 48, 4],
    [31467, 3_500_000, 0, 9, 0, 6],
    [4526, 38_500_000, 0, 114, 0, 6],
    [4547, 500_000, 0, 114, 0, 6],
    [3946, 1_700_000, 5_200_000, 3, 46, 6],
    [31370, 150_000, 165_000, 4.368, 50.796, 2],
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
    expect(epsgOf('25832')).toBe(25832)
    expect(epsgOf('EPSG:99999999')).toBeUndefined()
    expect(epsgOf('EPSG:7415+5773')).toBe(7415)
    expect(epsgOf('urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709')).toBe(28992)
    expect(epsgOf('http://www.opengis.net/def/crs/EPSG/9.9.1/7415')).toBe(7415)
    expect(epsgOf('urn:ogc:def:crs:EPSG:6.9:25832')).toBe(25832)
    expect(epsgOf('WGS84')).toBe(4326)
    expect(projectionOf(900913)?.epsg).toBe(3857)
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

  it('are thinned where they have more corners than anybody sees', () => {
    const round = Array.from({ length: 100_000 }, (_, i): [number, number] => {
      const turn = (i / 100_000) * 2 * Math.PI
      return [100 * Math.cos(turn), 100 * Math.sin(turn)]
    })
    const ring = cleanRing(round, 1) ?? []
    expect(ring.length).toBeLessThanOrEqual(400)
    expect(signedAreaM2(ring) / (Math.PI * 100 ** 2)).toBeCloseTo(1, 2)
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
