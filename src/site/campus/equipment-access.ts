/** Doors, gates, sirens, breakers and the guard's desk. */

import * as point from '../compose/points.ts'
import { type EquipmentInput, type GateInput, middle, name } from '../compose/shapes.ts'
import { campusGates } from './access.ts'
import { footprints, roofM } from './buildings.ts'

const gateNames: Record<string, readonly [en: string, zh: string]> = {
  'gate-barrier': ['Main barrier', '主入口道闸'],
  'gate-walk': ['Pedestrian gate', '人行门'],
  'dock-gate': ['Goods yard gate', '货场大门'],
  'dock-door': ['Dock side door', '月台侧门'],
  'dock-shutter-1': ['Dock shutter 1', '1 号月台卷帘'],
  'dock-shutter-2': ['Dock shutter 2', '2 号月台卷帘'],
  'door-office-a': ['Office A entrance', 'A 座入口'],
  'door-office-b': ['Office B entrance', 'B 座入口'],
  'door-lab': ['Lab entrance', '实验楼入口'],
  'door-canteen': ['Canteen entrance', '食堂入口'],
  'door-energy': ['Energy centre door', '能源中心门'],
  'door-warehouse': ['Warehouse door', '仓库门'],
  'door-gatehouse': ['Gatehouse door', '门卫室门'],
}

const gateZones: Record<string, string> = {
  'gate-barrier': 'gate-main',
  'gate-walk': 'gate-main',
  'dock-gate': 'yard',
  'dock-door': 'dock',
  'dock-shutter-1': 'dock',
  'dock-shutter-2': 'dock',
}

const brickClass: Record<GateInput['kind'], string> = {
  door: 'Door',
  gate: 'Gate',
  barrier: 'Gate',
  rollerDoor: 'Door',
}

function opening(gate: GateInput): EquipmentInput {
  const [en, zh] = gateNames[gate.id] ?? [gate.id, gate.id]
  const east = (gate.from[0] + gate.to[0]) / 2
  const north = (gate.from[1] + gate.to[1]) / 2
  const zone = gateZones[gate.id]
  const settleMs = (gate.opensInMs ?? 4000) + 2000
  return {
    id: gate.id,
    name: name(en, zh),
    class: brickClass[gate.kind],
    ...(zone === undefined ? {} : { zone }),
    at: [east, north, 1.1],
    points: [
      point.contact(),
      point.wordSetting('position', 'position', name('Position', '位置'), ['closed', 'open'], settleMs),
      point.level({ id: 'opening', name: name('Opening', '开度') }),
      point.wordSetting('lock', 'lock', name('Lock', '门锁'), ['unlocked', 'locked'], settleMs),
    ],
  }
}

function siren(id: string, en: string, zh: string, at: EquipmentInput['at'], building?: string): EquipmentInput {
  return {
    id,
    name: name(en, zh),
    class: 'Alarm_Sounder',
    ...(building === undefined ? {} : { building }),
    at,
    points: [{ ...point.onOff(), kind: 'siren' }],
  }
}

function breaker(zone: string, building: string, en: string, zh: string, at: EquipmentInput['at']): EquipmentInput {
  return {
    id: `power-${zone}`,
    name: name(en, zh),
    class: 'Disconnect_Switch',
    zone,
    building,
    at,
    points: [point.onOff(2000)],
    serves: [zone],
  }
}

function guardDesk(): EquipmentInput {
  const [east, north] = middle(footprints.gatehouse)
  return {
    id: 'guard-desk',
    name: name('Guard desk', '门卫终端'),
    class: 'Operator_Panel',
    zone: 'guard-room',
    building: 'gatehouse',
    at: [east, north, 1],
    points: [
      { id: 'message', kind: 'message', unit: '', name: name('Message', '消息'), writable: true, settleMs: 3000 },
      { id: 'acknowledged', kind: 'contact', unit: '', name: name('Seen by guard', '门卫已读') },
    ],
  }
}

export function accessEquipment(): EquipmentInput[] {
  const lab = footprints.lab
  return [
    ...campusGates().map(opening),
    siren('siren-yard', 'Yard siren', '货场警号', [87, 15, 6]),
    siren('siren-lab', 'Lab evacuation sounder', '实验楼疏散警号', [lab.east - 8, lab.south + 1, 3.2], 'lab'),
    siren('siren-office-a', 'Office A evacuation sounder', 'A 座疏散警号', [-41, -24, 3], 'office-a'),
    siren('siren-office-b', 'Office B evacuation sounder', 'B 座疏散警号', [-67, 8, 3], 'office-b'),
    siren('siren-canteen', 'Canteen evacuation sounder', '食堂疏散警号', [-40, 19, roofM('canteen') - 1], 'canteen'),
    breaker('lab-store', 'lab', 'Sample store power', '样品库电源', [lab.east - 0.5, lab.south + 3, 1.6]),
    breaker('lab-chem', 'lab', 'Chemistry lab power', '化学实验室电源', [lab.west + 0.5, lab.south + 3, 1.6]),
    breaker('lab-elec', 'lab', 'Electronics lab power', '电子实验室电源', [lab.west + 17, lab.south + 3, 1.6]),
    breaker('kitchen', 'canteen', 'Kitchen power', '厨房电源', [-33, 19, 1.6]),
    guardDesk(),
  ]
}
