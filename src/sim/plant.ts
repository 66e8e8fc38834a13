/** Central plant: chillers with pumps and towers, and the air handlers that bring fresh air. */
import type { Equipment, SiteFile } from '../site/schema.ts'
import type { Devices } from './devices.ts'
import type { Metering } from './metering.ts'
import { isBetween, isWorkday, type Moment } from './moment.ts'
import { chillerKw, heatPumpCop, motorKw } from './physics/cooling.ts'
import { clamp } from './physics/noise.ts'
import type { Rooms, Supply } from './rooms.ts'

interface AirHandler {
  readonly item: Equipment
  readonly zones: ReadonlyMap<string, number>
  flowShare: number
  supplyC: number
  coilKw: number
}

/** A chiller in hand keeps itself loaded by hot-gas bypass and recirculation. */
const handLoadShare = 0.5

export class Plant implements Supply {
  readonly #devices: Devices
  readonly #metering: Metering
  readonly #rooms: Rooms
  readonly #chillers: readonly Equipment[]
  readonly #auxiliaries: readonly Equipment[]
  readonly #handlers: readonly AirHandler[]
  readonly #handlerOf = new Map<string, AirHandler>()
  #coolShare = 0
  #loadKw = 0
  #coolingWanted = false

  constructor(site: SiteFile, devices: Devices, metering: Metering, rooms: Rooms) {
    this.#devices = devices
    this.#metering = metering
    this.#rooms = rooms
    this.#chillers = site.equipment.filter((e) => e.class === 'Chiller')
    this.#auxiliaries = site.equipment.filter((e) => e.class === 'Chilled_Water_Pump' || e.class === 'Cooling_Tower')
    this.#handlers = site.equipment.filter((e) => e.class === 'AHU').map((item) => airHandler(item, rooms))
    for (const handler of this.#handlers) for (const id of handler.zones.keys()) this.#handlerOf.set(id, handler)
    for (const chiller of this.#chillers) devices.preset(chiller.id, 'setpoint', 7)
    for (const { item } of this.#handlers) {
      devices.preset(item.id, 'setpoint', 19)
      devices.preset(item.id, 'outside-air', 100)
    }
  }

  get coolShare(): number {
    return this.#coolShare
  }

  freshM3ps(zoneId: string): number {
    const handler = this.#handlerOf.get(zoneId)
    if (!handler) return 0
    return ((handler.item.ratings?.airflowM3ph ?? 0) / 3600) * handler.flowShare * (handler.zones.get(zoneId) ?? 0)
  }

  freshC(zoneId: string): number {
    return this.#handlerOf.get(zoneId)?.supplyC ?? 20
  }

  /** Before the rooms: what air comes, whether there is chilled water. */
  prepare(moment: Moment): void {
    for (const handler of this.#handlers) this.#stepHandler(handler, moment)
    const season = moment.weather.temperatureC > 13
    const hours = isWorkday(moment) && isBetween(moment.hour, 7.25, 18.75)
    this.#coolingWanted = hours && season && (this.#rooms.callsForCooling(moment) || this.#coolingWanted)
    if (!hours) this.#coolingWanted = false
    const capacityKw = this.#chillers.filter((c) => this.#mayRun(c)).reduce((sum, c) => sum + capacityOf(c), 0)
    this.#coolShare = capacityKw === 0 ? 0 : clamp(capacityKw / Math.max(1, this.#loadKw), 0.1, 1)
  }

  /** After the rooms: carries their heat away and draws the power for it. */
  settle(moment: Moment): void {
    const airKw = this.#handlers.reduce((sum, h) => sum + h.coilKw, 0)
    const loadKw = this.#rooms.chilledLoadW() / 1000 + airKw
    // valves and pipes smooth the load over some minutes
    this.#loadKw += (loadKw - this.#loadKw) * (1 - Math.exp(-moment.dtS / 120))
    let left = this.#loadKw
    let running = 0
    for (const chiller of this.#chillers) {
      const isFirst = running === 0
      const mode = this.#devices.word(chiller.id, 'mode', 'auto')
      const needed = this.#coolingWanted && left > 2 && (isFirst || left > capacityOf(chiller) * 0.08)
      const on = mode === 'on' || (mode === 'auto' && needed)
      const taken = on ? Math.min(left, capacityOf(chiller) * 0.95) : 0
      left -= taken
      if (on) running++
      this.#runChiller(chiller, on, mode === 'on', taken, moment)
    }
    this.#runAuxiliaries(running)
  }

  #mayRun(chiller: Equipment): boolean {
    const mode = this.#devices.word(chiller.id, 'mode', 'auto')
    return mode === 'on' || (mode === 'auto' && this.#coolingWanted)
  }

  #runChiller(chiller: Equipment, on: boolean, hand: boolean, heatKw: number, moment: Moment): void {
    const capacityKw = capacityOf(chiller)
    const chilledC = this.#devices.number(chiller.id, 'setpoint', 7)
    const least = hand ? handLoadShare : (chiller.ratings?.minLoadShare ?? 0.2)
    const kw = on
      ? chillerKw(heatKw, capacityKw, chiller.ratings?.cop ?? 5, moment.weather.temperatureC, chilledC, least)
      : 0.35
    const share = on ? Math.max(least, heatKw / capacityKw) : 0
    const restC = 14
    const before = this.#devices.number(chiller.id, 'supply', restC)
    const supplyC = before + ((on ? chilledC : restC) - before) * (1 - Math.exp(-moment.dtS / (on ? 180 : 3600)))
    this.#devices.measure(chiller.id, 'power', kw)
    this.#devices.measure(chiller.id, 'load', share * 100)
    this.#devices.measure(chiller.id, 'supply', supplyC)
    this.#devices.measure(chiller.id, 'return', supplyC + 5.5 * share)
    this.#devices.measure(chiller.id, 'flow', on ? (capacityKw * (0.4 + 0.6 * share)) / 5.5 / 1.163 : 0)
    this.#metering.addDevice(chiller.id, kw)
  }

  /** The n-th pump and tower follow the n-th running chiller. */
  #runAuxiliaries(running: number): void {
    const counts = new Map<string, number>()
    const capacityKw = this.#chillers.reduce((sum, c) => sum + capacityOf(c), 0)
    const share = clamp(this.#loadKw / Math.max(1, capacityKw * Math.max(1, running) * 0.5), 0, 1)
    for (const item of this.#auxiliaries) {
      const index = counts.get(item.class) ?? 0
      counts.set(item.class, index + 1)
      const mode = this.#devices.word(item.id, 'mode', 'auto')
      const on = mode === 'on' || (mode === 'auto' && index < running)
      const speed = on ? 0.65 + 0.35 * share : 0
      const kw = motorKw(item.ratings?.ratedKw ?? 5, speed)
      this.#devices.measure(item.id, 'speed', speed * 100)
      this.#devices.measure(item.id, 'power', kw)
      this.#devices.measure(item.id, 'flow', speed * 90)
      this.#devices.measure(item.id, 'leaving', on ? 29 : 24)
      this.#metering.addDevice(item.id, kw)
    }
  }

  #stepHandler(handler: AirHandler, moment: Moment): void {
    const { item } = handler
    const mode = this.#devices.word(item.id, 'mode', 'auto')
    const scheduled = isWorkday(moment) && isBetween(moment.hour, 7.25, 18.75)
    const on = mode === 'on' || (mode === 'auto' && scheduled)
    const outside = this.#devices.number(item.id, 'outside-air', 100) / 100
    const setpointC = this.#devices.number(item.id, 'setpoint', 19)
    const outdoorC = moment.weather.temperatureC
    handler.flowShare = on ? outside : 0
    const m3ps = ((item.ratings?.airflowM3ph ?? 0) / 3600) * handler.flowShare
    // 60 % sensible heat recovery against rooms at 24 °C
    const recoveredC = outdoorC + 0.6 * (24 - outdoorC)
    const chilled = this.#coolShare > 0 && recoveredC > setpointC
    handler.supplyC = chilled ? setpointC : Math.max(recoveredC, 17)
    // wet coil: drying the air costs 35 % on top
    handler.coilKw = chilled ? m3ps * 1.206 * (recoveredC - setpointC) * 1.35 : 0
    const heatKw = m3ps * 1.206 * Math.max(0, 17 - recoveredC)
    const fanKw = on ? motorKw(item.ratings?.fanKw ?? 3, 0.5 + 0.5 * outside) : 0
    const kw = fanKw + heatKw / heatPumpCop(item.ratings?.heatCop ?? 3, outdoorC)
    this.#devices.measure(item.id, 'supply', handler.supplyC)
    this.#devices.measure(item.id, 'airflow', m3ps * 3600)
    this.#devices.measure(item.id, 'power', kw)
    this.#metering.addDevice(item.id, kw)
  }
}

function capacityOf(chiller: Equipment): number {
  return chiller.ratings?.capacityKw ?? 300
}

/** Fresh air is shared out by people and floor. */
function airHandler(item: Equipment, rooms: Rooms): AirHandler {
  const weights = (item.serves ?? []).flatMap((id): [string, number][] => {
    const room = rooms.get(id)
    return room ? [[id, room.zone.capacity * 30 + room.params.areaM2 * 0.8]] : []
  })
  const total = weights.reduce((sum, [, w]) => sum + w, 0)
  return { item, zones: new Map(weights.map(([id, w]) => [id, w / total])), flowShare: 0, supplyC: 20, coilKw: 0 }
}
