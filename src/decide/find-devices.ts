/** Devices for a playbook, found by Brick class, zone and kinds of points, never by id: another park must work too. */
import type { LocalText } from '../contract/messages.ts'
import { distanceToPolygonM } from '../site/distance.ts'
import type { Point2 } from '../site/geometry.ts'
import type { Zone } from '../site/schema.ts'
import { type KnownDevice, pointOfKind } from './park-view.ts'

/** Families of Brick classes, and of the names that parks use for them. */
export const family = {
  light: /lumin|lighting|lamp/i,
  opening: /door|gate|shutter|barrier|turnstile/i,
  ventilation: /ahu|air_handl|fcu|fan_coil|fan$|_fan|hvac|rtu|vav/i,
  breaker: /disconnect|breaker|power_switch/i,
  charger: /charging|charger|evse/i,
  battery: /batter|energy_storage/i,
  chiller: /chiller/i,
  plant: /chiller|pump|cooling_tower|boiler|compressor|ahu|air_handl|fcu|fan|heater/i,
  roomUnit: /fcu|fan_coil|vav|room_unit|thermostat/i,
} as const

export function ofFamily(devices: readonly KnownDevice[], pattern: RegExp): KnownDevice[] {
  return devices.filter((device) => pattern.test(device.birth.class))
}

export function withWritable(devices: readonly KnownDevice[], kind: string): KnownDevice[] {
  return devices.filter((device) => pointOfKind(device, kind, true))
}

/** Stands in one of the zones or serves one. */
export function concernsZone(device: KnownDevice, zones: readonly Zone[]): boolean {
  const { zone } = device.birth
  const serves = device.equipment?.serves ?? []
  return zones.some(({ id }) => id === zone || serves.includes(id))
}

/** Stands within so many metres of an outline in plan; false where its place is unknown. */
export function isNear(device: KnownDevice, outline: readonly Point2[], withinM: number): boolean {
  const at = device.birth.pose?.at ?? device.equipment?.at
  return at !== undefined && distanceToPolygonM([at[0], at[1]], outline) <= withinM
}

export function nameOf(device: KnownDevice): { readonly en: string; readonly zh: string } {
  return both(device.birth.name)
}

export function both(text: LocalText): { readonly en: string; readonly zh: string } {
  return typeof text === 'string' ? { en: text, zh: text } : text
}
