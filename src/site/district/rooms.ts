/** Zones: the parts of every storey, and one open-air zone for each block. */
import type { LocalText } from '../../contract/messages.ts'
import type { IndoorZone } from '../compose/room-heads.ts'
import { type Corner, name, round2, type ZoneInput } from '../compose/shapes.ts'
import type { FilledBlock, Placed } from './place-buildings.ts'
import { blockRectangle } from './plan.ts'

const wallM = 0.35
const weekdays = [1, 2, 3, 4, 5]
const workingHours = { fromH: 7, toH: 20, days: weekdays }
const wings = [
  ['', ''],
  [' west', '西区'],
  [' east', '东区'],
] as const

type Kind = ZoneInput['kind']

/** Floor area per person at full use, m². */
const m2PerPerson: Partial<Record<Kind, number>> = {
  office: 16,
  lab: 26,
  canteen: 5,
  meeting: 8,
  home: 32,
  storage: 180,
  production: 60,
  lobby: 40,
}

export function blockZoneId(blockId: string): string {
  return `block-${blockId}`
}

export function roomsOf({ building, lot, parts, place }: Placed): IndoorZone[] {
  return building.storeys.flatMap((storey, level) =>
    parts.map((part, at): IndoorZone => {
      const kind = kindOf(lot.use, level, at)
      const [en, zh] = parts.length === 1 ? wings[0] : (wings[at + 1] ?? [` ${at + 1}`, `${at + 1} 区`])
      const areaM2 = (part.east - part.west) * (part.north - part.south)
      const conditioned = kind !== 'parking' && kind !== 'storage'
      const corners: readonly Corner[] = [
        [part.west + wallM, part.south + wallM],
        [part.east - wallM, part.south + wallM],
        [part.east - wallM, part.north - wallM],
        [part.west + wallM, part.north - wallM],
      ]
      const label = building.name as Exclude<LocalText, string>
      return {
        id: parts.length === 1 ? `${building.id}-${storey.id}` : `${building.id}-${storey.id}-${'abc'[at]}`,
        name: name(`${label.en} L${level + 1}${en}`, `${label.zh} ${level + 1} 层${zh}`),
        kind,
        building: building.id,
        storey: storey.id,
        polygon: corners.map(([x, y]) => place(x, y)),
        floorM: storey.baseM,
        heightM: round2(Math.max(2.4, storey.heightM - 0.5)),
        access: accessOf(kind),
        ...(kind === 'home' || kind === 'parking' ? {} : { hours: workingHours }),
        capacity: Math.round(areaM2 / (m2PerPerson[kind] ?? 60)),
        conditioned,
      }
    }),
  )
}

function kindOf(use: Placed['lot']['use'], level: number, part: number): Kind {
  switch (use) {
    case 'office':
      return level > 0 ? 'office' : part === 0 ? 'lobby' : 'meeting'
    case 'lab':
      return level === 0 && part > 0 ? 'storage' : 'lab'
    case 'canteen':
      return 'canteen'
    case 'warehouse':
      return 'storage'
    case 'carpark':
      return 'parking'
    case 'energy':
      return 'plant'
    case 'production':
      return 'production'
    case 'residential':
      return 'home'
    default:
      return 'office'
  }
}

function accessOf(kind: Kind): NonNullable<ZoneInput['access']> {
  if (kind === 'plant' || kind === 'storage') return 'restricted'
  return kind === 'lobby' || kind === 'canteen' || kind === 'parking' ? 'public' : 'staff'
}

const outdoorNames: Partial<Record<FilledBlock['contents']['kind'], readonly [en: string, zh: string]>> = {
  park: ['Park', '公园'],
  towers: ['Tower plaza', '塔楼广场'],
  civic: ['Forum', '中心广场'],
  carpark: ['Parking', '停车场'],
  industry: ['Works yard', '厂区场地'],
  logistics: ['Goods yard', '货运场'],
  energy: ['Utility yard', '能源站场地'],
}

const dockHours = { fromH: 6, toH: 22, days: [1, 2, 3, 4, 5, 6] }

/** The ground of a block inside its pavement. */
export function blockZone({ block, contents }: FilledBlock): ZoneInput {
  const [en, zh] = outdoorNames[contents.kind] ?? ['Block', '街区']
  const [x, y] = [block.widthM / 2 - 4.5, block.depthM / 2 - 4.5]
  const goods = contents.kind === 'logistics'
  return {
    id: blockZoneId(block.id),
    name: name(`${en} ${block.id.toUpperCase()}`, `${block.id.toUpperCase()} ${zh}`),
    kind: contents.kind === 'carpark' ? 'parking' : goods ? 'dock' : 'outdoor',
    polygon: blockRectangle(block, -x, -y, x, y),
    heightM: 3,
    access: goods ? 'restricted' : 'public',
    capacity: 20,
    ...(goods ? { hours: dockHours } : {}),
  }
}
