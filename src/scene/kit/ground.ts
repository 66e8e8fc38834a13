import type { Point2 } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'
import { type MeshBuilder, type Rgb, rgb, turn } from './mesh.ts'
import { addFloor } from './polygon.ts'

type Ground = SiteFile['ground']

export interface GroundPalette {
  readonly base: Rgb
  readonly road: Rgb
  readonly pavement: Rgb
  readonly lawn: Rgb
  readonly water: Rgb
  readonly marking: Rgb
}

export const groundPalette: GroundPalette = {
  base: rgb('#8d8f86'),
  road: rgb('#56585b'),
  pavement: rgb('#a9a69d'),
  lawn: rgb('#6d8152'),
  water: rgb('#3f5f6e'),
  marking: rgb('#d8d8d2'),
}

/** Layers lie a few centimetres above one another, as kerbs and paint do, which also keeps them apart in depth. */
const heights = { base: 0, lawn: 0.012, water: 0.016, road: 0.022, parking: 0.03, marking: 0.045, pavement: 0.06 }

export interface GroundBuilders {
  readonly soft: MeshBuilder
  readonly hard: MeshBuilder
}

export function addGround(into: GroundBuilders, ground: Ground, palette: GroundPalette = groundPalette): void {
  const xs = ground.boundary.map((p) => p[0])
  const ys = ground.boundary.map((p) => p[1])
  const beyond = 160
  const [x0, x1] = [Math.min(...xs) - beyond, Math.max(...xs) + beyond]
  const [y0, y1] = [Math.min(...ys) - beyond, Math.max(...ys) + beyond]
  into.soft.quad([x0, y0, -0.03], [x1, y0, -0.03], [x1, y1, -0.03], [x0, y1, -0.03], palette.lawn)
  addFloor(into.hard, ground.boundary, heights.base, palette.base)
  for (const lawn of ground.lawns) addFloor(into.soft, lawn.polygon, heights.lawn, palette.lawn)
  for (const water of ground.water) addFloor(into.hard, water.polygon, heights.water, palette.water)
  for (const pavement of ground.pavements) addFloor(into.hard, pavement.polygon, heights.pavement, palette.pavement)
  for (const road of ground.roads) addRoad(into.hard, road, palette)
  for (const lot of ground.parking) addParking(into.hard, lot, palette)
}

/** A strip of `widthM` along a line at height `z`. */
export function addStrip(
  builder: MeshBuilder,
  line: readonly Point2[],
  widthM: number,
  z: number,
  color: Rgb,
  offsetM = 0,
): void {
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as Point2
    const [bx, by] = line[i + 1] as Point2
    const length = Math.hypot(bx - ax, by - ay)
    if (length < 1e-6) continue
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length]
    const edge = (x: number, y: number, across: number) => [x + uy * across, y - ux * across, z] as const
    const [low, high] = [offsetM - widthM / 2, offsetM + widthM / 2]
    builder.quad(edge(ax, ay, high), edge(bx, by, high), edge(bx, by, low), edge(ax, ay, low), color)
  }
}

function addRoad(builder: MeshBuilder, road: Ground['roads'][number], palette: GroundPalette): void {
  addStrip(builder, road.centreline, road.widthM, heights.road, palette.road)
  for (const [x, y] of road.centreline.slice(1, -1)) {
    const round = Array.from({ length: 12 }, (_, i): Point2 => {
      const angle = (i / 12) * 2 * Math.PI
      return [x + (Math.cos(angle) * road.widthM) / 2, y + (Math.sin(angle) * road.widthM) / 2]
    })
    addFloor(builder, round, heights.road - 0.003, palette.road)
  }
  if (!road.marked) return
  for (const sign of [-1, 1]) {
    addStrip(builder, road.centreline, 0.12, heights.marking, palette.marking, sign * (road.widthM / 2 - 0.25))
  }
  if (road.lanes >= 2)
    for (const dash of dashes(road.centreline, 3, 6)) addStrip(builder, dash, 0.13, heights.marking, palette.marking)
}

function dashes(line: readonly Point2[], dashM: number, gapM: number): Point2[][] {
  const found: Point2[][] = []
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as Point2
    const [bx, by] = line[i + 1] as Point2
    const length = Math.hypot(bx - ax, by - ay)
    for (let s = 1; s + dashM < length && found.length < 80; s += dashM + gapM) {
      const at = (d: number): Point2 => [ax + ((bx - ax) * d) / length, ay + ((by - ay) * d) / length]
      found.push([at(s), at(s + dashM)])
    }
  }
  return found
}

/** Corners of parking bays: bay `i` runs to the right of the lot's heading, its mouth towards the heading's back. */
function addParking(builder: MeshBuilder, lot: Ground['parking'][number], palette: GroundPalette): void {
  const [c, s] = turn(lot.headingDeg)
  const at = (x: number, y: number): Point2 => [lot.at[0] + x * c + y * s, lot.at[1] - x * s + y * c]
  const width = lot.bays * lot.bayWidthM
  addFloor(
    builder,
    [at(0, 0), at(width, 0), at(width, lot.bayDepthM), at(0, lot.bayDepthM)],
    heights.parking,
    palette.road,
  )
  for (let i = 0; i <= lot.bays; i++) {
    const x = i * lot.bayWidthM
    addStrip(builder, [at(x, 0), at(x, lot.bayDepthM)], 0.1, heights.marking, palette.marking)
  }
  addStrip(builder, [at(0, lot.bayDepthM), at(width, lot.bayDepthM)], 0.1, heights.marking, palette.marking)
}
