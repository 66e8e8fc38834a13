import type { Point2 } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'
import {
  counterClockwise,
  crossing,
  distanceToLine,
  outward,
  ribbon,
  stations,
  triangulate,
} from './architecture-polygon.ts'
import { type KitMesh, MeshBuilder, type Rgb, shade, turn, type Vec3 } from './mesh.ts'

export interface GroundColors {
  readonly plate: Rgb
  readonly plateSide: Rgb
  readonly lawn: Rgb
  readonly road: Rgb
  readonly marking: Rgb
  readonly kerb: Rgb
  readonly pavement: Rgb
  readonly bay: Rgb
  readonly steel: Rgb
}

type Ground = SiteFile['ground']

/** Heights above the plate; far enough apart for a 24-bit depth buffer at 500 m. */
export const groundLevelM = { plate: 0, road: 0.04, bay: 0.05, lawn: 0.09, marking: 0.075, water: 0.12, pavement: 0.15 }

const boardMarginM = 7
const boardThicknessM = 2.4
const streetReachM = 18

export function pairs(line: readonly Point2[]): (readonly [Point2, Point2])[] {
  return line.slice(1).map((b, i) => [line[i] as Point2, b] as const)
}

export interface Board {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

/** The rectangular board on which the model stands; what leads beyond it is cut at its edge. */
export function boardOf(ground: Ground): Board {
  const xs = ground.boundary.map((p) => p[0])
  const ys = ground.boundary.map((p) => p[1])
  const own = { west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) }
  const board = {
    west: own.west - boardMarginM,
    east: own.east + boardMarginM,
    south: own.south - boardMarginM,
    north: own.north + boardMarginM,
  }
  // A street that runs just outside a side belongs to the picture.
  for (const road of ground.roads)
    for (const [a, b] of pairs(road.centreline)) {
      const reach = road.widthM / 2 + 2
      const near = (x: number, side: number) => Math.abs(x - side) < streetReachM
      if (near(a[1], own.south) && near(b[1], own.south))
        board.south = Math.min(board.south, a[1] - reach, b[1] - reach)
      if (near(a[1], own.north) && near(b[1], own.north))
        board.north = Math.max(board.north, a[1] + reach, b[1] + reach)
      if (near(a[0], own.west) && near(b[0], own.west)) board.west = Math.min(board.west, a[0] - reach, b[0] - reach)
      if (near(a[0], own.east) && near(b[0], own.east)) board.east = Math.max(board.east, a[0] + reach, b[0] + reach)
    }
  return board
}

/** Everything flat: board, lawns, roads with markings and kerbs, pavements, bays. */
export function groundMesh(site: SiteFile, colors: GroundColors): KitMesh {
  const builder = new MeshBuilder()
  const board = boardOf(site.ground)
  addBoard(builder, board, colors)
  for (const lawn of site.ground.lawns) addSheet(builder, lawn.polygon, groundLevelM.lawn, colors.lawn)
  const roads = site.ground.roads.map((road): Road => ({ ...road, centreline: clipLine(road.centreline, board) }))
  for (const road of roads) if (road.centreline.length > 1) addRoad(builder, road, roads, colors)
  for (const walk of site.ground.pavements)
    addSlab(builder, walk.polygon, groundLevelM.pavement, colors.pavement, colors.kerb)
  for (const row of site.ground.parking) addParking(builder, row, colors)
  addCrossings(builder, site, roads, colors)
  return builder.build()
}

function addBoard(builder: MeshBuilder, board: Board, colors: GroundColors): void {
  const ring = roundedRectangle(board, 5)
  addSheet(builder, ring, groundLevelM.plate, colors.plate)
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] as Point2
    const low = shade(colors.plateSide, 0.6)
    wall(builder, a, b, -boardThicknessM, 0, low, colors.plateSide)
  }
}

function roundedRectangle(board: Board, radius: number): Point2[] {
  const corners: readonly (readonly [number, number, number])[] = [
    [board.west + radius, board.south + radius, 180],
    [board.east - radius, board.south + radius, 270],
    [board.east - radius, board.north - radius, 0],
    [board.west + radius, board.north - radius, 90],
  ]
  return corners.flatMap(([x, y, from]) =>
    [0, 22.5, 45, 67.5, 90].map((step): Point2 => {
      const angle = ((from + step) * Math.PI) / 180
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
    }),
  )
}

export function addSheet(builder: MeshBuilder, polygon: readonly Point2[], z: number, color: Rgb): void {
  const first = polygon.map(([x, y]) => builder.vertex([x, y, z], [0, 0, 1], color))
  const triangles = triangulate(polygon)
  for (let i = 0; i < triangles.length; i += 3)
    builder.face(
      first[triangles[i] as number] as number,
      first[triangles[i + 1] as number] as number,
      first[triangles[i + 2] as number] as number,
    )
}

/** A sheet with upright edges. */
export function addSlab(
  builder: MeshBuilder,
  polygon: readonly Point2[],
  top: number,
  color: Rgb,
  edge: Rgb,
  bottom = 0,
) {
  const ring = counterClockwise(polygon)
  addSheet(builder, ring, top, color)
  for (const [i, a] of ring.entries()) wall(builder, a, ring[(i + 1) % ring.length] as Point2, bottom, top, edge, edge)
}

/** An upright face over a → b, seen from the right of the walk; colours of its foot and head. */
export function wall(
  builder: MeshBuilder,
  a: Point2,
  b: Point2,
  low: number,
  high: number,
  foot: Rgb,
  head: Rgb,
): void {
  const [nx, ny] = outward(a, b)
  const normal: Vec3 = [nx, ny, 0]
  const i = builder.vertex([a[0], a[1], low], normal, foot)
  builder.vertex([b[0], b[1], low], normal, foot)
  builder.vertex([b[0], b[1], high], normal, head)
  builder.vertex([a[0], a[1], high], normal, head)
  builder.face(i, i + 1, i + 2)
  builder.face(i, i + 2, i + 3)
}

/** The longest part of a line inside the board. */
function clipLine(line: readonly Point2[], board: Board): Point2[] {
  const inside = (p: Point2) => p[0] >= board.west && p[0] <= board.east && p[1] >= board.south && p[1] <= board.north
  const kept: Point2[] = []
  for (let i = 0; i + 1 < line.length; i++) {
    const piece = clipSegment(line[i] as Point2, line[i + 1] as Point2, board)
    if (!piece) continue
    const last = kept[kept.length - 1]
    if (!last || Math.hypot(last[0] - piece[0][0], last[1] - piece[0][1]) > 1e-6) kept.push(piece[0])
    kept.push(piece[1])
  }
  return kept.filter((p) => inside([p[0] * (1 - 1e-9), p[1] * (1 - 1e-9)]))
}

/** Liang and Barsky 1984. */
function clipSegment(a: Point2, b: Point2, board: Board): readonly [Point2, Point2] | undefined {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  let [from, to] = [0, 1]
  for (const [p, q] of [
    [-dx, a[0] - board.west],
    [dx, board.east - a[0]],
    [-dy, a[1] - board.south],
    [dy, board.north - a[1]],
  ] as const) {
    if (p === 0 && q < 0) return undefined
    if (p < 0) from = Math.max(from, q / p)
    if (p > 0) to = Math.min(to, q / p)
  }
  if (from >= to) return undefined
  return [
    [a[0] + dx * from, a[1] + dy * from],
    [a[0] + dx * to, a[1] + dy * to],
  ]
}

type Road = Omit<Ground['roads'][number], 'centreline'> & { readonly centreline: readonly Point2[] }

function addRoad(builder: MeshBuilder, road: Road, roads: readonly Road[], colors: GroundColors): void {
  addRibbon(builder, road.centreline, road.widthM, 0, groundLevelM.road, colors.road)
  addRoundEnds(builder, road, colors)
  const others = roads
    .filter((other) => other !== road && other.centreline.length > 1)
    .map((other) => ({ ...other, reach: reachOf(other) }))
  const clear = (p: Point2, gapM: number) =>
    others.every(
      ({ reach, centreline, widthM }) =>
        p[0] < reach.west ||
        p[0] > reach.east ||
        p[1] < reach.south ||
        p[1] > reach.north ||
        distanceToLine(p, centreline) > widthM / 2 + gapM,
    )
  for (const side of [-1, 1])
    for (const run of clearRuns(road.centreline, (side * road.widthM) / 2, (p) => clear(p, 0.05)))
      addRibbon(builder, run, 0.28, groundLevelM.road, 0.13, colors.kerb)
  if (!road.marked) return
  const lanes = Math.max(1, Math.round(road.lanes))
  for (let lane = 1; lane < lanes; lane++) {
    const across = (lane / lanes - 0.5) * road.widthM
    for (const station of stations(road.centreline, 4.5)) {
      const at: Point2 = [station.at[0] + station.along[1] * across, station.at[1] - station.along[0] * across]
      if (clear(at, 1.6)) addStroke(builder, at, station.along, 2.1, 0.16, colors.marking)
    }
  }
}

/** Beyond this no kerb or stroke of another road can be in the way; most roads of a park are far away. */
function reachOf({ centreline, widthM }: Road): Board {
  const marginM = widthM / 2 + 2
  const xs = centreline.map((p) => p[0])
  const ys = centreline.map((p) => p[1])
  return {
    west: Math.min(...xs) - marginM,
    east: Math.max(...xs) + marginM,
    south: Math.min(...ys) - marginM,
    north: Math.max(...ys) + marginM,
  }
}

/** Discs where a road bends or ends on another, so that joints are round. */
function addRoundEnds(builder: MeshBuilder, road: Road, colors: GroundColors): void {
  for (const [x, y] of road.centreline.slice(1, -1)) {
    const ring = Array.from({ length: 16 }, (_, i): Point2 => {
      const angle = (i / 16) * 2 * Math.PI
      return [x + (road.widthM / 2) * Math.cos(angle), y + (road.widthM / 2) * Math.sin(angle)]
    })
    addSheet(builder, ring, groundLevelM.road, colors.road)
  }
}

/** Parts of a line shifted sideways for which `keep` holds, tested every metre. */
function clearRuns(line: readonly Point2[], shiftM: number, keep: (p: Point2) => boolean): Point2[][] {
  const edge = ribbon(line, Math.abs(shiftM) * 2).map((p) => (shiftM < 0 ? p.left : p.right))
  const runs: Point2[][] = []
  for (let i = 0; i + 1 < edge.length; i++) {
    const [a, b] = [edge[i] as Point2, edge[i + 1] as Point2]
    const steps = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 0.5))
    let start: Point2 | undefined
    for (let k = 0; k <= steps; k++) {
      const p: Point2 = [a[0] + ((b[0] - a[0]) * k) / steps, a[1] + ((b[1] - a[1]) * k) / steps]
      const good = keep(p)
      if (good && !start) start = p
      if (start && (!good || k === steps)) {
        if (Math.hypot(p[0] - start[0], p[1] - start[1]) > 0.4) runs.push([start, p])
        start = undefined
      }
    }
  }
  return runs
}

/** A band along a line; with `bottom` < `top` its edges are drawn as well. */
export function addRibbon(
  builder: MeshBuilder,
  line: readonly Point2[],
  widthM: number,
  bottom: number,
  top: number,
  color: Rgb,
): void {
  const edges = ribbon(line, widthM)
  const raised = top - bottom > 0.05
  for (let i = 0; i + 1 < edges.length; i++) {
    const [p, q] = [edges[i], edges[i + 1]] as [(typeof edges)[number], (typeof edges)[number]]
    builder.quad([...p.left, top], [...p.right, top], [...q.right, top], [...q.left, top], color)
    if (!raised) continue
    wall(builder, p.right, q.right, bottom, top, color, color)
    wall(builder, q.left, p.left, bottom, top, color, color)
  }
}

/** A painted stroke centred on `at`. */
function addStroke(builder: MeshBuilder, at: Point2, along: Point2, length: number, width: number, color: Rgb): void {
  const z = groundLevelM.marking
  const [ux, uy] = [(along[0] * length) / 2, (along[1] * length) / 2]
  const [vx, vy] = [(along[1] * width) / 2, (-along[0] * width) / 2]
  builder.quad(
    [at[0] - ux - vx, at[1] - uy - vy, z],
    [at[0] - ux + vx, at[1] - uy + vy, z],
    [at[0] + ux + vx, at[1] + uy + vy, z],
    [at[0] + ux - vx, at[1] + uy - vy, z],
    color,
  )
}

function addParking(builder: MeshBuilder, row: Ground['parking'][number], colors: GroundColors): void {
  const [c, s] = turn(row.headingDeg)
  const place = (x: number, y: number): Point2 => [row.at[0] + x * c + y * s, row.at[1] - x * s + y * c]
  const half = (row.bays * row.bayWidthM) / 2
  const depth = row.bayDepthM / 2
  addSheet(
    builder,
    [place(-half, -depth), place(half, -depth), place(half, depth), place(-half, depth)],
    groundLevelM.bay,
    colors.bay,
  )
  const along: Point2 = [s, c]
  for (let bay = 0; bay <= row.bays; bay++)
    addStroke(builder, place(bay * row.bayWidthM - half, 0), along, row.bayDepthM - 0.2, 0.12, colors.marking)
}

/** Zebra stripes wherever a footpath crosses a road. */
function addCrossings(builder: MeshBuilder, site: SiteFile, roads: readonly Road[], colors: GroundColors): void {
  const nodes = new Map(site.paths.nodes.map((node) => [node.id, node.at]))
  const painted: Point2[] = []
  for (const edge of site.paths.edges) {
    const [a, b] = [nodes.get(edge.a), nodes.get(edge.b)]
    if (edge.kind !== 'walk' || !a || !b) continue
    for (const road of roads)
      for (let i = 0; i + 1 < road.centreline.length; i++) {
        const [c, d] = [road.centreline[i] as Point2, road.centreline[i + 1] as Point2]
        const t = crossing(a, b, c, d)
        if (t === undefined) continue
        const at: Point2 = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
        if (painted.some((p) => Math.hypot(p[0] - at[0], p[1] - at[1]) < 5)) continue
        painted.push(at)
        addZebra(builder, at, c, d, road.widthM, colors)
      }
  }
}

function addZebra(builder: MeshBuilder, at: Point2, c: Point2, d: Point2, widthM: number, colors: GroundColors): void {
  const [nx, ny] = outward(c, d)
  const along: Point2 = [-ny, nx]
  const stripes = Math.max(3, Math.floor((widthM - 0.6) / 1.1))
  for (let i = 0; i < stripes; i++) {
    const across = (i - (stripes - 1) / 2) * 1.1
    addStroke(builder, [at[0] + nx * across, at[1] + ny * across], along, 3, 0.55, colors.marking)
  }
}
