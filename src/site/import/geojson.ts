/**
 * GeoJSON (RFC 7946), in particular what exporters of OpenStreetMap write: tags as properties or in `properties.tags`.
 * Holes (courtyards) are closed: the site file's polygons are simple. Each polygon of a MultiPolygon becomes a building.
 */

import type { CodecError } from '../../contract/decode.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import type { Point2 } from '../geometry.ts'
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
  text,
} from './found.ts'
import { epsgOf, projectionOf } from './geodesy.ts'

type Rings = readonly (readonly Point2[])[]

export function isGeoJson(value: unknown): boolean {
  return ['FeatureCollection', 'Feature', 'GeometryCollection', 'Polygon', 'MultiPolygon'].includes(
    String(get(value, 'type')),
  )
}

export function readGeoJson(root: unknown): Result<Found, CodecError> {
  const features = featuresOf(root)
  const epsg = epsgOf(text(get(get(get(root, 'crs'), 'properties'), 'name')) ?? 'EPSG:4326') ?? 0
  const found: Found = {
    projection: projectionOf(epsg),
    buildings: [],
    roads: [],
    lawns: [],
    water: [],
    trees: [],
    notes: [],
  }
  if (!found.projection)
    found.notes.push(
      `coordinate system EPSG:${epsg} is not known here: the site stays local, without its place on Earth`,
    )
  const tagged = features.some((f) => tagOf(f, 'building') !== undefined)
  const parts: { readonly rings: Rings; readonly heightM: number | undefined }[] = []
  let holes = 0
  for (const [at, feature] of features.entries()) {
    const geometry = get(feature, 'geometry')
    const polygons = polygonsOf(geometry)
    if (polygons === undefined)
      return err({ code: 'invalid', path: `features.${at}.geometry.coordinates`, message: 'must be pairs of numbers' })
    const kind = tagOf(feature, 'building')
    const part = tagOf(feature, 'building:part')
    if (tagged && kind === undefined && part !== undefined && part !== 'no') {
      for (const rings of polygons) parts.push({ rings, heightM: heightOf(feature) })
      continue
    }
    if (polygons.length > 0 && (tagged ? kind !== undefined && kind !== 'no' : !isGround(feature))) {
      holes += polygons.reduce((sum, rings) => sum + rings.length - 1, 0)
      addBuildings(found, feature, polygons, at)
    } else addGround(found, feature, geometry, polygons, at)
  }
  raiseByParts(found, parts)
  if (holes > 0) found.notes.push(`${holes} courtyards are closed: polygons of a site file have no holes`)
  return ok(found)
}

function featuresOf(root: unknown): readonly unknown[] {
  const list = get(root, 'features')
  if (Array.isArray(list)) return list.filter(isObject)
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

function heightOf(feature: unknown): number | undefined {
  const tags = tagsOf(feature)
  for (const name of [
    'height',
    'building:height',
    'est_height',
    'measuredHeight',
    'HEIGHT',
    'Height',
    'hoehe',
    'render_height',
  ]) {
    const given = lengthM(get(tags, name))
    if (given !== undefined && given > 0) return given
  }
  return undefined
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

function addBuildings(found: Found, feature: unknown, polygons: readonly Rings[], at: number): void {
  const levels = count(
    tagOf(feature, 'building:levels', 'levels', 'num_floors', 'floors', 'storeys', 'storeysAboveGround'),
  )
  const whole = heightOf(feature)
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
  primary: [14, 4],
  secondary: [11, 2],
  tertiary: [9, 2],
  residential: [7, 2],
  unclassified: [7, 2],
  living_street: [6, 1],
  service: [5, 1],
}

function isGround(feature: unknown): boolean {
  return ['natural', 'landuse', 'leisure', 'water', 'highway', 'waterway'].some(
    (name) => tagOf(feature, name) !== undefined,
  )
}

/** Roads, lawns, water and single trees, where a file brings them along. */
function addGround(found: Found, feature: unknown, geometry: unknown, polygons: readonly Rings[], at: number): void {
  const id = idOf(feature, at)
  const natural = tagOf(feature, 'natural')
  const kind = get(geometry, 'type')
  const way = roadWidths[tagOf(feature, 'highway') ?? '']
  if (way && kind === 'LineString') {
    const line = lineOf(get(geometry, 'coordinates'))
    if (line && line.length > 1)
      found.roads.push({
        id,
        line,
        widthM: lengthM(tagOf(feature, 'width')) ?? way[0],
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
}

/** Building parts say how high the building around them is where its own tags do not. */
function raiseByParts(
  found: Found,
  parts: readonly { readonly rings: Rings; readonly heightM: number | undefined }[],
): void {
  for (const [i, building] of found.buildings.entries()) {
    if (building.heightM !== undefined) continue
    const heights = parts
      .filter(({ rings }) => rings[0]?.some((p) => inside(p, building.outline)))
      .flatMap(({ heightM }) => heightM ?? [])
    if (heights.length > 0) found.buildings[i] = { ...building, heightM: Math.max(...heights) }
  }
}

function inside([x, y]: Point2, ring: readonly Point2[]): boolean {
  let within = false
  for (const [i, [xi, yi]] of ring.entries()) {
    const [xj, yj] = ring.at(i - 1) as Point2
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
  }
  return within
}
