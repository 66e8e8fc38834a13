/** What hangs in every room: fan coil, sensor head, lights, smoke detector. */
import type { LocalText } from '../../contract/messages.ts'
import { signedAreaM2 } from '../geometry.ts'
import * as point from './points.ts'
import { type EquipmentInput, middle, name, polygonBox, type ZoneInput } from './shapes.ts'

/** A room's name with what hangs in it. */
export function both(label: LocalText, en: string, zh: string): LocalText {
  return typeof label === 'string' ? `${label} ${en}` : name(`${label.en}: ${en}`, `${label.zh}${zh}`)
}

/** Sensible cooling per floor area that the coil can take away. */
const coolWPerM2: Partial<Record<ZoneInput['kind'], number>> = {
  office: 130,
  meeting: 170,
  lab: 190,
  canteen: 220,
  kitchen: 320,
  lobby: 150,
  server: 520,
  storage: 60,
  plant: 160,
}

const lightWPerM2: Partial<Record<ZoneInput['kind'], number>> = {
  office: 7,
  meeting: 8,
  lab: 9,
  canteen: 8,
  kitchen: 9,
  lobby: 7,
  server: 5,
  storage: 5,
  plant: 5,
  parking: 2,
}

export type IndoorZone = ZoneInput & { building: string }

/** Sensor head, lights, smoke detector and, where the room is conditioned, a fan coil; devices of a simulated park find one another by these ids. */
export function roomHeads(zone: IndoorZone): EquipmentInput[] {
  const areaM2 = Math.abs(signedAreaM2(zone.polygon))
  const floorM = zone.floorM ?? 0
  const ceilingM = floorM + (zone.heightM ?? 3.2) - 0.2
  const { west, south, east } = polygonBox(zone.polygon)
  const [midEast, midNorth] = middle(polygonBox(zone.polygon))
  const place = { zone: zone.id, building: zone.building }
  const heads: EquipmentInput[] = [
    {
      id: `env-${zone.id}`,
      name: both(zone.name, 'room sensor', '环境传感器'),
      class: 'Sensor_Equipment',
      ...place,
      at: [west + 0.15, midNorth, floorM + 1.5],
      points: [point.temperature(), point.humidity(), point.co2(), point.pm25(), point.illuminance(), point.motion()],
    },
    {
      id: `lights-${zone.id}`,
      name: both(zone.name, 'lights', '照明'),
      class: 'Luminaire',
      ...place,
      at: [midEast, midNorth, ceilingM],
      points: [point.onOff(), point.dimming(), point.power()],
      meteredBy: `meter-${zone.building}-lighting`,
      serves: [zone.id],
      ratings: { ratedKw: round3((areaM2 * (lightWPerM2[zone.kind] ?? 5)) / 1000) },
    },
    {
      id: `smoke-${zone.id}`,
      name: both(zone.name, 'smoke detector', '烟感'),
      class: 'Smoke_Detector',
      ...place,
      at: [midEast + 1.5, midNorth, ceilingM],
      points: [point.smoke(), point.level({ name: name('Obscuration', '遮光率'), id: 'obscuration' })],
    },
  ]
  return zone.conditioned ? [...heads, fanCoil(zone, place, areaM2, [east - 1, south + 1, ceilingM])] : heads
}

function fanCoil(
  zone: IndoorZone,
  place: { zone: string; building: string },
  areaM2: number,
  at: EquipmentInput['at'],
): EquipmentInput {
  const coolKw = (areaM2 * (coolWPerM2[zone.kind] ?? 130)) / 1000
  return {
    id: `fcu-${zone.id}`,
    name: both(zone.name, 'fan coil', '风机盘管'),
    class: 'FCU',
    ...place,
    at,
    points: [
      point.numberSetting('setpoint', '°C', name('Setpoint', '设定温度'), 16, 30),
      point.mode(['off', 'auto', 'on']),
      point.speed(),
      point.level({ id: 'valve', name: name('Valve', '阀门开度') }),
      point.power(),
    ],
    meteredBy: `meter-${zone.building}-hvac`,
    serves: [zone.id],
    ratings: { coolKw: round3(coolKw), heatKw: round3(coolKw * 0.7), fanKw: round3(coolKw * 0.035) },
  }
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}

export function roomEquipment(zones: readonly ZoneInput[]): EquipmentInput[] {
  return zones.flatMap((zone) => (zone.building === undefined ? [] : roomHeads({ ...zone, building: zone.building })))
}

/** Where a building has no meter for a circuit, its devices are counted by the building's own. */
export function onKnownMeters(items: readonly EquipmentInput[]): EquipmentInput[] {
  const known = new Set(items.map(({ id }) => id))
  return items.map((item) => {
    const { meteredBy } = item
    if (meteredBy === undefined || known.has(meteredBy)) return item
    return { ...item, meteredBy: meteredBy.replace(/-[^-]*$/, '') }
  })
}
