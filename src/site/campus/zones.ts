import type { LocalText } from '../../contract/messages.ts'
import { type Box, box, corners, name, type ZoneInput } from '../compose/shapes.ts'
import { type BuildingId, footprints, storeyHeightM } from './buildings.ts'

const weekdays = [1, 2, 3, 4, 5]
const workingHours = { fromH: 7, toH: 20, days: weekdays }

interface Room {
  readonly id: string
  readonly name: LocalText
  readonly kind: ZoneInput['kind']
  readonly storey: number
  /** Share of the footprint, 0…1 along east then north. */
  readonly span: readonly [west: number, south: number, east: number, north: number]
  readonly capacity: number
  readonly access?: ZoneInput['access']
  readonly conditioned?: boolean
}

const wallM = 0.3

function roomBox(building: BuildingId, span: Room['span']): Box {
  const { west, south, east, north } = footprints[building]
  const width = east - west
  const depth = north - south
  return box(
    west + span[0] * width + wallM,
    south + span[1] * depth + wallM,
    west + span[2] * width - wallM,
    south + span[3] * depth - wallM,
  )
}

function indoor(building: BuildingId, rooms: readonly Room[]): ZoneInput[] {
  return rooms.map((room) => ({
    id: room.id,
    name: room.name,
    kind: room.kind,
    building,
    storey: `f${room.storey}`,
    polygon: corners(roomBox(building, room.span)).map(([e, n]) => [round1(e), round1(n)]),
    floorM: (room.storey - 1) * storeyHeightM[building],
    heightM: storeyHeightM[building] - 0.6,
    access: room.access ?? 'staff',
    hours: workingHours,
    capacity: room.capacity,
    conditioned: room.conditioned ?? true,
  }))
}

function round1(value: number): number {
  return Math.round(value * 10) / 10
}

const ends = ['west', 'east'] as const
const endName = { west: ['west', '西区'], east: ['east', '东区'] } as const

function officeA(): Room[] {
  const upper = [2, 3, 4, 5].flatMap((storey) =>
    ends.map(
      (end): Room => ({
        id: `a${storey}-${end}`,
        name: name(`A${storey} ${endName[end][0]}`, `A 座 ${storey} 层${endName[end][1]}`),
        kind: 'office',
        storey,
        span: end === 'west' ? [0, 0, 0.5, 1] : [0.5, 0, 1, 1],
        capacity: 26,
      }),
    ),
  )
  return [
    { id: 'a1-lobby', name: name('A lobby', 'A 座大堂'), kind: 'lobby', storey: 1, span: [0.6, 0, 1, 1], capacity: 12 },
    {
      id: 'a1-meeting',
      name: name('A meeting rooms', 'A 座会议区'),
      kind: 'meeting',
      storey: 1,
      span: [0.2, 0, 0.6, 1],
      capacity: 24,
    },
    {
      id: 'a1-server',
      name: name('Server room', '机房'),
      kind: 'server',
      storey: 1,
      span: [0, 0, 0.2, 1],
      capacity: 2,
      access: 'restricted',
    },
    ...upper,
  ]
}

function officeB(): Room[] {
  const upper = [2, 3, 4].flatMap((storey): Room[] => [
    {
      id: `b${storey}-south`,
      name: name(`B${storey} south`, `B 座 ${storey} 层南区`),
      kind: 'office',
      storey,
      span: [0, 0, 1, 0.5],
      capacity: 24,
    },
    {
      id: `b${storey}-north`,
      name: name(`B${storey} north`, `B 座 ${storey} 层北区`),
      kind: 'office',
      storey,
      span: [0, 0.5, 1, 1],
      capacity: 24,
    },
  ])
  return [
    { id: 'b1-lobby', name: name('B lobby', 'B 座大堂'), kind: 'lobby', storey: 1, span: [0, 0, 1, 0.4], capacity: 10 },
    {
      id: 'b1-training',
      name: name('Training centre', '培训中心'),
      kind: 'meeting',
      storey: 1,
      span: [0, 0.4, 1, 1],
      capacity: 40,
    },
    ...upper,
  ]
}

const lab: Room[] = [
  {
    id: 'lab-chem',
    name: name('Chemistry lab', '化学实验室'),
    kind: 'lab',
    storey: 1,
    span: [0, 0, 0.4, 1],
    capacity: 10,
  },
  {
    id: 'lab-elec',
    name: name('Electronics lab', '电子实验室'),
    kind: 'lab',
    storey: 1,
    span: [0.4, 0, 0.75, 1],
    capacity: 12,
  },
  {
    id: 'lab-store',
    name: name('Sample store', '样品库'),
    kind: 'storage',
    storey: 1,
    span: [0.75, 0, 1, 1],
    capacity: 2,
    access: 'restricted',
  },
  { id: 'lab-bio', name: name('Bio lab', '生物实验室'), kind: 'lab', storey: 2, span: [0, 0, 0.6, 1], capacity: 12 },
  {
    id: 'lab-2-office',
    name: name('Lab offices 2', '实验楼 2 层办公'),
    kind: 'office',
    storey: 2,
    span: [0.6, 0, 1, 1],
    capacity: 16,
  },
  {
    id: 'lab-clean',
    name: name('Clean room', '洁净室'),
    kind: 'lab',
    storey: 3,
    span: [0, 0, 0.5, 1],
    capacity: 8,
    access: 'restricted',
  },
  {
    id: 'lab-3-office',
    name: name('Lab offices 3', '实验楼 3 层办公'),
    kind: 'office',
    storey: 3,
    span: [0.5, 0, 1, 1],
    capacity: 18,
  },
]

const others: Partial<Record<BuildingId, Room[]>> = {
  canteen: [
    {
      id: 'canteen-hall',
      name: name('Dining hall', '餐厅'),
      kind: 'canteen',
      storey: 1,
      span: [0, 0, 0.7, 1],
      capacity: 160,
      access: 'public',
    },
    { id: 'kitchen', name: name('Kitchen', '厨房'), kind: 'kitchen', storey: 1, span: [0.7, 0, 1, 1], capacity: 10 },
    {
      id: 'canteen-lounge',
      name: name('Coffee lounge', '咖啡厅'),
      kind: 'canteen',
      storey: 2,
      span: [0, 0, 1, 1],
      capacity: 40,
      access: 'public',
    },
  ],
  warehouse: [
    {
      id: 'wh-hall',
      name: name('Storage hall', '仓储大厅'),
      kind: 'storage',
      storey: 1,
      span: [0.25, 0, 1, 1],
      capacity: 8,
      conditioned: true,
    },
    {
      id: 'wh-office',
      name: name('Dispatch office', '调度室'),
      kind: 'office',
      storey: 1,
      span: [0, 0.3, 0.25, 0.7],
      capacity: 5,
    },
    {
      id: 'wh-cold',
      name: name('Cold store', '冷库'),
      kind: 'storage',
      storey: 1,
      span: [0, 0.7, 0.25, 1],
      capacity: 1,
      access: 'restricted',
    },
  ],
  carpark: [
    {
      id: 'carpark-deck',
      name: name('Car park', '停车场'),
      kind: 'parking',
      storey: 1,
      span: [0, 0, 1, 1],
      capacity: 20,
      conditioned: false,
    },
  ],
  energy: [
    {
      id: 'plant-cooling',
      name: name('Cooling plant', '制冷站'),
      kind: 'plant',
      storey: 1,
      span: [0, 0, 0.6, 1],
      capacity: 2,
      access: 'restricted',
      conditioned: false,
    },
    {
      id: 'plant-electrical',
      name: name('Switch and battery room', '配电与储能间'),
      kind: 'plant',
      storey: 1,
      span: [0.6, 0, 1, 1],
      capacity: 1,
      access: 'restricted',
      conditioned: true,
    },
  ],
  gatehouse: [
    {
      id: 'guard-room',
      name: name('Guard room', '门卫值班室'),
      kind: 'office',
      storey: 1,
      span: [0, 0, 1, 1],
      capacity: 2,
    },
  ],
}

/** Open-air areas. The dock apron lies at the warehouse's north wall, wholly in view of `cam-dock`. */
export const outdoorBoxes = {
  dock: box(80, -6, 94, 4),
  yard: box(68, 4, 106, 44),
  plaza: box(-38, -42, 8, -4),
  garden: box(-24, -2, 22, 44),
  'gate-main': box(-24, -80, -4, -60),
  'visitor-parking': box(-81, -57, -39, -51.5),
  'north-grove': box(-104, 54, 104, 78),
} as const satisfies Record<string, Box>

function outdoor(
  id: keyof typeof outdoorBoxes,
  label: LocalText,
  access: NonNullable<ZoneInput['access']>,
  more: Partial<ZoneInput> = {},
): ZoneInput {
  return { id, name: label, kind: 'outdoor', polygon: corners(outdoorBoxes[id]), access, heightM: 3, ...more }
}

function outdoors(): ZoneInput[] {
  const dockHours = { fromH: 6, toH: 22, days: [1, 2, 3, 4, 5, 6] }
  return [
    outdoor('dock', name('Loading dock', '装卸月台'), 'restricted', { kind: 'dock', hours: dockHours, capacity: 6 }),
    outdoor('yard', name('Goods yard', '货运场'), 'restricted', { hours: dockHours, capacity: 8 }),
    outdoor('plaza', name('Plaza', '中心广场'), 'public', { capacity: 60 }),
    outdoor('garden', name('Pond garden', '水景花园'), 'public', { capacity: 30 }),
    outdoor('gate-main', name('Main gate', '主入口'), 'public', { capacity: 10 }),
    outdoor('visitor-parking', name('Visitor parking', '访客车位'), 'public', { kind: 'parking', capacity: 10 }),
    outdoor('north-grove', name('North grove', '北侧林地'), 'public', { capacity: 10 }),
  ]
}

export function campusZones(): ZoneInput[] {
  return [
    ...indoor('office-a', officeA()),
    ...indoor('office-b', officeB()),
    ...indoor('lab', lab),
    ...(['canteen', 'warehouse', 'carpark', 'energy', 'gatehouse'] as const).flatMap((id) =>
      indoor(id, others[id] ?? []),
    ),
    ...outdoors(),
  ]
}
