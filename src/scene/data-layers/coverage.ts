/**
 * Which ground cameras see: a raster over the site. A cell counts for a camera where it falls into the picture, is near
 * enough for a person to be found, and no building stands between. Worked off camera by camera, so that it can be sliced.
 */
import { type Point2, pointInPolygon } from '../../site/geometry.ts'
import { cameraModel, imageFromWorld } from '../../site/projection.ts'
import type { Building, Camera, SiteFile } from '../../site/schema.ts'
import { usefulRangeM } from '../camera-footprint.ts'
import { crossing } from '../kit/architecture-polygon.ts'

export interface CoverageRaster {
  readonly west: number
  readonly south: number
  readonly cellM: number
  readonly columns: number
  readonly rows: number
  /** Cameras that see the cell; `notGround` under buildings, in water and off the site. */
  readonly seen: Uint8Array
}

export const notGround = 255
const finestM = 1
const mostCells = 400

export function emptyRaster(site: SiteFile): CoverageRaster {
  const ring = site.ground.boundary
  const xs = ring.map((p) => p[0])
  const ys = ring.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const cellM = Math.max(finestM, (east - west) / mostCells, (north - south) / mostCells)
  const columns = Math.max(1, Math.ceil((east - west) / cellM))
  const rows = Math.max(1, Math.ceil((north - south) / cellM))
  const raster = { west, south, cellM, columns, rows, seen: new Uint8Array(columns * rows).fill(notGround) }
  fill(raster, ring, 0)
  for (const { footprint, facade } of site.buildings) if (facade.style !== 'open') fill(raster, footprint, notGround)
  for (const { polygon } of site.ground.water) fill(raster, polygon, notGround)
  return raster
}

function fill(raster: CoverageRaster, polygon: readonly Point2[], mark: number): void {
  eachCell(raster, boxOf(polygon), (i, x, y) => {
    if (pointInPolygon(x, y, polygon)) raster.seen[i] = mark
  })
}

interface Box {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

function boxOf(polygon: readonly Point2[]): Box {
  const xs = polygon.map((p) => p[0])
  const ys = polygon.map((p) => p[1])
  return { west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) }
}

function eachCell(raster: CoverageRaster, box: Box, see: (i: number, x: number, y: number) => void): void {
  const { west, south, cellM, columns, rows } = raster
  const clamp = (at: number, most: number) => Math.max(0, Math.min(most - 1, at))
  const [c0, c1] = [
    clamp(Math.floor((box.west - west) / cellM), columns),
    clamp(Math.floor((box.east - west) / cellM), columns),
  ]
  const [r0, r1] = [
    clamp(Math.floor((box.south - south) / cellM), rows),
    clamp(Math.floor((box.north - south) / cellM), rows),
  ]
  for (let row = r0; row <= r1; row++)
    for (let column = c0; column <= c1; column++)
      see(row * columns + column, west + (column + 0.5) * cellM, south + (row + 0.5) * cellM)
}

/** Adds what one camera sees. Cost: cells within its range × walls within its range. */
export function addCamera(raster: CoverageRaster, camera: Camera, site: SiteFile): void {
  const model = cameraModel(camera)
  const [x0, y0, z0] = camera.at
  const box = { west: x0 - usefulRangeM, east: x0 + usefulRangeM, south: y0 - usefulRangeM, north: y0 + usefulRangeM }
  const blocking = site.buildings.filter((b) => b.facade.style !== 'open' && touches(boxOf(b.footprint), box))
  eachCell(raster, box, (i, x, y) => {
    if (raster.seen[i] === notGround || Math.hypot(x - x0, y - y0) > usefulRangeM) return
    const at = imageFromWorld(model, x, y, 0)
    if (!at || at.x < 0 || at.y < 0 || at.x >= model.widthPx || at.y >= model.heightPx) return
    if (blocking.some((building) => hides(building, [x0, y0], z0, [x, y]))) return
    raster.seen[i] = Math.min(notGround - 1, (raster.seen[i] as number) + 1)
  })
}

function touches(a: Box, b: Box): boolean {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north
}

/** Whether the straight line from the lens to a place on the ground meets a wall of the building. */
function hides(building: Building, eye: Point2, eyeM: number, ground: Point2): boolean {
  const ring = building.footprint
  const topM = Math.max(...building.storeys.map((s) => s.baseM + s.heightM))
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const t = crossing(eye, ground, ring[j] as Point2, ring[i] as Point2)
    if (t === undefined) continue
    const heightM = eyeM * (1 - t)
    // A camera on a wall stands on that wall: it does not hide what lies before it.
    if (t > 0.01 && heightM < topM && heightM >= building.baseM) return true
  }
  return false
}

/** Share of the open ground that at least one camera sees, 0…1. */
export function coveredShare({ seen }: CoverageRaster): number {
  let open = 0
  let covered = 0
  for (const count of seen) {
    if (count === notGround) continue
    open++
    if (count > 0) covered++
  }
  return open === 0 ? 0 : covered / open
}
