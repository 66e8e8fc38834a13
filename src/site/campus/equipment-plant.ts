/** Central plant: chillers, pumps, towers, air handlers, fans, water, weather. */
import type { LocalText } from '../../contract/messages.ts'
import * as point from '../compose/points.ts'
import { type Corner, type EquipmentInput, middle, name, type ZoneInput } from '../compose/shapes.ts'
import { type BuildingId, footprints, roofM } from './buildings.ts'

const coolingHall = { zone: 'plant-cooling', building: 'energy' } as const

function chiller(index: number): EquipmentInput {
  const { west, south } = footprints.energy
  return {
    id: `chiller-${index}`,
    name: name(`Chiller ${index}`, `${index} 号冷水机组`),
    class: 'Chiller',
    ...coolingHall,
    at: [west + 5, south + 4.5 + (index - 1) * 6, 0],
    headingDeg: 90,
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
    ratings: { capacityKw: 520, cop: 5.2, minLoadShare: 0.22 },
  }
}

function chilledPump(index: number): EquipmentInput {
  const { west, south } = footprints.energy
  return {
    id: `chw-pump-${index}`,
    name: name(`Chilled water pump ${index}`, `${index} 号冷冻水泵`),
    class: 'Chilled_Water_Pump',
    ...coolingHall,
    at: [west + 12, south + 4.5 + (index - 1) * 6, 0],
    points: [point.mode(), point.speed(), point.power(), point.flow()],
    meteredBy: 'meter-chillers',
    ratings: { ratedKw: 15 },
  }
}

function coolingTower(index: number): EquipmentInput {
  const { west, north } = footprints.energy
  return {
    id: `cooling-tower-${index}`,
    name: name(`Cooling tower ${index}`, `${index} 号冷却塔`),
    class: 'Cooling_Tower',
    building: 'energy',
    at: [west + 6 + (index - 1) * 8, north - 5, roofM('energy')],
    points: [
      point.mode(),
      point.speed(),
      point.power(),
      point.temperature({ id: 'leaving', name: name('Leaving water', '出水温度') }),
    ],
    meteredBy: 'meter-chillers',
    ratings: { ratedKw: 11 },
  }
}

function airHandler(
  building: BuildingId,
  label: LocalText,
  zones: readonly ZoneInput[],
  airflowM3ph: number,
): EquipmentInput {
  const [east, north] = middle(footprints[building])
  return {
    id: `ahu-${building}`,
    name: label,
    class: 'AHU',
    building,
    at: [east - 6, north + 3, roofM(building)],
    points: [
      point.mode(),
      point.numberSetting('setpoint', '°C', name('Supply air setpoint', '送风设定'), 12, 26),
      point.numberSetting('outside-air', '%', name('Outside air', '新风比例'), 0, 100),
      point.temperature({ id: 'supply', name: name('Supply air', '送风温度') }),
      point.airflow(),
      point.power(),
    ],
    meteredBy: `meter-${building}-hvac`,
    serves: zones.filter((zone) => zone.building === building && zone.conditioned).map((zone) => zone.id),
    // 0.45 W per m³/h: a good fan with filters and heat recovery
    ratings: { airflowM3ph, fanKw: airflowM3ph * 0.00045, heatCop: 3.2 },
  }
}

function airHandlers(zones: readonly ZoneInput[]): EquipmentInput[] {
  return [
    airHandler('office-a', name('Office A air handler', 'A 座新风机组'), zones, 11_000),
    airHandler('office-b', name('Office B air handler', 'B 座新风机组'), zones, 8500),
    airHandler('lab', name('Lab air handler', '实验楼新风机组'), zones, 12_000),
    airHandler('canteen', name('Canteen air handler', '食堂新风机组'), zones, 9000),
    airHandler('warehouse', name('Warehouse air handler', '仓库新风机组'), zones, 4000),
  ]
}

function motor(
  id: string,
  label: LocalText,
  brickClass: string,
  at: EquipmentInput['at'],
  ratedKw: number,
  meteredBy: string,
  more: Partial<EquipmentInput> = {},
): EquipmentInput {
  return {
    id,
    name: label,
    class: brickClass,
    at,
    points: [point.onOff(3000), point.speed(), point.power()],
    meteredBy,
    ratings: { ratedKw },
    ...more,
  }
}

function outdoorServices(): EquipmentInput[] {
  const [parkEast, parkNorth] = middle(footprints.carpark)
  const lamp = (id: string, label: LocalText, at: Corner, zone: string, ratedKw: number): EquipmentInput => ({
    id,
    name: label,
    class: 'Luminaire',
    zone,
    at: [at[0], at[1], 8],
    points: [point.onOff(), point.dimming(), point.power()],
    meteredBy: 'meter-outdoor',
    serves: [zone],
    ratings: { ratedKw },
  })
  return [
    lamp('dock-lights', name('Dock floodlights', '月台泛光灯'), [84, 15.5], 'dock', 3.2),
    lamp('yard-lights', name('Yard lighting', '货场照明'), [70, 42], 'yard', 2.4),
    lamp('plaza-lights', name('Plaza lighting', '广场照明'), [-30, -24], 'plaza', 2),
    lamp('garden-lights', name('Garden lighting', '花园照明'), [-20, 17], 'garden', 1.2),
    lamp('gate-lights', name('Gate lighting', '入口照明'), [-8.8, -62], 'gate-main', 1.2),
    lamp('visitor-lights', name('Visitor parking lighting', '访客车位照明'), [-60, -57], 'visitor-parking', 0.8),
    motor('pond-pump', name('Pond pump', '水景循环泵'), 'Pump', [13, 11, 0], 4, 'meter-outdoor', { zone: 'garden' }),
    motor(
      'carpark-fan',
      name('Car park jet fan', '停车场射流风机'),
      'Exhaust_Fan',
      [parkEast, parkNorth, 4.2],
      5.5,
      'meter-carpark',
      {
        zone: 'carpark-deck',
        building: 'carpark',
      },
    ),
    motor(
      'kitchen-fan',
      name('Kitchen exhaust', '厨房排风机'),
      'Exhaust_Fan',
      [-31, 34, roofM('canteen')],
      7.5,
      'meter-canteen-hvac',
      {
        building: 'canteen',
      },
    ),
  ]
}

function stations(): EquipmentInput[] {
  return [
    {
      id: 'weather',
      name: name('Weather station', '气象站'),
      class: 'Weather_Station',
      building: 'energy',
      at: [49, 37, roofM('energy') + 3],
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
    {
      id: 'water-main',
      name: name('Water meter', '总水表'),
      class: 'Water_Meter',
      ...coolingHall,
      at: [30, 23, 0.8],
      points: [point.flow(), { id: 'volume', kind: 'level', unit: 'm³', name: name('Volume', '累计水量') }],
    },
  ]
}

export function plantEquipment(zones: readonly ZoneInput[]): EquipmentInput[] {
  return [
    ...[1, 2].flatMap((i) => [chiller(i), chilledPump(i), coolingTower(i)]),
    ...airHandlers(zones),
    ...outdoorServices(),
    ...stations(),
  ]
}
