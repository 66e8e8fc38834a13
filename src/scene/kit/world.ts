import { centroid, type Point2, pointInPolygon, signedAreaM2 } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'
import { addBuildings } from './buildings.ts'
import { addFence, addLampPost, addTree, type Lamp } from './furniture.ts'
import { addGround, type GroundPalette, groundPalette } from './ground.ts'
import { type KitMesh, MeshBuilder, rgb, turn } from './mesh.ts'
import { edges } from './polygon.ts'
import { underRoof } from './site-lookup.ts'

/** How strongly the surface varies from place to place. */
export type Texture = 'hard' | 'soft' | 'wall' | 'plain'

/** One piece of what never moves. `litBy` names the zone whose lighting shines through it (windows). */
export interface WorldPart {
  readonly mesh: KitMesh
  readonly texture: Texture
  readonly litBy?: string
}

/** The fixed world of a site for its cameras: cheap, some thousand triangles. Gates and doors move and are apart. */
export function worldParts(site: SiteFile, palette: GroundPalette = groundPalette): WorldPart[] {
  const soft = new MeshBuilder()
  const hard = new MeshBuilder()
  const plain = new MeshBuilder()
  const buildings = { walls: new MeshBuilder(), windows: new Map<string, MeshBuilder>() }
  addGround({ soft, hard }, site.ground, palette)
  addBuildings(buildings, site)
  for (const tree of site.ground.trees) addTree(soft, tree)
  for (const fence of site.ground.fences) addFence(plain, fence.line, fence.heightM)
  for (const lamp of siteLamps(site)) addLampPost(plain, lamp)
  addEquipment(plain, site)
  return [
    { mesh: soft.build(), texture: 'soft' },
    { mesh: hard.build(), texture: 'hard' },
    { mesh: buildings.walls.build(), texture: 'wall' },
    { mesh: plain.build(), texture: 'plain' },
    ...[...buildings.windows].map(
      ([zoneId, builder]): WorldPart => ({ mesh: builder.build(), texture: 'plain', litBy: zoneId }),
    ),
  ]
}

/** Plant that stands outdoors or on a roof is a plain box of its kind's size; what is inside nobody sees. */
function addEquipment(builder: MeshBuilder, site: SiteFile): void {
  const tone = rgb('#8d9499')
  for (const item of site.equipment) {
    const kind = item.class.toLowerCase()
    const size = kind.includes('charg')
      ? ([0.4, 0.3, 1.5] as const)
      : /chiller|battery|transformer|inverter|cooling_tower|generator/.test(kind)
        ? ([2.2, 1.4, 1.9] as const)
        : undefined
    if (!size || insideBuilding(site, item.at)) continue
    builder.box(item.at, size, tone, item.headingDeg)
  }
}

function insideBuilding(site: SiteFile, at: readonly [number, number, number]): boolean {
  return underRoof(site, [at[0], at[1]], at[2], 0.1)
}

const areaLit: ReadonlySet<string> = new Set(['dock', 'outdoor', 'parking'])

/**
 * Where lamps stand: round every outdoor, dock and parking zone at ground level, and along the roads.
 * The site file names lighting by zone; its lamps follow from the zone's shape.
 */
export function siteLamps(site: SiteFile): Lamp[] {
  const lamps = site.zones.flatMap((zone) => zoneLamps(site, zone))
  const byZones = [...lamps]
  for (const road of site.ground.roads) {
    for (const at of beside(road.centreline, road.widthM / 2 + 1.2, 28)) {
      const near = byZones.some((lamp) => Math.hypot(lamp.at[0] - at[0], lamp.at[1] - at[1]) < 20)
      if (near || blocksView(site, at) || insideBuilding(site, [...at, 1]) || lamps.length >= 200) continue
      lamps.push({ at: [...at, 7], zoneId: undefined, post: standsFree(site, at) })
    }
  }
  return lamps
}

function zoneLamps(site: SiteFile, zone: SiteFile['zones'][number]): Lamp[] {
  const area = Math.abs(signedAreaM2(zone.polygon))
  if (!areaLit.has(zone.kind) || zone.floorM > 1 || area > 12_000) return []
  if (insideBuilding(site, [...centroid(zone.polygon), 1])) {
    return spread(zone.polygon, 16)
      .slice(0, 8)
      .map((at) => ({ at: [...at, 4.2], zoneId: zone.id, post: false }))
  }
  const all = around(zone.polygon, 18)
  const clear = all.filter((at) => !blocksView(site, at))
  const lamp = (at: Point2): Lamp => ({ at: [...at, 6.5], zoneId: zone.id, post: standsFree(site, at) })
  return (clear.length > 0 ? clear : all).slice(0, 10).map(lamp)
}

function standsFree(site: SiteFile, at: Point2): boolean {
  return ![-1.5, 1.5].some(
    (d) => insideBuilding(site, [at[0] + d, at[1], 1]) || insideBuilding(site, [at[0], at[1] + d, 1]),
  )
}

/** Nobody puts a post right before a camera. */
function blocksView(site: SiteFile, at: Point2): boolean {
  return site.cameras.some((camera) => {
    const [dx, dy] = [at[0] - camera.at[0], at[1] - camera.at[1]]
    const [c, s] = turn(camera.headingDeg)
    const ahead = dx * s + dy * c
    return ahead > -3 && ahead < 20 && Math.abs(dx * c - dy * s) < 2.5 + ahead * 0.7
  })
}

/** Points along the edge of a polygon, half a metre inside, some `stepM` apart. */
function around(polygon: readonly Point2[], stepM: number): Point2[] {
  return edges(polygon).flatMap(([a, b]) => {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    const count = Math.max(1, Math.round(length / stepM))
    const inward: Point2 = [(-(b[1] - a[1]) / length) * 0.5, ((b[0] - a[0]) / length) * 0.5]
    return Array.from({ length: count }, (_, i): Point2 => {
      const t = (i + 0.5) / count
      return [a[0] + (b[0] - a[0]) * t + inward[0], a[1] + (b[1] - a[1]) * t + inward[1]]
    })
  })
}

/** Points some `stepM` apart inside a polygon, its middle at least. */
function spread(polygon: readonly Point2[], stepM: number): Point2[] {
  const xs = polygon.map((p) => p[0])
  const ys = polygon.map((p) => p[1])
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const nx = Math.max(1, Math.round((x1 - x0) / stepM))
  const ny = Math.max(1, Math.round((y1 - y0) / stepM))
  const found: Point2[] = []
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      const at: Point2 = [x0 + ((i + 0.5) / nx) * (x1 - x0), y0 + ((j + 0.5) / ny) * (y1 - y0)]
      if (pointInPolygon(at[0], at[1], polygon)) found.push(at)
    }
  }
  return found.length > 0 ? found : [centroid(polygon)]
}

function beside(line: readonly Point2[], offsetM: number, stepM: number): Point2[] {
  const found: Point2[] = []
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as Point2
    const [bx, by] = line[i + 1] as Point2
    const length = Math.hypot(bx - ax, by - ay)
    for (let s = stepM / 2; s < length; s += stepM) {
      const [ux, uy] = [(bx - ax) / length, (by - ay) / length]
      found.push([ax + ux * s + uy * offsetM, ay + uy * s - ux * offsetM])
    }
  }
  return found
}
