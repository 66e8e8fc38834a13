import type { Point2 } from '../../site/geometry.ts'
import { type BuildingInput, glazedZone, type PartMesh, roofMesh } from './architecture-building.ts'
import { type PaneBuilder, rhythmOf } from './architecture-facade.ts'
import { addSheet, wall } from './architecture-ground.ts'
import { counterClockwise, outward } from './architecture-polygon.ts'
import { MeshBuilder, shade, type Vec3 } from './mesh.ts'

/** From afar the windows of so much wall are one strip of glass: long enough to be few, short enough to be lit by turns. */
const stripM = 14

/**
 * A building as it is seen from far away: its storeys as plain walls with strips of glass as high as the windows' share
 * makes them. Same parts, same zones, same roof line as the fine one, with a tenth of its faces.
 */
export function buildingMassing(input: BuildingInput, panes: PaneBuilder): PartMesh[] {
  const { building, firstPart, roofPart } = input.parts
  const ring = counterClockwise(building.footprint)
  const open = building.facade.style === 'open'
  const meshes = building.storeys.map((storey, i): PartMesh => {
    const walls = new MeshBuilder()
    const ground = storey.baseM <= building.baseM + 0.5
    if (open || ground) addSheet(walls, ring, storey.baseM + 0.05, input.colors.slab)
    const top = storey.baseM + storey.heightM
    const rhythm = rhythmOf(building, storey.heightM, ground)
    const slotAt = glazedZone(input, storey.id)
    for (const [k, a] of ring.entries()) {
      const b = ring[(k + 1) % ring.length] as Point2
      wall(walls, a, b, open ? top - 0.55 : storey.baseM, top, ground ? shade(input.tone, 0.8) : input.tone, input.tone)
      if (!rhythm) continue
      const low = storey.baseM + rhythm.sillM
      const high = low + (storey.heightM - rhythm.sillM - rhythm.headGapM) * rhythm.windowShare
      addStrips(panes, a, b, low, high, slotAt, firstPart + i)
    }
    return { part: firstPart + i, mesh: walls.build() }
  })
  meshes.push({ part: roofPart, mesh: roofMesh({ ...input, detail: 'low' }, panes) })
  return meshes
}

function addStrips(
  panes: PaneBuilder,
  a: Point2,
  b: Point2,
  low: number,
  high: number,
  slotAt: (p: Point2) => number,
  part: number,
): void {
  const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1])
  if (lengthM < 1.5) return
  const [nx, ny] = outward(a, b)
  const count = Math.max(1, Math.round(lengthM / stripM))
  const at = (t: number, z: number): Vec3 => [
    a[0] + (b[0] - a[0]) * t + nx * 0.08,
    a[1] + (b[1] - a[1]) * t + ny * 0.08,
    z,
  ]
  for (let i = 0; i < count; i++) {
    const [t0, t1] = [(i + 0.02) / count, (i + 0.98) / count]
    const middle = at((t0 + t1) / 2, low)
    const slot = slotAt([middle[0] - nx * 1.5, middle[1] - ny * 1.5])
    panes.add([at(t0, low), at(t1, low), at(t1, high), at(t0, high)], [nx, ny, 0], slot, part)
  }
}
