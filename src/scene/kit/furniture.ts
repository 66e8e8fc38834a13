import type { Point2 } from '../../site/geometry.ts'
import type { Gate, SiteFile } from '../../site/schema.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, shade, type Vec3 } from './mesh.ts'

const metal = rgb('#7c8388')
const bark = rgb('#5a4a3a')
const leaves = [rgb('#4d6b35'), rgb('#5d7a3d'), rgb('#3f5d3a')] as const

type Tree = SiteFile['ground']['trees'][number]

export function addTree(builder: MeshBuilder, tree: Tree): void {
  const [x, y] = tree.at
  const h = tree.heightM
  const tone = leaves[Math.abs(Math.round(x * 7 + y * 13)) % 3] ?? leaves[0]
  builder.tube([x, y, 0], [x, y, h * 0.5], h * 0.03, h * 0.02, bark, 5)
  if (tree.species === 'conifer') {
    for (const [z0, z1, r] of [
      [0.15, 0.6, 0.2],
      [0.4, 0.82, 0.15],
      [0.65, 1, 0.1],
    ] as const)
      builder.tube([x, y, z0 * h], [x, y, z1 * h], r * h, 0.01, tone, 7, true)
    return
  }
  const wide = tree.species === 'column' ? 0.14 : 0.27
  builder.ellipsoid([x, y, h * 0.64], [wide * h, wide * h, h * 0.36], tone, 8, 5)
  builder.ellipsoid(
    [x + wide * h * 0.5, y + wide * h * 0.3, h * 0.55],
    [wide * h * 0.6, wide * h * 0.6, h * 0.2],
    shade(tone, 1.15),
    7,
    4,
  )
}

/** Posts with a rail on top and thin bars: a fence one sees through. */
export function addFence(builder: MeshBuilder, line: readonly Point2[], heightM: number, color: Rgb = metal): void {
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as Point2
    const [bx, by] = line[i + 1] as Point2
    const length = Math.hypot(bx - ax, by - ay)
    const heading = (Math.atan2(bx - ax, by - ay) * 180) / Math.PI
    const middle = [(ax + bx) / 2, (ay + by) / 2] as const
    for (const z of [0.15, heightM * 0.55, heightM - 0.06])
      builder.box([...middle, z], [0.04, length, 0.05], color, heading)
    const posts = Math.max(1, Math.min(60, Math.round(length / 2.5)))
    for (let p = 0; p <= posts; p++) {
      const t = p / posts
      builder.box([ax + (bx - ax) * t, ay + (by - ay) * t, 0], [0.07, 0.07, heightM], color, heading)
    }
  }
}

export interface Lamp {
  readonly at: Vec3
  /** The zone whose lighting level drives it; a street lamp follows the daylight. */
  readonly zoneId: string | undefined
  /** Stands on a post of its own; otherwise it hangs on a wall. */
  readonly post: boolean
}

/** A lamp with its post. */
export function addLampPost(builder: MeshBuilder, lamp: Lamp): void {
  const [x, y, z] = lamp.at
  if (!lamp.post) return builder.box([x, y, z], [0.35, 0.35, 0.18], metal)
  builder.tube([x, y, 0], [x, y, z], 0.07, 0.045, metal, 6)
  builder.box([x, y, z], [0.5, 0.28, 0.1], metal)
}

const leaf = rgb('#8a9299')
const boom = rgb('#d9d6cf')
const red = rgb('#b5352c')

/** A door, sliding gate, barrier or roller door at `opening` 0 closed … 1 open. */
export function gateMesh(gate: Gate, opening: number): KitMesh {
  const builder = new MeshBuilder()
  const open = Math.min(1, Math.max(0, opening))
  const [ax, ay] = gate.from
  const [bx, by] = gate.to
  const length = Math.max(0.3, Math.hypot(bx - ax, by - ay))
  const heading = (Math.atan2(bx - ax, by - ay) * 180) / Math.PI
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length]
  const along = (d: number, z: number): Vec3 => [ax + ux * d, ay + uy * d, z]
  switch (gate.kind) {
    case 'door': {
      const swing = heading + 85 * open
      const [sx, sy] = [Math.sin((swing * Math.PI) / 180), Math.cos((swing * Math.PI) / 180)]
      builder.box([ax + (sx * length) / 2, ay + (sy * length) / 2, 0], [0.06, length, gate.heightM], leaf, swing)
      break
    }
    case 'gate': {
      const shift = open * length * 0.95
      for (const z of [0.15, gate.heightM / 2, gate.heightM - 0.1])
        builder.box(along(length / 2 - shift, z), [0.06, length, 0.07], leaf, heading)
      const bars = Math.min(24, Math.max(3, Math.round(length / 0.35)))
      for (let i = 0; i <= bars; i++)
        builder.box(along((i / bars) * length - shift, 0.1), [0.035, 0.035, gate.heightM - 0.1], leaf, heading)
      break
    }
    case 'barrier': {
      builder.box(along(-0.25, 0), [0.35, 0.4, 1.1], red, heading)
      const angle = open * 1.45
      for (let i = 0; i < 6; i++) {
        const at = (k: number): Vec3 =>
          along((k / 6) * length * Math.cos(angle), 0.95 + (k / 6) * length * Math.sin(angle))
        builder.tube(at(i), at(i + 1), 0.05, 0.05, i % 2 ? red : boom, 5)
      }
      break
    }
    case 'rollerDoor': {
      const shown = gate.heightM * (1 - open * 0.95)
      const slats = Math.max(1, Math.round(shown / 0.45))
      for (let i = 0; i < slats; i++) {
        const z = gate.heightM - shown + (i / slats) * shown
        builder.box(
          along(length / 2, z),
          [0.14, length, shown / slats - 0.03],
          i % 2 ? leaf : shade(leaf, 0.9),
          heading,
        )
      }
      builder.box(along(length / 2, gate.heightM), [0.4, length + 0.2, 0.35], metal, heading)
      break
    }
  }
  return builder.build()
}
