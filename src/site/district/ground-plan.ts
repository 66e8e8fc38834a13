/** Roads, pavements, lawns, the river, trees and bays on the site's ground. */
import type { Random } from '../../platform/random.ts'
import { type Corner, type GroundInput, polygonBox, round2 } from '../compose/shapes.ts'
import { type FilledBlock, type Layout, pavementM } from './place-buildings.ts'
import { blockRectangle, type GridLine, inBlock, type Plan, roadLanes, roadWidthM } from './plan.ts'

type Ground = GroundInput
type Tree = NonNullable<Ground['trees']>[number]
/** Curved streets are drawn by chords of this length. */
const chordM = 24

export function districtGround(layout: Layout, random: Random): Ground {
  const { plan, blocks } = layout
  const edge = rim(plan)
  return {
    boundary: boundaryOf(plan),
    roads: roadsOf(plan),
    pavements: blocks.flatMap(pavementsOf),
    parking: blocks.flatMap(baysOf),
    lawns: [...blocks.flatMap(lawnsOf), ...embankments(plan), ...edge.lawns],
    water: [...blocks.flatMap(pondsOf), ...riverOf(plan)],
    trees: [...blocks.flatMap(treesOf), ...riverTrees(plan, random.fork('river')), ...edge.trees(random.fork('rim'))],
  }
}

const rimM = 34

function boundaryOf(plan: Plan): Corner[] {
  const box = polygonBox(outline(plan, rimM))
  return [
    [box.west, box.south],
    [box.east, box.south],
    [box.east, box.north],
    [box.west, box.north],
  ]
}

function outline(plan: Plan, beyondM: number): Corner[] {
  const { west, east, south, north } = extent(plan)
  const lower = arc(plan, south - beyondM, west - beyondM, east + beyondM)
  const upper = arc(plan, north + beyondM, west - beyondM, east + beyondM)
  return [...lower, ...upper.reverse()]
}

function extent(plan: Plan) {
  return {
    west: (plan.columns[0] as GridLine).atM,
    east: (plan.columns.at(-1) as GridLine).atM,
    south: (plan.rows[0] as GridLine).atM,
    north: (plan.rows.at(-1) as GridLine).atM,
  }
}

function arc(plan: Plan, v: number, fromU: number, toU: number, stepM = chordM): Corner[] {
  const steps = Math.max(1, Math.round((toU - fromU) / stepM))
  return Array.from({ length: steps + 1 }, (_, i) => plan.place(fromU + ((toU - fromU) * i) / steps, v))
}

function roadsOf(plan: Plan): NonNullable<Ground['roads']> {
  const { west, east, south, north } = extent(plan)
  const shape = ({ rank }: GridLine) => ({ widthM: roadWidthM[rank], lanes: roadLanes[rank] })
  const across = plan.rows.map((line, i) => ({
    id: `street-${i + 1}`,
    centreline: arc(plan, line.atM, west, east),
    ...shape(line),
  }))
  const up = plan.columns.map((line, i) => ({
    id: `avenue-${i + 1}`,
    centreline: [plan.place(line.atM, south), plan.place(line.atM, north)],
    ...shape(line),
  }))
  return [...across, ...up]
}

/** A ring of pavement around the block, then what is paved inside. */
function pavementsOf({ block, contents }: FilledBlock): NonNullable<Ground['pavements']> {
  const [x, y] = [block.widthM / 2, block.depthM / 2]
  const inner = { x: x - pavementM, y: y - pavementM }
  const ring = [
    blockRectangle(block, -x, -y, x, -inner.y),
    blockRectangle(block, -x, inner.y, x, y),
    blockRectangle(block, -x, -inner.y, -inner.x, inner.y),
    blockRectangle(block, inner.x, -inner.y, x, inner.y),
  ]
  const paved = contents.paved.map((r) => blockRectangle(block, r.west, r.south, r.east, r.north))
  return [...ring, ...paved].map((polygon, i) => ({ id: `pavement-${block.id}-${i + 1}`, polygon }))
}

function lawnsOf({ block, contents }: FilledBlock): NonNullable<Ground['lawns']> {
  return contents.lawns.map((r, i) => ({
    id: `lawn-${block.id}-${i + 1}`,
    polygon: blockRectangle(block, r.west, r.south, r.east, r.north),
  }))
}

function pondsOf({ block, contents }: FilledBlock): NonNullable<Ground['water']> {
  return contents.water.map((polygon, i) => ({
    id: `pond-${block.id}-${i + 1}`,
    polygon: polygon.map(([x, y]) => inBlock(block, x, y)),
  }))
}

function treesOf({ block, contents }: FilledBlock): Tree[] {
  return contents.trees.map(({ x, y, heightM, species }) => ({
    at: inBlock(block, x, y),
    heightM: round2(heightM),
    species,
  }))
}

function baysOf({ block, contents }: FilledBlock): NonNullable<Ground['parking']> {
  return contents.bays.map(({ x, y, headingDeg, bays, truck }, i) => ({
    id: `bays-${truck ? 'truck-' : ''}${block.id}-${i + 1}`,
    at: inBlock(block, x, y),
    headingDeg: round2((block.headingDeg + headingDeg + 360) % 360),
    bays,
    ...(truck ? { bayWidthM: 4, bayDepthM: 9 } : {}),
  }))
}

/** Stretches of the river between the roads that cross it, from bank to bank. */
function reaches(
  plan: Plan,
): { readonly from: number; readonly to: number; readonly south: number; readonly north: number }[] {
  const { riverRow } = plan
  if (riverRow === undefined) return []
  const [low, high] = [plan.rows[riverRow] as GridLine, plan.rows[riverRow + 1] as GridLine]
  const [south, north] = [low.atM + roadWidthM[low.rank] / 2, high.atM - roadWidthM[high.rank] / 2]
  return plan.columns.slice(0, -1).map((west, i) => {
    const east = plan.columns[i + 1] as GridLine
    return { from: west.atM + roadWidthM[west.rank] / 2, to: east.atM - roadWidthM[east.rank] / 2, south, north }
  })
}

const bankM = 9

function riverOf(plan: Plan): NonNullable<Ground['water']> {
  return reaches(plan).map(({ from, to, south, north }, i) => ({
    id: `river-${i + 1}`,
    polygon: band(plan, from, to, south + bankM, north - bankM),
  }))
}

function embankments(plan: Plan): NonNullable<Ground['lawns']> {
  return reaches(plan).flatMap(({ from, to, south, north }, i) => [
    { id: `bank-south-${i + 1}`, polygon: band(plan, from, to, south, south + bankM) },
    { id: `bank-north-${i + 1}`, polygon: band(plan, from, to, north - bankM, north) },
  ])
}

function band(plan: Plan, fromU: number, toU: number, south: number, north: number): Corner[] {
  return [...arc(plan, south, fromU, toU), ...arc(plan, north, fromU, toU).reverse()]
}

function riverTrees(plan: Plan, random: Random): Tree[] {
  return reaches(plan).flatMap(({ from, to, south, north }) =>
    [south + bankM / 2, north - bankM / 2].flatMap((v) =>
      Array.from(
        { length: Math.floor((to - from - 8) / 9.5) },
        (_, i): Tree => ({
          at: plan.place(from + 6 + i * 9.5 + random.between(-1, 1), v),
          heightM: round2(random.between(7, 10)),
          species: 'broadleaf',
        }),
      ),
    ),
  )
}

/** Between the bent green belt and the straight edges of the site. */
function meadows(
  plan: Plan,
  belt: { west: number; east: number; south: number; north: number },
): NonNullable<Ground['lawns']> {
  const box = polygonBox(boundaryOf(plan))
  const lower = arc(plan, belt.south, belt.west, belt.east)
  const upper = arc(plan, belt.north, belt.west, belt.east)
  // the arc touches the site's northern edge at its top
  const touches = ([, north]: Corner) => north > box.north - 0.05
  const [first, last] = [upper.findIndex(touches), upper.findLastIndex(touches)]
  const [sw, se] = [lower[0] as Corner, lower.at(-1) as Corner]
  const [nw, ne] = [upper[0] as Corner, upper.at(-1) as Corner]
  return [
    { id: 'meadow-south', polygon: [...lower].reverse() },
    { id: 'meadow-north-west', polygon: [[box.west, box.north], ...upper.slice(0, first + 1)] },
    { id: 'meadow-north-east', polygon: [...upper.slice(last), [box.east, box.north]] },
    { id: 'meadow-west', polygon: [[box.west, box.south], sw, nw] },
    { id: 'meadow-east', polygon: [[box.east, box.south], ne, se] },
  ]
}

/** A green belt around the ring road. */
function rim(plan: Plan) {
  const { west, east, south, north } = extent(plan)
  const off = 9
  const strips: readonly (readonly [number, number, number, number])[] = [
    [west - rimM, east + rimM, south - rimM, south - off],
    [west - rimM, east + rimM, north + off, north + rimM],
    [west - rimM, west - off, south - off, north + off],
    [east + off, east + rimM, south - off, north + off],
  ]
  return {
    lawns: [
      ...strips.map(([fromU, toU, low, high], i) => ({
        id: `green-belt-${i + 1}`,
        polygon: band(plan, fromU, toU, low, high),
      })),
      ...meadows(plan, { west: west - rimM, east: east + rimM, south: south - rimM, north: north + rimM }),
    ],
    trees: (random: Random): Tree[] =>
      strips.flatMap(([fromU, toU, low, high]) => {
        const count = Math.round(((toU - fromU) * (high - low)) / 210)
        return Array.from(
          { length: count },
          (): Tree => ({
            at: plan.place(random.between(fromU + 2, toU - 2), random.between(low + 3, high - 3)),
            heightM: round2(random.between(6, 12)),
            species: random.pick(['broadleaf', 'broadleaf', 'conifer']),
          }),
        )
      }),
  }
}
