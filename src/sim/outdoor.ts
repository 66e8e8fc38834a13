/** Weather station, water, pond pump, fans, sirens and the guard's desk. */
import type { Random } from '../platform/random.ts'
import type { Equipment, SiteFile } from '../site/schema.ts'
import type { Devices } from './devices.ts'
import type { Metering } from './metering.ts'
import { isBetween, isWorkday, type Moment } from './moment.ts'
import { motorKw } from './physics/cooling.ts'

/** The guard looks at the panel some seconds after a message came. */
const guardReadsMs = 6000

export class Outdoor {
  readonly #devices: Devices
  readonly #metering: Metering
  readonly #random: Random
  readonly #motors: readonly Equipment[]
  readonly #tanks: readonly { readonly id: string; pct: number }[]
  readonly #handled = new Set<string>()
  #waterM3 = 0
  #message = ''
  #messageAtMs = 0

  constructor(site: SiteFile, devices: Devices, metering: Metering, random: Random) {
    this.#devices = devices
    this.#metering = metering
    this.#random = random
    this.#tanks = site.equipment
      .filter((e) => e.class === 'Storage_Tank')
      .map((e, i) => ({ id: e.id, pct: 55 + 9 * i }))
    this.#motors = site.equipment.filter((e) => e.class === 'Pump' || e.class === 'Exhaust_Fan')
  }

  /** A person took this motor over; the timetable lets go of it. */
  takeOver(deviceId: string): void {
    this.#handled.add(deviceId)
  }

  letGo(deviceId: string): void {
    this.#handled.delete(deviceId)
  }

  step(moment: Moment, people: number): void {
    this.#station(moment)
    for (const motor of this.#motors) this.#motor(motor, moment)
    for (const tank of this.#tanks) this.#tank(tank, moment)
    const use = people * 0.0045 + (isBetween(moment.hour, 10, 13.5) && isWorkday(moment) ? 1.2 : 0)
    const m3ph = Math.max(0, use * (1 + 0.25 * this.#random.normal()) + 0.05)
    this.#waterM3 += (m3ph * moment.dtS) / 3600
    this.#devices.measure('water-main', 'flow', m3ph)
    this.#devices.measure('water-main', 'volume', this.#waterM3)
    this.#guard(moment)
  }

  /** Drawn from through the shifts, filled again when it runs low. */
  #tank(tank: { readonly id: string; pct: number }, moment: Moment): void {
    if (isWorkday(moment) && isBetween(moment.hour, 6, 22)) tank.pct -= (1.6 * moment.dtS) / 3600
    if (tank.pct < 22) tank.pct = 92
    this.#devices.measure(tank.id, 'level', tank.pct)
    this.#devices.measure(tank.id, 'temperature', moment.weather.temperatureC + 2)
  }

  get guardTold(): boolean {
    return this.#message !== '' && this.#devices.flag('guard-desk', 'acknowledged')
  }

  #guard(moment: Moment): void {
    const message = this.#devices.word('guard-desk', 'message')
    if (message !== this.#message) {
      this.#message = message
      this.#messageAtMs = moment.nowMs
      this.#devices.measure('guard-desk', 'acknowledged', false)
    }
    if (message !== '' && moment.nowMs - this.#messageAtMs >= guardReadsMs)
      this.#devices.measure('guard-desk', 'acknowledged', true)
  }

  #motor(motor: Equipment, moment: Moment): void {
    const { id } = motor
    const byDay = isBetween(moment.hour, 7, 22)
    const wanted = id.includes('kitchen')
      ? isWorkday(moment) && isBetween(moment.hour, 6, 19)
      : id.includes('pump')
        ? byDay
        : isWorkday(moment) && isBetween(moment.hour, 7.5, 19)
    if (!this.#handled.has(id)) this.#devices.hold(id, 'on', wanted, moment.nowMs)
    const speed = this.#devices.flag(id, 'on') ? 0.8 : 0
    const kw = motorKw(motor.ratings?.ratedKw ?? 3, speed)
    this.#devices.measure(id, 'speed', speed * 100)
    this.#devices.measure(id, 'power', kw)
    this.#metering.addDevice(id, kw)
  }

  #station({ weather }: Moment): void {
    const tell = (point: string, value: number) => this.#devices.measure('weather', point, value)
    tell('temperature', weather.temperatureC + 0.05 * this.#random.normal())
    tell('humidity', weather.humidityPct)
    tell('wind-speed', Math.max(0, weather.windMps + 0.3 * this.#random.normal()))
    tell('irradiance', weather.globalWm2)
    tell('cloud', weather.cloud)
    tell('rain', weather.rainMmPerH)
    tell('pm25', weather.pm25)
  }
}
