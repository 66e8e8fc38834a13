/** What fills a block: buildings, lawns, water, trees and bays, all in the block's own frame. */
import type { Random } from '../../platform/random.ts'
import type { Corner, GroundInput } from '../compose/shapes.ts'
import type { Lot, Rectangle } from './massing.ts'

export const blockKinds = [
  'towers',
  'offices',
  'labs',
  'civic',
  'slabs',
  'points',
  'houses',
  'industry',
  'logistics',
  'energy',
  'carpark',
  'park',
] as const
export type BlockKind = (typeof blockKinds)[number]

type Tree = NonNullable<GroundInput['trees']>[number]

export interface BayRow {
  readonly x: number
  readonly y: number
  /** Of a parked nose, in the block's frame. */
  readonly headingDeg: number
  readonly bays: number
  readonly truck: boolean
}

export interface BlockContents {
  readonly kind: BlockKind
  readonly lots: readonly Lot[]
  readonly lawns: readonly Rectangle[]
  readonly paved: readonly Rectangle[]
  readonly water: readonly (readonly Corner[])[]
  readonly trees: readonly {
    readonly x: number
    readonly y: number
    readonly heightM: number
    readonly species: NonNullable<Tree['species']>
  }[]
  readonly bays: readonly BayRow[]
}

/** The inside of a block, within its pavement. */
export interface Room {
  readonly widthM: number
  readonly depthM: number
  /** 0 middle of the district … 1 rim. */
  readonly rim: number
  readonly random: Random
}

const none = { lots: [], lawns: [], paved: [], water: [], trees: [], bays: [] }

function lot(
  at: readonly [x: number, y: number],
  size: readonly [widthM: number, depthM: number],
  more: Partial<Lot> & Pick<Lot, 'use' | 'storeys'>,
): Lot {
  return {
    x: at[0],
    y: at[1],
    widthM: size[0],
    depthM: size[1],
    turnDeg: 0,
    shape: 'bar',
    storeyM: 3.8,
    tower: false,
    ...more,
  }
}

function whole({ widthM, depthM }: Room, insetM = 0): Rectangle {
  return {
    west: insetM - widthM / 2,
    south: insetM - depthM / 2,
    east: widthM / 2 - insetM,
    north: depthM / 2 - insetM,
  }
}

function towers(room: Room): BlockContents {
  const { widthM: w, depthM: d, random, rim } = room
  const floors = () => Math.round(random.between(20, 36) * (1 - 0.5 * rim))
  const side = () => random.between(26, 32)
  const flip = random.next() < 0.5 ? 1 : -1
  const [a, b] = [side(), side()]
  return {
    ...none,
    kind: 'towers',
    lots: [
      lot([-w / 4, (flip * d) / 7], [a, a], {
        use: 'office',
        storeys: floors(),
        storeyM: 3.9,
        tower: true,
        shape: random.next() < 0.5 ? 'chamfered' : 'bar',
      }),
      lot([w / 4, (-flip * d) / 7], [b, b * 0.9], {
        use: 'office',
        storeys: floors(),
        storeyM: 3.9,
        tower: true,
        shape: 'chamfered',
      }),
      lot([w * 0.27, (flip * d) / 2 - flip * 8], [w * 0.34, 13], {
        use: 'canteen',
        storeys: 2,
        storeyM: 4.5,
        turnDeg: flip > 0 ? 0 : 180,
      }),
    ],
    paved: [whole(room)],
    trees: rowsOfTrees(room, 9, 'column'),
  }
}

function offices(room: Room): BlockContents {
  const { widthM: w, depthM: d, random, rim } = room
  const floors = () => Math.max(3, Math.round(random.between(3, 6.4) * (1 - 0.25 * rim)))
  const y = d / 2 - d * 0.26
  return {
    ...none,
    kind: 'offices',
    lots: [
      lot([-w * 0.25, y], [w * 0.44, d * 0.48], { use: 'office', storeys: floors(), shape: 'horseshoe' }),
      lot([w * 0.25, y], [w * 0.42, d * 0.48], { use: 'office', storeys: floors(), shape: 'ell' }),
      lot([-w * 0.25, -d / 2 + 10], [w * 0.4, 16], { use: 'office', storeys: floors(), turnDeg: 0 }),
      lot([w * 0.25, -d / 2 + 10], [w * 0.4, 16], {
        use: random.next() < 0.3 ? 'canteen' : 'office',
        storeys: Math.max(2, floors() - 2),
      }),
    ],
    lawns: [whole(room, 1)],
    paved: [{ west: -3, south: -d / 2, east: 3, north: d / 2 }],
    trees: scatter(room, 14, { west: -w / 2 + 4, south: -d / 2 + 20, east: w / 2 - 4, north: -d * 0.02 }),
  }
}

function labs(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  return {
    ...none,
    kind: 'labs',
    lots: [
      lot([-w * 0.22, d * 0.16], [w * 0.5, d * 0.6], {
        use: 'lab',
        storeys: random.integer(3, 5),
        storeyM: 4.5,
        shape: 'ell',
      }),
      lot([w * 0.3, d * 0.2], [w * 0.32, d * 0.48], { use: 'lab', storeys: random.integer(2, 4), storeyM: 4.5 }),
      lot([w * 0.28, -d / 2 + 12], [w * 0.36, 18], { use: 'office', storeys: random.integer(3, 5) }),
    ],
    lawns: [whole(room, 1)],
    bays: [{ x: -w * 0.2, y: -d / 2 + 4, headingDeg: 180, bays: Math.floor((w * 0.5) / 2.5), truck: false }],
    trees: scatter(room, 12, whole(room, 4)),
  }
}

function civic(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  return {
    ...none,
    kind: 'civic',
    lots: [
      lot([-w * 0.2, d * 0.12], [w * 0.36, d * 0.5], { use: 'canteen', storeys: 2, storeyM: 5, shape: 'chamfered' }),
      lot([w * 0.3, 0], [w * 0.28, d * 0.72], { use: 'office', storeys: random.integer(4, 6) }),
    ],
    paved: [whole(room)],
    water: [ring(-w * 0.18, -d * 0.32, w * 0.16, 5, 20, 0)],
    trees: rowsOfTrees(room, 8, 'broadleaf'),
  }
}

function slabs(room: Room): BlockContents {
  const { widthM: w, depthM: d, random, rim } = room
  const lots: Lot[] = []
  for (const y of [-d / 2 + 9, 0, d / 2 - 9])
    for (const side of [-1, 1])
      lots.push(
        lot([(side * w) / 4, y], [w * random.between(0.36, 0.43), 12.5], {
          use: 'residential',
          storeys: Math.round(random.between(4, 7.5) * (1.1 - 0.3 * rim)),
          storeyM: 3,
          turnDeg: y > 0 ? 180 : 0,
        }),
      )
  return {
    ...none,
    kind: 'slabs',
    lots,
    lawns: [whole(room, 1)],
    paved: [{ west: -2, south: -d / 2, east: 2, north: d / 2 }],
    trees: scatter(room, 22, whole(room, 4)),
  }
}

function points(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  const lots = (
    [
      [-1, 1],
      [1, 1],
      [0, 0],
      [-1, -1],
      [1, -1],
    ] as const
  ).map(([i, j]) =>
    lot([i * w * 0.32, j * d * 0.3], [random.between(18, 22), random.between(16, 20)], {
      use: 'residential',
      storeys: random.integer(7, 13),
      storeyM: 3,
      shape: random.next() < 0.4 ? 'chamfered' : 'bar',
    }),
  )
  return { ...none, kind: 'points', lots, lawns: [whole(room, 1)], trees: scatter(room, 26, whole(room, 3)) }
}

function houses(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  const lots: Lot[] = []
  const across = Math.max(3, Math.floor(w / 23))
  for (let i = 0; i < across; i++)
    for (const side of [-1, 1] as const)
      lots.push(
        lot(
          [((i + 0.5) / across - 0.5) * w, side * (d / 2 - 11)],
          [random.between(12, 15), random.between(9.5, 11.5)],
          { use: 'residential', storeys: random.integer(2, 3), storeyM: 3, turnDeg: side < 0 ? 0 : 180 },
        ),
      )
  return { ...none, kind: 'houses', lots, lawns: [whole(room, 0.5)], trees: scatter(room, 26, whole(room, 2)) }
}

function industry(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  return {
    ...none,
    kind: 'industry',
    lots: [
      lot([-w * 0.12, d * 0.17], [w * 0.7, d * 0.56], {
        use: 'production',
        storeys: 1,
        storeyM: random.between(9, 12),
      }),
      lot([w * 0.36, d * 0.2], [w * 0.2, d * 0.4], { use: 'office', storeys: 3, storeyM: 3.6 }),
    ],
    paved: [{ west: -w / 2, south: -d / 2, east: w / 2, north: -d * 0.13 }],
    lawns: [{ west: -w / 2, south: -d * 0.12, east: w / 2, north: d / 2 }],
    bays: [{ x: 0, y: -d / 2 + 5.5, headingDeg: 180, bays: 8, truck: true }],
    trees: edgeTrees(room, 11, 'conifer'),
  }
}

function logistics(room: Room): BlockContents {
  const { widthM: w, depthM: d } = room
  return {
    ...none,
    kind: 'logistics',
    lots: [
      lot([0, d * 0.22], [w * 0.9, d * 0.44], { use: 'warehouse', storeys: 1, storeyM: 10 }),
      lot([-w * 0.4, -d * 0.3], [12, 9], { use: 'gatehouse', storeys: 1, storeyM: 3.4 }),
    ],
    paved: [{ west: -w / 2, south: -d / 2, east: w / 2, north: 0 }],
    bays: [{ x: w * 0.1, y: -d / 2 + 5.5, headingDeg: 180, bays: 10, truck: true }],
    trees: edgeTrees(room, 12, 'conifer'),
  }
}

function energy(room: Room): BlockContents {
  const { widthM: w, depthM: d } = room
  return {
    ...none,
    kind: 'energy',
    lots: [
      lot([-w * 0.16, d * 0.1], [w * 0.46, d * 0.46], { use: 'energy', storeys: 1, storeyM: 8 }),
      lot([w * 0.3, d * 0.08], [w * 0.26, d * 0.5], { use: 'warehouse', storeys: 1, storeyM: 8 }),
    ],
    lawns: [whole(room, 1)],
    paved: [{ west: -w * 0.44, south: -d * 0.3, east: w * 0.46, north: -d * 0.18 }],
    trees: edgeTrees(room, 9, 'conifer'),
  }
}

function carpark(room: Room): BlockContents {
  const { widthM: w, depthM: d } = room
  const bays = Math.floor((w - 10) / 2.5)
  const row = (y: number, headingDeg: number): BayRow => ({ x: 0, y, headingDeg, bays, truck: false })
  return {
    ...none,
    kind: 'carpark',
    lots: [lot([0, d * 0.24], [w * 0.8, d * 0.4], { use: 'carpark', storeys: 4, storeyM: 3.2 })],
    lawns: [{ west: -w / 2, south: d * 0.02, east: w / 2, north: d / 2 }],
    bays: [row(-d / 2 + 3.4, 180), row(-d / 2 + 15.4, 0), row(-d / 2 + 20.8, 180), row(-d / 2 + 32.8, 0)].filter(
      (r) => r.y < -1,
    ),
    trees: edgeTrees(room, 10, 'column'),
  }
}

function park(room: Room): BlockContents {
  const { widthM: w, depthM: d, random } = room
  const pond =
    random.next() < 0.6
      ? [ring(random.between(-0.1, 0.1) * w, random.between(-0.05, 0.1) * d, w * 0.24, d * 0.2, 28, random.next() * 6)]
      : []
  const band: Rectangle = { west: -w / 2, south: -d * 0.36 - 1.5, east: w / 2, north: -d * 0.36 + 1.5 }
  const lawns: Rectangle[] = [whole(room, 0.5)]
  return {
    ...none,
    kind: 'park',
    lawns,
    paved: [band, { west: -w * 0.4 - 1.5, south: -d / 2, east: -w * 0.4 + 1.5, north: d / 2 }],
    water: pond,
    trees: scatter(room, 46, whole(room, 2)),
  }
}

/** An ellipse with two harmonics, counter-clockwise. */
function ring(x: number, y: number, rx: number, ry: number, corners: number, phase: number): Corner[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI
    const swell = 1 + 0.09 * Math.sin(2 * angle + phase) + 0.05 * Math.cos(3 * angle + phase)
    return [x + rx * swell * Math.cos(angle), y + ry * swell * Math.sin(angle)]
  })
}

type Planted = BlockContents['trees'][number]

function scatter(room: Room, count: number, area: Rectangle): Planted[] {
  const { random } = room
  const trees: Planted[] = []
  for (let attempt = 0; attempt < count * 6 && trees.length < count; attempt++) {
    const [x, y] = [random.between(area.west, area.east), random.between(area.south, area.north)]
    const heightM = random.between(5.5, 11)
    const species = random.pick<Planted['species']>(['broadleaf', 'broadleaf', 'broadleaf', 'conifer'])
    if (trees.every((t) => Math.hypot(t.x - x, t.y - y) > 5)) trees.push({ x, y, heightM, species })
  }
  return trees
}

function rowsOfTrees({ widthM, depthM }: Room, everyM: number, species: Planted['species']): Planted[] {
  return [-depthM / 2 + 4, depthM / 2 - 4].flatMap((y) =>
    along(-widthM / 2 + 5, widthM / 2 - 5, everyM).map((x) => ({ x, y, heightM: 6.5, species })),
  )
}

function edgeTrees({ widthM, depthM }: Room, everyM: number, species: Planted['species']): Planted[] {
  return along(-widthM / 2 + 3, widthM / 2 - 3, everyM).map((x) => ({ x, y: depthM / 2 - 3, heightM: 8, species }))
}

function along(from: number, to: number, everyM: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((to - from) / everyM) + 1) }, (_, i) => from + i * everyM)
}

const fill: Readonly<Record<BlockKind, (room: Room) => BlockContents>> = {
  towers,
  offices,
  labs,
  civic,
  slabs,
  points,
  houses,
  industry,
  logistics,
  energy,
  carpark,
  park,
}

/** Trees keep clear of buildings, ponds and bays. */
export function fillBlock(kind: BlockKind, room: Room): BlockContents {
  const contents = fill[kind](room)
  const clear = contents.trees.filter(
    (tree) =>
      contents.lots.every(
        (l) => Math.abs(tree.x - l.x) > turned(l)[0] / 2 + 2.4 || Math.abs(tree.y - l.y) > turned(l)[1] / 2 + 2.4,
      ) &&
      contents.bays.every(
        (b) => Math.abs(tree.y - b.y) > 4.5 || Math.abs(tree.x - b.x) > b.bays * (b.truck ? 2 : 1.25) + 2,
      ) &&
      contents.water.every((w) => w.every(([x, y]) => Math.hypot(tree.x - x, tree.y - y) > 2.5) && !within(tree, w)),
  )
  return { ...contents, trees: clear }
}

function turned(l: Lot): readonly [number, number] {
  return l.turnDeg % 180 === 0 ? [l.widthM, l.depthM] : [l.depthM, l.widthM]
}

function within(tree: Planted, polygon: readonly Corner[]): boolean {
  const xs = polygon.map(([x]) => x)
  const ys = polygon.map(([, y]) => y)
  return tree.x > Math.min(...xs) && tree.x < Math.max(...xs) && tree.y > Math.min(...ys) && tree.y < Math.max(...ys)
}
