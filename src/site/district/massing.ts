/** Building shapes: a footprint and the rectangles that its rooms are cut from, in the building's own frame. */
import type { Random } from '../../platform/random.ts'
import type { BuildingInput, Corner } from '../compose/shapes.ts'

export type Shape = 'bar' | 'ell' | 'horseshoe' | 'chamfered'

export interface Rectangle {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface Mass {
  readonly footprint: readonly Corner[]
  readonly parts: readonly Rectangle[]
}

/** What stands on a lot, in its block's frame: x east and y north of the block's middle. */
export interface Lot {
  readonly x: number
  readonly y: number
  readonly widthM: number
  readonly depthM: number
  /** Quarter turns; the shape's open side and the door look that way. 0 looks south. */
  readonly turnDeg: 0 | 90 | 180 | 270
  readonly shape: Shape
  readonly use: BuildingInput['use']
  readonly storeys: number
  readonly storeyM: number
  readonly tower: boolean
}

export function massOf(shape: Shape, widthM: number, depthM: number): Mass {
  const [x, y] = [widthM / 2, depthM / 2]
  const whole: Rectangle = { west: -x, south: -y, east: x, north: y }
  const wing = Math.min(15, Math.max(9, depthM * 0.38), widthM * 0.38)
  switch (shape) {
    case 'ell':
      return {
        footprint: [
          [-x, -y],
          [-x + wing, -y],
          [-x + wing, y - wing],
          [x, y - wing],
          [x, y],
          [-x, y],
        ],
        parts: [
          { west: -x, south: y - wing, east: x, north: y },
          { west: -x, south: -y, east: -x + wing, north: y - wing },
        ],
      }
    case 'horseshoe':
      return {
        footprint: [
          [-x, -y],
          [-x + wing, -y],
          [-x + wing, y - wing],
          [x - wing, y - wing],
          [x - wing, -y],
          [x, -y],
          [x, y],
          [-x, y],
        ],
        parts: [
          { west: -x, south: y - wing, east: x, north: y },
          { west: -x, south: -y, east: -x + wing, north: y - wing },
          { west: x - wing, south: -y, east: x, north: y - wing },
        ],
      }
    case 'chamfered': {
      const cut = Math.min(widthM, depthM) * 0.16
      return {
        footprint: [
          [-x + cut, -y],
          [x - cut, -y],
          [x, -y + cut],
          [x, y - cut],
          [x - cut, y],
          [-x + cut, y],
          [-x, y - cut],
          [-x, -y + cut],
        ],
        parts: [{ west: -x + cut, south: -y + cut, east: x - cut, north: y - cut }],
      }
    }
    default:
      return {
        footprint: [
          [-x, -y],
          [x, -y],
          [x, y],
          [-x, y],
        ],
        parts: widthM > 62 ? halves(whole) : [whole],
      }
  }
}

function halves({ west, south, east, north }: Rectangle): Rectangle[] {
  const middle = (west + east) / 2
  return [
    { west, south, east: middle, north },
    { west: middle, south, east, north },
  ]
}

type Facade = NonNullable<BuildingInput['facade']>
type Style = NonNullable<Facade['style']>

const looks: Readonly<Record<BuildingInput['use'], readonly (readonly [Style, string, number])[]>> = {
  office: [
    ['curtain', '#8fa7b8', 0.72],
    ['ribbon', '#d9d4c8', 0.5],
    ['punched', '#c9c3b6', 0.42],
    ['curtain', '#a3b5ad', 0.66],
    ['ribbon', '#b9bdbf', 0.52],
  ],
  lab: [
    ['punched', '#c3c9cc', 0.36],
    ['ribbon', '#aeb7b6', 0.46],
  ],
  canteen: [
    ['ribbon', '#c9a27a', 0.55],
    ['curtain', '#b8ad9a', 0.6],
  ],
  warehouse: [['panel', '#9aa3a8', 0.05]],
  production: [
    ['panel', '#8b979d', 0.1],
    ['panel', '#a59c8c', 0.12],
  ],
  carpark: [['open', '#6f7a80', 0]],
  energy: [['panel', '#7f8f86', 0.1]],
  gatehouse: [['curtain', '#8fa7b8', 0.6]],
  residential: [
    ['punched', '#cbb9a2', 0.28],
    ['punched', '#b98f74', 0.26],
    ['punched', '#d6d0c4', 0.3],
    ['ribbon', '#c4bba9', 0.36],
    ['punched', '#a9a79d', 0.27],
  ],
}

export function facadeOf(lot: Lot, random: Random): Facade {
  const [first, ...rest] = looks[lot.use]
  const [style, color, glazing] = lot.tower
    ? (['curtain', random.pick(glass), 0.78] as const)
    : random.pick([first ?? plain, ...rest])
  return { style, color, glazing }
}

const glass = ['#86a0b3', '#93a9a6', '#a2a9b5', '#7d97a8'] as const
const plain = ['punched', '#c9c3b6', 0.4] as const

export function roofOf(lot: Lot): NonNullable<BuildingInput['roof']> {
  if (lot.use === 'production' || lot.use === 'warehouse') return { style: 'sawtooth', parapetM: 0.4 }
  if (lot.use === 'residential' && lot.storeys <= 4) return { style: 'gable', parapetM: 0.2 }
  if (lot.use === 'carpark') return { style: 'flat', parapetM: 1 }
  return { style: 'flat', parapetM: lot.tower ? 1.6 : 1.1 }
}
