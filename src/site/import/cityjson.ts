/**
 * CityJSON 1.0, 1.1 and 2.0, and CityJSON text sequences. A building's footprint is the outline of its ground surfaces,
 * else of the horizontal faces at its foot, else the hull of its corners; its height runs to the eaves where roofs slope.
 */
import type { CodecError } from '../../contract/decode.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import type { Point2 } from '../geometry.ts'
import { buildingUse, count, type Found, get, isObject, type Json, lengthM, text } from './found.ts'
import { epsgOf, projectionOf } from './geodesy.ts'
import { convexHull, outlines } from './rings.ts'

type Point3 = readonly [x: number, y: number, z: number]
interface Face {
  readonly corners: readonly Point3[]
  readonly surface: string | undefined
  /** Length of the vertical part of the unit normal, 0 wall … 1 level. */
  readonly level: number
}

export function isCityJson(value: unknown): boolean {
  return get(value, 'type') === 'CityJSON'
}

interface Reader {
  readonly vertex: (index: unknown) => Point3 | undefined
}

export function readCityJson(root: unknown, features: readonly unknown[] = []): Result<Found, CodecError> {
  const version = text(get(root, 'version')) ?? ''
  if (!/^[12]\./.test(version))
    return err({ code: 'invalid', path: 'version', message: `is “${version}”; 1.0, 1.1 and 2.0 can be read` })
  const crs = get(get(root, 'metadata'), 'referenceSystem') ?? get(get(get(root, 'metadata'), 'crs'), 'epsg')
  const epsg = crs === undefined ? undefined : typeof crs === 'number' ? crs : epsgOf(String(crs))
  const found: Found = {
    projection: epsg === undefined ? undefined : projectionOf(epsg),
    buildings: [],
    roads: [],
    lawns: [],
    water: [],
    trees: [],
    notes: [],
  }
  if (!found.projection)
    found.notes.push(
      epsg === undefined
        ? 'no coordinate system is named: the site stays local, without its place on Earth'
        : `coordinate system EPSG:${epsg} is not known here: the site stays local, without its place on Earth`,
    )
  const zPerUnit = found.projection?.metresPerUnit ?? 1
  const skipped = new Map<string, number>()
  for (const part of [root, ...features]) {
    const objects = get(part, 'CityObjects')
    if (objects === undefined && part !== root) continue
    if (!isObject(objects)) return err({ code: 'invalid', path: 'CityObjects', message: 'must be an object' })
    const reader = readerOf(part, get(root, 'transform'))
    for (const id of Object.keys(objects)) addObject(found, skipped, id, objects[id], objects, reader, zPerUnit)
  }
  for (const [kind, times] of skipped) found.notes.push(`${times} × ${kind} left out`)
  return ok(found)
}

function readerOf(part: unknown, transform: unknown): Reader {
  const vertices = get(part, 'vertices')
  const triple = (value: unknown): Point3 | undefined =>
    Array.isArray(value) &&
    value.length >= 3 &&
    value.slice(0, 3).every((n) => typeof n === 'number' && Number.isFinite(n))
      ? (value.slice(0, 3) as unknown as Point3)
      : undefined
  const scale = triple(get(transform, 'scale')) ?? [1, 1, 1]
  const translate = triple(get(transform, 'translate')) ?? [0, 0, 0]
  return {
    vertex: (index) => {
      const at = typeof index === 'number' && Array.isArray(vertices) ? triple(vertices[index]) : undefined
      return at && [at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1], at[2] * scale[2] + translate[2]]
    },
  }
}

function addObject(
  found: Found,
  skipped: Map<string, number>,
  id: string,
  object: unknown,
  all: Json,
  reader: Reader,
  zPerUnit: number,
): void {
  const kind = text(get(object, 'type')) ?? ''
  const geometry = bestGeometry(get(object, 'geometry'))
  if (!geometry) {
    if (!/^(Building|Bridge|Tunnel|CityObjectGroup)$/.test(kind))
      skipped.set(`${kind} without geometry`, (skipped.get(`${kind} without geometry`) ?? 0) + 1)
    return
  }
  const parent = text((get(object, 'parents') as unknown[] | undefined)?.[0])
  // a whole and its parts would stand in one another
  if (parent !== undefined && kind.startsWith('Building') && bestGeometry(get(get(all, parent), 'geometry'))) return
  const faces = facesOf(geometry, reader)
  if (/^(Building|BuildingPart|BuildingUnit)$/.test(kind) && faces.length > 0)
    return addBuilding(found, id, object, all, faces, zPerUnit)
  const flat = () =>
    outlines(faces.filter((f) => f.level > 0.6).map((f) => f.corners.map(([x, y]): Point2 => [x, y]))).rings
  if (kind === 'WaterBody') for (const [i, outline] of flat().entries()) found.water.push({ id: `${id}-${i}`, outline })
  else if (kind === 'PlantCover')
    for (const [i, outline] of flat().entries()) found.lawns.push({ id: `${id}-${i}`, outline })
  else if (kind === 'SolitaryVegetationObject' && faces.length > 0) {
    const corners = faces.flatMap((f) => f.corners)
    const [lowest, highest] = span(corners, 2)
    found.trees.push({ at: [mean(corners, 0), mean(corners, 1)], heightM: (highest - lowest) * zPerUnit })
  } else skipped.set(kind, (skipped.get(kind) ?? 0) + 1)
}

/** The most detailed solid or surface up to LoD 2; interiors of LoD 3 and more only where there is nothing else. */
function bestGeometry(value: unknown): unknown {
  if (!Array.isArray(value)) return undefined
  const rank = (g: unknown) => {
    const lod = Number(get(g, 'lod') ?? 0)
    return lod >= 3 ? 0.5 : lod
  }
  const usable = value.filter((g) => /Solid|Surface/.test(String(get(g, 'type'))))
  return usable.sort((a, b) => rank(b) - rank(a))[0]
}

const depthOf: Readonly<Record<string, number>> = {
  MultiSurface: 0,
  CompositeSurface: 0,
  Solid: 1,
  MultiSolid: 2,
  CompositeSolid: 2,
}

function facesOf(geometry: unknown, reader: Reader): Face[] {
  const depth = depthOf[String(get(geometry, 'type'))]
  const boundaries = get(geometry, 'boundaries')
  if (depth === undefined || !Array.isArray(boundaries)) return []
  const semantics = get(geometry, 'semantics')
  const kinds = get(semantics, 'surfaces')
  const faces: Face[] = []
  const walk = (list: unknown, values: unknown, left: number): void => {
    if (!Array.isArray(list)) return
    for (const [i, item] of list.entries()) {
      const value = Array.isArray(values) ? values[i] : undefined
      if (left > 0) walk(item, value, left - 1)
      else {
        const surface = typeof value === 'number' && Array.isArray(kinds) ? text(get(kinds[value], 'type')) : undefined
        const corners = Array.isArray(item) && Array.isArray(item[0]) ? cornersOf(item[0], reader) : []
        const level = levelness(corners)
        if (corners.length >= 3 && level !== undefined) faces.push({ corners, surface, level })
      }
    }
  }
  walk(boundaries, get(semantics, 'values'), depth)
  return faces
}

function cornersOf(ring: readonly unknown[], reader: Reader): Point3[] {
  return ring.map(reader.vertex).filter((corner) => corner !== undefined)
}

/** By Newell's normal; undefined for a face without area. */
function levelness(corners: readonly Point3[]): number | undefined {
  let [nx, ny, nz] = [0, 0, 0]
  const base = corners[0]
  if (!base) return undefined
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length] as Point3
    nx += (a[1] - b[1]) * (a[2] + b[2] - 2 * base[2])
    ny += (a[2] - b[2]) * (a[0] + b[0] - 2 * base[0])
    nz += (a[0] - b[0]) * (a[1] + b[1] - 2 * base[1])
  }
  const length = Math.hypot(nx, ny, nz)
  return length > 1e-9 ? Math.abs(nz) / length : undefined
}

function addBuilding(
  found: Found,
  id: string,
  object: unknown,
  all: Json,
  faces: readonly Face[],
  zPerUnit: number,
): void {
  const parentId = text((get(object, 'parents') as unknown[] | undefined)?.[0])
  const parent = parentId === undefined ? undefined : get(all, parentId)
  const attribute = (...names: string[]) => {
    for (const owner of [object, parent])
      for (const name of names) {
        const value = get(get(owner, 'attributes'), name)
        if (value !== undefined && value !== null && value !== '') return value
      }
    return undefined
  }
  const [lowest, highest] = span(
    faces.flatMap((f) => f.corners),
    2,
  )
  const { rings, holes } = footprintsOf(faces, lowest, highest)
  if (holes > 0) found.notes.push(`${id}: ${holes} courtyards are closed`)
  const sloping = faces.filter(
    (f) => f.level > 0.2 && f.level < 0.985 && (f.surface === 'RoofSurface' || f.surface === undefined),
  )
  const eaves = sloping.length > 0 ? Math.min(...sloping.flatMap((f) => f.corners.map((c) => c[2]))) : highest
  const modelM = (highest - lowest) * zPerUnit
  const eavesM = (eaves - lowest) * zPerUnit
  const told = lengthM(attribute('measuredHeight', 'height', 'Height', 'b3_h_dak_max'))
  const heightM = modelM > 0.3 ? (eavesM > 0.4 * modelM ? eavesM : modelM) : told
  for (const [i, outline] of rings.entries())
    found.buildings.push({
      id: rings.length === 1 ? id : `${id}-${i + 1}`,
      name: text(attribute('name', 'Name', 'naam', 'gml:name')),
      nameZh: undefined,
      use: buildingUse(text(attribute('function', 'usage', 'class', 'gebruiksdoel', 'bldg_use'))),
      outline,
      heightM,
      levels: count(attribute('storeysAboveGround', 'storeys', 'b3_bouwlagen', 'numberOfFloors')),
      roof: sloping.length > 0 && eavesM > 0.4 * modelM && eavesM < 0.93 * modelM ? 'gable' : 'flat',
      color: undefined,
    })
}

function footprintsOf(
  faces: readonly Face[],
  lowest: number,
  highest: number,
): { readonly rings: readonly (readonly Point2[])[]; readonly holes: number } {
  const plan = (some: readonly Face[]) => outlines(some.map((f) => f.corners.map(([x, y]): Point2 => [x, y])))
  const ground = faces.filter((f) => f.surface === 'GroundSurface')
  const foot = lowest + Math.max(0.5, 0.2 * (highest - lowest))
  const atFoot = faces.filter((f) => f.level > 0.8 && f.corners.every((c) => c[2] <= foot))
  const everything = faces.filter((f) => f.level > 0.05)
  for (const candidate of [ground, atFoot, faces.filter((f) => f.surface === 'RoofSurface'), everything]) {
    const { rings, holes } = candidate.length > 0 ? plan(candidate) : { rings: [], holes: 0 }
    if (rings.length > 0) return { rings, holes }
  }
  return { rings: [convexHull(faces.flatMap((f) => f.corners.map(([x, y]): Point2 => [x, y])))], holes: 0 }
}

function span(corners: readonly Point3[], axis: 0 | 1 | 2): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const corner of corners) {
    low = Math.min(low, corner[axis])
    high = Math.max(high, corner[axis])
  }
  return [low, high]
}

function mean(corners: readonly Point3[], axis: 0 | 1 | 2): number {
  return corners.reduce((sum, c) => sum + c[axis], 0) / Math.max(1, corners.length)
}
