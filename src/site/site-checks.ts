/** What a schema cannot say: ids that are unique and lead somewhere, polygons that are simple, things that lie where they belong. */
import type { CodecError } from '../contract/decode.ts'
import { checkBurden } from './burden.ts'
import { distanceToPolygonM } from './distance.ts'
import { type Point2, signedAreaM2 } from './geometry.ts'
import { selfCrossing } from './polygon-check.ts'
import type { SiteFile } from './schema.ts'
import { isTimeZone } from './time-zone.ts'

/** The first thing wrong, with its path; undefined for a sound site. */
export function checkSite(site: SiteFile): CodecError | undefined {
  return (
    checkBurden(site) ??
    duplicates(site) ??
    dangling(site) ??
    meterLoop(site) ??
    shapes(site) ??
    places(site) ??
    limits(site)
  )
}

const mostPoints = 500_000
/** Zones may stand in the thickness of a wall. */
const wallM = 0.6
/** A storey may begin within the slab of the one below. */
const slabM = 1

function wrong(path: string, message: string): CodecError {
  return { code: 'invalid', path, message }
}

function duplicates(site: SiteFile): CodecError | undefined {
  const lists = {
    buildings: site.buildings,
    zones: site.zones,
    equipment: site.equipment,
    cameras: site.cameras,
    gates: site.gates,
    'paths.nodes': site.paths.nodes,
    models: site.models ?? [],
    schedules: site.schedules ?? [],
    interlocks: site.interlocks ?? [],
    'rules.lines': site.rules.lines,
    'ground.roads': site.ground.roads,
    'ground.pavements': site.ground.pavements,
    'ground.parking': site.ground.parking,
    'ground.lawns': site.ground.lawns,
    'ground.water': site.ground.water,
    'ground.fences': site.ground.fences,
  }
  for (const [path, items] of Object.entries(lists)) {
    const found = duplicate(path, items)
    if (found) return found
  }
  for (const [at, { storeys }] of site.buildings.entries()) {
    const found = duplicate(`buildings.${at}.storeys`, storeys)
    if (found) return found
  }
  let points = 0
  const checked = new Set<unknown>()
  for (const [at, item] of site.equipment.entries()) {
    points += item.points.length
    // shared lists are looked at once
    const found = checked.has(item.points) ? undefined : duplicate(`equipment.${at}.points`, item.points)
    checked.add(item.points)
    if (found) return found
  }
  return points > mostPoints ? wrong('equipment', `${points} points, at most ${mostPoints}`) : undefined
}

function duplicate(path: string, items: readonly { id: string }[]): CodecError | undefined {
  const seen = new Set<string>()
  for (const [at, { id }] of items.entries()) {
    if (seen.has(id)) return wrong(`${path}.${at}.id`, `“${id}” is used twice`)
    seen.add(id)
  }
  return undefined
}

function dangling(site: SiteFile): CodecError | undefined {
  const of = (items: readonly { id: string }[]) => new Set(items.map(({ id }) => id))
  const [buildings, zones, nodes, gates] = [of(site.buildings), of(site.zones), of(site.paths.nodes), of(site.gates)]
  const [equipment, models] = [of(site.equipment), of(site.models ?? [])]
  const storeys = new Set(site.buildings.flatMap((b) => b.storeys.map((s) => `${b.id}/${s.id}`)))
  let problem: CodecError | undefined
  const need = (known: ReadonlySet<string>, path: string, id: string | undefined, shown = id) => {
    if (id !== undefined && !known.has(id)) problem ??= wrong(path, `“${shown}” does not exist`)
  }
  const needAll = (known: ReadonlySet<string>, path: string, ids: readonly string[] = []) => {
    for (const [at, id] of ids.entries()) need(known, `${path}.${at}`, id)
  }
  for (const [at, b] of site.buildings.entries()) need(models, `buildings.${at}.model`, b.model)
  for (const [at, z] of site.zones.entries()) {
    need(buildings, `zones.${at}.building`, z.building)
    if (z.storey !== undefined) need(storeys, `zones.${at}.storey`, `${z.building}/${z.storey}`, z.storey)
  }
  for (const [at, e] of site.equipment.entries()) {
    need(zones, `equipment.${at}.zone`, e.zone)
    need(buildings, `equipment.${at}.building`, e.building)
    need(equipment, `equipment.${at}.meteredBy`, e.meteredBy)
    need(models, `equipment.${at}.model`, e.model)
    needAll(zones, `equipment.${at}.serves`, e.serves)
  }
  for (const [at, c] of site.cameras.entries()) needAll(zones, `cameras.${at}.zones`, c.zones)
  for (const [at, n] of site.paths.nodes.entries()) need(zones, `paths.nodes.${at}.zone`, n.zone)
  for (const [at, e] of site.paths.edges.entries()) {
    need(nodes, `paths.edges.${at}.a`, e.a)
    need(nodes, `paths.edges.${at}.b`, e.b)
    need(gates, `paths.edges.${at}.gate`, e.gate)
  }
  for (const [at, s] of (site.schedules ?? []).entries()) {
    needAll(zones, `schedules.${at}.zones`, s.zones)
    needAll(equipment, `schedules.${at}.equipment`, s.equipment)
  }
  for (const kind of ['dwell', 'crowds', 'posts', 'parking', 'leftObjects'] as const)
    for (const [at, rule] of site.rules[kind].entries()) need(zones, `rules.${kind}.${at}.zone`, rule.zone)
  const { life } = site
  if (life) {
    needAll(nodes, 'life.entries.walk', life.entries?.walk)
    needAll(nodes, 'life.entries.drive', life.entries?.drive)
    needAll(nodes, 'life.guard', life.guard)
    for (const kind of ['drives', 'rides', 'strolls'] as const)
      for (const [at, stops] of life[kind].entries()) needAll(nodes, `life.${kind}.${at}`, stops)
    for (const [at, berth] of life.berths.entries()) {
      need(nodes, `life.berths.${at}.dock`, berth.dock)
      need(nodes, `life.berths.${at}.turn`, berth.turn)
      need(gates, `life.berths.${at}.gate`, berth.gate)
    }
    for (const kind of ['gate', 'door'] as const) need(gates, `life.intruder.${kind}`, life.intruder?.[kind])
    for (const kind of ['lights', 'siren'] as const) need(equipment, `life.intruder.${kind}`, life.intruder?.[kind])
  }
  return problem
}

/** Meters that count one another would never add up. */
function meterLoop(site: SiteFile): CodecError | undefined {
  const parent = new Map(site.equipment.map((e) => [e.id, e.meteredBy]))
  const sound = new Set<string>()
  for (const [at, { id }] of site.equipment.entries()) {
    const way = new Set<string>()
    for (let next: string | undefined = id; next !== undefined && !sound.has(next); next = parent.get(next)) {
      if (way.has(next)) return wrong(`equipment.${at}.meteredBy`, `“${next}” is counted by itself in the end`)
      way.add(next)
    }
    for (const each of way) sound.add(each)
  }
  return undefined
}

function shapes(site: SiteFile): CodecError | undefined {
  const { ground } = site
  const named: [string, readonly Point2[]][] = [
    ['ground.boundary', ground.boundary],
    ...(['pavements', 'lawns', 'water'] as const).flatMap((kind) =>
      ground[kind].map(({ polygon }, at): [string, readonly Point2[]] => [`ground.${kind}.${at}.polygon`, polygon]),
    ),
    ...site.buildings.map(({ footprint }, at): [string, readonly Point2[]] => [`buildings.${at}.footprint`, footprint]),
    ...site.zones.map(({ polygon }, at): [string, readonly Point2[]] => [`zones.${at}.polygon`, polygon]),
  ]
  for (const [path, polygon] of named) {
    const again = polygon.findIndex(([x, y], at) => x === polygon.at(at - 1)?.[0] && y === polygon.at(at - 1)?.[1])
    if (again === 0) return wrong(`${path}.${polygon.length - 1}`, 'the last corner repeats the first: leave it out')
    if (again > 0) return wrong(`${path}.${again}`, 'repeats the corner before it')
    const edge = selfCrossing(polygon)
    if (edge !== undefined) return wrong(`${path}.${edge}`, 'the polygon crosses itself after this corner')
    if (Math.abs(signedAreaM2(polygon)) < leastAreaM2) return wrong(path, 'the polygon encloses nothing')
  }
  return undefined
}

const leastAreaM2 = 0.0001

function places(site: SiteFile): CodecError | undefined {
  const footprints = new Map(site.buildings.map((b) => [b.id, b.footprint]))
  for (const [at, zone] of site.zones.entries()) {
    const footprint = zone.building === undefined ? undefined : footprints.get(zone.building)
    const out = footprint && zone.polygon.findIndex((corner) => distanceToPolygonM(corner, footprint) > wallM)
    if (out !== undefined && out >= 0)
      return wrong(`zones.${at}.polygon.${out}`, `lies outside its building “${zone.building}”`)
  }
  for (const [at, { storeys }] of site.buildings.entries())
    for (const [level, storey] of storeys.entries()) {
      const below = storeys[level - 1]
      if (storey.heightM <= 0) return wrong(`buildings.${at}.storeys.${level}.heightM`, 'must be more than 0')
      if (below && storey.baseM < below.baseM)
        return wrong(`buildings.${at}.storeys.${level}.baseM`, 'lies under the storey before it')
      if (below && storey.baseM < below.baseM + below.heightM - slabM)
        return wrong(`buildings.${at}.storeys.${level}.baseM`, 'stands in the storey before it')
    }
  for (const [at, camera] of site.cameras.entries())
    if (camera.at[2] <= 0) return wrong(`cameras.${at}.at.2`, 'the camera is under the ground')
  return undefined
}

/** Limits that leave nothing between them, and a time zone without rules. */
function limits({ geo, comfort, interlocks = [] }: SiteFile): CodecError | undefined {
  if (!isTimeZone(geo.timeZone))
    return wrong('geo.timeZone', `“${geo.timeZone}” is no time zone, as Europe/Berlin is one`)
  if (comfort.heatC > comfort.coolC) return wrong('comfort.heatC', 'is above coolC')
  for (const [at, lock] of interlocks.entries())
    if (lock.type === 'limit' && lock.min !== undefined && lock.max !== undefined && lock.min > lock.max)
      return wrong(`interlocks.${at}.min`, 'is above max')
  return undefined
}
