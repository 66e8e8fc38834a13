/** Lights: by people and daylight inside, by dusk and the hour outside, by hand for a while after a command. */
import type { PointValue } from '../contract/messages.ts'
import type { Equipment, SiteFile, Zone } from '../site/schema.ts'
import type { Devices } from './devices.ts'
import type { Metering } from './metering.ts'
import { isBetween, type Moment } from './moment.ts'
import { clamp } from './physics/noise.ts'
import type { Rooms } from './rooms.ts'

interface Group {
  readonly item: Equipment
  readonly zone: Zone
  handUntilMs: number
  nextLookMs: number
}

/** How long a command outranks the automatic control. */
const handMs = 2 * 3_600_000
/** Automatic control looks this often, so that clouds do not make lights flicker. */
const lookMs = 60_000
const fullLx = 480

export class Lighting {
  readonly #devices: Devices
  readonly #metering: Metering
  readonly #rooms: Rooms
  readonly #groups: readonly Group[]

  constructor(site: SiteFile, devices: Devices, metering: Metering, rooms: Rooms) {
    this.#devices = devices
    this.#metering = metering
    this.#rooms = rooms
    const zones = new Map(site.zones.map((z) => [z.id, z]))
    this.#groups = site.equipment.flatMap((item) => {
      const zone = item.class === 'Luminaire' ? zones.get(item.serves?.[0] ?? item.zone ?? '') : undefined
      return zone ? [{ item, zone, handUntilMs: 0, nextLookMs: 0 }] : []
    })
  }

  /** By hand: `on` and `dimming` move together; answers false for anything that is not a light. */
  command(deviceId: string, point: string, value: PointValue, nowMs: number): boolean {
    const group = this.#groups.find((g) => g.item.id === deviceId)
    if (!group) return false
    group.handUntilMs = nowMs + handMs
    if (point === 'on') this.#devices.preset(deviceId, 'dimming', value === true ? 100 : 0)
    if (point === 'dimming') this.#devices.preset(deviceId, 'on', typeof value === 'number' && value > 0)
    return true
  }

  /** Back to automatic control, which looks at once; answers false for anything that is not a light. */
  letGo(deviceId: string): boolean {
    const group = this.#groups.find((g) => g.item.id === deviceId)
    if (!group) return false
    group.handUntilMs = 0
    group.nextLookMs = 0
    return true
  }

  step(moment: Moment): void {
    for (const group of this.#groups) {
      if (moment.nowMs >= group.handUntilMs && moment.nowMs >= group.nextLookMs) this.#auto(group, moment)
      this.#burn(group)
    }
  }

  #auto(group: Group, moment: Moment): void {
    group.nextLookMs = moment.nowMs + lookMs
    const room = this.#rooms.get(group.zone.id)
    const wanted = room ? insidePct(room.people, room.daylightLx, group.zone, moment) : outsidePct(group.zone, moment)
    const id = group.item.id
    if (Math.abs(this.#devices.number(id, 'dimming') - wanted) < 9.5) return
    this.#devices.preset(id, 'on', wanted > 0)
    this.#devices.hold(id, 'dimming', wanted, moment.nowMs)
  }

  #burn(group: Group): void {
    const id = group.item.id
    const share = this.#devices.flag(id, 'on') ? this.#devices.number(id, 'dimming') / 100 : 0
    const ratedKw = group.item.ratings?.ratedKw ?? 0.5
    const kw = share > 0 ? ratedKw * (0.06 + 0.94 * share) : ratedKw * 0.01
    this.#devices.measure(id, 'power', kw)
    this.#metering.addDevice(id, kw)
    const room = this.#rooms.get(group.zone.id)
    if (!room) return
    room.lightsKw = kw
    room.artificialLx = fullLx * share
  }

  /** Light output 0…1 by zone. */
  output(): Record<string, number> {
    const all: Record<string, number> = {}
    for (const { item, zone } of this.#groups)
      all[zone.id] = this.#devices.flag(item.id, 'on') ? this.#devices.number(item.id, 'dimming') / 100 : 0
    return all
  }
}

function insidePct(people: number, daylightLx: number, zone: Zone, moment: Moment): number {
  const always = zone.kind === 'lobby' || zone.kind === 'parking' ? 30 : zone.building === 'gatehouse' ? 60 : 0
  const watch = isBetween(moment.hour, 6, 22) ? always : always / 3
  if (people === 0) return tens(zone.kind === 'parking' ? 40 : watch)
  return tens(Math.max(always, 100 * clamp(1 - daylightLx / 420, 0.15, 1)))
}

function outsidePct(zone: Zone, moment: Moment): number {
  const dark = moment.weather.sun[2] < -0.02 || (moment.weather.sun[2] < 0.06 && moment.weather.cloud > 0.8)
  if (!dark) return 0
  const late = !isBetween(moment.hour, 5.5, 22.5)
  // the dock floods stay off at night unless somebody asks for them
  if (zone.kind === 'dock') return late ? 0 : 70
  return late ? 30 : 90
}

function tens(pct: number): number {
  return Math.round(pct / 10) * 10
}
