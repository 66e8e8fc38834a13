/**
 * GeoJSON (RFC 7946), in particular what exporters of OpenStreetMap write: tags as properties or in `properties.tags`.
 * Holes (courtyards) are closed: the site file's polygons are simple. Each polygon of a MultiPolygon becomes a building, and
 * so does a closed line that is tagged as one.
 */

import type { CodecError } from '../../contract/decode.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import type { Point2 } from '../geometry.ts'
import { systemOf } from './crs.ts'
import {
  buildingUse,
  count,
  type Found,
  type FoundBuilding,
  finitePair,
  get,
  isObject,
  type Json,
  lengthM,
  nothingFound,
  text,
} from './found.ts'

type Rings = readonly (readonly Point2[])[]

export function isGeoJson(value: unknown): boolean {
  return ['FeatureCollection', 'Feature', 'GeometryCollection', 'Polygon', 'MultiPolygon'].includes(
    String(get(value, 'type')),
  )
}

interface Part {
  readonly outline: readonly Point2[]
  readonly heightM: number | undefined
  readonly levels: number | undefined
}

/** `epsg` overrules what the file says about its coordinates. */
export function readGeoJson(root: unknown, epsg?: number): Result<Found, CodecError> {
  const features = featuresOf(root)
  if (!features) return err({ code: 'invalid', path: 'features', message: 'must be a list' })
  const crs = get(get(root, 'crs'), 'properties')
  const { projection, notes } = systemOf(get(crs, 'name') ?? get(crs, 'code'), epsg, 4326)
  const found = nothingFound(projection)
  found.notes.push(...notes)
  const tagged = features.some((f) => tagOf(f, 'building') !== undefined)
  const parts: Part[] = []
  const tally: Tally = { illegible: [], flat: 0, underground: 0, raised: 0 }
  let holes = 0
  for (const [at, feature] of features.entries()) {
    const geometry = get(feature, 'geometry')
    const kind = tagOf(feature, 'building')
    const part = tagOf(feature, 'building:part')
    const areas = polygonsOf(geometry)
    const isHouse = kind !== undefined && kind !== 'no'
    const polygons = areas?.length === 0 && isHouse ? closedLinesOf(geometry) : areas
    if (polygons === undefined)
      return err({ code: 'invalid', path: `features.${at}.geometry.coordinates`, message: 'must be pairs of numbers' })
    if (tagged && kind === undefined && part !== undefined && part !== 'no')
      for (const [outline = []] of polygons)
        parts.push({ outline, heightM: heightOf(feature), levels: levelsOf(feature) })
    else if (tagOf(feature, 'location') === 'underground') tally.underground++
    else if (polygons.length > 0 && (tagged ? isHouse : !isGround(feature))) {
      holes += polygons.reduce((sum, rings) => sum + rings.length - 1, 0)
      addBuildings(found, feature, polygons, at, tally)
    } else if (isHouse) tally.flat++
    else addGround(found, feature, geometry, polygons, at)
  }
  raiseByParts(found, parts)
  if (holes > 0) found.notes.push(`${holes} courtyards are closed: polygons of a site file have no holes`)
  found.notes.push(...remarks(tally))
  return ok(found)
}

/** What is worth a word to whoever imports. */
interface Tally {
  /** Heights that mean nothing here, as they are told. */
  readonly illegible: string[]
  /** Buildings without an area. */
  flat: number
  underground: number
  /** Buildings that begin above the ground. */
  raised: number
}

function remarks({ illegible, flat, underground, raised }: Tally): string[] {
  const say = (count: number, what: string) => (count > 0 ? [`${count} ${what}`] : [])
  const some = [...new Set(illegible)].slice(0, 3).map((word) => `“${word.slice(0, 24)}”`)
  return [
    ...say(illegible.length, `heights cannot be read: ${some.join(', ')}`),
    ...say(flat, 'buildings left out that are no areas but points, open lines or nothing'),
    ...say(underground, 'things under the ground left out'),
    ...say(raised, 'buildings stand on the ground although they begin above it (min_height)'),
  ]
}

/** Undefined for a collection without a list. */
function featuresOf(root: unknown): readonly unknown[] | undefined {
  const list = get(root, 'features')
  if (Array.isArray(list)) return list.map((feature) => (isObject(feature) ? feature : {}))
  if (get(root, 'type') === 'FeatureCollection') return undefined
  if (get(root, 'type') === 'Feature') return [root]
  return [{ type: 'Feature', properties: {}, geometry: root }]
}

function tagsOf(feature: unknown): Json {
  const properties = get(feature, 'properties')
  const tags = get(properties, 'tags')
  return isObject(tags) ? tags : isObject(properties) ? properties : {}
}

function tagOf(feature: unknown, ...names: string[]): string | undefined {
  const tags = tagsOf(feature)
  for (const name of names) {
    const value = text(get(tags, name))
    if (value !== undefined) return value
  }
  return undefined
}

/** Outer ring first; undefined where coordinates are no numbers; empty for anything without an area. */
function polygonsOf(geometry: unknown): Rings[] | undefined {
  const coordinates = get(geometry, 'coordinates')
  switch (get(geometry, 'type')) {
    case 'Polygon': {
      const rings = ringsOf(coordinates)
      return rings && (rings.length > 0 ? [rings] : [])
    }
    case 'MultiPolygon': {
      if (!Array.isArray(coordinates)) return undefined
      const all = coordinates.map(ringsOf)
      return all.every((r) => r !== undefined) ? (all as Rings[]).filter((r) => r.length > 0) : undefined
    }
    case 'GeometryCollection': {
      const members = get(geometry, 'geometries')
      const all = Array.isArray(members) ? members.map(polygonsOf) : []
      return all.every((r) => r !== undefined) ? all.flatMap((r) => r ?? []) : undefined
    }
    default:
      return []
  }
}

/** Buildings that exporters left as the lines they are drawn with. */
function closedLinesOf(geometry: unknown): Rings[] | undefined {
  const coordinates = get(geometry, 'coordinates')
  const type = get(geometry, 'type')
  const lines = type === 'LineString' ? ringsOf([coordinates]) : type === 'MultiLineString' ? ringsOf(coordinates) : []
  return lines?.filter((line) => line.length > 3 && String(line[0]) === String(line.at(-1))).map((line) => [line])
}

function ringsOf(value: unknown): Rings | undefined {
  if (!Array.isArray(value)) return undefined
  const rings = value.map(lineOf)
  return rings.every((ring) => ring !== undefined) ? (rings as Point2[][]) : undefined
}

function lineOf(value: unknown): Point2[] | undefined {
  if (!Array.isArray(value)) return undefined
  const points = value.map(finitePair)
  return points.every((p) => p !== undefined) ? (points as Point2[]) : undefined
}

function idOf(feature: unknown, at: number): string {
  return text(get(feature, 'id')) ?? tagOf(feature, '@id', 'id', 'osm_id', 'gml_id', 'ref') ?? `feature-${at + 1}`
}

const heightTags = [
  'height',
  'building:height',
  'est_height',
  'measuredHeight',
  'HEIGHT',
  'Height',
  'hoehe',
  'render_height',
] as const

function heightOf(feature: unknown): number | undefined {
  const tags = tagsOf(feature)
  for (const name of heightTags) {
    const given = lengthM(get(tags, name))
    if (given !== undefined && given > 0) return given
  }
  return undefined
}

function levelsOf(feature: unknown): number | undefined {
  return count(tagOf(feature, 'building:levels', 'levels', 'num_floors', 'floors', 'storeys', 'storeysAboveGround'))
}

const roofs: Readonly<Record<string, FoundBuilding['roof']>> = {
  gabled: 'gable',
  hipped: 'gable',
  'half-hipped': 'gable',
  gambrel: 'gable',
  mansard: 'gable',
  pitched: 'gable',
  saltbox: 'gable',
  sawtooth: 'sawtooth',
}

function addBuildings(found: Found, feature: unknown, polygons: readonly Rings[], at: number, tally: Tally): void {
  const levels = levelsOf(feature)
  const whole = heightOf(feature)
  const told = whole === undefined ? tagOf(feature, ...heightTags) : undefined
  if (told !== undefined) tally.illegible.push(told)
  if ((lengthM(tagOf(feature, 'min_height')) ?? 0) > 0) tally.raised++
  const roofHeightM = lengthM(tagOf(feature, 'roof:height')) ?? 0
  const roof = roofs[tagOf(feature, 'roof:shape', 'building:roof:shape') ?? ''] ?? 'flat'
  const color = tagOf(feature, 'building:colour', 'building:color')?.toLowerCase()
  const kind = tagOf(feature, 'building')
  const purpose =
    kind === undefined || /^(yes|building|university|school|college|public|civic)$/.test(kind)
      ? tagOf(feature, 'building:use', 'amenity', 'shop', 'industrial', 'use', 'function', 'usage')
      : kind
  for (const [part, rings] of polygons.entries())
    found.buildings.push({
      path: `features.${at}`,
      id: polygons.length === 1 ? idOf(feature, at) : `${idOf(feature, at)}-${part + 1}`,
      name: tagOf(feature, 'name:en', 'name', 'addr:housename') ?? addressOf(feature),
      nameZh: tagOf(feature, 'name:zh', 'name:zh-Hans', 'name'),
      use: buildingUse(purpose),
      outline: rings[0] ?? [],
      heightM: whole === undefined ? undefined : Math.max(2.2, roof === 'flat' ? whole : whole - roofHeightM),
      levels,
      roof,
      color: color !== undefined && /^#[0-9a-f]{6}$/.test(color) ? color : undefined,
    })
}

function addressOf(feature: unknown): string | undefined {
  const [street, number] = [tagOf(feature, 'addr:street'), tagOf(feature, 'addr:housenumber')]
  return street === undefined ? undefined : `${street} ${number ?? ''}`.trim()
}

const roadWidths: Readonly<Record<string, readonly [widthM: number, lanes: number]>> = {
  motorway: [15, 4],
  trunk: [15, 4],
  primary: [14, 4],
  secondary: [11, 2],
  tertiary: [9, 2],
  residential: [7, 2],
  unclassified: [7, 2],
  living_street: [6, 1],
  service: [5, 1],
  road: [6, 2],
}

/** Nothing that people would take for a building, in a file that tags none. */
function isGround(feature: unknown): boolean {
  return (
    isPaved(feature) ||
    ['natural', 'landuse', 'leisure', 'water', 'highway', 'waterway', 'boundary', 'place', 'barrier', 'railway'].some(
      (name) => tagOf(feature, name) !== undefined,
    )
  )
}

/** Open car parks, squares and streets drawn as areas. */
function isPaved(feature: unknown): boolean {
  return (
    tagOf(feature, 'amenity') === 'parking' ||
    tagOf(feature, 'place') === 'square' ||
    /^(pedestrian|footway|service)$/.test(tagOf(feature, 'highway') ?? '')
  )
}

/** Roads, lawns, water and single trees, where a file brings them along. */
function addGround(found: Found, feature: unknown, geometry: unknown, polygons: readonly Rings[], at: number): void {
  const id = idOf(feature, at)
  const natural = tagOf(feature, 'natural')
  const kind = get(geometry, 'type')
  const way = roadWidths[(tagOf(feature, 'highway') ?? '').replace(/_link$/, '')]
  if (way && (kind === 'LineString' || kind === 'MultiLineString')) {
    const coordinates = get(geometry, 'coordinates')
    const widthM = lengthM(tagOf(feature, 'width'))
    for (const line of ringsOf(kind === 'LineString' ? [coordinates] : coordinates) ?? [])
      if (line.length > 1)
        found.roads.push({
          id,
          line,
          widthM: widthM !== undefined && widthM >= 1 && widthM <= 80 ? widthM : way[0],
          lanes: count(tagOf(feature, 'lanes')) ?? way[1],
        })
  } else if (natural === 'tree' && kind === 'Point') {
    const at2 = finitePair(get(geometry, 'coordinates'))
    if (at2) found.trees.push({ at: at2, heightM: heightOf(feature) })
  } else if (natural === 'water' || tagOf(feature, 'water') !== undefined)
    for (const rings of polygons) found.water.push({ id, outline: rings[0] ?? [] })
  else if (
    /^(grass|meadow|park|garden|recreation_ground|village_green|forest|wood|grassland|pitch)$/.test(
      tagOf(feature, 'landuse', 'leisure') ?? natural ?? '',
    )
  )
    for (const rings of polygons) found.lawns.push({ id, outline: rings[0] ?? [] })
  else if (isPaved(feature)) for (const rings of polygons) found.pavements.push({ id, outline: rings[0] ?? [] })
}

/** Building parts say how high the building around them is where its own tags do not. */
function raiseByParts(found: Found, parts: readonly Part[]): void {
  const boxed = parts.map((part) => ({ part, box: boxOf(part.outline) }))
  for (const [i, building] of found.buildings.entries()) {
    if (building.heightM !== undefined) continue
    const [west, south, east, north] = boxOf(building.outline)
    const own = boxed.filter(
      ({ part, box: [w, s, e, n] }) =>
        w <= east && e >= west && s <= north && n >= south && part.outline.some((p) => inside(p, building.outline)),
    )
    const most = (of: (part: Part) => number | undefined) =>
      own.reduce<number | undefined>((best, { part }) => Math.max(best ?? 0, of(part) ?? 0) || undefined, undefined)
    const heightM = most((part) => part.heightM)
    const levels = building.levels ?? (heightM === undefined ? most((part) => part.levels) : undefined)
    found.buildings[i] = { ...building, heightM, levels }
  }
}

function boxOf(ring: readonly Point2[]): readonly [west: number, south: number, east: number, north: number] {
  const box: [number, number, number, number] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  for (const [x, y] of ring) {
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  return box
}

function inside([x, y]: Point2, ring: readonly Point2[]): boolean {
  let within = false
  for (const [i, [xi, yi]] of ring.entries()) {
    const [xj, yj] = ring.at(i - 1) as Point2
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
  }
  return within
}
