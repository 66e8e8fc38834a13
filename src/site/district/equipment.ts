/** Devices of the district: meters, plant, solar, charging, lamps, doors, and what hangs in every room. */
import type { LocalText } from '../../contract/messages.ts'
import * as point from '../compose/points.ts'
import { both, type IndoorZone, roomHeads } from '../compose/room-heads.ts'
import {
  type Corner,
  type EquipmentInput,
  middle,
  name,
  polygonBox,
  round2,
  type ZoneInput,
} from '../compose/shapes.ts'
import type { Layout } from './place-buildings.ts'
import { inBlock } from './plan.ts'
import { buildingPlant, energyCentre, siteEquipment } from './plant.ts'
import { blockZoneId } from './rooms.ts'
import { doorPlace } from './ways.ts'

/** Everything but the rooms' own devices; those are cut to the wished number afterwards. */
export function fixedEquipment(layout: Layout, rooms: ReadonlyMap<string, readonly IndoorZone[]>): EquipmentInput[] {
  const centres = layout.buildings.filter((b) => b.lot.use === 'energy')
  const switchZone = rooms.get(centres[0]?.building.id ?? layout.buildings[0]?.building.id ?? '')?.[0]
  return [
    ...siteEquipment(layout, switchZone),
    ...centres.flatMap((placed, i) => energyCentre(placed, i, rooms.get(placed.building.id)?.[0])),
    ...layout.buildings.flatMap((placed) => buildingPlant(placed, rooms.get(placed.building.id) ?? [])),
    ...layout.buildings.map((placed) => door(placed.building.id, placed.label, doorPlace(placed))),
    ...chargers(layout),
    ...streetLamps(layout),
  ]
}

function door(building: string, label: LocalText, at: Corner): EquipmentInput {
  return {
    id: `door-${building}`,
    name: both(label, 'entrance', '入口'),
    class: 'Door',
    building,
    at: [at[0], at[1], 1.1],
    points: [
      point.contact(),
      point.wordSetting('position', 'position', name('Position', '位置'), ['closed', 'open'], 3500),
      point.level({ id: 'opening', name: name('Opening', '开度') }),
      point.wordSetting('lock', 'lock', name('Lock', '门锁'), ['unlocked', 'locked'], 3500),
    ],
  }
}

function chargers({ blocks }: Layout): EquipmentInput[] {
  return blocks.flatMap(({ block, contents }) =>
    contents.bays
      .filter((row) => !row.truck)
      .slice(0, 2)
      .flatMap((row, rowAt) => {
        const count = Math.min(6, Math.floor(row.bays / 4))
        return Array.from({ length: count }, (_, i): EquipmentInput => {
          const rad = (row.headingDeg * Math.PI) / 180
          const aside = (i - (row.bays - 1) / 2) * 2.5
          const [x, y] = [
            row.x + aside * Math.cos(rad) + 2.9 * Math.sin(rad),
            row.y - aside * Math.sin(rad) + 2.9 * Math.cos(rad),
          ]
          const code = block.id.toUpperCase()
          const number = rowAt * 6 + i + 1
          return {
            id: `ev-${block.id}-${number}`,
            name: name(`Charger ${code}-${number}`, `${code} 区 ${number} 号充电桩`),
            class: 'Electric_Vehicle_Charging_Station',
            zone: blockZoneId(block.id),
            at: [...inBlock(block, x, y), 0],
            headingDeg: round2((block.headingDeg + row.headingDeg + 180) % 360),
            points: [
              point.power(),
              point.numberSetting('limit', 'kW', name('Power limit', '功率限制'), 0, 11, { settleMs: 5000 }),
              {
                id: 'session',
                kind: 'mode',
                unit: '',
                name: name('Session', '充电会话'),
                values: ['idle', 'charging', 'done'],
              },
              point.energy({ id: 'session-energy', name: name('Session energy', '本次电量') }),
            ],
            meteredBy: 'meter-ev',
            ratings: { ratedKw: 11 },
          }
        })
      }),
  )
}

const lampEveryM = 31

/** Along the pavements of every block, lit together with the block. */
function streetLamps({ blocks }: Layout): EquipmentInput[] {
  return blocks.flatMap(({ block }) => {
    const [x, y] = [block.widthM / 2 - 0.8, block.depthM / 2 - 0.8]
    const row = (side: number): [number, number][] => {
      const count = Math.max(2, Math.round((2 * x) / lampEveryM))
      return Array.from({ length: count }, (_, i) => [-x + ((i + 0.5) / count) * 2 * x, side * y])
    }
    const column = (side: number): [number, number][] => {
      const count = Math.max(1, Math.round((2 * y) / (lampEveryM * 1.4)))
      return Array.from({ length: count }, (_, i) => [side * x, -y + ((i + 0.5) / count) * 2 * y])
    }
    const code = block.id.toUpperCase()
    return [...row(-1), ...column(1), ...row(1), ...column(-1)].map(
      ([east, north], i): EquipmentInput => ({
        id: `lamp-${block.id}-${i + 1}`,
        name: name(`Street lamp ${code}-${i + 1}`, `${code} 区 ${i + 1} 号路灯`),
        class: 'Luminaire',
        zone: blockZoneId(block.id),
        at: [...inBlock(block, east, north), 8],
        points: [point.onOff(), point.dimming(), point.power(), point.energy()],
        meteredBy: 'meter-outdoor',
        serves: [blockZoneId(block.id)],
        ratings: { ratedKw: 0.12 },
      }),
    )
  })
}

/**
 * Devices inside rooms, `count` of them exactly where there is room for that many: first a sensor head in every room, then
 * lights, smoke detectors and coils, then boxes and sensors in ever more rooms.
 */
export function roomEquipment(zones: readonly ZoneInput[], count: number): EquipmentInput[] {
  const rooms = zones.filter((z): z is IndoorZone => z.building !== undefined)
  const layers = [[], [], [], [], [], [], []] as EquipmentInput[][]
  for (const room of rooms)
    for (const [i, item] of [...inOrder(roomHeads(room)), ...more(room)].entries()) layers[i]?.push(item)
  const chosen: EquipmentInput[] = []
  for (const layer of layers) chosen.push(...layer.slice(0, Math.max(0, count - chosen.length)))
  return chosen
}

/** Coils before smoke detectors: where only some rooms get all, climate is what the twin lives on. */
function inOrder([env, lights, smoke, coil]: EquipmentInput[]): EquipmentInput[] {
  const full = coil && { ...coil, points: [...(coil.points ?? []), returnAir] }
  return [env, lights, full, smoke].filter((item) => item !== undefined)
}

const returnAir = point.temperature({ id: 'return', name: name('Return air', '回风温度') })

function more(room: IndoorZone): EquipmentInput[] {
  const box = polygonBox(room.polygon as Corner[])
  const [east, north] = middle(box)
  const ceilingM = (room.floorM ?? 0) + (room.heightM ?? 3) - 0.2
  const place = { zone: room.id, building: room.building }
  return [
    {
      id: `vav-${room.id}`,
      name: both(room.name, 'air box', '变风量末端'),
      class: 'VAV',
      ...place,
      at: [round2(east + 2), round2(north + 1), ceilingM],
      points: [
        point.numberSetting('setpoint', 'm³/h', name('Airflow setpoint', '风量设定'), 0, 2000),
        point.airflow(),
        point.level({ id: 'damper', name: name('Damper', '风阀开度') }),
        point.temperature({ id: 'supply', name: name('Supply air', '送风温度') }),
      ],
      serves: [room.id],
    },
    {
      id: `seat-${room.id}`,
      name: both(room.name, 'occupancy sensor', '占用传感器'),
      class: 'Occupancy_Sensor',
      ...place,
      at: [round2(east - 2), round2(north - 1), ceilingM],
      points: [
        { id: 'occupancy', kind: 'occupancy', unit: '', name: name('People', '人数') },
        point.motion(),
        point.illuminance(),
        point.temperature(),
      ],
    },
    {
      id: `air-${room.id}`,
      name: both(room.name, 'air quality sensor', '空气质量传感器'),
      class: 'CO2_Sensor',
      ...place,
      at: [round2(east), round2(north - 2), (room.floorM ?? 0) + 1.5],
      points: [point.co2(), point.pm25(), point.temperature(), point.humidity()],
    },
  ]
}
