/** Finds changes of watched points by looking, so that nobody has to hand in every reading; and devices that went silent. */
import type { PointDescriptor, PointValue } from '../contract/messages.ts'
import { type DeviceChange, isSmoke, watchedKinds } from './device-evidence.ts'
import { isThere, type KnownDevice, knownDevices, type ParkView } from './park-view.ts'
import type { Signal } from './signal.ts'

const lookAgainEvery = 20
/** Site time. */
const lastWordMs = 600_000

export class DeviceScan {
  readonly #view: ParkView
  #devices: KnownDevice[] = []
  #byId = new Map<string, KnownDevice>()
  #watched: { readonly device: string; readonly point: PointDescriptor }[] = []
  #beats = 0
  #last = new Map<string, PointValue>()
  readonly #offlineSince = new Map<string, number>()

  constructor(view: ParkView) {
    this.#view = view
  }

  /** As of the last look; births are taken up within some beats, availability at once. */
  get devices(): readonly KnownDevice[] {
    return this.#devices
  }

  device(id: string): KnownDevice | undefined {
    return this.#byId.get(id)
  }

  refresh(): void {
    this.#devices = knownDevices(this.#view)
    this.#byId = new Map(this.#devices.map((device) => [device.id, device]))
    this.#watched = this.#devices.flatMap((device) =>
      device.birth.points
        .filter((point) => watchedKinds.has(point.kind))
        .map((point) => ({ device: device.id, point })),
    )
    this.#forgetGone()
  }

  /** Changes since the last look; the first value that is known is none. */
  changes(nowMs: number): DeviceChange[] {
    if (this.#beats++ % lookAgainEvery === 0) this.refresh()
    const found: DeviceChange[] = []
    for (const { device, point } of this.#watched) {
      const sample = this.#view.value(device, point.id)
      if (!sample || sample.quality === 'bad') continue
      if (sample.atMs <= 0) {
        // From before the site's clock jumped: no news, but what the next report is compared with.
        const key = `${device}/${point.id}`
        if (!this.#last.has(key)) this.#last.set(key, sample.value)
        continue
      }
      const change = this.note({ device, point: point.id, value: sample.value, atMs: sample.atMs }, nowMs)
      if (change?.previous !== undefined) found.push(change)
    }
    return found
  }

  /**
   * Smoke that is still reported, as of now: an alarm neither fades while it lasts nor hangs on its detector's clock. Of a
   * detector that is away, perhaps burnt, or that nobody speaks for and that is silent, the last word counts for a while.
   */
  alarms(nowMs: number): DeviceChange[] {
    const smoking = this.#watched.flatMap(({ device, point }) => {
      const sample = point.kind === 'smoke' ? this.#view.value(device, point.id) : undefined
      const counts = sample && sample.quality !== 'bad' && sample.atMs > 0 && isSmoke(sample.value)
      return counts ? [{ device, point: point.id, value: sample.value, atMs: sample.atMs }] : []
    })
    if (smoking.length === 0) return []
    // An old alarm of a detector that has just gone would open a fire: the last refresh is not good enough for that.
    const ids = new Set(smoking.map(({ device }) => device))
    const online = new Map<string, boolean | undefined>()
    for (const device of this.#view.devices()) if (ids.has(device.id)) online.set(device.id, device.online)
    return smoking.flatMap((alarm) => {
      if (isThere(online.get(alarm.device), alarm.atMs, nowMs)) return [{ ...alarm, atMs: nowMs }]
      return nowMs - alarm.atMs > lastWordMs ? [] : [{ ...alarm, atMs: Math.min(alarm.atMs, nowMs) }]
    })
  }

  /**
   * Completes a change with the value before; undefined if nothing changed. What we saw change has changed now, whatever
   * the device's clock says.
   */
  note(change: DeviceChange, nowMs: number): DeviceChange | undefined {
    const key = `${change.device}/${change.point}`
    const known = this.#last.get(key)
    const previous = known ?? change.previous
    this.#last.set(key, change.value)
    if (previous === change.value) return undefined
    return previous === undefined
      ? { ...change, atMs: Math.min(change.atMs, nowMs) }
      : { ...change, previous, atMs: nowMs }
  }

  /** Devices away for a minute; one word for a gateway when all behind it are. */
  lost(nowMs: number): Signal[] {
    const byGateway = new Map<string, { away: number; all: number }>()
    const away: KnownDevice[] = []
    for (const device of this.#devices) {
      if (device.online === false) {
        const sinceMs = this.#offlineSince.get(device.id) ?? nowMs
        this.#offlineSince.set(device.id, sinceMs)
        if (nowMs - sinceMs >= 60_000) away.push(device)
      } else this.#offlineSince.delete(device.id)
      const { gateway } = device.birth
      if (gateway === undefined) continue
      const count = byGateway.get(gateway) ?? { away: 0, all: 0 }
      byGateway.set(gateway, { away: count.away + (device.online === false ? 1 : 0), all: count.all + 1 })
    }
    const subjects = new Set<string>()
    for (const { id, birth } of away) {
      const count = birth.gateway === undefined ? undefined : byGateway.get(birth.gateway)
      subjects.add(
        birth.gateway !== undefined && count && count.all > 1 && count.away === count.all ? birth.gateway : id,
      )
    }
    return [...subjects].slice(0, mostLost).map((subject) => lostSignal(subject, nowMs))
  }

  /** Values of devices that are no longer there would pile up where ids come and go. */
  #forgetGone(): void {
    const watched = new Set(this.#watched.map(({ device, point }) => `${device}/${point.id}`))
    this.#last = new Map([...this.#last].filter(([key]) => watched.has(key)))
    for (const id of this.#offlineSince.keys()) if (!this.#byId.has(id)) this.#offlineSince.delete(id)
  }
}

/** More than that at once is one story about the network, which the link's own faults tell. */
const mostLost = 20

function lostSignal(subject: string, atMs: number): Signal {
  return {
    kind: 'deviceLost',
    zones: [],
    evidence: { source: 'device', kind: 'deviceOffline', subject, atMs, weight: 0.9, values: {} },
  }
}
