import { centroid, type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Building, Equipment, SiteFile } from '../../site/schema.ts'
import { buildingTopM, roofObstacles } from './architecture-building.ts'
import { offsetPolygon } from './architecture-polygon.ts'
import { roofSlopeAt } from './architecture-roof.ts'
import { type KitMesh, MeshBuilder, type Rgb, shade, type Vec3 } from './mesh.ts'
import { equipmentOf } from './site-lookup.ts'

/** One table of modules: its corners, the low edge first, counter-clockwise from above. */
export interface PvTable {
  readonly inverterId: string
  readonly at: Point2
  readonly corners: readonly [Vec3, Vec3, Vec3, Vec3]
}

const tableWidthM = 4.2
const tableDepthM = 2.1

/** Tables of modules for every inverter that states an area, nearest to its position first, free of other plant. */
export function pvTables(site: SiteFile): PvTable[] {
  const tables: PvTable[] = []
  for (const building of site.buildings) {
    const inverters = equipmentOf(site, building.id).filter((e) => isPv(e) && (e.ratings?.areaM2 ?? 0) > 0)
    for (const inverter of inverters) tables.push(...layOut(site, building, inverter, inverters))
  }
  return tables
}

export function isPv(equipment: Pick<Equipment, 'class'>): boolean {
  return /PV|Photovoltaic|Solar/i.test(equipment.class)
}

interface Frame {
  readonly azimuthDeg: number
  readonly tilt: number
  readonly liftM: number
}

/** An inverter's tables lie nearer to it than to any other on the same roof. */
function layOut(site: SiteFile, building: Building, inverter: Equipment, all: readonly Equipment[]): PvTable[] {
  const slope = roofSlopeAt(building, [inverter.at[0], inverter.at[1]])
  // On a sloped roof the tables lie on it; on a flat one they stand as the inverter's plate says.
  const frame: Frame = slope
    ? { azimuthDeg: slope.downhillDeg, tilt: slope.tilt, liftM: 0.2 }
    : {
        azimuthDeg: inverter.ratings?.azimuthDeg ?? 180,
        tilt: ((inverter.ratings?.tiltDeg ?? 10) * Math.PI) / 180,
        liftM: building.facade.style === 'open' ? 0.5 : 0.35,
      }
  const wanted = Math.round((inverter.ratings?.areaM2 ?? 0) / (tableWidthM * tableDepthM))
  const reach = (p: Point2, to: Equipment) => Math.hypot(p[0] - to.at[0], p[1] - to.at[1])
  const chosen = cellsOf(site, building, frame, slope !== undefined)
    .filter((p) => all.every((other) => other === inverter || reach(p, inverter) <= reach(p, other)))
    .sort((p, q) => reach(p, inverter) - reach(q, inverter))
    .slice(0, wanted)
  return chosen.map((at) => ({ inverterId: inverter.id, at, corners: cornersOf(building, at, frame) }))
}

/** Free places for tables, in rows across the azimuth. */
function cellsOf(site: SiteFile, building: Building, frame: Frame, sloped: boolean): Point2[] {
  const [s, c] = [Math.sin((frame.azimuthDeg * Math.PI) / 180), Math.cos((frame.azimuthDeg * Math.PI) / 180)]
  // Row distance so that rows do not shade each other at a winter noon sun of 25°.
  const shadeM = sloped ? 0 : Math.sin(frame.tilt) / Math.tan((25 * Math.PI) / 180)
  const pitch = tableDepthM * (Math.cos(frame.tilt) + shadeM) + 0.15
  const obstacles = roofObstacles(site, building).filter((o) => o.reachM > 0)
  const origin = centroid(building.footprint)
  const reach = Math.max(...building.footprint.map((p) => Math.hypot(p[0] - origin[0], p[1] - origin[1])))
  const [rows, columns] = [Math.ceil(reach / pitch), Math.ceil(reach / tableWidthM)]
  const inner = offsetPolygon(building.footprint, -0.5)
  const cells: Point2[] = []
  for (let row = -rows; row <= rows; row++)
    for (let column = -columns; column <= columns; column++) {
      const [x, y] = [(column + 0.5) * (tableWidthM + 0.12), (row + 0.5) * pitch]
      const at: Point2 = [origin[0] + x * c + y * s, origin[1] - x * s + y * c]
      if (fits(at, building, frame, inner, obstacles) && onOneSlope(building, at, frame, sloped)) cells.push(at)
    }
  return cells
}

/** A table must not bridge two teeth of a roof. */
function onOneSlope(building: Building, at: Point2, frame: Frame, sloped: boolean): boolean {
  if (!sloped) return true
  const middle = roofSlopeAt(building, at)
  return cornersOf(building, at, frame).every((corner) => {
    const slope = roofSlopeAt(building, [corner[0], corner[1]])
    return slope && middle && Math.abs(slope.heightM - middle.heightM) < tableDepthM
      ? slope.slopeId === middle.slopeId
      : false
  })
}

function cornersOf(building: Building, at: Point2, frame: Frame): [Vec3, Vec3, Vec3, Vec3] {
  const [s, c] = [Math.sin((frame.azimuthDeg * Math.PI) / 180), Math.cos((frame.azimuthDeg * Math.PI) / 180)]
  const half = tableWidthM / 2
  const run = (tableDepthM / 2) * Math.cos(frame.tilt)
  const rise = tableDepthM * Math.sin(frame.tilt)
  const base = roofSlopeAt(building, at)
  const low = base ? base.heightM - rise / 2 : buildingTopM(building)
  const corner = (x: number, y: number, z: number): Vec3 => [
    at[0] + x * c + y * s,
    at[1] - x * s + y * c,
    low + frame.liftM + z,
  ]
  // +y looks along the azimuth, so the low edge lies at +run.
  return [corner(half, run, 0), corner(-half, run, 0), corner(-half, -run, rise), corner(half, -run, rise)]
}

function fits(
  at: Point2,
  building: Building,
  frame: Frame,
  inner: readonly Point2[],
  obstacles: readonly { at: Point2; reachM: number }[],
): boolean {
  if (!cornersOf(building, at, frame).every((corner) => pointInPolygon(corner[0], corner[1], inner))) return false
  return obstacles.every((o) => Math.hypot(o.at[0] - at[0], o.at[1] - at[1]) > o.reachM + 1.2)
}

/** All tables as one mesh: dark glass above with thin frames, shaded back. */
export function pvMesh(
  tables: readonly PvTable[],
  colors: { readonly pv: Rgb; readonly steel: Rgb },
  fine: boolean,
): KitMesh {
  const builder = new MeshBuilder()
  for (const { corners } of tables) {
    const [a, b, c, d] = corners
    builder.quad(a, b, c, d, colors.pv)
    if (!fine) continue
    builder.quad(d, c, b, a, shade(colors.steel, 0.5))
    for (let i = 1; i < 4; i++) addFrame(builder, [a, b, c, d], i / 4, shade(colors.pv, 2.2))
  }
  return builder.build()
}

/** A thin line from the low to the high edge at share `t` of the width. */
function addFrame(builder: MeshBuilder, [a, b, c, d]: readonly [Vec3, Vec3, Vec3, Vec3], t: number, color: Rgb): void {
  const on = (p: Vec3, q: Vec3, k: number): Vec3 => [
    p[0] + (q[0] - p[0]) * k,
    p[1] + (q[1] - p[1]) * k,
    p[2] + (q[2] - p[2]) * k + 0.012,
  ]
  const w = 0.007
  builder.quad(on(a, b, t - w), on(a, b, t + w), on(d, c, t + w), on(d, c, t - w), color)
}
