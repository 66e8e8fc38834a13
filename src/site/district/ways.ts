/** Doors, cameras, and the ways between them: streets for wheels, pavements and crossings for feet. */
import { type CameraInput, type Corner, type GateInput, name, round2, type SiteInput } from '../compose/shapes.ts'
import { type FilledBlock, type Layout, type Placed, pavementM } from './place-buildings.ts'
import { inBlock } from './plan.ts'
import { blockZoneId } from './rooms.ts'

type Paths = NonNullable<SiteInput['paths']>
type Node = Paths['nodes'][number]
type Edge = Paths['edges'][number]

const doorWidthM = 2.2

/** Outside, inside and the door leaf itself: in the wall that looks at the street, not into a court. */
function doorOf({ lot, place, building, parts }: Placed) {
  const part = parts[0] ?? { west: -1, east: 1, south: -lot.depthM / 2, north: 0 }
  const back = lot.shape === 'ell' || lot.shape === 'horseshoe'
  const y = back ? part.north : part.south
  const out = back ? 2 : -2
  const x = (part.west + part.east) / 2
  return {
    id: `door-${building.id}`,
    from: place(x - doorWidthM / 2, y),
    to: place(x + doorWidthM / 2, y),
    middle: place(x, y),
    outside: place(x, y + out),
    inside: place(x, y - out),
  }
}

export function districtGates({ buildings }: Layout): GateInput[] {
  return buildings.map((placed) => {
    const { id, from, to } = doorOf(placed)
    return { id, kind: 'door', from, to, heightM: 2.4, opensInMs: 1500 }
  })
}

export function doorPlace(placed: Placed): Corner {
  return doorOf(placed).middle
}

type Side = 'south' | 'east' | 'north' | 'west'
const sides: readonly Side[] = ['south', 'east', 'north', 'west']

interface Tap {
  readonly side: Side
  /** Along the side, counter-clockwise, in the block's frame. */
  readonly along: number
  readonly node: string
}

export function districtPaths(layout: Layout): Paths {
  const nodes: Node[] = []
  const edges: Edge[] = []
  addStreets(layout, nodes, edges)
  for (const filled of layout.blocks) addBlock(layout, filled, nodes, edges)
  addCrossings(layout, edges)
  return { nodes, edges }
}

/** Crossroads `x-column-row`, and a stop halfway along every block's southern street. */
function addStreets({ plan, blocks }: Layout, nodes: Node[], edges: Edge[]): void {
  const atLot = new Set(blocks.filter((b) => b.contents.bays.length > 0).map((b) => `${b.block.column}-${b.block.row}`))
  for (const [column, { atM: u }] of plan.columns.entries())
    for (const [row, { atM: v }] of plan.rows.entries()) {
      nodes.push({ id: `x-${column}-${row}`, at: plan.place(u, v) })
      if (row > 0) edges.push({ a: `x-${column}-${row - 1}`, b: `x-${column}-${row}`, kind: 'drive' })
      const west = plan.columns[column - 1]
      if (!west) continue
      const cell = `${column - 1}-${row}`
      const middle = `m-${cell}`
      nodes.push({ id: middle, at: plan.place((west.atM + u) / 2, v) })
      edges.push({ a: `x-${cell}`, b: middle, kind: 'drive' }, { a: middle, b: `x-${column}-${row}`, kind: 'drive' })
      if (!atLot.has(cell)) continue
      edges.push({ a: middle, b: `lot-${cell}`, kind: 'drive' })
    }
}

/** A pavement around the block with a turn-off to every door. */
function addBlock(layout: Layout, filled: FilledBlock, nodes: Node[], edges: Edge[]): void {
  const { block, contents } = filled
  const [x, y] = [block.widthM / 2 - pavementM / 2, block.depthM / 2 - pavementM / 2]
  const corner: Readonly<Record<Side, Corner>> = { south: [-x, -y], east: [x, -y], north: [x, y], west: [-x, y] }
  for (const side of sides) nodes.push({ id: cornerId(block.id, side), at: inBlock(block, ...corner[side]) })
  const taps: Tap[] = layout.buildings
    .filter((b) => b.block === block)
    .map((placed) => addDoor(filled, placed, x, y, nodes, edges))
  if (contents.bays.length > 0) taps.push(addLot(filled, y, nodes, edges))
  for (const [i, side] of sides.entries()) {
    const chain = [
      cornerId(block.id, side),
      ...taps
        .filter((tap) => tap.side === side)
        .sort((a, b) => a.along - b.along)
        .map((tap) => tap.node),
      cornerId(block.id, sides[(i + 1) % 4] as Side),
    ]
    for (const [at, b] of chain.slice(1).entries()) edges.push({ a: chain[at] ?? b, b, kind: 'walk' })
  }
}

function cornerId(block: string, side: Side): string {
  return `${block}-${side}`
}

/** The door, inside and out, and the nearest place on the pavement. */
function addDoor({ block }: FilledBlock, placed: Placed, x: number, y: number, nodes: Node[], edges: Edge[]): Tap {
  const { building } = placed
  const { id, outside, inside } = doorOf(placed)
  const first = building.storeys[0]?.id ?? 'f1'
  const zone = placed.parts.length === 1 ? `${building.id}-${first}` : `${building.id}-${first}-a`
  nodes.push({ id: `out-${building.id}`, at: outside }, { id: `in-${building.id}`, at: inside, zone })
  edges.push({ a: `out-${building.id}`, b: `in-${building.id}`, kind: 'walk', gate: id })
  const [ox, oy] = toBlock(block.middle, block.headingDeg, outside)
  const reach: Readonly<Record<Side, number>> = { south: oy + y, east: x - ox, north: y - oy, west: ox + x }
  const side = sides.reduce((best, s) => (reach[s] < reach[best] ? s : best), 'south' as Side)
  const at: Corner = side === 'south' ? [ox, -y] : side === 'north' ? [ox, y] : side === 'east' ? [x, oy] : [-x, oy]
  const node = `walk-${building.id}`
  nodes.push({ id: node, at: inBlock(block, ...at) })
  edges.push({ a: node, b: `out-${building.id}`, kind: 'walk' })
  return { side, along: side === 'south' ? ox : side === 'north' ? -ox : side === 'east' ? oy : -oy, node }
}

/** Where cars turn in and their drivers get out. */
function addLot({ block, contents }: FilledBlock, y: number, nodes: Node[], edges: Edge[]): Tap {
  const id = `lot-${block.column}-${block.row}`
  const first = contents.bays[0] ?? { x: 0, y: 0 }
  nodes.push({ id, at: inBlock(block, 0, round2(Math.min(first.y + 6, -y + 16))) })
  const node = `walk-${id}`
  nodes.push({ id: node, at: inBlock(block, 0, -y) })
  edges.push({ a: id, b: node, kind: 'both' })
  return { side: 'south', along: 0, node }
}

function toBlock(middle: Corner, headingDeg: number, [east, north]: Corner): Corner {
  const rad = (headingDeg * Math.PI) / 180
  const [dx, dy] = [east - middle[0], north - middle[1]]
  return [dx * Math.cos(rad) - dy * Math.sin(rad), dx * Math.sin(rad) + dy * Math.cos(rad)]
}

/** Zebra crossings at the corners; over the river they are bridges. */
function addCrossings({ plan, blocks }: Layout, edges: Edge[]): void {
  const at = new Map(blocks.map(({ block }) => [`${block.column}-${block.row}`, block.id]))
  for (const { block } of blocks) {
    const east = at.get(`${block.column + 1}-${block.row}`)
    const above = block.row + 1 === plan.riverRow ? block.row + 2 : block.row + 1
    const north = at.get(`${block.column}-${above}`)
    if (east !== undefined)
      edges.push(
        { a: cornerId(block.id, 'east'), b: cornerId(east, 'south'), kind: 'walk' },
        { a: cornerId(block.id, 'north'), b: cornerId(east, 'west'), kind: 'walk' },
      )
    if (north !== undefined)
      edges.push(
        { a: cornerId(block.id, 'west'), b: cornerId(north, 'south'), kind: 'walk' },
        { a: cornerId(block.id, 'north'), b: cornerId(north, 'east'), kind: 'walk' },
      )
  }
}

const lens = { widthPx: 320, heightPx: 192, hfovDeg: 70 }

/** Cameras on masts at the corners of the busiest blocks, looking into them. */
export function districtCameras({ blocks }: Layout, count: number): CameraInput[] {
  const order = [...blocks].sort((a, b) => interest(b) - interest(a) || a.block.rim - b.block.rim)
  return order.slice(0, count).map(({ block }, i) => {
    const [x, y] = [block.widthM / 2 - 1.2, block.depthM / 2 - 1.2]
    const code = block.id.toUpperCase()
    return {
      id: `cam-${block.id}`,
      name: name(`Camera ${code}`, `${code} 摄像机`),
      at: [...inBlock(block, -x, -y), 6],
      headingDeg: round2((block.headingDeg + 45 + 360) % 360),
      pitchDeg: -17,
      lens,
      // a few at a rate for tracking, the rest to look in now and then
      fps: i < 3 ? 5 : 0.5,
      zones: [blockZoneId(block.id)],
    }
  })
}

function interest({ contents }: FilledBlock): number {
  return { logistics: 5, industry: 4, carpark: 3, energy: 3, towers: 2, civic: 2 }[contents.kind as 'logistics'] ?? 0
}
