/** Meters, solar, storage, charging: everything that counts or makes electricity. */
import type { LocalText } from '../../contract/messages.ts'
import * as point from '../compose/points.ts'
import { type EquipmentInput, middle, name } from '../compose/shapes.ts'
import { type BuildingId, campusBuildings, footprints, roofM } from './buildings.ts'

const switchRoom = { zone: 'plant-electrical', building: 'energy' } as const

function meter(
  id: string,
  label: LocalText,
  at: EquipmentInput['at'],
  parent: string | undefined,
  more: Partial<EquipmentInput> = {},
): EquipmentInput {
  return {
    id,
    name: label,
    class: 'Electrical_Meter',
    at,
    points: [point.power(), point.energy()],
    ...(parent === undefined ? {} : { meteredBy: parent }),
    ...more,
  }
}

/** Sub-meters by building: what is worth telling apart there. */
const circuits: Record<BuildingId, readonly ('lighting' | 'hvac' | 'plug' | 'server' | 'kitchen')[]> = {
  'office-a': ['lighting', 'hvac', 'plug', 'server'],
  'office-b': ['lighting', 'hvac', 'plug'],
  lab: ['lighting', 'hvac', 'plug'],
  canteen: ['lighting', 'hvac', 'plug', 'kitchen'],
  warehouse: ['lighting', 'hvac', 'plug'],
  carpark: ['lighting'],
  energy: ['lighting', 'hvac', 'plug'],
  gatehouse: ['lighting', 'hvac', 'plug'],
}

const circuitNames = {
  lighting: ['lighting', '照明'],
  hvac: ['air conditioning', '空调'],
  plug: ['sockets and equipment', '插座与设备'],
  server: ['server room', '机房'],
  kitchen: ['kitchen', '厨房'],
} as const

function buildingMeters(): EquipmentInput[] {
  return campusBuildings().flatMap((b) => {
    const id = b.id as BuildingId
    const { west, south } = footprints[id]
    const label = typeof b.name === 'string' ? { en: b.name, zh: b.name } : b.name
    const main = meter(
      `meter-${id}`,
      name(`${label.en} meter`, `${label.zh}总表`),
      [west + 0.4, south + 1, 1.5],
      'meter-site',
      {
        building: id,
        points: [point.power(), point.energy(), point.reactivePower(), point.voltage()],
      },
    )
    const subs = circuits[id].map((circuit, i) =>
      meter(
        `meter-${id}-${circuit}`,
        name(`${label.en}: ${circuitNames[circuit][0]}`, `${label.zh}${circuitNames[circuit][1]}`),
        [west + 0.4, south + 2 + i * 0.8, 1.5],
        `meter-${id}`,
        { building: id },
      ),
    )
    return [main, ...subs]
  })
}

function siteMeters(): EquipmentInput[] {
  const { west, south } = footprints.energy
  const place = { ...switchRoom }
  const at = (i: number): EquipmentInput['at'] => [west + 18 + i * 0.9, south + 1, 1.6]
  return [
    meter('meter-site', name('Site meter', '园区总表'), at(0), undefined, {
      ...place,
      points: [
        point.power(),
        point.energy(),
        point.energy({ id: 'exported', name: name('Exported energy', '上网电量') }),
        point.power({ id: 'demand', name: name('15-minute demand', '15 分钟需量') }),
        point.reactivePower(),
        point.voltage(),
        point.price(),
      ],
      ratings: { lossShare: 0.015 },
    }),
    meter('meter-chillers', name('Chiller plant meter', '制冷站电表'), at(1), 'meter-energy', place),
    meter('meter-pv', name('Solar feed (− is generation)', '光伏并网表（负为发电）'), at(2), 'meter-site', place),
    meter('meter-battery', name('Battery feed (+ is charging)', '储能电表（正为充电）'), at(3), 'meter-site', place),
    meter('meter-ev', name('Vehicle charging meter', '充电桩电表'), [31, -57, 1.5], 'meter-carpark', {
      building: 'carpark',
    }),
    meter('meter-outdoor', name('Outdoor services meter', '室外用电表'), at(4), 'meter-site', place),
  ]
}

function inverter(id: string, label: LocalText, building: BuildingId, shift: number, peakKw: number): EquipmentInput {
  const [east, north] = middle(footprints[building])
  return {
    id,
    name: label,
    class: 'PV_Inverter',
    building,
    at: [east + shift, north, roofM(building) + 0.6],
    points: [
      point.power({ name: name('Generation', '发电功率') }),
      point.energy({ name: name('Generated energy', '累计发电量') }),
      point.numberSetting('limit', '%', name('Power limit', '功率限制'), 0, 100),
    ],
    meteredBy: 'meter-pv',
    ratings: { peakKw, areaM2: Math.round(peakKw / 0.2), tiltDeg: building === 'carpark' ? 6 : 12, azimuthDeg: 180 },
  }
}

function solar(): EquipmentInput[] {
  return [
    inverter('pv-carpark-1', name('Car park solar west', '车棚光伏西'), 'carpark', -22, 68),
    inverter('pv-carpark-2', name('Car park solar middle', '车棚光伏中'), 'carpark', 0, 68),
    inverter('pv-carpark-3', name('Car park solar east', '车棚光伏东'), 'carpark', 22, 68),
    inverter('pv-warehouse', name('Warehouse solar', '仓库屋顶光伏'), 'warehouse', 0, 90),
    inverter('pv-office-b', name('Office B solar', 'B 座屋顶光伏'), 'office-b', 0, 45),
  ]
}

function battery(): EquipmentInput {
  const { east, north } = footprints.energy
  return {
    id: 'battery-1',
    name: name('Battery storage', '储能系统'),
    class: 'Battery',
    ...switchRoom,
    at: [east - 4, north - 4, 0],
    points: [
      point.soc(),
      point.power({ name: name('Power (+ is charging)', '功率（正为充电）') }),
      point.mode(['auto', 'charge', 'discharge', 'idle'], 4000),
      point.numberSetting('setpoint', 'kW', name('Power setpoint', '功率设定'), 0, 200, { settleMs: 4000 }),
      point.temperature(),
    ],
    meteredBy: 'meter-battery',
    ratings: { capacityKwh: 600, ratedKw: 200, roundTrip: 0.9, socMinPct: 10, socMaxPct: 95 },
  }
}

const chargerCount = 10

function chargers(): EquipmentInput[] {
  // bays of the northern row stand 2.5 m apart from the west end
  return Array.from({ length: chargerCount }, (_, i): EquipmentInput => {
    const ratedKw = i >= 8 ? 40 : 11
    return {
      id: `ev-${String(i + 1).padStart(2, '0')}`,
      name: name(`Charger ${i + 1}`, `充电桩 ${i + 1}`),
      class: 'Electric_Vehicle_Charging_Station',
      zone: 'carpark-deck',
      building: 'carpark',
      at: [33 + i * 2.5, -56.4, 0],
      headingDeg: 180,
      points: [
        point.power(),
        point.numberSetting('limit', 'kW', name('Power limit', '功率限制'), 0, ratedKw, { settleMs: 5000 }),
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
      ratings: { ratedKw },
    }
  })
}

export function energyEquipment(): EquipmentInput[] {
  return [...siteMeters(), ...buildingMeters(), ...solar(), battery(), ...chargers()]
}
