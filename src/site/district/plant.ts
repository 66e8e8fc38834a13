/** Meters, plant rooms, roofs: what makes, moves and counts energy in the district. */
import * as point from '../compose/points.ts'
import { both, type IndoorZone } from '../compose/room-heads.ts'
import { type EquipmentInput, name, round2 } from '../compose/shapes.ts'
import type { Layout, Placed } from './place-buildings.ts'

type At = EquipmentInput['at']

function meter(
  id: string,
  label: EquipmentInput['name'],
  at: At,
  parent: string | undefined,
  more: Partial<EquipmentInput> = {},
): EquipmentInput {
  return {
    id,
    name: label,
    class: 'Electrical_Meter',
    at,
    points: [point.power(), point.energy(), point.reactivePower(), point.voltage()],
    ...(parent === undefined ? {} : { meteredBy: parent }),
    ...more,
  }
}

/** The site's own meters and its weather station. */
export function siteEquipment({ buildings }: Layout, switchZone: IndoorZone | undefined): EquipmentInput[] {
  const home = buildings.find((b) => b.building.id === switchZone?.building) ?? buildings[0]
  if (!home) return []
  const place = switchZone ? { zone: switchZone.id, building: switchZone.building } : {}
  const at = (i: number): At => [...home.place(-4 + i * 0.9, -home.lot.depthM / 2 + 1), 1.6]
  const roofM = round2(home.lot.storeys * home.lot.storeyM)
  return [
    meter('meter-site', name('District meter', '园区总表'), at(0), undefined, {
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
    ...[
      ['meter-chillers', 'Chiller plant meter', '制冷站电表'],
      ['meter-pv', 'Solar feed (− is generation)', '光伏并网表（负为发电）'],
      ['meter-battery', 'Battery feed (+ is charging)', '储能电表（正为充电）'],
      ['meter-ev', 'Vehicle charging meter', '充电桩电表'],
      ['meter-outdoor', 'Street services meter', '室外用电表'],
    ].map(([id, en, zh], i) => meter(id as string, name(en as string, zh as string), at(i + 1), 'meter-site', place)),
    {
      id: 'weather',
      name: name('Weather station', '气象站'),
      class: 'Weather_Station',
      building: home.building.id,
      at: [...home.place(3, 2), roofM + 3],
      points: [
        point.temperature(),
        point.humidity(),
        point.windSpeed(),
        point.irradiance(),
        point.cloud(),
        point.rain(),
        point.pm25(),
      ],
    },
  ]
}

/** Chillers with their pumps and towers, and a battery: one set in each energy centre. */
export function energyCentre(placed: Placed, index: number, hall: IndoorZone | undefined): EquipmentInput[] {
  const { building, lot, place } = placed
  const inside = hall ? { zone: hall.id, building: building.id } : { building: building.id }
  const roofM = round2(lot.storeys * lot.storeyM)
  const [x, y] = [lot.widthM / 2, lot.depthM / 2]
  const sets = Array.from({ length: 4 }, (_, i): EquipmentInput[] => {
    const n = index * 4 + i + 1
    const at = (dx: number, dy: number, up = 0): At => [...place(-x + 5 + i * 7 + dx, -y + 7 + dy), up]
    return [
      {
        id: `chiller-${n}`,
        name: name(`Chiller ${n}`, `${n} 号冷水机组`),
        class: 'Chiller',
        ...inside,
        at: at(0, 0),
        headingDeg: round2(placed.headingDeg),
        points: [
          point.mode(['off', 'auto', 'on'], 8000),
          point.numberSetting('setpoint', '°C', name('Chilled water setpoint', '冷冻水设定'), 5, 12),
          point.power(),
          point.level({ id: 'load', name: name('Load', '负载率') }),
          point.temperature({ id: 'supply', name: name('Supply temperature', '供水温度') }),
          point.temperature({ id: 'return', name: name('Return temperature', '回水温度') }),
          point.flow(),
        ],
        meteredBy: 'meter-chillers',
        ratings: { capacityKw: 3200, cop: 5.6, minLoadShare: 0.2 },
      },
      {
        id: `chw-pump-${n}`,
        name: name(`Chilled water pump ${n}`, `${n} 号冷冻水泵`),
        class: 'Chilled_Water_Pump',
        ...inside,
        at: at(0, 8),
        points: [point.mode(), point.speed(), point.power(), point.flow()],
        meteredBy: 'meter-chillers',
        ratings: { ratedKw: 75 },
      },
      {
        id: `cooling-tower-${n}`,
        name: name(`Cooling tower ${n}`, `${n} 号冷却塔`),
        class: 'Cooling_Tower',
        building: building.id,
        at: at(0, 4, roofM),
        points: [
          point.mode(),
          point.speed(),
          point.power(),
          point.temperature({ id: 'leaving', name: name('Leaving water', '出水温度') }),
        ],
        meteredBy: 'meter-chillers',
        ratings: { ratedKw: 45 },
      },
    ]
  }).flat()
  return [...sets, battery(placed, index, inside, [...place(x - 4, y - 5), 0])]
}

function battery(_placed: Placed, index: number, inside: Partial<EquipmentInput>, at: At): EquipmentInput {
  return {
    id: `battery-${index + 1}`,
    name: name(`Battery storage ${index + 1}`, `${index + 1} 号储能系统`),
    class: 'Battery',
    ...inside,
    at,
    points: [
      point.soc(),
      point.power({ name: name('Power (+ is charging)', '功率（正为充电）') }),
      point.mode(['auto', 'charge', 'discharge', 'idle'], 4000),
      point.numberSetting('setpoint', 'kW', name('Power setpoint', '功率设定'), 0, 1000, { settleMs: 4000 }),
      point.temperature(),
    ],
    meteredBy: 'meter-battery',
    ratings: { capacityKwh: 4000, ratedKw: 1000, roundTrip: 0.9, socMinPct: 10, socMaxPct: 95 },
  }
}

/** Main meter and sub-meters, an air handler, a sounder and, on two roofs in five, solar. */
export function buildingPlant({ building, lot, place, label }: Placed, rooms: readonly IndoorZone[]): EquipmentInput[] {
  const { id } = building
  const wall = (i: number): At => [...place(-lot.widthM / 2 + 0.6, lot.depthM / 2 - 1.2 - i * 0.8), 1.5]
  const main = meter(`meter-${id}`, both(label, 'meter', '总表'), wall(0), 'meter-site', {
    building: id,
  })
  const large = rooms.length >= 4
  const subs = large
    ? [
        meter(`meter-${id}-lighting`, both(label, 'lighting', '照明电表'), wall(1), `meter-${id}`, { building: id }),
        meter(`meter-${id}-hvac`, both(label, 'air conditioning', '空调电表'), wall(2), `meter-${id}`, {
          building: id,
        }),
        meter(`meter-${id}-plug`, both(label, 'sockets', '插座电表'), wall(3), `meter-${id}`, { building: id }),
      ]
    : []
  const conditioned = rooms.filter((z) => z.conditioned)
  const fromM = round2(lot.storeys * lot.storeyM)
  const hvac = large ? `meter-${id}-hvac` : `meter-${id}`
  const handler =
    conditioned.length > 0 && lot.use !== 'residential'
      ? [airHandler(id, label, [...place(-2, lot.shape === 'bar' ? 1 : lot.depthM / 2 - 5), fromM], hvac, conditioned)]
      : []
  const sounder: EquipmentInput = {
    id: `siren-${id}`,
    name: both(label, 'sounder', '疏散警号'),
    class: 'Alarm_Sounder',
    building: id,
    at: [...place(1.8, -lot.depthM / 2 + 0.4), 3.2],
    points: [{ ...point.onOff(), kind: 'siren' }],
  }
  return [main, ...subs, ...handler, sounder, ...solar(id, lot, place, label, fromM)]
}

function airHandler(
  id: string,
  label: EquipmentInput['name'],
  at: At,
  meteredBy: string,
  rooms: readonly IndoorZone[],
): EquipmentInput {
  const people = rooms.reduce((sum, z) => sum + (z.capacity ?? 0), 0)
  const airflowM3ph = Math.round(Math.max(1500, people * 32) / 100) * 100
  return {
    id: `ahu-${id}`,
    name: both(label, 'air handler', '新风机组'),
    class: 'AHU',
    building: id,
    at,
    points: [
      point.mode(),
      point.numberSetting('setpoint', '°C', name('Supply air setpoint', '送风设定'), 12, 26),
      point.numberSetting('outside-air', '%', name('Outside air', '新风比例'), 0, 100),
      point.temperature({ id: 'supply', name: name('Supply air', '送风温度') }),
      point.airflow(),
      point.power(),
    ],
    meteredBy,
    serves: rooms.map((z) => z.id),
    ratings: { airflowM3ph, fanKw: round2(airflowM3ph * 0.00045), heatCop: 3.2 },
  }
}

/** Low wide roofs carry solar; towers and gables do not. */
function solar(
  id: string,
  lot: Placed['lot'],
  place: Placed['place'],
  label: EquipmentInput['name'],
  roofM: number,
): EquipmentInput[] {
  const areaM2 = lot.widthM * lot.depthM
  const number = Number(id.slice(1))
  const hall = lot.use === 'production' || lot.use === 'warehouse' || lot.use === 'carpark'
  if (lot.tower || (lot.use === 'residential' && lot.storeys <= 4) || (!hall && number % 3 !== 0)) return []
  const peakKw = Math.round(areaM2 * (hall ? 0.11 : 0.06))
  return [
    {
      id: `pv-${id}`,
      name: both(label, 'solar', '屋顶光伏'),
      class: 'PV_Inverter',
      building: id,
      at: [...place(0, 0), round2(roofM + 0.6)],
      points: [
        point.power({ name: name('Generation', '发电功率') }),
        point.energy({ name: name('Generated energy', '累计发电量') }),
        point.numberSetting('limit', '%', name('Power limit', '功率限制'), 0, 100),
      ],
      meteredBy: 'meter-pv',
      ratings: { peakKw, areaM2: Math.round(peakKw / 0.2), tiltDeg: 12, azimuthDeg: 180 },
    },
  ]
}
