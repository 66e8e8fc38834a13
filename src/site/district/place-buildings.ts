/** Which block becomes what, and the buildings that follow, numbered from the middle outwards. */
import type { LocalText } from '../../contract/messages.ts'
import type { Random } from '../../platform/random.ts'
import { type BuildingInput, type Corner, name, round2 } from '../compose/shapes.ts'
import { type BlockContents, type BlockKind, fillBlock } from './block-contents.ts'
import { facadeOf, type Lot, massOf, type Rectangle, roofOf } from './massing.ts'
import { type Block, inBlock, layOutPlan, type Plan } from './plan.ts'

export const pavementM = 4.5

export interface FilledBlock {
  readonly block: Block
  readonly contents: BlockContents
}

export interface Placed {
  readonly building: BuildingInput
  readonly lot: Lot
  readonly block: Block
  readonly label: LocalText
  /** From the building's own frame (x, y of its middle, turned) to the site. */
  place(x: number, y: number): Corner
  readonly parts: readonly Rectangle[]
  readonly headingDeg: number
}

export interface Layout {
  readonly plan: Plan
  readonly blocks: readonly FilledBlock[]
  readonly buildings: readonly Placed[]
}

/** Grows the plan until the wished number of buildings has room; blocks left over at the rim are parks. */
export function layOut(buildings: number, random: Random): Layout {
  for (let blockCount = Math.max(4, Math.ceil(buildings / 4.2)); ; blockCount = Math.ceil(blockCount * 1.06)) {
    const plan = layOutPlan(blockCount, random.fork('plan'))
    const blocks = fillAll(plan, buildings, random)
    const placed = blocks.flatMap(({ block, contents }) => contents.lots.map((lot) => ({ block, lot })))
    if (placed.length < buildings) continue
    const style = random.fork('facades')
    const buildingsOf = placed.map(({ block, lot }, i) => place(block, lot, i + 1, style))
    return { plan, blocks, buildings: buildingsOf }
  }
}

function fillAll(plan: Plan, buildings: number, random: Random): FilledBlock[] {
  let left = buildings
  const inward = [...plan.blocks].sort((a, b) => a.rim - b.rim || a.row - b.row || a.column - b.column)
  const fixed = fixedKinds(inward)
  return inward.map((block, index) => {
    const own = random.fork(`block ${block.id}`)
    const kind = left <= 0 ? 'park' : (fixed.get(index) ?? kindOf(block, plan, own))
    const room = {
      widthM: block.widthM - 2 * pavementM,
      depthM: block.depthM - 2 * pavementM,
      rim: block.rim,
      random: own,
    }
    const contents = fillBlock(kind, room)
    const lots = contents.lots.slice(0, left)
    left -= lots.length
    return { block, contents: { ...contents, lots } }
  })
}

/** One park in the middle, and an energy centre and a car park for every two dozen blocks, whatever the dice say. */
function fixedKinds(blocks: readonly Block[]): Map<number, BlockKind> {
  const kinds = new Map<number, BlockKind>()
  if (blocks.length > 12) kinds.set(1, 'park')
  for (let at = 3; at < blocks.length; at += 22) kinds.set(at, 'energy')
  for (let at = 6; at < blocks.length; at += 13) kinds.set(at, 'carpark')
  return kinds
}

function kindOf({ rim, column }: Block, plan: Plan, random: Random): BlockKind {
  const east = column / Math.max(1, plan.columns.length - 2)
  const dice = random.next()
  if (rim < 0.34) return dice < 0.55 ? 'towers' : dice < 0.85 ? 'offices' : 'civic'
  if (east > 0.72) return dice < 0.4 ? 'industry' : dice < 0.66 ? 'logistics' : dice < 0.88 ? 'labs' : 'park'
  if (rim < 0.8) return pickBelow(dice, inner)
  return pickBelow(dice, outer)
}

const inner = [
  [0.5, 'offices'],
  [0.64, 'labs'],
  [0.74, 'civic'],
  [0.83, 'points'],
  [0.92, 'slabs'],
  [1, 'park'],
] as const

const outer = [
  [0.2, 'slabs'],
  [0.38, 'houses'],
  [0.52, 'points'],
  [0.82, 'offices'],
  [0.9, 'labs'],
  [1, 'park'],
] as const

function pickBelow(dice: number, shares: readonly (readonly [upTo: number, kind: BlockKind])[]): BlockKind {
  return shares.find(([upTo]) => dice < upTo)?.[1] ?? 'park'
}

const useNames: Readonly<Record<Lot['use'], readonly [en: string, zh: string]>> = {
  office: ['Office', '办公楼'],
  lab: ['Laboratory', '实验楼'],
  canteen: ['Pavilion', '会馆'],
  warehouse: ['Warehouse', '仓库'],
  carpark: ['Car park', '停车楼'],
  energy: ['Energy centre', '能源站'],
  production: ['Works', '厂房'],
  gatehouse: ['Gatehouse', '门卫室'],
  residential: ['Residence', '住宅楼'],
}

function place(block: Block, lot: Lot, number: number, style: Random): Placed {
  const { footprint, parts } = massOf(lot.shape, lot.widthM, lot.depthM)
  const rad = (lot.turnDeg * Math.PI) / 180
  const [c, s] = [Math.round(Math.cos(rad)), Math.round(Math.sin(rad))]
  const toSite = (x: number, y: number): Corner => inBlock(block, lot.x + x * c + y * s, lot.y - x * s + y * c)
  const [en, zh] = lot.tower ? ['Tower', '塔楼'] : useNames[lot.use]
  const code = block.id.toUpperCase()
  const label = name(`${en} ${code}-${number}`, `${code} 区 ${number} 号${zh}`)
  return {
    lot,
    block,
    label,
    parts,
    place: toSite,
    headingDeg: block.headingDeg + lot.turnDeg,
    building: {
      id: `b${String(number).padStart(3, '0')}`,
      name: label,
      use: lot.use,
      footprint: footprint.map(([x, y]) => toSite(x, y)),
      storeys: Array.from({ length: lot.storeys }, (_, i) => ({
        id: `f${i + 1}`,
        name: name(`Level ${i + 1}`, `${i + 1} 层`),
        baseM: round2(i * round2(lot.storeyM)),
        heightM: round2(lot.storeyM),
      })),
      facade: facadeOf(lot, style),
      roof: roofOf(lot),
    },
  }
}
