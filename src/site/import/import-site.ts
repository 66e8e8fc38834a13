/** Foreign building files to a site file: one local frame, clean footprints, storeys, and a zone for each of them. */
import type { CodecError } from '../../contract/decode.ts'
import { err, ok, type Result } from '../../platform/result.ts'
import { mostWindowsOfOne, windowsOf } from '../burden.ts'
import { sharePoints } from '../compose/point-sets.ts'
import { onKnownMeters, roomEquipment } from '../compose/room-heads.ts'
import {
  type BuildingInput,
  type Corner,
  name,
  polygonBox,
  round2,
  type SiteInput,
  type ZoneInput,
} from '../compose/shapes.ts'
import { type Point2, signedAreaM2 } from '../geometry.ts'
import { nestsDeeper } from '../json-depth.ts'
import { localOffset } from '../time-zone.ts'
import { isCityJson, readCityJson } from './cityjson.ts'
import { type Found, type FoundBuilding, get, isObject } from './found.ts'
import { type LonLat, localFrame, middleOf } from './geodesy.ts'
import { isGeoJson, readGeoJson } from './geojson.ts'
import { importedMeters } from './meters.ts'
import { geoJsonOf, isOverpass } from './overpass.ts'
import { cleanRing, mostCorners } from './rings.ts'

export interface ImportOptions {
  readonly id: string
  readonly name: string
  /** Where the site lies, where the files do not say; also overrules them. */
  readonly at?: LonLat
  /** Its rules say the clock (IANA); throws a RangeError for one that is unknown. */
  readonly timeZone?: string
  /** Guessed from the longitude unless this or a zone is given. */
  readonly utcOffsetMinutes?: number
  /** ISO 4217; the euro unless given. */
  readonly currency?: string
  /** The coordinate system of the files, by its EPSG code; overrules what they say. */
  readonly epsg?: number
  /** Also gives every room a sensor head, lights, a smoke detector and a coil, and every building a meter. */
  readonly equip?: boolean
}

export interface Imported {
  readonly site: SiteInput
  /** What was left out, guessed or closed, in plain words. */
  readonly notes: readonly string[]
}

export interface SourceFile {
  readonly name: string
  readonly text: string
}

const mostBuildings = 2000
const mostZones = 20_000
const mostDevices = 60_000
/** Of a room with all that `equip` gives it, and of a building. */
const [roomDevices, buildingDevices] = [4, 1]
const mostHeightM = 900
const mostDepth = 100
const mostDistanceM = 12_000
const smallestM2 = 4
/** Nobody is at home in more than that. */
const mostAreaM2 = 1_000_000
const pricePerKwh = 0.25
/** Where neither height nor storeys are told. */
const assumedLevels = 2
const storeyM: Partial<Record<BuildingInput['use'], number>> = {
  residential: 3,
  office: 3.6,
  lab: 4.2,
  canteen: 4.5,
  warehouse: 9,
  production: 9,
  energy: 7,
  carpark: 3.2,
  gatehouse: 3.4,
}

export function importSite(files: readonly SourceFile[], options: ImportOptions): Result<Imported, CodecError> {
  const read: Found[] = []
  for (const file of files) {
    const found = readFile(file, options.epsg)
    if (!found.ok) return found
    read.push(found.value)
  }
  const notes = read.flatMap((found, i) =>
    found.notes.map((note) => (files.length > 1 ? `${files[i]?.name}: ${note}` : note)),
  )
  const path = files.map((file) => file.name).join(', ')
  const without = (message: string) => err({ code: 'invalid', path, message: [message, ...notes].join('; ') } as const)
  if (read.every((found) => found.buildings.length === 0)) return without('holds no buildings')
  const origin = options.at ?? originOf(read)
  if (new Set(read.map((found) => found.projection === undefined)).size > 1)
    return err({
      code: 'invalid',
      path: '',
      message: 'some of the files have a place on Earth and some have none: import them apart',
    })
  const placed = read.map((found) => ({ found, place: placer(found, read, originOf(read)) }))
  const { buildings, zones } = buildingsOf(placed, notes, options.equip ?? false)
  if (buildings.length === 0)
    return without('no building has a usable footprint; are its coordinates metres, or is a coordinate system missing?')
  const ground = groundOf(placed, buildings)
  const clock = clockOf(options, origin)
  if (clock.note !== undefined) notes.push(clock.note)
  const { currency = 'EUR' } = options
  notes.push(
    `a flat ${pricePerKwh} ${currency} a kWh is assumed: ${options.currency === undefined ? '--currency names another currency, ' : ''}“tariff” in the file holds the prices`,
  )
  const equipment = options.equip ? onKnownMeters([...importedMeters(buildings), ...roomEquipment(zones)]) : []
  const site: SiteInput = {
    format: 'parkloop-site',
    version: 1,
    id: options.id,
    name: options.name,
    geo: {
      latitudeDeg: round6(origin?.latDeg ?? 0),
      longitudeDeg: round6(origin?.lonDeg ?? 0),
      utcOffsetMinutes: clock.utcOffsetMinutes,
      ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
    },
    ground,
    buildings,
    zones,
    ...sharePoints(equipment),
    cameras: [],
    gates: [],
    tariff: { currency, bands: [{ name: 'flat', pricePerKwh, windows: [{ fromH: 0, toH: 24 }] }] },
  }
  return ok({ site, notes })
}

interface SiteClock {
  readonly utcOffsetMinutes: number
  /** What was guessed. */
  readonly note?: string
}

function clockOf({ timeZone, utcOffsetMinutes }: ImportOptions, origin: LonLat | undefined): SiteClock {
  if (timeZone !== undefined) {
    const offset = localOffset({ timeZone, utcOffsetMinutes: 0 })
    // without summer time, which is in one of the two on either half of the Earth
    return { utcOffsetMinutes: Math.min(offset(Date.UTC(2026, 0, 1)), offset(Date.UTC(2026, 6, 1))) }
  }
  if (utcOffsetMinutes !== undefined) return { utcOffsetMinutes }
  // where the sun stands highest about noon; states keep other clocks: Chengdu an hour ahead of it, India half an hour
  const hours = Math.max(-12, Math.min(14, Math.round((origin?.lonDeg ?? 0) / 15)))
  const why = origin
    ? `the clock is guessed from the longitude, UTC${hours < 0 ? '−' : '+'}${Math.abs(hours)}`
    : 'no place on Earth is known, so the clock is UTC'
  return { utcOffsetMinutes: hours * 60, note: `${why}: --time-zone or --utc-offset says another` }
}

function readFile({ name: file, text }: SourceFile, epsg: number | undefined): Result<Found, CodecError> {
  const named = <T>(result: Result<T, CodecError>): Result<T, CodecError> =>
    result.ok ? result : err({ ...result.error, path: [file, result.error.path].filter((p) => p !== '').join(': ') })
  const parsed = named(parseJson(text))
  if (!parsed.ok) return parsed
  const [root, ...lines] = parsed.value
  const found = isCityJson(root)
    ? readCityJson(root, lines, epsg)
    : isGeoJson(root)
      ? readGeoJson(lines.length === 0 ? root : { type: 'FeatureCollection', features: parsed.value }, epsg)
      : isOverpass(root)
        ? readGeoJson(geoJsonOf(root), epsg)
        : err({
            code: 'invalid',
            path: 'type',
            message: `is ${kindOf(root)}; GeoJSON, CityJSON and Overpass JSON can be read`,
          } as const)
  if (!found.ok) return named(found)
  const lost = misplaced(found.value)
  return named(lost ? err(lost) : found)
}

/** One value, or one for each line of a text sequence. */
function parseJson(text: string): Result<readonly unknown[], CodecError> {
  if (nestsDeeper(text, mostDepth))
    return err({ code: 'invalid', path: '', message: `is nested deeper than ${mostDepth} levels` })
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\u001e', ' ')
  const whole = parseOne(plain)
  if (whole.ok) return ok([whole.value])
  const lines = plain.split('\n').map((line, at) => ({ line: line.trim(), at: at + 1 }))
  const values: unknown[] = []
  for (const { line, at } of lines.filter(({ line }) => line !== '')) {
    const one = parseOne(line)
    if (one.ok) values.push(one.value)
    // no sequence, but a broken file of another kind
    else if (values.length === 0 || !isSequence(values[0])) return whole
    else return err({ ...one.error, path: `line ${at}` })
  }
  return isSequence(values[0]) ? ok(values) : whole
}

function parseOne(text: string): Result<unknown, CodecError> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    return err({ code: 'notJson', path: '', message: error instanceof Error ? error.message : String(error) })
  }
}

function isSequence(first: unknown): boolean {
  return /^(CityJSON|CityJSONFeature|Feature)$/.test(String(get(first, 'type')))
}

function kindOf(root: unknown): string {
  if (get(root, 'type') === 'CityJSONFeature')
    return '“CityJSONFeature”, and the first line of a sequence is “CityJSON”'
  return isObject(root) && typeof root.type === 'string' ? `“${root.type.slice(0, 40)}”` : 'something else'
}

/** The first building that lies nowhere on Earth. */
function misplaced({ projection, buildings }: Found): CodecError | undefined {
  for (const { path, outline } of projection ? buildings : []) {
    const [corner] = outline
    const at = corner && projection?.toLonLat(...corner)
    if (at && !(Math.abs(at.latDeg) <= 90 && Math.abs(at.lonDeg) <= 360))
      return {
        code: 'invalid',
        path,
        message: `${corner.join(', ')} is no place on Earth as ${projection?.name}: swapped, or of another coordinate system?`,
      }
  }
  return undefined
}

type Place = (at: Point2) => Point2

/** The middle of what lies on Earth; undefined where no file says. */
function originOf(read: readonly Found[]): LonLat | undefined {
  const positions = read.flatMap(({ projection, buildings }) =>
    projection ? buildings.flatMap((b) => middleOf(b.outline.map((at) => projection.toLonLat(...at))) ?? []) : [],
  )
  if (positions.length === 0) return undefined
  return { lonDeg: median(positions.map((p) => p.lonDeg)), latDeg: median(positions.map((p) => p.latDeg)) }
}

function placer({ projection, buildings }: Found, read: readonly Found[], origin: LonLat | undefined): Place {
  if (projection && origin) {
    const toLocal = localFrame(origin)
    return ([x, y]) => toLocal(projection.toLonLat(x, y))
  }
  const all = (read.length > 1 ? read : [{ buildings }]).flatMap((f) => f.buildings)
  const [cx, cy] = [median(all.map((b) => centreOf(b.outline)[0])), median(all.map((b) => centreOf(b.outline)[1]))]
  return ([x, y]) => [x - cx, y - cy]
}

function centreOf(ring: readonly Point2[]): Point2 {
  const sum = ring.reduce<[number, number]>(([a, b], [x, y]) => [a + x, b + y], [0, 0])
  return [sum[0] / Math.max(1, ring.length), sum[1] / Math.max(1, ring.length)]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

interface Placed {
  readonly found: Found
  readonly place: Place
}

function buildingsOf(
  placed: readonly Placed[],
  notes: string[],
  equip: boolean,
): { readonly buildings: BuildingInput[]; readonly zones: ZoneInput[] } {
  const told = placed.flatMap(({ found, place }) =>
    found.buildings.map((b) => {
      const raw = b.outline.map(place)
      return { found: b, raw, ring: cleanRing(raw, 0.2) }
    }),
  )
  const sound = told.flatMap(({ found, raw, ring }) => (ring ? [{ found, raw, ring, areaM2: signedAreaM2(ring) }] : []))
  say(notes, told.length - sound.length, 'without a usable footprint left out')
  const houses = sound.some((b) => b.areaM2 >= smallestM2) ? sound.filter((b) => b.areaM2 >= smallestM2) : sound
  say(notes, sound.length - houses.length, `smaller than ${smallestM2} m² left out`)
  const near = houses.filter(({ ring }) => ring.every(([x, y]) => Math.hypot(x, y) < mostDistanceM))
  say(notes, houses.length - near.length, `farther than ${mostDistanceM / 1000} km from the middle left out`)
  const byReach = [...near].sort((a, b) => Math.hypot(...centreOf(a.ring)) - Math.hypot(...centreOf(b.ring)))
  const kept = new Set(
    byReach.slice(
      0,
      roomFor(
        byReach.map((b) => storeysOf(b.found).levels),
        equip,
      ),
    ),
  )
  say(
    notes,
    near.length - kept.size,
    `left out: a site file holds ${mostBuildings}, ${mostZones} zones, ${mostDevices} devices`,
  )
  const chosen = near.filter((b) => kept.has(b))
  say(
    notes,
    chosen.filter(({ found }) => found.heightM === undefined && found.levels === undefined).length,
    `without height and storeys: ${assumedLevels} storeys assumed`,
  )
  say(
    notes,
    chosen.filter(({ found }) => (found.heightM ?? 0) > mostHeightM).length,
    `higher than ${mostHeightM} m cut to it`,
  )
  // the site's own meter stands beside theirs
  const ids = new Set(['site'])
  const all = chosen.map(({ found, ring }, i) => buildingOf(found, ring, uniqueId(found.id, ids), i + 1))
  const buildings = all.filter((building) => windowsOf(building) <= mostWindowsOfOne)
  say(notes, all.length - buildings.length, 'too large to be drawn left out')
  return { buildings, zones: buildings.flatMap(zonesOf) }
}

/** How many of the buildings, told by their storeys, fit into a site file. */
function roomFor(levels: readonly number[], equip: boolean): number {
  let [zones, devices] = [0, 1]
  const over = levels.findIndex((each, at) => {
    zones += each
    devices += equip ? buildingDevices + each * roomDevices : 0
    return at >= mostBuildings || zones > mostZones || devices > mostDevices
  })
  return over < 0 ? levels.length : over
}

function say(notes: string[], buildings: number, what: string): void {
  if (buildings > 0) notes.push(`${buildings} buildings ${what}`)
}

/** A number rather than the file's own id where a building has no name: people read it on the building. */
function nameOf({ name: known, nameZh }: FoundBuilding, serial: number): BuildingInput['name'] {
  if (known === undefined) return nameZh ?? name(`Building ${serial}`, `${serial} 号楼`)
  return nameZh === undefined || nameZh === known ? known : name(known, nameZh)
}

function storeysOf(found: FoundBuilding): { readonly levels: number; readonly heightM: number } {
  const usualM = storeyM[found.use] ?? 3.5
  const heightM = Math.min(mostHeightM, Math.max(0.5, found.heightM ?? (found.levels ?? assumedLevels) * usualM))
  return { heightM, levels: Math.min(120, Math.max(1, Math.round(found.levels ?? heightM / usualM))) }
}

function buildingOf(found: FoundBuilding, ring: readonly Point2[], id: string, serial: number): BuildingInput {
  const { heightM, levels } = storeysOf(found)
  const each = heightM / levels
  return {
    id,
    name: nameOf(found, serial),
    use: found.use,
    footprint: ring.map(([e, n]): Corner => [round2(e), round2(n)]),
    storeys: Array.from({ length: levels }, (_, i) => ({
      id: `f${i + 1}`,
      name: name(`Level ${i + 1}`, `${i + 1} 层`),
      baseM: round2(i * each),
      heightM: round2((i + 1) * each) - round2(i * each) === 0 ? 0.5 : round2(each),
    })),
    facade: {
      style: found.use === 'warehouse' || found.use === 'production' ? 'panel' : 'punched',
      glazing: found.use === 'warehouse' ? 0.06 : 0.32,
      ...(found.color === undefined ? {} : { color: found.color }),
    },
    roof: {
      style: ring.length === 4 ? found.roof : 'flat',
      parapetM: found.roof === 'flat' ? Math.min(0.6, round2(each * 0.15)) : 0.1,
    },
  }
}

const zoneKind: Partial<Record<BuildingInput['use'], ZoneInput['kind']>> = {
  residential: 'home',
  lab: 'lab',
  canteen: 'canteen',
  warehouse: 'storage',
  production: 'production',
  energy: 'plant',
  carpark: 'parking',
}

/** One zone on every storey, as wide as the building. */
function zonesOf(building: BuildingInput): ZoneInput[] {
  const kind = zoneKind[building.use] ?? 'office'
  const areaM2 = signedAreaM2(building.footprint)
  return building.storeys.map((storey, i) => ({
    id: `${building.id}-${storey.id}`,
    name:
      typeof building.name === 'string'
        ? name(`${building.name}, level ${i + 1}`, `${building.name} ${i + 1} 层`)
        : name(`${building.name.en}, level ${i + 1}`, `${building.name.zh} ${i + 1} 层`),
    kind,
    building: building.id,
    storey: storey.id,
    polygon: building.footprint,
    floorM: storey.baseM,
    heightM: round2(Math.max(0.3, storey.heightM - Math.min(0.4, storey.heightM * 0.1))),
    capacity: Math.round(Math.min(mostAreaM2, areaM2) / (kind === 'storage' ? 150 : kind === 'home' ? 32 : 18)),
    conditioned: kind !== 'storage' && kind !== 'parking',
  }))
}

/** Lower-case words of the file's own id, short enough that zones and devices can be named after it. */
function uniqueId(given: string, taken: Set<string>): string {
  const base =
    given
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
      .slice(0, 36) || 'building'
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  taken.add(id)
  return id
}

function groundOf(placed: readonly Placed[], buildings: readonly BuildingInput[]): SiteInput['ground'] {
  const box = polygonBox(buildings.flatMap((b) => b.footprint))
  const reachM = 25
  const inside = ([x, y]: Point2) =>
    x > box.west - 400 && x < box.east + 400 && y > box.south - 400 && y < box.north + 400
  const tidy = (at: Point2): Corner => [round2(at[0]), round2(at[1])]
  const areas = (kind: 'lawns' | 'water' | 'pavements') =>
    placed
      .flatMap(({ found, place }) =>
        found[kind].flatMap(({ outline }) => {
          const ring = cleanRing(outline.map(place), 2)
          return ring?.every(inside) ? [ring.map(tidy)] : []
        }),
      )
      .slice(0, 200)
      .map((polygon, i) => ({ id: `${kind}-${i + 1}`, polygon }))
  const roads = placed
    .flatMap(({ found, place }) =>
      found.roads.flatMap((road) => {
        const lanes = Math.max(1, Math.min(12, Math.round(road.lanes)))
        return stretches(road.line.map(place).map(tidy), inside).map((line) => ({
          centreline: line.slice(0, mostCorners),
          widthM: road.widthM,
          lanes,
        }))
      }),
    )
    .slice(0, 5000)
    .map((road, i) => ({ id: `road-${i + 1}`, ...road }))
  const trees = placed
    .flatMap(({ found, place }) =>
      found.trees.map(({ at, heightM }) => ({
        at: tidy(place(at)),
        heightM: round2(Math.max(1, Math.min(60, heightM ?? 7))),
      })),
    )
    .filter(({ at }) => inside(at))
    .slice(0, 60_000)
  const known = [...roads.flatMap((r) => r.centreline), ...buildings.flatMap((b) => b.footprint)]
  const wide = polygonBox(known)
  return {
    boundary: [
      [round2(wide.west - reachM), round2(wide.south - reachM)],
      [round2(wide.east + reachM), round2(wide.south - reachM)],
      [round2(wide.east + reachM), round2(wide.north + reachM)],
      [round2(wide.west - reachM), round2(wide.north + reachM)],
    ],
    roads,
    pavements: areas('pavements'),
    lawns: areas('lawns'),
    water: areas('water'),
    trees,
  }
}

/** The parts of a line that lie inside, without repeated corners. */
function stretches(line: readonly Corner[], inside: (at: Point2) => boolean): Corner[][] {
  const parts: Corner[][] = [[]]
  for (const at of line) {
    const part = parts.at(-1) as Corner[]
    const last = part.at(-1)
    if (!inside(at)) parts.push([])
    else if (!last || Math.hypot(at[0] - last[0], at[1] - last[1]) > 0.05) part.push(at)
  }
  return parts.filter((part) => part.length > 1)
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
