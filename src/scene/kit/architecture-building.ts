import { createRandom, hashString } from '../../platform/random.ts'
import { centroid, type Point2, pointInPolygon, signedAreaM2 } from '../../site/geometry.ts'
import type { Building, Gate, SiteFile, Zone } from '../../site/schema.ts'
import { addFacade, type Bay, type Detail, type PaneBuilder } from './architecture-facade.ts'
import { addSheet, addSlab, wall } from './architecture-ground.ts'
import { counterClockwise, distanceToSegment, offsetPolygon, outward } from './architecture-polygon.ts'
import { gableRiseM, longSideFirst, sawtoothRiseM, toothCount } from './architecture-roof.ts'
import { type KitMesh, MeshBuilder, mix, type Rgb, shade, type Vec3 } from './mesh.ts'
import { equipmentOf } from './site-lookup.ts'

export interface BuildingColors {
  readonly roof: Rgb
  readonly steel: Rgb
  readonly frame: Rgb
  readonly slab: Rgb
}

/** A mesh with the number of the part it belongs to: one for each storey, one more for the roof. */
export interface PartMesh {
  readonly part: number
  readonly mesh: KitMesh
}

/** Part numbers of a building: storey `i` is `firstPart + i`, the roof is `roofPart`. */
export interface BuildingParts {
  readonly building: Building
  readonly firstPart: number
  readonly roofPart: number
  readonly topM: number
}

/** Numbers all parts of a site; part 0 is everything that belongs to no building. */
export function numberParts(site: SiteFile): BuildingParts[] {
  let next = 1
  return site.buildings.map((building) => {
    const firstPart = next
    const roofPart = firstPart + building.storeys.length
    next = roofPart + 1
    return { building, firstPart, roofPart, topM: buildingTopM(building) }
  })
}

export function buildingTopM(building: Building): number {
  return Math.max(...building.storeys.map((s) => s.baseM + s.heightM))
}

export interface BuildingInput {
  readonly site: SiteFile
  readonly parts: BuildingParts
  /** Slot of a zone in the zone table; 0 is nobody's. */
  readonly slotOf: (zoneId: string) => number
  readonly zonesOf: (building: string, storey: string) => readonly Zone[]
  readonly tone: Rgb
  readonly colors: BuildingColors
  readonly detail: Detail
}

export function buildingMeshes(input: BuildingInput, panes: PaneBuilder): PartMesh[] {
  const { building, firstPart, roofPart } = input.parts
  const ring = counterClockwise(building.footprint)
  const meshes = building.storeys.map((storey, i): PartMesh => {
    const walls = new MeshBuilder()
    if (building.facade.style !== 'open') addSheet(walls, ring, storey.baseM + 0.05, input.colors.slab)
    else addSlab(walls, ring, storey.baseM + 0.06, input.colors.slab, input.colors.slab, storey.baseM)
    for (const [k, a] of ring.entries()) {
      const b = ring[(k + 1) % ring.length] as Point2
      const bay: Bay = {
        a,
        b,
        baseM: storey.baseM,
        heightM: storey.heightM,
        ground: storey.baseM <= building.baseM + 0.5,
        doors: storey.baseM <= building.baseM + 0.5 ? doorsOn(a, b, input.site.gates) : [],
        slotAt: glazedZone(input, storey.id),
        part: firstPart + i,
      }
      addFacade(walls, panes, building, bay, input.tone, input.colors.frame, input.detail)
    }
    if (storey.baseM <= building.baseM + 0.5) addCanopies(walls, ring, input)
    return { part: firstPart + i, mesh: walls.build() }
  })
  meshes.push({ part: roofPart, mesh: roofMesh(input, panes) })
  return meshes
}

/** Finds the slot of the zone behind a window of a storey. */
export function glazedZone({ zonesOf, parts, slotOf }: BuildingInput, storey: string): (p: Point2) => number {
  const zones = zonesOf(parts.building.id, storey)
  return (p) => slotAt(zones, p, slotOf)
}

/** The zone behind a window; the nearest one of the storey where a core or corridor lies there. */
function slotAt(zones: readonly Zone[], p: Point2, slotOf: (id: string) => number): number {
  const within = zones.find((z) => pointInPolygon(p[0], p[1], z.polygon))
  if (within) return slotOf(within.id)
  let best: Zone | undefined
  let bestM = 4
  for (const zone of zones) {
    const ring = zone.polygon
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const distance = distanceToSegment(p, ring[j] as Point2, ring[i] as Point2)
      if (distance < bestM) [best, bestM] = [zone, distance]
    }
  }
  return best ? slotOf(best.id) : 0
}

function doorsOn(a: Point2, b: Point2, gates: readonly Gate[]): (readonly [number, number])[] {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
  const along = (p: Point2) => ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length
  return gates
    .filter((g) => distanceToSegment(g.from, a, b) < 0.7 && distanceToSegment(g.to, a, b) < 0.7)
    .map((g) => {
      const [s, t] = [along(g.from), along(g.to)]
      return [Math.min(s, t), Math.max(s, t)] as const
    })
}

/** A slab over each wide door, and over every shutter. */
function addCanopies(walls: MeshBuilder, ring: readonly Point2[], input: BuildingInput): void {
  for (const gate of input.site.gates) {
    const width = Math.hypot(gate.to[0] - gate.from[0], gate.to[1] - gate.from[1])
    if ((gate.kind !== 'door' && gate.kind !== 'rollerDoor') || width < 1.4) continue
    const side = ring.findIndex((a, k) => {
      const b = ring[(k + 1) % ring.length] as Point2
      return distanceToSegment(gate.from, a, b) < 0.7 && distanceToSegment(gate.to, a, b) < 0.7
    })
    if (side < 0) continue
    const [nx, ny] = outward(ring[side] as Point2, ring[(side + 1) % ring.length] as Point2)
    const reach = gate.kind === 'door' ? 2 : 1.5
    const heading = (Math.atan2(nx, ny) * 180) / Math.PI
    const [x, y] = [
      (gate.from[0] + gate.to[0]) / 2 + (nx * reach) / 2,
      (gate.from[1] + gate.to[1]) / 2 + (ny * reach) / 2,
    ]
    const z = gate.heightM + (gate.kind === 'door' ? 0.35 : 0.5)
    walls.box([x, y, z], [width + 1.6, reach, 0.2], mix(input.colors.steel, input.tone, 0.3), heading)
  }
}

export function roofMesh(input: BuildingInput, panes: PaneBuilder): KitMesh {
  const { building, topM } = input.parts
  const roof = new MeshBuilder()
  const ring = counterClockwise(building.footprint)
  if (building.roof.style === 'sawtooth' && ring.length === 4) addSawtooth(roof, panes, input, ring)
  else if (building.roof.style === 'gable' && ring.length === 4) addGable(roof, input, ring)
  else {
    addParapet(roof, ring, topM, building.roof.parapetM, input.tone, input.colors)
    addSheet(roof, offsetPolygon(ring, -0.3), topM + 0.06, shade(input.colors.roof, 0.9))
    if (building.facade.style !== 'open') addSheet(roof, offsetPolygon(ring, -1.5), topM + 0.1, input.colors.roof)
    if (building.facade.style !== 'open') addPlant(roof, input)
    else addSoffit(roof, ring, topM, input.colors)
  }
  return roof.build()
}

function addParapet(
  roof: MeshBuilder,
  ring: readonly Point2[],
  topM: number,
  parapetM: number,
  tone: Rgb,
  colors: BuildingColors,
): void {
  const outer = offsetPolygon(ring, 0.06)
  const inner = offsetPolygon(ring, -0.3)
  const high = topM + Math.max(0.12, parapetM)
  const cap = mix(colors.steel, tone, 0.5)
  for (const [i, a] of outer.entries()) {
    const j = (i + 1) % outer.length
    const [b, c, d] = [outer[j], inner[j], inner[i]] as [Point2, Point2, Point2]
    wall(roof, a, b, topM - 0.12, high, tone, tone)
    roof.quad([...a, high], [...b, high], [...c, high], [...d, high], cap)
    wall(roof, c, d, topM, high, shade(tone, 0.72), shade(tone, 0.9))
  }
}

/** The underside of an open roof, and its beams. */
function addSoffit(roof: MeshBuilder, ring: readonly Point2[], topM: number, colors: BuildingColors): void {
  addSheet(roof, [...ring].reverse(), topM, shade(colors.roof, 0.6))
}

/** Stair core, plant screen and ducts, where the site file puts no equipment of its own. */
function addPlant(roof: MeshBuilder, input: BuildingInput): void {
  const { building, topM } = input.parts
  const area = Math.abs(signedAreaM2(building.footprint))
  if (area < 250) return
  const random = createRandom(hashString(building.id)).fork('roof')
  const taken = roofObstacles(input.site, building)
  const [length, width] = building.use === 'warehouse' ? [3, 3] : [6.2, 3.4]
  const spot = freeSpot(building, taken, Math.hypot(length, width) / 2 + 0.6, random)
  if (!spot) return
  const heading = longAxisHeading(building.footprint)
  const tone = mix(input.tone, input.colors.roof, 0.4)
  roof.box([spot[0], spot[1], topM], [width, length, 2.7], tone, heading, input.colors.roof)
  roof.box([spot[0], spot[1], topM + 2.7], [width + 0.3, length + 0.3, 0.14], input.colors.steel, heading)
  if (input.detail === 'low') return
  for (let i = 0; i < 4; i++) {
    const vent = freeSpot(building, [...taken, { at: spot, reachM: 4 }], 1.2, random)
    if (!vent) return
    roof.tube([vent[0], vent[1], topM], [vent[0], vent[1], topM + 0.9], 0.28, 0.28, input.colors.steel, 8)
    roof.tube([vent[0], vent[1], topM + 0.9], [vent[0], vent[1], topM + 1.15], 0.42, 0.36, input.colors.steel, 8, true)
  }
}

export interface RoofObstacle {
  readonly at: Point2
  readonly reachM: number
}

/** Equipment that stands on this roof. */
export function roofObstacles(site: SiteFile, building: Building): RoofObstacle[] {
  const topM = buildingTopM(building)
  return equipmentOf(site, building.id)
    .filter((e) => e.at[2] > topM - 0.6)
    .map((e) => ({ at: [e.at[0], e.at[1]], reachM: roofReachM(e.class) }))
}

/** Room that a piece of roof equipment keeps around itself; an inverter's own position is only a label of its field. */
export function roofReachM(brickClass: string): number {
  if (/PV|Photovoltaic|Solar/i.test(brickClass)) return 0
  return /AHU|Tower|Chiller|Rooftop/i.test(brickClass) ? 3.4 : 1.4
}

function freeSpot(
  building: Building,
  taken: readonly RoofObstacle[],
  reachM: number,
  random: { next(): number },
): Point2 | undefined {
  const inner = offsetPolygon(building.footprint, -(reachM + 0.6))
  const [cx, cy] = centroid(building.footprint)
  const xs = building.footprint.map((p) => p[0])
  const ys = building.footprint.map((p) => p[1])
  for (let attempt = 0; attempt < 24; attempt++) {
    const share = attempt < 4 ? 0.55 : 1
    const x = cx + (random.next() - 0.5) * (Math.max(...xs) - Math.min(...xs)) * share
    const y = cy + (random.next() - 0.5) * (Math.max(...ys) - Math.min(...ys)) * share
    if (!pointInPolygon(x, y, inner)) continue
    if (taken.every((o) => Math.hypot(o.at[0] - x, o.at[1] - y) > o.reachM + reachM)) return [x, y]
  }
  return undefined
}

/** Heading of the longest edge, degrees clockwise from north. */
export function longAxisHeading(polygon: readonly Point2[]): number {
  let best = 0
  let heading = 0
  for (const [i, a] of polygon.entries()) {
    const b = polygon[(i + 1) % polygon.length] as Point2
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    if (length > best) [best, heading] = [length, (Math.atan2(b[0] - a[0], b[1] - a[1]) * 180) / Math.PI]
  }
  return heading
}

function lerp(a: Point2, b: Point2, t: number): Point2 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/** North lights over a hall: each tooth a slope and an upright strip of glass. */
function addSawtooth(roof: MeshBuilder, panes: PaneBuilder, input: BuildingInput, ring: readonly Point2[]): void {
  const { topM, roofPart, building } = input.parts
  const [a, b, c, d] = longSideFirst(ring)
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  const teeth = toothCount(a, b)
  const rise = sawtoothRiseM
  const slot = input.slotOf(input.site.zones.find((z) => z.building === building.id)?.id ?? '')
  const up = (p: Point2, z: number): Vec3 => [p[0], p[1], z]
  for (let i = 0; i < teeth; i++) {
    const [t0, t1] = [i / teeth, (i + 1) / teeth]
    const [s0, s1, n0, n1] = [lerp(a, b, t0), lerp(a, b, t1), lerp(d, c, t0), lerp(d, c, t1)]
    roof.quad(up(s0, topM), up(s1, topM + rise), up(n1, topM + rise), up(n0, topM), input.colors.roof)
    roof.triangle(up(s0, topM), up(s1, topM), up(s1, topM + rise), input.tone)
    roof.triangle(up(n1, topM), up(n0, topM), up(n1, topM + rise), input.tone)
    roof.quad(up(s1, topM), up(n1, topM), up(n1, topM + rise), up(s1, topM + rise), shade(input.tone, 0.9))
    const along = Math.hypot(n1[0] - s1[0], n1[1] - s1[1])
    const normal: Vec3 = [(b[0] - a[0]) / length, (b[1] - a[1]) / length, 0]
    const count = Math.max(1, Math.round(along / 4))
    for (let k = 0; k < count; k++) {
      const p = lerp(s1, n1, (k + 0.06) / count)
      const q = lerp(s1, n1, (k + 0.94) / count)
      const out = (v: Point2): Point2 => [v[0] + normal[0] * 0.05, v[1] + normal[1] * 0.05]
      panes.add(
        [
          up(out(p), topM + 0.35),
          up(out(q), topM + 0.35),
          up(out(q), topM + rise - 0.2),
          up(out(p), topM + rise - 0.2),
        ],
        normal,
        slot,
        roofPart,
      )
    }
  }
}

function addGable(roof: MeshBuilder, input: BuildingInput, ring: readonly Point2[]): void {
  const { topM } = input.parts
  const [a, b, c, d] = longSideFirst(ring)
  const rise = gableRiseM(b, c)
  const [w, e] = [lerp(a, d, 0.5), lerp(b, c, 0.5)]
  const up = (p: Point2, z: number): Vec3 => [p[0], p[1], z]
  roof.quad(up(a, topM), up(b, topM), up(e, topM + rise), up(w, topM + rise), input.colors.roof)
  roof.quad(up(c, topM), up(d, topM), up(w, topM + rise), up(e, topM + rise), input.colors.roof)
  roof.triangle(up(b, topM), up(c, topM), up(e, topM + rise), input.tone)
  roof.triangle(up(d, topM), up(a, topM), up(w, topM + rise), input.tone)
}
