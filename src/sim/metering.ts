/** Meters that add up: loads land on their meter, meters on their parents, with the losses of the way. */
import type { ProfileMessage } from '../contract/messages.ts'
import type { SiteFile } from '../site/schema.ts'
import { tariffAt } from '../site/tariff.ts'
import type { Devices } from './devices.ts'
import type { Moment } from './moment.ts'
import { roundTo } from './publishing.ts'

interface Meter {
  readonly id: string
  readonly parent: Meter | undefined
  readonly lossShare: number
  loadKw: number
  powerKw: number
  energyKwh: number
  exportedKwh: number
  /** Of the running quarter of an hour. */
  quarterKwh: number
  quarterS: number
  readonly profile: number[]
  profileStartMs: number
}

export const profileIntervalMs = 900_000
/** Eight days. */
const profileLength = 8 * 96
/** Cables and busbars between a meter and what it feeds. */
const feederLossShare = 0.003

export type Circuit = 'lighting' | 'hvac' | 'plug' | 'server' | 'kitchen'

export class Metering {
  readonly #site: SiteFile
  readonly #devices: Devices
  readonly #meters = new Map<string, Meter>()
  /** Children before parents. */
  readonly #order: Meter[]
  readonly #parentOf = new Map<string, string>()
  readonly #rootId: string | undefined

  constructor(site: SiteFile, devices: Devices) {
    this.#site = site
    this.#devices = devices
    const items = new Map(site.equipment.map((e) => [e.id, e]))
    const isMeter = (id: string) => items.get(id)?.class === 'Electrical_Meter'
    const make = (id: string): Meter | undefined => {
      const known = this.#meters.get(id)
      const item = items.get(id)
      if (known || !item) return known
      const parent = item.meteredBy !== undefined && item.meteredBy !== id ? make(item.meteredBy) : undefined
      const meter: Meter = {
        id,
        parent,
        lossShare: item.ratings?.lossShare ?? feederLossShare,
        loadKw: 0,
        powerKw: 0,
        energyKwh: 0,
        exportedKwh: 0,
        quarterKwh: 0,
        quarterS: 0,
        profile: [],
        profileStartMs: 0,
      }
      this.#meters.set(id, meter)
      return meter
    }
    for (const item of site.equipment) {
      if (isMeter(item.id)) make(item.id)
      else if (item.meteredBy !== undefined) this.#parentOf.set(item.id, item.meteredBy)
    }
    this.#order = [...this.#meters.values()].sort((a, b) => depth(b) - depth(a))
    this.#rootId = [...this.#meters.values()].find((m) => !m.parent)?.id
  }

  /** The sub-meter of a building's circuit, else the building's meter, else the site's. */
  circuitMeter(building: string | undefined, circuit: Circuit): string | undefined {
    return [`meter-${building}-${circuit}`, `meter-${building}`].find((id) => this.#meters.has(id)) ?? this.#rootId
  }

  /** A load of this step, kW; negative for generation. */
  add(meterId: string | undefined, kw: number): void {
    const meter = meterId === undefined ? undefined : this.#meters.get(meterId)
    if (meter) meter.loadKw += kw
  }

  /** The load of a device, on the meter its site file names. */
  addDevice(deviceId: string, kw: number): void {
    this.add(this.#parentOf.get(deviceId) ?? this.#rootId, kw)
  }

  powerKw(meterId: string): number {
    return this.#meters.get(meterId)?.powerKw ?? 0
  }

  get rootId(): string | undefined {
    return this.#rootId
  }

  /** Rolls the step's loads up to the site and counts energy. */
  settle(moment: Moment): void {
    const hours = moment.dtS / 3600
    for (const meter of this.#order) {
      meter.powerKw = meter.loadKw + Math.abs(meter.loadKw) * meter.lossShare
      if (meter.parent) meter.parent.loadKw += meter.powerKw
      meter.loadKw = 0
      if (meter.powerKw >= 0) meter.energyKwh += meter.powerKw * hours
      else meter.exportedKwh -= meter.powerKw * hours
      meter.quarterKwh += meter.powerKw * hours
      meter.quarterS += moment.dtS
      this.#tell(meter, moment)
    }
  }

  #tell(meter: Meter, moment: Moment): void {
    const devices = this.#devices
    devices.measure(meter.id, 'power', meter.powerKw)
    devices.measure(meter.id, 'energy', meter.parent ? meter.energyKwh - meter.exportedKwh : meter.energyKwh)
    devices.measure(meter.id, 'reactive-power', Math.abs(meter.powerKw) * 0.29)
    devices.measure(meter.id, 'voltage', 402 - meter.powerKw * 0.012 + 1.5 * Math.sin(moment.hour * 1.7))
    if (meter.parent) return
    devices.measure(meter.id, 'exported', meter.exportedKwh)
    devices.measure(meter.id, 'demand', meter.quarterS > 0 ? (meter.quarterKwh * 3600) / meter.quarterS : 0)
    devices.measure(meter.id, 'price', tariffAt(this.#site, moment.nowMs).pricePerKwh)
  }

  /** Closes the quarter of an hour that ended at `atMs`. */
  closeQuarter(atMs: number): void {
    for (const meter of this.#meters.values()) {
      if (meter.quarterS > 0) {
        if (meter.profile.length === 0) meter.profileStartMs = atMs - profileIntervalMs
        meter.profile.push((meter.quarterKwh * 3600) / meter.quarterS)
        if (meter.profile.length > profileLength) {
          meter.profile.shift()
          meter.profileStartMs += profileIntervalMs
        }
      }
      meter.quarterKwh = 0
      meter.quarterS = 0
    }
  }

  profiles(): { readonly device: string; readonly message: ProfileMessage }[] {
    return this.#order
      .filter((meter) => meter.profile.length > 0)
      .map((meter) => ({
        device: meter.id,
        message: {
          point: 'power',
          intervalMs: profileIntervalMs,
          startMs: meter.profileStartMs,
          values: meter.profile.map((kw) => roundTo(kw, 3)),
        },
      }))
  }
}

function depth(meter: Meter): number {
  return meter.parent ? depth(meter.parent) + 1 : 0
}
