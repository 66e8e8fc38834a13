import { centroid, type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Building, Equipment, SiteFile } from '../../site/schema.ts'
import { buildingTopM, roofObstacles } from './architecture-building.ts'
import { distanceToSegment } from './architecture-polygon.ts'
import { type KitMesh, MeshBuilder, type Rgb, shade, turn, type Vec3 } from './mesh.ts'

export interface PvTable {
  readonly inverterId: string
  readonly at: Point2
  readonly baseM: number
  readonly azimuthDeg: number
  readonly tiltDeg: number
  readonly widthM: number
  readonly depthM: number
}

const tableWidthM = 4.2
const tableDepthM = 2.1

/** Tables of modules for every inverter that states an area, nearest to its position first, free of other plant. */
export function pvTables(site: SiteFile): PvTable[] {
  const tables: PvTable[] = []
  for (const building of site.buildings) {
    const inverters = site.equipment.filter(
      (e) => e.building === building.id && isPv(e) && (e.ratings?.areaM2 ?? 0) > 0,
    )
    const taken: Point2[] = []
    for (const inverter of inverters) tables.push(...layOut(site, building, inverter, taken))
  }
  return tables
}

export function isPv(equipment: Pick<Equipment, 'class'>): boolean {
  return /PV|Photovoltaic|Solar/i.test(equipment.class)
}

function layOut(site: SiteFile, building: Building, inverter: Equipment, taken: Point2[]): PvTable[] {
  const tiltDeg = inverter.ratings?.tiltDeg ?? 10
  const azimuthDeg = inverter.ratings?.azimuthDeg ?? 180
  const wanted = Math.round((inverter.ratings?.areaM2 ?? 0) / (tableWidthM * tableDepthM))
  const [c, s] = turn(azimuthDeg)
  // Row distance so that rows do not shade each other at a winter noon sun of 25°.
  const tilt = (tiltDeg * Math.PI) / 180
  const pitch = tableDepthM * (Math.cos(tilt) + Math.sin(tilt) / Math.tan((25 * Math.PI) / 180)) + 0.15
  const obstacles = roofObstacles(site, building).filter((o) => o.reachM > 0)
  const origin = centroid(building.footprint)
  const cells: Point2[] = []
  const reach = Math.ceil(Math.max(...building.footprint.map((p) => Math.hypot(p[0] - origin[0], p[1] - origin[1]))))
  for (let row = -Math.ceil(reach / pitch); row <= reach / pitch; row++)
    for (let col = -Math.ceil(reach / tableWidthM); col <= reach / tableWidthM; col++) {
      const [x, y] = [(col + 0.5) * (tableWidthM + 0.12), (row + 0.5) * pitch]
      const at: Point2 = [origin[0] + x * c + y * s, origin[1] - x * s + y * c]
      if (fits(at, building, obstacles, taken)) cells.push(at)
    }
  const near = (p: Point2) => Math.hypot(p[0] - inverter.at[0], p[1] - inverter.at[1])
  const chosen = cells.sort((p, q) => near(p) - near(q)).slice(0, wanted)
  taken.push(...chosen)
  const lift = building.facade.style === 'open' ? 0.5 : 0.35
  return chosen.map((at) => ({
    inverterId: inverter.id,
    at,
    baseM: buildingTopM(building) + lift,
    azimuthDeg,
    tiltDeg,
    widthM: tableWidthM,
    depthM: tableDepthM,
  }))
}

function fits(
  at: Point2,
  building: Building,
  obstacles: readonly { at: Point2; reachM: number }[],
  taken: readonly Point2[],
): boolean {
  const ring = building.footprint
  if (!pointInPolygon(at[0], at[1], ring)) return false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
    if (distanceToSegment(at, ring[j] as Point2, ring[i] as Point2) < tableWidthM / 2 + 0.2) return false
  if (taken.some((p) => Math.hypot(p[0] - at[0], p[1] - at[1]) < 1.5)) return false
  return obstacles.every((o) => Math.hypot(o.at[0] - at[0], o.at[1] - at[1]) > o.reachM + 1.2)
}

/** All tables as one mesh: glass above, shaded back, two legs. Low edge towards the azimuth. */
export function pvMesh(
  tables: readonly PvTable[],
  colors: { readonly pv: Rgb; readonly steel: Rgb },
  fine: boolean,
): KitMesh {
  const builder = new MeshBuilder()
  for (const table of tables) addTable(builder, table, colors, fine)
  return builder.build()
}

function addTable(
  builder: MeshBuilder,
  table: PvTable,
  colors: { readonly pv: Rgb; readonly steel: Rgb },
  fine: boolean,
): void {
  const [c, s] = turn(table.azimuthDeg)
  const tilt = (table.tiltDeg * Math.PI) / 180
  const half = table.widthM / 2
  const run = (table.depthM / 2) * Math.cos(tilt)
  const rise = table.depthM * Math.sin(tilt)
  const at = (x: number, y: number, z: number): Vec3 => [
    table.at[0] + x * c + y * s,
    table.at[1] - x * s + y * c,
    table.baseM + z,
  ]
  // +y looks along the azimuth, so the low edge lies at +run.
  const corners = [at(half, run, 0), at(-half, run, 0), at(-half, -run, rise), at(half, -run, rise)] as const
  builder.quad(corners[0], corners[1], corners[2], corners[3], colors.pv)
  if (!fine) return
  builder.quad(corners[3], corners[2], corners[1], corners[0], shade(colors.steel, 0.5))
  const line = shade(colors.pv, 2.2)
  for (let i = 1; i < 4; i++) {
    const x = -half + (table.widthM * i) / 4
    builder.quad(
      at(x - 0.03, run, 0.012),
      at(x - 0.03, -run, rise + 0.012),
      at(x + 0.03, -run, rise + 0.012),
      at(x + 0.03, run, 0.012),
      line,
    )
  }
}
