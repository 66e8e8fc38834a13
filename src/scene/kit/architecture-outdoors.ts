import { type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'
import { addSheet, type GroundColors, groundLevelM, pairs, wall } from './architecture-ground.ts'
import { counterClockwise, offsetPolygon, stations } from './architecture-polygon.ts'
import { type KitMesh, MeshBuilder, type Rgb, shade, type Vec3 } from './mesh.ts'

/** Border stones of ponds. The water itself is drawn by the scene, which lets it shine. */
export function pondRimMesh(site: SiteFile, colors: GroundColors): KitMesh {
  const builder = new MeshBuilder()
  for (const pond of site.ground.water) {
    const inner = offsetPolygon(pond.polygon, -0.05)
    const outer = offsetPolygon(pond.polygon, 0.55)
    for (const [i, a] of inner.entries()) {
      const j = (i + 1) % inner.length
      const [b, c, d] = [inner[j], outer[j], outer[i]] as [Point2, Point2, Point2]
      builder.quad([...d, 0.24], [...c, 0.24], [...b, 0.24], [...a, 0.24], colors.kerb)
      wall(builder, d, c, 0, 0.24, colors.kerb, colors.kerb)
      wall(builder, b, a, 0, 0.24, colors.kerb, colors.kerb)
    }
  }
  return builder.build()
}

/** Posts and rails; `everyM` sets how dense, 0 leaves only the top rail. */
export function fenceMesh(site: SiteFile, colors: GroundColors, everyM: number): KitMesh {
  const builder = new MeshBuilder()
  for (const fence of site.ground.fences) {
    for (const station of everyM > 0 ? stations(fence.line, everyM, 0.01) : []) {
      const [x, y] = station.at
      const [vx, vy] = [station.along[0] * 0.05, station.along[1] * 0.05]
      upright(builder, [x - vx, y - vy], [x + vx, y + vy], 0, fence.heightM, colors.steel)
    }
    for (const z of everyM > 0 ? [0.25, fence.heightM - 0.12] : [fence.heightM - 0.2])
      for (let i = 0; i + 1 < fence.line.length; i++)
        upright(builder, fence.line[i] as Point2, fence.line[i + 1] as Point2, z, z + 0.07, colors.steel)
  }
  return builder.build()
}

/** A thin face seen from both sides. */
function upright(builder: MeshBuilder, a: Point2, b: Point2, low: number, high: number, color: Rgb): void {
  wall(builder, a, b, low, high, color, color)
  wall(builder, b, a, low, high, color, color)
}

/** Soft contact shade around footprints: opacity 1 at the wall, 0 at `reachM`. Colour channel red carries opacity. */
export function contactShadeMesh(site: SiteFile, reachM = 4): KitMesh {
  const builder = new MeshBuilder()
  const up: Vec3 = [0, 0, 1]
  for (const building of site.buildings) {
    if (building.facade.style === 'open') continue
    const inner = counterClockwise(building.footprint)
    const outer = offsetPolygon(inner, reachM)
    const z = groundLevelM.pavement + 0.05
    const first = inner.map((p, i) => {
      const id = builder.vertex([...p, z], up, [1, 1, 1])
      builder.vertex([...(outer[i] as Point2), z], up, [0, 0, 0])
      return id
    })
    for (const [i, a] of first.entries()) {
      const b = first[(i + 1) % first.length] as number
      builder.face(a, a + 1, b + 1)
      builder.face(a, b + 1, b)
    }
  }
  return builder.build()
}

function onLawn(site: SiteFile, p: Point2): boolean {
  return site.ground.lawns.some((lawn) => pointInPolygon(p[0], p[1], lawn.polygon))
}

/** Translucent infill of fences; seen from both sides by the material. */
export function fencePanelMesh(site: SiteFile, color: Rgb): KitMesh {
  const builder = new MeshBuilder()
  for (const fence of site.ground.fences)
    for (const [a, b] of pairs(fence.line)) wall(builder, a, b, 0.1, fence.heightM - 0.1, color, color)
  return builder.build()
}

const pavedKinds: ReadonlySet<string> = new Set(['dock', 'outdoor', 'parking'])

/** Hard standing of outdoor zones where no lawn lies: slabs with joints, so that squares and yards have a grain. */
export function pavingMesh(site: SiteFile, colors: GroundColors, fine: boolean): KitMesh {
  const builder = new MeshBuilder()
  for (const zone of site.zones) {
    if (zone.building !== undefined || !pavedKinds.has(zone.kind)) continue
    const [x, y] = middle(zone.polygon)
    if (onLawn(site, [x, y]) || zone.kind === 'parking') continue
    const yard = zone.access === 'restricted'
    const tone = yard ? shade(colors.bay, 1.25) : shade(colors.pavement, 1.06)
    addSheet(builder, zone.polygon, pavingM, tone)
    if (fine) addJoints(builder, zone.polygon, yard ? 8 : 3, shade(tone, yard ? 0.86 : 0.9))
  }
  return builder.build()
}

const pavingM = 0.165

function middle(polygon: readonly Point2[]): Point2 {
  const n = polygon.length
  return [polygon.reduce((s, p) => s + p[0], 0) / n, polygon.reduce((s, p) => s + p[1], 0) / n]
}

/** Lines across a polygon every `stepM` in both directions, each piece where it lies inside. */
function addJoints(builder: MeshBuilder, polygon: readonly Point2[], stepM: number, color: Rgb): void {
  for (const axis of [0, 1] as const) {
    const other = axis === 0 ? 1 : 0
    const low = Math.min(...polygon.map((p) => p[axis]))
    const high = Math.max(...polygon.map((p) => p[axis]))
    for (let at = Math.ceil(low / stepM) * stepM; at < high; at += stepM) {
      const cuts: number[] = []
      for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
        const [p, q] = [polygon[j] as Point2, polygon[i] as Point2]
        if (p[axis] > at === q[axis] > at) continue
        cuts.push(p[other] + ((at - p[axis]) / (q[axis] - p[axis])) * (q[other] - p[other]))
      }
      cuts.sort((a, b) => a - b)
      for (let i = 0; i + 1 < cuts.length; i += 2)
        addJoint(builder, axis, at, cuts[i] as number, cuts[i + 1] as number, color)
    }
  }
}

function addJoint(builder: MeshBuilder, axis: 0 | 1, at: number, from: number, to: number, color: Rgb): void {
  const [half, z] = [0.04, pavingM + 0.015]
  if (axis === 0)
    builder.quad([at - half, from, z], [at + half, from, z], [at + half, to, z], [at - half, to, z], color)
  else builder.quad([from, at - half, z], [to, at - half, z], [to, at + half, z], [from, at + half, z], color)
}
