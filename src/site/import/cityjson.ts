/**
 * CityJSON 1.0, 1.1 and 2.0, and CityJSON text sequences. A building's footprint is the outline of its ground surfaces,
 * else of the horizontal faces at its foot, else the hull of its corners; its height runs to the eaves where roofs slope.
 */
import type { CodecError } from '../../contract/decode.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import type { Point2 } from '../geometry.ts'
import { systemOf } from './crs.ts'
import { buildingUse, count, type Found, get, isObject, type Json, lengthM, nothingFound, text } from './found.ts'
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

type Vertex = (index: unknown) => Point3 | undefined

interface Reader {
  readonly vertex: Vertex
  /** Shapes that many objects share, in metres round the corner that they are put at. */
  readonly templates: readonly unknown[]
  readonly templateVertex: Vertex
  /** Faces that name corners which are not there. */
  broken: number
}

/** `epsg` overrules what the file says about its coordinates. */
export function readCityJson(
  root: unknown,
  features: readonly unknown[] = [],
  epsg?: number,
): Result<Found, CodecError> {
  const version = text(get(root, 'version')) ?? ''
  if (!/^[12](\.|$)/.test(version))
    return err({ code: 'invalid', path: 'version', message: `is “${version}”; 1.0, 1.1 and 2.0 can be read` })
  const crs = get(get(root, 'metadata'), 'referenceSystem') ?? get(get(get(root, 'metadata'), 'crs'), 'epsg')
  const { projection, notes } = systemOf(crs, epsg)
  const found = nothingFound(projection)
  found.notes.push(...notes)
  const zPerUnit = found.projection?.metresPerUnit ?? 1
  const skipped = new Map<string, number>()
  const transform = transformOf(get(root, 'transform'))
  if (!transform.ok) return transform
  let broken = 0
  for (const part of [root, ...features]) {
    const objects = get(part, 'CityObjects')
    if (objects === undefined && part !== root) continue
    if (!isObject(objects)) return err({ code: 'invalid', path: 'CityObjects', message: 'must be an object' })
    if (!Array.isArray(get(part, 'vertices')))
      return err({ code: 'invalid', path: 'vertices', message: 'must be a list' })
    const reader = readerOf(part, root, transform.value)
    for (const id of Object.keys(objects)) addObject(found, skipped, id, objects[id], objects, reader, zPerUnit)
    broken += reader.broken
  }
  for (const [kind, times] of skipped) found.notes.push(`${times} × ${kind} left out`)
  if (broken > 0) found.notes.push(`${broken} faces left out: they name vertices that are not there or are no numbers`)
  return ok(found)
}

interface Transform {
  readonly scale: Point3
  readonly translate: Point3
}

function transformOf(value: unknown): Result<Transform, CodecError> {
  const scale = value === undefined ? [1, 1, 1] : triple(get(value, 'scale'))
  const translate = value === undefined ? [0, 0, 0] : triple(get(value, 'translate'))
  if (scale && translate && scale.every((n) => n !== 0)) return ok({ scale, translate } as Transform)
  const path = translate ? 'transform.scale' : 'transform.translate'
  return err({ code: 'invalid', path, message: `must be three numbers${translate ? ' other than 0' : ''}` })
}

function triple(value: unknown): Point3 | undefined {
  return Array.isArray(value) &&
    value.length >= 3 &&
    value.slice(0, 3).every((n) => typeof n === 'number' && Number.isFinite(n))
    ? (value.slice(0, 3) as unknown as Point3)
    : undefined
}

function readerOf(part: unknown, root: unknown, { scale, translate }: Transform): Reader {
  const vertices = get(part, 'vertices')
  const shared = get(part, 'geometry-templates') ?? get(root, 'geometry-templates')
  const [templates, corners] = [get(shared, 'templates'), get(shared, 'vertices-templates')]
  const nth = (list: unknown, index: unknown) =>
    typeof index === 'number' && Array.isArray(list) ? triple(list[index]) : undefined
  return {
    vertex: (index) => {
      const at = nth(vertices, index)
      return at && [at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1], at[2] * scale[2] + translate[2]]
    },
    templates: Array.isArray(templates) ? templates : [],
    templateVertex: (index) => nth(corners, index),
    broken: 0,
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
  const kind = text(get(object, 'type')) ?? 'object without a type'
  const skip = (what: string): void => {
    skipped.set(what, (skipped.get(what) ?? 0) + 1)
  }
  const geometries = byDetail(get(object, 'geometry'))
  const children = childrenOf(object, all)
  if (geometries.length === 0) {
    if (children.length === 0 && kind !== 'CityObjectGroup') skip(`${kind} without a surface or solid`)
    return
  }
  // a whole and its parts would stand in one another; of a flat outline and upright parts, the parts stand
  const parent = parentOf(object, all)
  const flat = isFlat(geometries)
  const told = parent !== object && (isUpright(parent) || (flat && byDetail(get(parent, 'geometry')).length > 0))
  if (kind.startsWith('Building') && (told || (flat && children.some(isUpright)))) return
  if (kind === 'BuildingPart' && standsOnAnother(object, parent, all))
    return skip('BuildingPart on the roof of another')
  const faces = facesOfFirst(geometries, reader)
  if (faces.length === 0) return skip(`${kind} without a face`)
  if (/^(Building|BuildingPart|BuildingUnit)$/.test(kind)) return addBuilding(found, id, object, all, faces, zPerUnit)
  const plan = () =>
    outlines(faces.filter((f) => f.level > 0.6).map((f) => f.corners.map(([x, y]): Point2 => [x, y]))).rings
  if (kind === 'WaterBody') for (const [i, outline] of plan().entries()) found.water.push({ id: `${id}-${i}`, outline })
  else if (kind === 'PlantCover')
    for (const [i, outline] of plan().entries()) found.lawns.push({ id: `${id}-${i}`, outline })
  else if (kind === 'SolitaryVegetationObject' && faces.length > 0) {
    const corners = faces.flatMap((f) => f.corners)
    const [lowest, highest] = span(corners, 2)
    found.trees.push({ at: [mean(corners, 0), mean(corners, 1)], heightM: (highest - lowest) * zPerUnit })
  } else skip(kind)
}

function childrenOf(object: unknown, all: Json): unknown[] {
  const names = get(object, 'children')
  return Array.isArray(names) ? names.map((name) => get(all, String(name))) : []
}

function parentOf(object: unknown, all: Json): unknown {
  const names = get(object, 'parents')
  return Array.isArray(names) ? get(all, String(names[0])) : undefined
}

/** Dormers and roof bodies: walls and a roof without ground, beside a part of the same building that has ground. */
function standsOnAnother(part: unknown, parent: unknown, all: Json): boolean {
  const own = surfacesOf(part)
  if (own.size === 0 || own.has('GroundSurface')) return false
  return childrenOf(parent, all).some((other) => surfacesOf(other).has('GroundSurface'))
}

function surfacesOf(object: unknown): ReadonlySet<string> {
  const kinds = byDetail(get(object, 'geometry')).map((g) => get(get(g, 'semantics'), 'surfaces'))
  return new Set(kinds.flatMap((list) => (Array.isArray(list) ? list.map((s) => String(get(s, 'type'))) : [])))
}

function isUpright(object: unknown): boolean {
  const geometries = byDetail(get(object, 'geometry'))
  return geometries.length > 0 && !isFlat(geometries)
}

/** Nothing but an outline on the ground or of the roof. */
function isFlat(geometries: readonly unknown[]): boolean {
  return geometries.every((g) => lodOf(g) < 1 && !/Solid/.test(String(get(g, 'type'))))
}

function lodOf(geometry: unknown): number {
  const lod = Number.parseFloat(String(get(geometry, 'lod')))
  return Number.isFinite(lod) ? lod : 1
}

/** The most detailed solids and surfaces up to LoD 2 first; interiors of LoD 3 and more only where there is nothing else. */
function byDetail(value: unknown): unknown[] {
  if (!Array.isArray(value)) return []
  const rank = (g: unknown) => (lodOf(g) >= 3 ? 0.5 : lodOf(g))
  const usable = value.filter((g) => /Solid|Surface|GeometryInstance/.test(String(get(g, 'type'))))
  return usable.sort((a, b) => rank(b) - rank(a))
}

/** The faces of the first shape that has any. */
function facesOfFirst(geometries: readonly unknown[], reader: Reader): Face[] {
  for (const geometry of geometries) {
    const faces =
      get(geometry, 'type') === 'GeometryInstance' ? instanceOf(geometry, reader) : facesOf(geometry, reader)
    if (faces.length > 0) return faces
  }
  return []
}

/** A shared shape, moved by its matrix (row by row) and put at its corner. */
function instanceOf(instance: unknown, reader: Reader): Face[] {
  const template = reader.templates[Number(get(instance, 'template'))]
  const boundaries = get(instance, 'boundaries')
  const at = Array.isArray(boundaries) ? reader.vertex(boundaries[0]) : undefined
  const given = get(instance, 'transformationMatrix')
  const m = Array.isArray(given) && given.length === 16 ? given.map(Number) : [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
  if (!at || !m.every(Number.isFinite)) return []
  const vertex = (index: unknown): Point3 | undefined => {
    const p = reader.templateVertex(index)
    const along = (row: 0 | 1 | 2, [x, y, z]: Point3) =>
      at[row] +
      (m[row * 4] as number) * x +
      (m[row * 4 + 1] as number) * y +
      (m[row * 4 + 2] as number) * z +
      (m[row * 4 + 3] as number)
    return p && [along(0, p), along(1, p), along(2, p)]
  }
  const own = { ...reader, vertex, broken: 0 }
  const faces = facesOf(template, own)
  reader.broken += own.broken
  return faces
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
        const level = corners && levelness(corners)
        if (!corners) reader.broken++
        else if (corners.length >= 3 && level !== undefined) faces.push({ corners, surface, level })
      }
    }
  }
  walk(boundaries, get(semantics, 'values'), depth)
  return faces
}

function cornersOf(ring: readonly unknown[], reader: Reader): Point3[] | undefined {
  const corners = ring.map(reader.vertex)
  return corners.every((corner) => corner !== undefined) ? corners : undefined
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
  const parent = parentOf(object, all)
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
  const eaves = Math.min(
    highest,
    span(
      sloping.flatMap((f) => f.corners),
      2,
    )[0],
  )
  const modelM = (highest - lowest) * zPerUnit
  const eavesM = (eaves - lowest) * zPerUnit
  const heightM = modelM > 0.3 ? (eavesM > 0.4 * modelM ? eavesM : modelM) : toldHeightM(attribute)
  for (const [i, outline] of rings.entries())
    found.buildings.push({
      path: `CityObjects.${id}`,
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

function toldHeightM(attribute: (...names: string[]) => unknown): number | undefined {
  const told = lengthM(attribute('measuredHeight', 'height', 'Height'))
  if (told !== undefined && told > 0) return told
  // 3DBAG counts from the country's datum
  const [roof, ground] = [lengthM(attribute('b3_h_dak_max')), lengthM(attribute('b3_h_maaiveld'))]
  return roof !== undefined && ground !== undefined && roof > ground ? roof - ground : undefined
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
