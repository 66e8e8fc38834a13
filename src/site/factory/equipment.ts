/** Machines, compressed air, tanks, gas detection, meters, lamps and doors of the works. */
import * as point from '../compose/points.ts'
import { both } from '../compose/room-heads.ts'
import { type EquipmentInput, middle, name } from '../compose/shapes.ts'
import { type FactoryBuilding, halls, shells } from './halls.ts'
import { factoryGates } from './ways.ts'

type At = EquipmentInput['at']
const full = () => [point.power(), point.energy(), point.reactivePower(), point.voltage()]
const ids = Object.keys(halls) as FactoryBuilding[]

function meter(id: string, label: EquipmentInput['name'], at: At, more: Partial<EquipmentInput> = {}): EquipmentInput {
  return { id, name: label, class: 'Electrical_Meter', at, points: full(), meteredBy: 'meter-site', ...more }
}

function meters(): EquipmentInput[] {
  const { meteredBy: _root, ...site } = meter('meter-site', name('Works meter', '全厂总表'), [5, 39, 1.5])
  return [
    {
      ...site,
      points: [...full(), point.energy({ id: 'exported', name: name('Exported energy', '上网电量') }), point.price()],
      ratings: { lossShare: 0.015 },
    },
    ...ids.map((id) =>
      meter(`meter-${id}`, both(shells[id].name, 'meter', '总表'), [halls[id].west + 0.5, halls[id].south + 1, 1.5], {
        building: id,
      }),
    ),
    meter('meter-air', name('Compressed air meter', '压缩空气电表'), [6, 40, 1.5], {
      building: 'utilities',
      meteredBy: 'meter-utilities',
    }),
    meter('meter-pv', name('Solar feed (− is generation)', '光伏并网表（负为发电）'), [7, 40, 1.5], {
      building: 'utilities',
    }),
    meter('meter-outdoor', name('Yard services meter', '室外用电表'), [8, 40, 1.5], { building: 'utilities' }),
  ]
}

/** Process machines run as motors by the shift. */
function machines(): EquipmentInput[] {
  const line = (
    count: number,
    prefix: string,
    en: string,
    zh: string,
    zone: string,
    building: FactoryBuilding,
    at: (i: number) => At,
    ratedKw: number,
  ) =>
    Array.from(
      { length: count },
      (_, i): EquipmentInput => ({
        id: `${prefix}-${i + 1}`,
        name: name(`${en} ${i + 1}`, `${i + 1} 号${zh}`),
        class: 'Exhaust_Fan',
        zone,
        building,
        at: at(i),
        points: [point.onOff(3000), point.speed(), point.power()],
        meteredBy: `meter-${building}`,
        ratings: { ratedKw },
      }),
    )
  return [
    ...line(
      6,
      'press-fan',
      'Press extraction',
      '冲压机排风',
      'press-line',
      'hall-1',
      (i) => [-76 + i * 5.4, 20, 6],
      15,
    ),
    ...line(4, 'mill-fan', 'Mill extraction', '机床排风', 'machining', 'hall-1', (i) => [-40 + i * 5, 20, 6], 11),
    ...line(2, 'paint-fan', 'Paint booth exhaust', '喷房排风', 'paint', 'hall-2', (i) => [-35 + i * 8, -30, 6], 18.5),
  ]
}

function compressedAir(): EquipmentInput[] {
  return [1, 2].map((n) => ({
    id: `compressor-${n}`,
    name: name(`Process chiller ${n}`, `${n} 号工艺冷水机`),
    class: 'Chiller',
    zone: 'compressors',
    building: 'utilities',
    at: [-4, 38 + n * 6, 0] as At,
    points: [
      point.mode(['off', 'auto', 'on'], 8000),
      point.numberSetting('setpoint', '°C', name('Water setpoint', '出水设定'), 5, 15),
      point.power(),
      point.level({ id: 'load', name: name('Load', '负载率') }),
      point.temperature({ id: 'supply', name: name('Supply temperature', '供水温度') }),
    ],
    meteredBy: 'meter-air',
    ratings: { capacityKw: 450, cop: 4.8, minLoadShare: 0.25 },
  }))
}

function tanks(): EquipmentInput[] {
  const stuff = [
    ['coolant', 'Coolant tank', '冷却液罐'],
    ['oil', 'Hydraulic oil tank', '液压油罐'],
    ['water', 'Process water tank', '工艺水罐'],
  ] as const
  return stuff.map(([id, en, zh], i) => ({
    id: `tank-${id}`,
    name: name(en, zh),
    class: 'Storage_Tank',
    zone: 'tank-farm',
    at: [26 + i * 8, 50, 0] as At,
    points: [point.level({ name: name('Level', '液位') }), point.temperature()],
    ratings: { volumeM3: 60, diameterM: 5, heightM: 7 },
  }))
}

function safety(): EquipmentInput[] {
  const gas = ['solvents', 'gases', 'paint'].map((zone): EquipmentInput => {
    const building = zone === 'paint' ? 'hall-2' : 'hazard'
    const [east, north] = zone === 'paint' ? [-30, -20] : [zone === 'gases' ? 66 : 56, 50]
    return {
      id: `gas-${zone}`,
      name: name(`Gas detector ${zone}`, `${zone} 气体探测器`),
      class: 'Gas_Sensor',
      zone,
      building,
      at: [east, north, 2.4],
      points: [{ id: 'gas', kind: 'gas', unit: '%LEL', name: name('Gas', '可燃气体') }],
    }
  })
  const breakers = ['solvents', 'dispatch'].map(
    (zone): EquipmentInput => ({
      id: `power-${zone}`,
      name: name(`Power ${zone}`, `${zone} 电源`),
      class: 'Disconnect_Switch',
      zone,
      building: zone === 'solvents' ? 'hazard' : 'warehouse',
      at: zone === 'solvents' ? [53, 45, 1.6] : [21, -9, 1.6],
      points: [point.onOff(2000)],
      serves: [zone],
    }),
  )
  const sirens = ids.map(
    (building): EquipmentInput => ({
      id: `siren-${building}`,
      name: both(shells[building].name, 'sounder', '疏散警号'),
      class: 'Alarm_Sounder',
      building,
      at: [halls[building].east - 1, halls[building].south + 1, 3.2],
      points: [{ ...point.onOff(), kind: 'siren' }],
    }),
  )
  const yard: EquipmentInput = {
    id: 'siren-yard',
    name: name('Yard siren', '月台警号'),
    class: 'Alarm_Sounder',
    zone: 'dock',
    at: [84, 30, 6],
    points: [{ ...point.onOff(), kind: 'siren' }],
  }
  const desk: EquipmentInput = {
    id: 'guard-desk',
    name: name('Guard desk', '门卫终端'),
    class: 'Operator_Panel',
    zone: 'office-1',
    building: 'office',
    at: [30, -45, 1],
    points: [
      { id: 'message', kind: 'message', unit: '', name: name('Message', '消息'), writable: true, settleMs: 3000 },
      { id: 'acknowledged', kind: 'contact', unit: '', name: name('Seen by guard', '门卫已读') },
    ],
  }
  return [...gas, ...breakers, ...sirens, yard, desk]
}

function airHandlers(): EquipmentInput[] {
  const serves: Partial<Record<FactoryBuilding, string[]>> = {
    'hall-1': ['press-line', 'machining'],
    'hall-2': ['assembly', 'paint'],
    warehouse: ['dispatch'],
    office: ['office-1', 'office-2', 'office-3'],
  }
  return Object.entries(serves).map(([id, zones]) => {
    const building = id as FactoryBuilding
    const [east, north] = middle(halls[building])
    const airflowM3ph = building === 'office' ? 5000 : 16_000
    return {
      id: `ahu-${building}`,
      name: both(shells[building].name, 'air handler', '新风机组'),
      class: 'AHU',
      building,
      at: [east, north, shells[building].levels * shells[building].levelM] as At,
      points: [
        point.mode(),
        point.numberSetting('setpoint', '°C', name('Supply air setpoint', '送风设定'), 12, 26),
        point.numberSetting('outside-air', '%', name('Outside air', '新风比例'), 0, 100),
        point.temperature({ id: 'supply', name: name('Supply air', '送风温度') }),
        point.airflow(),
        point.power(),
      ],
      meteredBy: `meter-${building}`,
      serves: zones,
      ratings: { airflowM3ph, fanKw: airflowM3ph * 0.00045, heatCop: 3.2 },
    }
  })
}

function outdoors(): EquipmentInput[] {
  const lamp = (id: string, en: string, zh: string, at: At, zone: string, ratedKw: number): EquipmentInput => ({
    id,
    name: name(en, zh),
    class: 'Luminaire',
    zone,
    at,
    points: [point.onOff(), point.dimming(), point.power()],
    meteredBy: 'meter-outdoor',
    serves: [zone],
    ratings: { ratedKw },
  })
  const [east, north] = middle(halls.warehouse)
  return [
    lamp('dock-lights', 'Dock floodlights', '月台泛光灯', [86, 10, 9], 'dock', 3.2),
    lamp('yard-lights', 'Yard lighting', '厂区照明', [0, 0, 9], 'yard', 2.4),
    lamp('tank-lights', 'Tank farm lighting', '储罐区照明', [34, 43, 8], 'tank-farm', 1.2),
    lamp('parking-lights', 'Parking lighting', '停车场照明', [70, -45, 8], 'staff-parking', 1.2),
    {
      id: 'pv-warehouse',
      name: name('Warehouse solar', '仓库屋顶光伏'),
      class: 'PV_Inverter',
      building: 'warehouse',
      at: [east, north, 10.6],
      points: [
        point.power({ name: name('Generation', '发电功率') }),
        point.energy({ name: name('Generated energy', '累计发电量') }),
        point.numberSetting('limit', '%', name('Power limit', '功率限制'), 0, 100),
      ],
      meteredBy: 'meter-pv',
      ratings: { peakKw: 220, areaM2: 1100, tiltDeg: 10, azimuthDeg: 180 },
    },
    {
      id: 'weather',
      name: name('Weather station', '气象站'),
      class: 'Weather_Station',
      building: 'utilities',
      at: [10, 52, 10],
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

function doors(): EquipmentInput[] {
  return factoryGates().map(
    (gate): EquipmentInput => ({
      id: gate.id,
      name: gate.id.startsWith('dock')
        ? name(`Dock shutter ${gate.id.slice(-1)}`, `${gate.id.slice(-1)} 号月台卷帘`)
        : name(`Gate ${gate.id}`, `门 ${gate.id}`),
      class: gate.kind === 'gate' || gate.kind === 'barrier' ? 'Gate' : 'Door',
      ...(gate.id.startsWith('dock') ? { zone: 'dock' } : {}),
      at: [(gate.from[0] + gate.to[0]) / 2, (gate.from[1] + gate.to[1]) / 2, 1.1],
      points: [
        point.contact(),
        point.wordSetting('position', 'position', name('Position', '位置'), ['closed', 'open'], 8000),
        point.level({ id: 'opening', name: name('Opening', '开度') }),
        point.wordSetting('lock', 'lock', name('Lock', '门锁'), ['unlocked', 'locked'], 8000),
      ],
    }),
  )
}

export function factoryEquipment(): EquipmentInput[] {
  return [
    ...meters(),
    ...machines(),
    ...compressedAir(),
    ...tanks(),
    ...safety(),
    ...airHandlers(),
    ...outdoors(),
    ...doors(),
  ]
}
