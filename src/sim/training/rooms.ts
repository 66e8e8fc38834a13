import type { Random } from '../../platform/random.ts'
import type { ZoneParams } from '../physics/zone-air.ts'

/** Room kinds that the environment model meets. */
export const roomKinds = ['office', 'meeting', 'lab', 'canteen', 'kitchen', 'storage', 'lobby', 'plant'] as const
export type RoomKind = (typeof roomKinds)[number]

export interface Room {
  readonly kind: RoomKind
  readonly params: ZoneParams
  readonly glassM2: number
  readonly capacity: number
  readonly freshM3ps: number
  readonly fanM3ps: number
  /** Equipment when in use and at rest, W. */
  readonly plugW: number
  readonly restW: number
  readonly lightLx: number
}

const people100M2: Record<RoomKind, readonly [number, number]> = {
  office: [5, 11],
  meeting: [10, 30],
  lab: [3, 8],
  canteen: [15, 45],
  kitchen: [4, 9],
  storage: [0.3, 1.5],
  lobby: [2, 6],
  plant: [0.3, 1.5],
}

const plugWpM2: Record<RoomKind, readonly [number, number]> = {
  office: [6, 14],
  meeting: [3, 8],
  lab: [15, 40],
  canteen: [2, 6],
  kitchen: [40, 90],
  storage: [1, 4],
  lobby: [2, 5],
  plant: [10, 30],
}

export function randomRoom(random: Random, kind: RoomKind = random.pick(roomKinds)): Room {
  const areaM2 = Math.exp(random.between(Math.log(25), Math.log(520)))
  const heightM = random.between(2.7, kind === 'storage' ? 8 : 4.4)
  const volumeM3 = areaM2 * heightM
  const people = (areaM2 / 100) * random.between(...people100M2[kind])
  const facadeM2 = Math.sqrt(areaM2) * heightM * random.between(0.6, 2.2)
  const glassM2 = facadeM2 * random.between(0.05, 0.6)
  const plugW = areaM2 * random.between(...plugWpM2[kind])
  return {
    kind,
    glassM2,
    capacity: Math.max(1, Math.round(people)),
    freshM3ps: (people * random.between(18, 38)) / 3600 + (areaM2 * random.between(0.2, 0.9)) / 3600,
    fanM3ps: (volumeM3 * random.between(2, 6)) / 3600,
    plugW,
    restW: plugW * random.between(0.05, 0.4),
    lightLx: random.between(220, 620),
    params: {
      areaM2,
      volumeM3,
      airJpK: volumeM3 * 1206 * random.between(2.5, 5),
      massJpK: areaM2 * random.between(90_000, 260_000),
      massCouplingWpK: areaM2 * random.between(5, 12),
      envelopeWpK: glassM2 * random.between(1.6, 2.8) + (facadeM2 - glassM2) * random.between(0.3, 0.8),
      infiltrationM3ps: (volumeM3 * random.between(0.08, 0.5)) / 3600,
      coolW: areaM2 * random.between(90, 220),
      heatW: areaM2 * random.between(60, 130),
    },
  }
}
