import { createRandom } from '../../platform/random.ts'
import { type Box, box, type Corner, corners, type GroundInput, isInside, round2 } from '../compose/shapes.ts'
import { pointInPolygon } from '../geometry.ts'
import { buildingIds, footprints } from './buildings.ts'

type Ground = GroundInput
type Road = NonNullable<Ground['roads']>[number]

const roads: Road[] = [
  {
    id: 'street',
    centreline: [
      [-150, -88],
      [150, -88],
    ],
    widthM: 9,
    lanes: 2,
  },
  {
    id: 'entry',
    centreline: [
      [-15, -83.5],
      [-15, -51.5],
    ],
    widthM: 9,
    lanes: 2,
  },
  {
    id: 'avenue',
    centreline: [
      [-98, -48],
      [62, -48],
    ],
    widthM: 7,
    lanes: 2,
  },
  {
    id: 'east-road',
    centreline: [
      [62, -48],
      [62, 50],
    ],
    widthM: 7,
    lanes: 2,
  },
  {
    id: 'north-road',
    centreline: [
      [62, 50],
      [-98, 50],
    ],
    widthM: 7,
    lanes: 2,
  },
  {
    id: 'west-road',
    centreline: [
      [-98, 50],
      [-98, -48],
    ],
    widthM: 7,
    lanes: 2,
  },
  {
    id: 'carpark-road',
    centreline: [
      [24, -51.5],
      [24, -66],
      [30, -66],
    ],
    widthM: 6.5,
    lanes: 2,
  },
  {
    id: 'dock-drive',
    centreline: [
      [65.5, 28],
      [70, 28],
    ],
    widthM: 8,
    lanes: 1,
    marked: false,
  },
]

const pavementBoxes: Record<string, Box> = {
  'street-walk-west': box(-110, -83.5, -19.5, -80.5),
  'street-walk-east': box(-10.5, -83.5, 110, -80.5),
  'entry-walk-west': box(-23, -80.5, -19.5, -51.5),
  'entry-walk-east': box(-10.5, -66, -8, -51.5),
  'gatehouse-apron': box(-8, -67, -2, -63),
  'avenue-walk-west': box(-94.5, -44.5, -38, -42),
  'avenue-walk-east': box(8, -44.5, 58.5, -42),
  'carpark-walk': box(27.25, -68, 29.9, -51.5),
  plaza: box(-38, -44.5, 8, -4),
  'office-b-walk': box(-64, -8, -38, -4),
  'office-b-forecourt': box(-66, -8, -60, 38),
  'canteen-terrace': box(-54, 9, -26, 18),
  'canteen-walk': box(-44, -4, -36, 9),
  'canteen-back': box(-54, 38, -26, 41),
  'lab-walk': box(22, -16, 26, 12),
  'energy-apron': box(22, 12, 56, 22),
  'energy-link': box(52, 22, 56, 40),
  'east-walk-west': box(56.2, -42, 58.5, 12),
  'warehouse-walk': box(65.5, -44.5, 68, -8),
  'warehouse-step': box(68, -25.5, 72, -22.5),
  dock: box(74, -6, 104, 4),
  yard: box(68.2, 4, 105.5, 44),
  'yard-west': box(68.2, -6, 74, 4),
  'north-walk': box(-60, 53.5, 58, 55.5),
}

/** A pond with a soft outline: an ellipse with two harmonics. */
function pond(): Corner[] {
  return Array.from({ length: 28 }, (_, i) => {
    const angle = (i / 28) * 2 * Math.PI
    const swell = 1 + 0.1 * Math.sin(2 * angle + 0.7) + 0.06 * Math.cos(3 * angle)
    return [round2(0 + 15.5 * swell * Math.cos(angle)), round2(17 + 10 * swell * Math.sin(angle))]
  })
}

const lawnBoxes: Record<string, Box> = {
  'south-west': box(-106, -79.5, -24, -58),
  'south-mid': box(-1, -79.5, 19, -52.5),
  'visitor-strip-west': box(-106, -58, -82, -52.5),
  'visitor-strip-east': box(-38, -58, -24, -52.5),
  'carpark-east': box(97, -79.5, 106, -52.5),
  'carpark-north': box(31, -55, 97, -52.5),
  'office-a-front': box(-94, -42, -40, -38.5),
  'office-a-back': box(-94, -19.5, -40, -8.5),
  'office-a-west': box(-94, -38, -85, -20),
  'office-b-west': box(-94, -8, -84.5, 46),
  'office-b-north': box(-84, 39, -55, 46),
  'quiet-lawn': box(-59.5, -3.5, -45, 8.5),
  garden: box(-35.5, -3.5, 21.5, 9),
  'garden-north': box(-25, 9, 21.5, 46),
  'lab-front': box(10, -41.5, 50, -38.5),
  'lab-east': box(51, -41, 56, -16),
  'lab-back': box(27, -15, 55.5, 11.5),
  'energy-north': box(26, 41, 58, 46),
  'warehouse-south': box(69, -51, 106, -41),
  'north-grove': box(-106, 56, 106, 79),
  'ring-east': box(66.5, 46, 106, 55.5),
}

type Tree = NonNullable<Ground['trees']>[number]
type Species = NonNullable<Tree['species']>

function row(from: Corner, to: Corner, everyM: number, heightM: number, species: Species): Tree[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  const count = Math.floor(length / everyM) + 1
  return Array.from({ length: count }, (_, i) => {
    const share = (i * everyM) / length
    return { at: [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share], heightM, species }
  })
}

/** Scattered trees in a box, no two closer than `apartM`. */
function grove(
  area: Box,
  count: number,
  apartM: number,
  seed: number,
  species: readonly [Species, ...Species[]],
): Tree[] {
  const random = createRandom(seed)
  const trees: Tree[] = []
  for (let attempt = 0; attempt < count * 20 && trees.length < count; attempt++) {
    const at: Corner = [random.between(area.west, area.east), random.between(area.south, area.north)]
    const heightM = random.between(5.5, 11)
    const kind = random.pick(species)
    if (trees.every((t) => Math.hypot(t.at[0] - at[0], t.at[1] - at[1]) > apartM))
      trees.push({ at, heightM, species: kind })
  }
  return trees
}

function plantedTrees(): Tree[] {
  return [
    ...row([-92, -40.5], [-42, -40.5], 8, 7.5, 'broadleaf'),
    ...row([12, -40], [50, -40], 7.6, 7, 'broadleaf'),
    ...row([-104, -54], [-84, -54], 7, 8, 'broadleaf'),
    ...row([-36, -54], [-26, -54], 7, 8, 'broadleaf'),
    ...row([0, -54.5], [19, -54.5], 7, 8, 'broadleaf'),
    ...row([33, -53.8], [96, -53.8], 9, 6, 'column'),
    ...row([-89, -36], [-89, 44], 8, 8.5, 'broadleaf'),
    ...row([-80, 43], [-56, 43], 8, 7, 'broadleaf'),
    ...row([-30, -37], [-30, -9], 7, 6.5, 'column'),
    ...row([0, -37], [0, -9], 7, 6.5, 'column'),
    ...row([-58, 1], [-48, 7], 6, 6, 'broadleaf'),
    ...row([53.5, -39], [53.5, -18], 7, 7, 'broadleaf'),
    ...row([28, 43.5], [57, 43.5], 7, 6.5, 'conifer'),
    ...row([101, -78], [101, -54], 8, 8, 'conifer'),
    ...row([70, -45], [104, -45], 8, 8, 'conifer'),
    ...row([-102, 76], [102, 76], 8.5, 10, 'conifer'),
    ...row([68, 50.5], [104, 50.5], 8, 7, 'conifer'),
    ...grove(box(-104, -78, -26, -59), 34, 5.5, 11, ['broadleaf', 'broadleaf', 'conifer']),
    ...grove(box(1, -78, 18, -58), 7, 5, 12, ['broadleaf']),
    ...grove(box(-104, 57, 104, 73), 78, 5.5, 13, ['broadleaf', 'broadleaf', 'conifer']),
    ...grove(box(-34, -3, 21, 46), 22, 5, 14, ['broadleaf', 'broadleaf', 'column']),
    ...grove(box(28, -14, 55, 11), 12, 6, 15, ['broadleaf']),
    ...grove(box(-83, -18, -42, -9), 9, 6, 16, ['broadleaf', 'column']),
  ]
}

function roadBoxes(): Box[] {
  return roads.flatMap((road) =>
    road.centreline.slice(1).map((to, i) => {
      const from = road.centreline[i] ?? to
      const half = road.widthM / 2
      return box(
        Math.min(from[0], to[0]) - half,
        Math.min(from[1], to[1]) - half,
        Math.max(from[0], to[0]) + half,
        Math.max(from[1], to[1]) + half,
      )
    }),
  )
}

/** Pavements that trees may stand in (in tree pits). */
const treePits = new Set(['plaza'])

function hasRoom({ at }: Tree, water: readonly Corner[]): boolean {
  const clearOfBuildings = buildingIds.every((id) => !isInside(footprints[id], at, 2.2))
  const clearOfRoads = roadBoxes().every((b) => !isInside(b, at, 0.9))
  const clearOfPavements = Object.entries(pavementBoxes).every(([id, b]) => treePits.has(id) || !isInside(b, at, 0.5))
  const clearOfWater =
    !pointInPolygon(at[0], at[1], water) && water.every(([e, n]) => Math.hypot(e - at[0], n - at[1]) > 1.8)
  const clearOfView = !isInside(box(-24, -80, -2, -52), at) && !isInside(box(-82, -58, -38, -51), at)
  return clearOfBuildings && clearOfRoads && clearOfPavements && clearOfWater && clearOfView
}

export const yardFenceGap = { east: 106, fromNorth: 1.6, toNorth: 3.4 } as const

function fences(): NonNullable<Ground['fences']> {
  const south = -80
  const gap = yardFenceGap
  return [
    {
      id: 'fence-south-west',
      line: [
        [-107, south],
        [-22.6, south],
      ],
      heightM: 1.8,
    },
    {
      id: 'fence-south-east',
      line: [
        [-10, south],
        [107, south],
      ],
      heightM: 1.8,
    },
    {
      id: 'fence-west',
      line: [
        [-107, south],
        [-107, 79.5],
      ],
      heightM: 1.8,
    },
    {
      id: 'fence-north',
      line: [
        [-107, 79.5],
        [107, 79.5],
      ],
      heightM: 1.8,
    },
    {
      id: 'fence-east-south',
      line: [
        [107, south],
        [107, -6],
        [gap.east, -6],
        [gap.east, gap.fromNorth],
      ],
      heightM: 2,
    },
    {
      id: 'fence-east-north',
      line: [
        [gap.east, gap.toNorth],
        [gap.east, 45],
        [107, 45],
        [107, 79.5],
      ],
      heightM: 2,
    },
    {
      id: 'fence-yard-south',
      line: [
        [68, -6],
        [72, -6],
      ],
      heightM: 2.2,
    },
    {
      id: 'fence-yard-west-south',
      line: [
        [68, -6],
        [68, 24],
      ],
      heightM: 2.2,
    },
    {
      id: 'fence-yard-west-north',
      line: [
        [68, 32],
        [68, 45],
      ],
      heightM: 2.2,
    },
    {
      id: 'fence-yard-north',
      line: [
        [68, 45],
        [106, 45],
      ],
      heightM: 2.2,
    },
  ]
}

/** Rows of bays. Each row's `at` is its middle; a parked car's nose points along `headingDeg`. */
const parking: NonNullable<Ground['parking']> = [
  { id: 'bays-ev', at: [63, -58.6], headingDeg: 0, bays: 25 },
  { id: 'bays-staff', at: [63, -73.4], headingDeg: 180, bays: 25 },
  { id: 'bays-visitor', at: [-60, -54.1], headingDeg: 180, bays: 16 },
  { id: 'bays-truck', at: [101.2, 34], headingDeg: 90, bays: 4, bayWidthM: 4, bayDepthM: 8.2 },
]

export function campusGround(): Ground {
  const water = pond()
  const trees = plantedTrees()
    .filter((tree) => hasRoom(tree, water))
    .map(({ at, heightM, species }): Tree => {
      const tree: Tree = { at: [round2(at[0]), round2(at[1])], heightM: round2(heightM ?? 7) }
      return species === undefined ? tree : { ...tree, species }
    })
  return {
    boundary: corners(box(-110, -80, 110, 80)),
    roads,
    pavements: Object.entries(pavementBoxes).map(([id, b]) => ({ id, polygon: corners(b) })),
    parking,
    lawns: Object.entries(lawnBoxes).map(([id, b]) => ({ id, polygon: corners(b) })),
    water: [{ id: 'pond', polygon: water }],
    trees,
    fences: fences(),
  }
}
