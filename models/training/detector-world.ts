/** Random parks for training the detector: no two alike, none like a real one. */
import type { Random } from '../../src/platform/random.ts'
import { type GroundPalette, groundPalette } from '../../src/scene/kit/ground.ts'
import { MeshBuilder, type Rgb, rgb, shade } from '../../src/scene/kit/mesh.ts'
import { type WorldPart, worldParts } from '../../src/scene/kit/world.ts'
import { parseSite } from '../../src/site/load.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'
import type { Taken } from './detector-crowd.ts'

export interface RandomPark {
  readonly site: SiteFile
  readonly parts: readonly WorldPart[]
  readonly camera: Camera
  /** Where its clutter stands. */
  readonly obstacles: readonly Taken[]
}

type Box = readonly [x0: number, y0: number, x1: number, y1: number]
const corners = ([x0, y0, x1, y1]: Box) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] // biome-ignore format: an outline

const hex = (random: Random, low: number, high: number): string => {
  const base = random.integer(low, high)
  const tint = () => Math.max(0, Math.min(255, base + random.integer(-26, 26)))
  return `#${[tint(), tint(), tint()].map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

/** A camera at the origin looks north; the park lies before it. */
export function randomPark(random: Random): RandomPark {
  // Most cameras look down from a mast, some stand at eye level.
  const low = random.next() < 0.2
  const heightM = low ? random.between(1.4, 2.6) : random.between(2.5, 9)
  const camera = {
    id: 'cam',
    name: 'cam',
    at: [0, 0, heightM],
    headingDeg: 0,
    pitchDeg: 0,
    rollDeg: random.normal() * 1.5,
    lens: {
      widthPx: 320,
      heightPx: 192,
      hfovDeg: random.between(48, 92),
      k1: random.next() < 0.35 ? random.between(-0.14, 0.05) : 0,
    },
  }
  camera.pitchDeg = low ? -random.between(0, 9) : -(4 + heightM * random.between(1.6, 3.4))
  const buildings = Array.from({ length: random.integer(0, 6) }, (_, i) => building(random, i))
  const parsed = parseSite({
    format: 'parkloop-site',
    version: 1,
    id: 'random',
    name: 'random',
    geo: { latitudeDeg: 30, longitudeDeg: 120, utcOffsetMinutes: 480 },
    ground: ground(random),
    buildings,
    zones: [
      ...buildings.flatMap((b) => [
        { id: `z-${b.id}`, name: 'z', kind: 'office', building: b.id, polygon: b.footprint },
      ]),
      {
        id: 'area',
        name: 'area',
        kind: 'dock',
        polygon: corners([-random.between(4, 14), random.between(3, 9), random.between(4, 14), random.between(14, 34)]),
      },
    ],
    gates: gates(random),
    cameras: [camera],
    tariff: { currency: 'CNY', bands: [{ name: 'flat', pricePerKwh: 1, windows: [{ fromH: 0, toH: 24 }] }] },
  })
  if (!parsed.ok) throw new Error(`${parsed.error.path} ${parsed.error.message}`)
  const site = parsed.value
  const { part, obstacles } = clutter(random)
  return { site, parts: [...worldParts(site, palette(random)), part], camera: site.cameras[0] as Camera, obstacles }
}

function building(random: Random, index: number) {
  const [w, d] = [random.between(5, 38), random.between(5, 26)]
  const side = random.next()
  const y0 = side < 0.5 ? random.between(16, 60) : random.between(2, 40)
  const x0 = side < 0.5 ? random.between(-50, 30) : side < 0.75 ? -random.between(6, 16) - w : random.between(6, 16)
  const storeyM = random.between(2.8, 5)
  return {
    id: `b${index}`,
    name: 'b',
    use: random.pick(['office', 'lab', 'warehouse', 'canteen', 'carpark', 'production']),
    footprint: corners([x0, y0, x0 + w, y0 + d]),
    storeys: Array.from({ length: random.integer(1, 4) }, (_, i) => ({
      id: `s${i}`,
      name: 's',
      baseM: i * storeyM,
      heightM: storeyM,
    })),
    facade: {
      style: random.pick(['curtain', 'punched', 'ribbon', 'panel']),
      color: hex(random, 70, 225),
      glazing: random.next(),
    },
  }
}

function ground(random: Random) {
  const many = <T>(most: number, make: () => T) => Array.from({ length: random.integer(0, most) }, make)
  const somewhere = (): [number, number] => [random.between(-32, 32), random.between(2, 60)]
  const patch = (): Box => {
    const [x, y] = somewhere()
    return [x, y, x + random.between(3, 26), y + random.between(3, 20)]
  }
  const road = (i: number) => {
    const across = random.next() < 0.5
    const at = random.between(across ? 5 : -15, across ? 36 : 15)
    const lean = random.between(-14, 14)
    return {
      id: `r${i}`,
      centreline: across ? [[-80, at - lean], [80, at + lean]] : [[at - lean, -20], [at + lean, 120]], // biome-ignore format: two ends
      widthM: random.between(3, 9),
      lanes: random.integer(1, 2),
      marked: random.next() < 0.8,
    }
  }
  let n = 0
  return {
    boundary: corners([-90, -60, 90, 140]),
    roads: many(2, () => road(n++)),
    pavements: many(3, () => ({ id: `p${n++}`, polygon: corners(patch()) })),
    lawns: many(3, () => ({ id: `l${n++}`, polygon: corners(patch()) })),
    water: random.next() < 0.1 ? [{ id: 'w', polygon: corners(patch()) }] : [],
    parking: many(2, () => ({
      id: `k${n++}`,
      at: somewhere(),
      headingDeg: random.pick([0, 90, 180, 270]),
      bays: random.integer(2, 9),
    })),
    trees: many(9, () => ({
      at: somewhere(),
      heightM: random.between(2.5, 11),
      species: random.pick(['broadleaf', 'conifer', 'column']),
    })),
    fences: many(2, () => ({ id: `f${n++}`, line: [somewhere(), somewhere()], heightM: random.between(0.8, 2.4) })),
  }
}

function gates(random: Random) {
  return Array.from({ length: random.integer(0, 3) }, (_, i) => {
    const [x, y] = [random.between(-14, 14), random.between(5, 30)]
    const angle = random.pick([0, Math.PI / 2, random.between(0, 3)])
    const length = random.between(1, 6)
    return {
      id: `g${i}`,
      kind: random.pick(['door', 'gate', 'barrier', 'rollerDoor']),
      from: [x, y],
      to: [x + Math.cos(angle) * length, y + Math.sin(angle) * length],
      heightM: random.between(1.8, 4),
    }
  })
}

function palette(random: Random): GroundPalette {
  const vary = (color: Rgb): Rgb => {
    const light = random.between(0.45, 1.7)
    return [0, 1, 2].map((k) => Math.min(0.95, (color[k] ?? 0) * light * random.between(0.8, 1.25))) as unknown as Rgb
  }
  return {
    base: random.next() < 0.2 ? rgb(hex(random, 40, 220)) : vary(groundPalette.base),
    road: vary(groundPalette.road),
    pavement: vary(groundPalette.pavement),
    lawn: vary(groundPalette.lawn),
    water: vary(groundPalette.water),
    marking: vary(groundPalette.marking),
  }
}

/** Things of a person's or a car's size that are neither: posts, bins, pallets, cones, drums, signs, crates. */
function clutter(random: Random): { part: WorldPart; obstacles: Taken[] } {
  const builder = new MeshBuilder()
  const obstacles: Taken[] = []
  const count = random.integer(0, 26)
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(-20, 20), random.between(3, 45)]
    obstacles.push({ x, y, radiusM: 0.7 })
    const color =
      random.next() < 0.5
        ? rgb(hex(random, 30, 230))
        : rgb(random.pick(['#d9552b', '#e8c02a', '#2f5fa8', '#4d6b35', '#b02a2a', '#e6e6e2']))
    const turnDeg = random.between(0, 90)
    switch (random.integer(0, 7)) {
      case 0:
        builder.tube([x, y, 0], [x, y, random.between(0.7, 4)], random.between(0.04, 0.14), 0.05, color, 6, true)
        break
      case 1:
        builder.box(
          [x, y, 0],
          [random.between(0.4, 0.8), random.between(0.4, 0.8), random.between(0.8, 1.4)],
          color,
          turnDeg,
          shade(color, 0.7),
        )
        break
      case 2:
        for (let k = random.integer(1, 5); k > 0; k--)
          builder.box([x, y, (k - 1) * 0.16], [1.2, 1, 0.13], rgb('#8f7347'), turnDeg)
        if (random.next() < 0.6) builder.box([x, y, 0.16], [1.1, 0.9, random.between(0.5, 1.5)], color, turnDeg)
        break
      case 3:
        builder.tube([x, y, 0], [x, y, 0.75], 0.22, 0.03, rgb('#e2601f'), 7)
        break
      case 4:
        builder.tube([x, y, 0], [x, y, 0.9], 0.29, 0.29, color, 9, true)
        break
      case 5: {
        const high = random.between(1.6, 2.6)
        builder.tube([x, y, 0], [x, y, high], 0.03, 0.03, rgb('#80868a'), 5)
        builder.box([x, y, high - 0.3], [random.between(0.3, 0.9), 0.04, random.between(0.3, 0.8)], color, turnDeg)
        break
      }
      case 6:
        builder.box(
          [x, y, 0],
          [random.between(1, 6), random.between(0.8, 2.5), random.between(0.8, 2.6)],
          color,
          turnDeg,
        )
        break
      default:
        builder.ellipsoid(
          [x, y, 0.4],
          [random.between(0.3, 1.2), random.between(0.3, 1.2), random.between(0.4, 1.1)],
          rgb(random.pick(['#4d6b35', '#5d7a3d', '#6b6a3d'])),
          7,
          5,
        )
    }
  }
  return { part: { mesh: builder.build(), texture: 'plain' }, obstacles }
}
