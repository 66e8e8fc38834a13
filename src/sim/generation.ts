/** Solar, storage and vehicle charging. */
import type { Equipment, SiteFile } from '../site/schema.ts'
import { tariffAt } from '../site/tariff.ts'
import type { Devices } from './devices.ts'
import type { Metering } from './metering.ts'
import type { Moment } from './moment.ts'
import { clamp } from './physics/noise.ts'
import { planeIrradianceWm2 } from './physics/weather.ts'

export class Solar {
  readonly #inverters: readonly Equipment[]
  readonly #energyKwh = new Map<string, number>()
  readonly #devices: Devices
  readonly #metering: Metering

  constructor(site: SiteFile, devices: Devices, metering: Metering) {
    this.#devices = devices
    this.#metering = metering
    this.#inverters = site.equipment.filter((e) => e.class === 'PV_Inverter')
    for (const inverter of this.#inverters) devices.preset(inverter.id, 'limit', 100)
  }

  step(moment: Moment): void {
    for (const { id, ratings } of this.#inverters) {
      const planeWm2 = planeIrradianceWm2(moment.weather, ratings?.tiltDeg ?? 10, ratings?.azimuthDeg ?? 180)
      // cell 28 K above air at 1000 W/m² on a ventilated roof; −0.38 %/K; 0.9 for dirt, cable, inverter
      const cellC = moment.weather.temperatureC + 0.028 * planeWm2
      const peakKw = ratings?.peakKw ?? 10
      const freeKw = Math.max(0, peakKw * 0.9 * (planeWm2 / 1000) * (1 - 0.0038 * (cellC - 25)))
      const kw = Math.min(freeKw, (peakKw * this.#devices.number(id, 'limit', 100)) / 100)
      const energyKwh = (this.#energyKwh.get(id) ?? 0) + (kw * moment.dtS) / 3600
      this.#energyKwh.set(id, energyKwh)
      this.#devices.measure(id, 'power', kw)
      this.#devices.measure(id, 'energy', energyKwh)
      this.#metering.addDevice(id, -kw)
    }
  }
}

interface Store {
  readonly item: Equipment
  energyKwh: number
  temperatureC: number
}

export class Storage {
  readonly #site: SiteFile
  readonly #stores: readonly Store[]
  readonly #devices: Devices
  readonly #metering: Metering

  constructor(site: SiteFile, devices: Devices, metering: Metering) {
    this.#site = site
    this.#devices = devices
    this.#metering = metering
    this.#stores = site.equipment
      .filter((e) => e.class === 'Battery')
      .map((item) => ({ item, energyKwh: 0.5 * (item.ratings?.capacityKwh ?? 100), temperatureC: 25 }))
    for (const { item } of this.#stores) devices.preset(item.id, 'setpoint', 0.5 * (item.ratings?.ratedKw ?? 0))
  }

  energyKwh(): number {
    return this.#stores.reduce((sum, s) => sum + s.energyKwh, 0)
  }

  step(moment: Moment): void {
    for (const store of this.#stores) this.#stepStore(store, moment)
  }

  #stepStore(store: Store, moment: Moment): void {
    const { id, ratings } = store.item
    const capacityKwh = ratings?.capacityKwh ?? 100
    const lowKwh = (capacityKwh * (ratings?.socMinPct ?? 10)) / 100
    const highKwh = (capacityKwh * (ratings?.socMaxPct ?? 95)) / 100
    const oneWay = Math.sqrt(ratings?.roundTrip ?? 0.9)
    const hours = moment.dtS / 3600
    const askedKw = this.#askedKw(store, moment)
    // what the cells can take or give in this step without leaving their window
    const mostInKw = Math.max(0, (highKwh - store.energyKwh) / oneWay / hours)
    const mostOutKw = Math.max(0, ((store.energyKwh - lowKwh) * oneWay) / hours)
    const kw = clamp(askedKw, -mostOutKw, mostInKw)
    const before = store.energyKwh
    store.energyKwh += (kw > 0 ? kw * oneWay : kw / oneWay) * hours
    store.energyKwh = Math.max(0, store.energyKwh - capacityKwh * 2e-6 * hours)
    const lossKw = hours > 0 ? Math.max(0, kw - (store.energyKwh - before) / hours) : 0
    store.temperatureC += (25 + lossKw * 0.9 - store.temperatureC) * (1 - Math.exp(-moment.dtS / 3600))
    const standbyKw = 0.8
    this.#devices.measure(id, 'soc', (100 * store.energyKwh) / capacityKwh)
    this.#devices.measure(id, 'power', kw)
    this.#devices.measure(id, 'temperature', store.temperatureC)
    this.#metering.addDevice(id, kw + standbyKw)
  }

  #askedKw(store: Store, moment: Moment): number {
    const { id, ratings } = store.item
    const ratedKw = ratings?.ratedKw ?? 50
    const setKw = Math.min(ratedKw, this.#devices.number(id, 'setpoint'))
    switch (this.#devices.word(id, 'mode', 'auto')) {
      case 'charge':
        return setKw
      case 'discharge':
        return -setKw
      case 'idle':
        return 0
      default:
        return this.#automaticKw(store, moment, setKw)
    }
  }

  /** Buys in the valley, keeps half for a call, and gives in the sharp hours up to the setpoint. */
  #automaticKw(store: Store, moment: Moment, setKw: number): number {
    const band = tariffAt(this.#site, moment.nowMs).name
    const socPct = (100 * store.energyKwh) / (store.item.ratings?.capacityKwh ?? 100)
    if (band === 'valley') return socPct < 90 ? setKw * 0.8 : 0
    if (band === 'peak' && moment.hour >= 18) return socPct > 35 ? -setKw * 0.6 : 0
    return 0
  }
}

interface Session {
  readonly needKwh: number
  readonly departMs: number
  givenKwh: number
}

interface Charger {
  readonly item: Equipment
  session: Session | undefined
}

export class Charging {
  readonly #chargers: readonly Charger[]
  readonly #devices: Devices
  readonly #metering: Metering

  constructor(site: SiteFile, devices: Devices, metering: Metering) {
    this.#devices = devices
    this.#metering = metering
    this.#chargers = site.equipment
      .filter((e) => e.class === 'Electric_Vehicle_Charging_Station')
      .map((item) => ({ item, session: undefined }))
    for (const { item } of this.#chargers) {
      devices.preset(item.id, 'limit', item.ratings?.ratedKw ?? 11)
      devices.preset(item.id, 'session', 'idle')
    }
  }

  get count(): number {
    return this.#chargers.length
  }

  /** A vehicle stands at charger `index`, wants `needKwh` and leaves at `departMs`. */
  plugIn(index: number, needKwh: number, departMs: number): void {
    const charger = this.#chargers[index]
    if (charger) charger.session = { needKwh, departMs, givenKwh: 0 }
  }

  unplug(index: number): void {
    const charger = this.#chargers[index]
    if (charger) charger.session = undefined
  }

  step(moment: Moment): void {
    for (const charger of this.#chargers) this.#stepCharger(charger, moment)
  }

  #stepCharger(charger: Charger, moment: Moment): void {
    const { id, ratings } = charger.item
    if (charger.session && moment.nowMs > charger.session.departMs + 3_600_000) charger.session = undefined
    const { session } = charger
    const ratedKw = ratings?.ratedKw ?? 11
    const left = session ? session.needKwh - session.givenKwh : 0
    const limitKw = Math.min(ratedKw, this.#devices.number(id, 'limit', ratedKw))
    // the last tenth tapers, as cells near full do
    const taper = session ? clamp(left / (0.1 * session.needKwh), 0.15, 1) : 0
    const kw = left > 0.02 ? Math.min(limitKw * taper, (left * 3600) / moment.dtS / 0.92) : 0
    if (session) session.givenKwh += (kw * 0.92 * moment.dtS) / 3600
    this.#devices.measure(id, 'power', kw)
    this.#devices.measure(id, 'session', session ? (left > 0.02 ? 'charging' : 'done') : 'idle')
    this.#devices.measure(id, 'session-energy', session?.givenKwh ?? 0)
    this.#metering.addDevice(id, kw + 0.03)
  }
}
