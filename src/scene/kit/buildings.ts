import { centroid, type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Building, SiteFile, Zone } from '../../site/schema.ts'
import { MeshBuilder, mix, type Rgb, rgb, shade } from './mesh.ts'
import { addFloor, addWalls, edges } from './polygon.ts'

const useColors: Readonly<Record<Building['use'], Rgb>> = {
  office: rgb('#c9c5bb'),
  lab: rgb('#b9bfc2'),
  canteen: rgb('#c4b296'),
  warehouse: rgb('#a8adb0'),
  carpark: rgb('#b1afa9'),
  energy: rgb('#9aa4a6'),
  production: rgb('#a9aeb3'),
  gatehouse: rgb('#c4bcae'),
  residential: rgb('#c8b7a6'),
}
const glass = rgb('#3c4a55')
const frame = rgb('#6f7478')

/** Windows by the zone that lights them, so that a picture at night shows who works late. */
export interface BuildingParts {
  readonly walls: MeshBuilder
  readonly windows: Map<string, MeshBuilder>
}

export function addBuildings(into: BuildingParts, site: SiteFile): void {
  for (const building of site.buildings) {
    const zones = site.zones.filter((zone) => zone.building === building.id)
    if (building.use === 'carpark' || building.facade.style === 'open') addDecks(into.walls, building)
    else addClosed(into, building, zones)
  }
}

const wallColor = (building: Building): Rgb =>
  building.facade.color ? rgb(building.facade.color) : useColors[building.use]

function topOf(building: Building): number {
  return building.storeys.reduce((top, storey) => Math.max(top, storey.baseM + storey.heightM), building.baseM + 3)
}

function addClosed(into: BuildingParts, building: Building, zones: readonly Zone[]): void {
  const color = wallColor(building)
  const top = topOf(building)
  const parapet = building.roof.parapetM
  addWalls(into.walls, building.footprint, building.baseM, top + parapet, color)
  addFloor(into.walls, building.footprint, top, shade(mix(color, [0.35, 0.35, 0.35], 0.6), 0.8))
  addWalls(into.walls, building.footprint, top + parapet - 0.25, top + parapet + 0.02, shade(color, 0.7))
  const middle = centroid(building.footprint)
  into.walls.box([middle[0], middle[1], top], [3.2, 2.4, 1.6], frame)
  for (const [storeyIndex, storey] of building.storeys.entries()) {
    for (const [a, b] of edges(building.footprint)) {
      addWindows(into, building, zones, storey.baseM, storey.heightM, a, b, storeyIndex === 0)
    }
  }
}

interface Rhythm {
  readonly pitchM: number
  readonly share: number
  readonly sillM: number
  readonly headM: number
}

function rhythm(building: Building, heightM: number): Rhythm | undefined {
  const { style, glazing } = building.facade
  if (glazing < 0.02) return undefined
  if (style === 'curtain') return { pitchM: 2.4, share: 0.92, sillM: 0.25, headM: heightM - 0.3 }
  if (style === 'ribbon') return { pitchM: 3.2, share: 0.97, sillM: 0.95, headM: Math.min(heightM - 0.4, 2.6) }
  if (style === 'panel') return { pitchM: 7, share: 0.4, sillM: heightM - 1.6, headM: heightM - 0.6 }
  return { pitchM: 3.0, share: Math.min(0.8, 0.3 + glazing * 0.6), sillM: 0.9, headM: Math.min(heightM - 0.4, 2.5) }
}

function addWindows(
  into: BuildingParts,
  building: Building,
  zones: readonly Zone[],
  baseM: number,
  heightM: number,
  a: Point2,
  b: Point2,
  ground: boolean,
): void {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  if (length < 2.5) return
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
  const [nx, ny] = [uy, -ux]
  const panel = (
    builder: MeshBuilder,
    from: number,
    to: number,
    low: number,
    high: number,
    color: Rgb,
    out: number,
  ) => {
    const corner = (d: number, z: number) => [a[0] + ux * d + nx * out, a[1] + uy * d + ny * out, baseM + z] as const
    builder.quad(corner(from, low), corner(to, low), corner(to, high), corner(from, high), color)
  }
  const shape = rhythm(building, heightM)
  if (shape && shape.headM > shape.sillM) {
    const bays = Math.max(1, Math.floor((length - 0.6) / shape.pitchM))
    const pitch = (length - 0.6) / bays
    for (let i = 0; i < bays; i++) {
      const mid = 0.3 + (i + 0.5) * pitch
      const half = (pitch * shape.share) / 2
      const inside: Point2 = [a[0] + ux * mid - nx * 1.5, a[1] + uy * mid - ny * 1.5]
      const builder = windowsOf(into, zoneAt(zones, inside, baseM, heightM))
      panel(builder, mid - half, mid + half, shape.sillM, shape.headM, glass, 0.04)
    }
  }
  if (ground && length > 7) {
    const mid = length / 2
    panel(into.walls, mid - 0.95, mid + 0.95, 0, 2.25, frame, 0.05)
    panel(into.walls, mid - 0.85, mid + 0.85, 0.05, 2.15, shade(glass, 0.8), 0.07)
  }
}

function zoneAt(zones: readonly Zone[], at: Point2, baseM: number, heightM: number): string {
  const onStorey = zones.filter((zone) => zone.floorM >= baseM - 0.6 && zone.floorM < baseM + heightM - 0.3)
  const hit = onStorey.find((zone) => pointInPolygon(at[0], at[1], zone.polygon)) ?? onStorey[0] ?? zones[0]
  return hit?.id ?? ''
}

function windowsOf(into: BuildingParts, zoneId: string): MeshBuilder {
  const known = into.windows.get(zoneId)
  if (known) return known
  const fresh = new MeshBuilder()
  into.windows.set(zoneId, fresh)
  return fresh
}

/** A car park: slabs on columns behind low parapets. */
function addDecks(builder: MeshBuilder, building: Building): void {
  const color = wallColor(building)
  for (const storey of building.storeys) {
    const top = storey.baseM + storey.heightM
    addWalls(builder, building.footprint, top - 0.35, top + 0.8, color)
    addFloor(builder, building.footprint, top, shade(color, 0.75))
    addFloor(builder, building.footprint, storey.baseM + 0.05, shade(color, 0.6))
    for (const [a, b] of edges(building.footprint)) {
      const length = Math.hypot(b[0] - a[0], b[1] - a[1])
      const count = Math.max(1, Math.floor(length / 7))
      for (let i = 0; i < count; i++) {
        const t = (i + 0.5) / count
        const at = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, storey.baseM] as const
        builder.box(at, [0.45, 0.45, storey.heightM - 0.3], shade(color, 0.85))
      }
    }
  }
}
