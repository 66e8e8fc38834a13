/** Answers of the Overpass API (OpenStreetMap as JSON) as GeoJSON: ways with their nodes or geometry, and multipolygons. */
import type { Point2 } from '../geometry.ts'
import { get, isObject } from './found.ts'

export function isOverpass(value: unknown): boolean {
  return Array.isArray(get(value, 'elements'))
}

export function geoJsonOf(root: unknown): unknown {
  const given = get(root, 'elements')
  const elements = Array.isArray(given) ? given.filter(isObject) : []
  const of = (type: string) => elements.filter((element) => element.type === type)
  const nodes = new Map(of('node').map((node) => [node.id, placeOf(node)]))
  const ways = new Map(of('way').map((way) => [way.id, lineOf(way, nodes)]))
  const geometryOf = (element: Readonly<Record<string, unknown>>) => {
    if (element.type === 'node') return { type: 'Point', coordinates: placeOf(element) }
    if (element.type === 'relation') return areaOf(element, ways)
    const line = ways.get(element.id) ?? []
    return isArea(element, line) ? { type: 'Polygon', coordinates: [line] } : { type: 'LineString', coordinates: line }
  }
  const features = elements
    .filter(
      ({ tags, type }) =>
        isObject(tags) && Object.keys(tags).length > 0 && (type !== 'relation' || isMultipolygon(tags)),
    )
    .map((element) => ({
      type: 'Feature',
      id: `${element.type}/${element.id}`,
      properties: element.tags,
      geometry: geometryOf(element),
    }))
  return { type: 'FeatureCollection', features }
}

function placeOf(value: unknown): Point2 | undefined {
  const [lon, lat] = [get(value, 'lon'), get(value, 'lat')]
  return typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : undefined
}

/** Corners that the answer lacks, as at the edge of what was asked for, are left out. */
function lineOf(way: unknown, nodes: ReadonlyMap<unknown, Point2 | undefined> = new Map()): Point2[] {
  const [geometry, ids] = [get(way, 'geometry'), get(way, 'nodes')]
  const corners = Array.isArray(geometry)
    ? geometry.map(placeOf)
    : Array.isArray(ids)
      ? ids.map((id) => nodes.get(id))
      : []
  return corners.filter((corner) => corner !== undefined)
}

function isArea(way: unknown, line: readonly Point2[]): boolean {
  const tags = get(way, 'tags')
  const street = get(tags, 'highway') !== undefined || get(tags, 'barrier') !== undefined
  return line.length > 3 && isSame(line[0], line.at(-1)) && (!street || get(tags, 'area') === 'yes')
}

function isSame(a: Point2 | undefined, b: Point2 | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]
}

/** Relations of other types (`building`, `site`) tie things together that stand in the answer themselves. */
function isMultipolygon(tags: unknown): boolean {
  const type = get(tags, 'type')
  return type === undefined || type === 'multipolygon' || type === 'boundary'
}

/** Each outer ring is a polygon; all holes go to the first, as they are closed anyhow. */
function areaOf(relation: unknown, ways: ReadonlyMap<unknown, readonly Point2[]>): unknown {
  const members = get(relation, 'members')
  const lines = (inner: boolean) =>
    (Array.isArray(members) ? members : [])
      .filter((member) => get(member, 'type') === 'way' && (get(member, 'role') === 'inner') === inner)
      .map((member) => (get(member, 'geometry') === undefined ? (ways.get(get(member, 'ref')) ?? []) : lineOf(member)))
  const [first, ...others] = ringsOf(lines(false))
  const coordinates = first ? [[first, ...ringsOf(lines(true))], ...others.map((ring) => [ring])] : []
  return { type: 'MultiPolygon', coordinates }
}

/** Closed rings out of lines that meet at their ends, whichever way they run; what never closes is left out. */
function ringsOf(lines: readonly (readonly Point2[])[]): Point2[][] {
  const left = lines.filter((line) => line.length > 1)
  const rings: Point2[][] = []
  for (let line = left.shift(); line; line = left.shift()) {
    const ring = [...line]
    while (!isSame(ring[0], ring.at(-1))) {
      const end = ring.at(-1)
      const at = left.findIndex((next) => isSame(next[0], end) || isSame(next.at(-1), end))
      const [next] = at < 0 ? [] : left.splice(at, 1)
      if (!next) break
      ring.push(...(isSame(next[0], end) ? next : [...next].reverse()).slice(1))
    }
    if (ring.length > 3 && isSame(ring[0], ring.at(-1))) rings.push(ring)
  }
  return rings
}
