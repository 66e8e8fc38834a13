import { createRandom, hashString } from '../../platform/random.ts'
import { type Point2, pointInPolygon } from '../../site/geometry.ts'
import type { Zone } from '../../site/schema.ts'
import { wall } from './architecture-ground.ts'
import { counterClockwise, offsetPolygon } from './architecture-polygon.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, shade } from './mesh.ts'

const timber = rgb('#c9ab84')
const white = rgb('#eeebe4')
const grey = rgb('#a7adb1')
const dark = rgb('#5d656b')
const fabric = rgb('#7d909c')

/** Partitions and furniture of one storey, for the cut-away. Furniture follows the kind of zone; it is not in the file. */
export function interiorMesh(zones: readonly Zone[], partition: Rgb, partitionM = 1.25): KitMesh {
  const builder = new MeshBuilder()
  for (const zone of zones) {
    addPartition(builder, zone, partition, partitionM)
    furnish(builder, zone)
  }
  return builder.build()
}

function addPartition(builder: MeshBuilder, zone: Zone, color: Rgb, high: number): void {
  const inner = counterClockwise(zone.polygon)
  const outer = offsetPolygon(inner, 0.14)
  const base = zone.floorM
  const top = base + high
  for (const [i, a] of inner.entries()) {
    const j = (i + 1) % inner.length
    const [b, c, d] = [inner[j], outer[j], outer[i]] as [Point2, Point2, Point2]
    wall(builder, b, a, base, top, shade(color, 0.82), color)
    wall(builder, d, c, base, top, shade(color, 0.82), color)
    builder.quad([...d, top], [...c, top], [...b, top], [...a, top], shade(color, 1.05))
  }
}

type Place = (builder: MeshBuilder, x: number, y: number, z: number, turned: boolean) => void

const settings: Readonly<
  Partial<Record<Zone['kind'], { readonly pitchX: number; readonly pitchY: number; readonly put: Place }>>
> = {
  office: { pitchX: 3.1, pitchY: 3.4, put: desk },
  lab: { pitchX: 3.6, pitchY: 3.1, put: bench },
  canteen: { pitchX: 2.9, pitchY: 2.9, put: diningTable },
  meeting: { pitchX: 4.4, pitchY: 4.2, put: meetingTable },
  storage: { pitchX: 3.2, pitchY: 3.6, put: rack },
  server: { pitchX: 2, pitchY: 2.4, put: serverRack },
  kitchen: { pitchX: 2.6, pitchY: 3, put: bench },
  lobby: { pitchX: 5, pitchY: 5, put: sofa },
}

function furnish(builder: MeshBuilder, zone: Zone): void {
  const setting = settings[zone.kind]
  if (!setting) return
  const inner = offsetPolygon(zone.polygon, -1.5)
  const xs = inner.map((p) => p[0])
  const ys = inner.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const random = createRandom(hashString(zone.id))
  const columns = Math.max(1, Math.floor((east - west) / setting.pitchX))
  const rows = Math.max(1, Math.floor((north - south) / setting.pitchY))
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < rows; j++) {
      const x = west + ((i + 0.5) * (east - west)) / columns
      const y = south + ((j + 0.5) * (north - south)) / rows
      if (pointInPolygon(x, y, inner) && random.next() > 0.08)
        setting.put(builder, x, y, zone.floorM + 0.07, random.next() > 0.5)
    }
}

function desk(b: MeshBuilder, x: number, y: number, z: number): void {
  for (const side of [-1, 1]) {
    b.box([x, y + side * 0.42, z + 0.68], [1.7, 0.8, 0.06], timber)
    b.box([x, y + side * 0.16, z + 0.74], [0.6, 0.04, 0.36], dark)
    b.box([x + 0.1, y + side * 1.12, z], [0.5, 0.5, 0.46], fabric)
    b.box([x + 0.1, y + side * 1.34, z + 0.46], [0.48, 0.08, 0.42], fabric)
  }
  for (const s of [-0.8, 0.8]) b.box([x + s, y, z], [0.06, 1.5, 0.68], white)
}

function bench(b: MeshBuilder, x: number, y: number, z: number): void {
  b.box([x, y, z], [2.7, 0.85, 0.86], white)
  b.box([x, y, z + 0.86], [2.8, 0.95, 0.05], grey)
  b.box([x - 0.6, y + 0.1, z + 0.91], [0.5, 0.4, 0.34], dark)
  b.box([x + 0.5, y - 0.1, z + 0.91], [0.7, 0.35, 0.2], fabric)
}

function diningTable(b: MeshBuilder, x: number, y: number, z: number): void {
  b.box([x, y, z + 0.7], [1.7, 0.85, 0.05], timber)
  b.box([x, y, z], [0.16, 0.4, 0.7], dark)
  for (const dx of [-0.45, 0.45]) for (const dy of [-0.75, 0.75]) b.box([x + dx, y + dy, z], [0.42, 0.42, 0.45], fabric)
}

function meetingTable(b: MeshBuilder, x: number, y: number, z: number): void {
  b.box([x, y, z + 0.7], [3, 1.3, 0.06], timber)
  b.box([x, y, z], [1.6, 0.3, 0.7], dark)
  for (const dx of [-1, 0, 1]) for (const dy of [-1.05, 1.05]) b.box([x + dx, y + dy, z], [0.5, 0.5, 0.48], fabric)
}

function rack(b: MeshBuilder, x: number, y: number, z: number, turned: boolean): void {
  for (const h of [0, 0.85, 1.7]) {
    b.box([x, y, z + h], [2.7, 1, 0.06], dark)
    for (const [k, dx] of [-0.85, 0, 0.85].entries())
      if (turned || k !== 1)
        b.box([x + dx, y, z + h + 0.06], [0.74, 0.8, 0.5 + 0.12 * ((k + (turned ? 1 : 0)) % 2)], timber)
  }
  for (const dx of [-1.35, 1.35]) b.box([x + dx, y, z], [0.08, 1, 2.3], fabric)
}

function serverRack(b: MeshBuilder, x: number, y: number, z: number): void {
  b.box([x, y, z], [0.8, 1.1, 2], dark)
  b.box([x, y + 0.56, z + 0.3], [0.6, 0.03, 1.4], rgb('#3d7ea6'))
}

function sofa(b: MeshBuilder, x: number, y: number, z: number, turned: boolean): void {
  const [w, d] = turned ? [0.85, 2] : [2, 0.85]
  b.box([x, y, z], [w, d, 0.42], fabric)
  if (turned) b.box([x - 0.34, y, z + 0.42], [0.18, 2, 0.36], fabric)
  else b.box([x, y - 0.34, z + 0.42], [2, 0.18, 0.36], fabric)
}
