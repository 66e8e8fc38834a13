import type { Point2 } from '../../site/geometry.ts'
import type { Building } from '../../site/schema.ts'
import { outward } from './architecture-polygon.ts'
import { type MeshBuilder, type Rgb, shade, type Vec3 } from './mesh.ts'

/** `low`: windows lie flush, for machines without a GPU. `high`: reveals, mullions and seams are modelled. */
export type Detail = 'low' | 'high'

/** Panes of glass: four corners each, with the zone behind and a seed that varies them. */
export class PaneBuilder {
  readonly positions: number[] = []
  readonly normals: number[] = []
  readonly uvs: number[] = []
  readonly slots: number[] = []
  readonly seeds: number[] = []
  readonly parts: number[] = []
  readonly indices: number[] = []

  get count(): number {
    return this.slots.length / 4
  }

  /** Corners counter-clockwise from outside, the lower left first. */
  add(corners: readonly [Vec3, Vec3, Vec3, Vec3], normal: Vec3, slot: number, part: number): void {
    const first = this.slots.length
    // Repeatable from place alone, so that a window keeps its character over rebuilds.
    const seed =
      Math.abs(Math.sin(corners[0][0] * 12.9898 + corners[0][1] * 78.233 + corners[0][2] * 37.719) * 43758.5453) % 1
    for (const [k, corner] of corners.entries()) {
      this.positions.push(...corner)
      this.normals.push(...normal)
      this.uvs.push(k === 1 || k === 2 ? 1 : 0, k > 1 ? 1 : 0)
      this.slots.push(slot)
      this.seeds.push(seed)
      this.parts.push(part)
    }
    this.indices.push(first, first + 1, first + 2, first, first + 2, first + 3)
  }
}

/** One straight wall of one storey. `s` runs from corner to corner, `d` is outward, `z` up. */
export interface Bay {
  readonly a: Point2
  readonly b: Point2
  readonly baseM: number
  readonly heightM: number
  /** Ground floor walls stand on the ground and have doors. */
  readonly ground: boolean
  /** Stretches of the wall, in metres from `a`, that must stay free of windows. */
  readonly doors: readonly (readonly [from: number, to: number])[]
  readonly slotAt: (p: Point2) => number
  readonly part: number
}

interface Wall {
  readonly lengthM: number
  readonly at: (s: number, d: number, z: number) => Vec3
  readonly normal: Vec3
}

function wallOf(bay: Bay): Wall {
  const { a, b } = bay
  const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1])
  const [ux, uy] = [(b[0] - a[0]) / lengthM, (b[1] - a[1]) / lengthM]
  const [nx, ny] = outward(a, b)
  return { lengthM, normal: [nx, ny, 0], at: (s, d, z) => [a[0] + ux * s + nx * d, a[1] + uy * s + ny * d, z] }
}

/** How windows sit in a storey of each style. Shares are of the bay, metres of the storey. */
interface Rhythm {
  readonly bayM: number
  readonly windowShare: number
  readonly sillM: number
  readonly headGapM: number
  readonly recessM: number
  readonly fins: boolean
}

export function rhythmOf(building: Building, storeyHeightM: number, ground: boolean): Rhythm | undefined {
  const { style, glazing } = building.facade
  switch (style) {
    case 'curtain':
      return { bayM: 1.6, windowShare: 0.94, sillM: ground ? 0.15 : 0.5, headGapM: 0.35, recessM: 0.14, fins: true }
    case 'ribbon':
      return { bayM: 2.7, windowShare: 0.96, sillM: ground ? 0.5 : 1, headGapM: 0.75, recessM: 0.24, fins: false }
    case 'punched':
      return { bayM: 3.1, windowShare: 0.38 + 0.6 * glazing, sillM: 0.95, headGapM: 0.75, recessM: 0.3, fins: false }
    case 'panel':
      if (glazing <= 0.02) return undefined
      return {
        bayM: 4,
        windowShare: 0.55,
        sillM: storeyHeightM * 0.68,
        headGapM: Math.max(0.6, storeyHeightM * 0.14),
        recessM: 0.12,
        fins: false,
      }
    case 'open':
      return undefined
  }
}

/** Windows along a wall: how many bays and where; at least one wherever 1.5 m are free. */
export function windowRhythm(
  lengthM: number,
  bayM: number,
): { readonly count: number; readonly cornerM: number; readonly pitchM: number } {
  const cornerM = Math.min(0.6, lengthM * 0.1)
  const count = Math.max(1, Math.round((lengthM - 2 * cornerM) / bayM))
  return { count, cornerM, pitchM: (lengthM - 2 * cornerM) / count }
}

export function addFacade(
  walls: MeshBuilder,
  panes: PaneBuilder,
  building: Building,
  bay: Bay,
  tone: Rgb,
  frame: Rgb,
  detail: Detail,
): void {
  const wall = wallOf(bay)
  if (wall.lengthM < 0.05) return
  if (building.facade.style === 'open') return addOpenStorey(walls, bay, wall, tone, detail)
  const rhythm = rhythmOf(building, bay.heightM, bay.ground)
  const foot = bay.ground ? shade(tone, 0.8) : tone
  const top = bay.baseM + bay.heightM
  if (!rhythm || wall.lengthM < 1.5) {
    face(walls, wall, 0, wall.lengthM, bay.baseM, top, 0, foot, tone)
  } else addWindows(walls, panes, bay, wall, rhythm, tone, foot, frame, detail)
  if (detail === 'high' && building.facade.style === 'panel') addSeams(walls, wall, bay, shade(tone, 0.86))
  // A shadow gap marks every floor slab.
  if (detail === 'high' && !bay.ground && building.facade.style !== 'panel')
    band(walls, wall, 0, wall.lengthM, bay.baseM - 0.06, bay.baseM + 0.1, 0.07, shade(tone, 0.93))
}

function addWindows(
  walls: MeshBuilder,
  panes: PaneBuilder,
  bay: Bay,
  wall: Wall,
  rhythm: Rhythm,
  tone: Rgb,
  foot: Rgb,
  frame: Rgb,
  detail: Detail,
): void {
  // biome-ignore format: one wall's makings
  const { count, cornerM, pitchM } = windowRhythm(wall.lengthM, rhythm.bayM)
  const low = bay.baseM + rhythm.sillM
  const high = bay.baseM + bay.heightM - rhythm.headGapM
  const top = bay.baseM + bay.heightM
  const width = pitchM * rhythm.windowShare
  if (detail === 'low')
    return addFlushWindows(walls, panes, bay, wall, { count, cornerM, pitchM, low, high, width }, tone, foot)
  face(walls, wall, 0, wall.lengthM, bay.baseM, low, 0, foot, tone)
  face(walls, wall, 0, wall.lengthM, high, top, 0, tone, tone)
  let solidFrom = 0
  const depth = rhythm.recessM
  for (let i = 0; i < count; i++) {
    const s0 = cornerM + pitchM * i + (pitchM - width) / 2
    const s1 = s0 + width
    if (bay.doors.some(([from, to]) => from < s1 + 0.1 && to > s0 - 0.1)) continue
    face(walls, wall, solidFrom, s0, low, high, 0, tone, tone)
    addReveal(walls, wall, s0, s1, low, high, depth, frame)
    addPane(panes, bay, wall, s0, s1, low, high, -depth + 0.01)
    if (rhythm.fins && i > 0) fin(walls, wall, s0 - (pitchM - width) / 2, bay.baseM, top, frame)
    solidFrom = s1
  }
  face(walls, wall, solidFrom, wall.lengthM, low, high, 0, tone, tone)
}

interface Row {
  readonly count: number
  readonly cornerM: number
  readonly pitchM: number
  readonly low: number
  readonly high: number
  readonly width: number
}

function addFlushWindows(
  walls: MeshBuilder,
  panes: PaneBuilder,
  bay: Bay,
  wall: Wall,
  row: Row,
  tone: Rgb,
  foot: Rgb,
): void {
  face(walls, wall, 0, wall.lengthM, bay.baseM, bay.baseM + bay.heightM, 0, foot, tone)
  for (let i = 0; i < row.count; i++) {
    const s0 = row.cornerM + row.pitchM * i + (row.pitchM - row.width) / 2
    if (bay.doors.some(([from, to]) => from < s0 + row.width + 0.1 && to > s0 - 0.1)) continue
    addPane(panes, bay, wall, s0, s0 + row.width, row.low, row.high, 0.05)
  }
}

function addPane(
  panes: PaneBuilder,
  bay: Bay,
  wall: Wall,
  s0: number,
  s1: number,
  low: number,
  high: number,
  d: number,
): void {
  const inside = wall.at((s0 + s1) / 2, -1.5, 0)
  panes.add(
    [wall.at(s0, d, low), wall.at(s1, d, low), wall.at(s1, d, high), wall.at(s0, d, high)],
    wall.normal,
    bay.slotAt([inside[0], inside[1]]),
    bay.part,
  )
}

function face(
  walls: MeshBuilder,
  wall: Wall,
  s0: number,
  s1: number,
  low: number,
  high: number,
  d: number,
  foot: Rgb,
  head: Rgb,
): void {
  if (s1 - s0 < 1e-3 || high - low < 1e-3) return
  const i = walls.vertex(wall.at(s0, d, low), wall.normal, foot)
  walls.vertex(wall.at(s1, d, low), wall.normal, foot)
  walls.vertex(wall.at(s1, d, high), wall.normal, head)
  walls.vertex(wall.at(s0, d, high), wall.normal, head)
  walls.face(i, i + 1, i + 2)
  walls.face(i, i + 2, i + 3)
}

function addReveal(
  walls: MeshBuilder,
  wall: Wall,
  s0: number,
  s1: number,
  low: number,
  high: number,
  depth: number,
  color: Rgb,
): void {
  const at = wall.at
  walls.quad(at(s0, 0, low), at(s0, -depth, low), at(s0, -depth, high), at(s0, 0, high), color)
  walls.quad(at(s1, -depth, low), at(s1, 0, low), at(s1, 0, high), at(s1, -depth, high), color)
  walls.quad(at(s0, 0, low), at(s1, 0, low), at(s1, -depth, low), at(s0, -depth, low), color)
  walls.quad(at(s0, -depth, high), at(s1, -depth, high), at(s1, 0, high), at(s0, 0, high), shade(color, 0.8))
}

/** A slim upright that throws a line of shade on a curtain wall. */
function fin(walls: MeshBuilder, wall: Wall, s: number, low: number, high: number, color: Rgb): void {
  const at = wall.at
  const [w, d] = [0.045, 0.16]
  walls.quad(at(s - w, d, low), at(s + w, d, low), at(s + w, d, high), at(s - w, d, high), color)
  walls.quad(at(s - w, -0.1, low), at(s - w, d, low), at(s - w, d, high), at(s - w, -0.1, high), color)
  walls.quad(at(s + w, d, low), at(s + w, -0.1, low), at(s + w, -0.1, high), at(s + w, d, high), color)
}

/** A string course standing `d` before the wall. */
export function band(
  walls: MeshBuilder,
  wall: Wall,
  s0: number,
  s1: number,
  low: number,
  high: number,
  d: number,
  color: Rgb,
): void {
  const at = wall.at
  walls.quad(at(s0, d, low), at(s1, d, low), at(s1, d, high), at(s0, d, high), color)
  walls.quad(at(s0, d, high), at(s1, d, high), at(s1, 0, high), at(s0, 0, high), color)
  walls.quad(at(s0, 0, low), at(s1, 0, low), at(s1, d, low), at(s0, d, low), shade(color, 0.75))
}

/** Joints of cladding panels: dark strips a hand's breadth wide would be too much; 8 cm read well at model scale. */
function addSeams(walls: MeshBuilder, wall: Wall, bay: Bay, color: Rgb): void {
  const top = bay.baseM + bay.heightM
  const count = Math.max(1, Math.round(wall.lengthM / 2))
  for (let i = 1; i < count; i++) {
    const s = (wall.lengthM * i) / count
    face(walls, wall, s - 0.04, s + 0.04, bay.baseM, top, 0.015, color, color)
  }
}

/** Columns and an edge beam: car parks and canopies. */
function addOpenStorey(walls: MeshBuilder, bay: Bay, wall: Wall, tone: Rgb, detail: Detail): void {
  const top = bay.baseM + bay.heightM
  const count = Math.max(1, Math.round(wall.lengthM / (detail === 'high' ? 7.5 : 11)))
  for (let i = 0; i < count; i++) {
    const s = (wall.lengthM * i) / count
    const foot = wall.at(s, -0.35, bay.baseM)
    walls.box([foot[0], foot[1], bay.baseM], [0.4, 0.4, bay.heightM - 0.4], tone)
  }
  const at = wall.at
  const low = top - 0.55
  walls.quad(at(0, 0, low), at(wall.lengthM, 0, low), at(wall.lengthM, 0, top), at(0, 0, top), tone)
  walls.quad(at(wall.lengthM, -0.5, low), at(0, -0.5, low), at(0, -0.5, top), at(wall.lengthM, -0.5, top), tone)
  walls.quad(at(0, -0.5, low), at(wall.lengthM, -0.5, low), at(wall.lengthM, 0, low), at(0, 0, low), shade(tone, 0.7))
}
