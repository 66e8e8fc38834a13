import type { Track } from '../../contract/perception.ts'
import { centroid, signedAreaM2 } from '../../site/geometry.ts'
import type { Zone } from '../../site/schema.ts'
import type { HotPoints } from '../../twin/hot-points.ts'
import type { TwinDevice, TwinState } from '../../twin/twin.ts'
import type { SitePoint } from '../frames.ts'
import type { SceneIndex } from '../scene-index.ts'
import { comfortIndex } from './comfort.ts'
import type { FieldLayer, SceneLayer } from './layer-catalogue.ts'
import { type SiteMoment, trustOf } from './reading-trust.ts'

/** Under the sky, or in a storey: `building/storey`. */
export type Place = 'ground' | `${string}/${string}`

/** A reading at its place. */
export interface LayerSample {
  readonly source: string
  readonly at: SitePoint
  readonly place: Place
  /** Slot of the room it was taken in; 0 in none. */
  readonly room: number
  readonly value: number
  /** 1 fresh … 0 stale. */
  readonly trust: number
  readonly atMs: number
}

const airKinds = ['temperature', 'co2', 'pm25', 'humidity'] as const
type AirKind = (typeof airKinds)[number]

interface AirPoint {
  readonly device: string
  readonly at: SitePoint
  readonly place: Place
  readonly room: number
  readonly index: Readonly<Partial<Record<AirKind | 'presence', number>>>
}

interface LoadPoint {
  readonly building: string
  readonly index: number
  readonly floorAreaM2: number
  readonly slots: readonly number[]
}

/** Their temperatures and humidities are those of water, cells or ducts, not of the room they stand in. */
const notOfTheRoom =
  /batter|chill|invert|pump|tower|ahu|air_handl|fcu|fan_coil|boiler|charg|meter|camera|lumin|heat_exch/i

/** Which points speak for floors and ground, found once for each change of the registry; a beat only reads numbers. */
export class FieldPoints {
  readonly #index: SceneIndex
  readonly #air: AirPoint[] = []
  readonly #loads: LoadPoint[] = []

  constructor(index: SceneIndex, devices: ReadonlyMap<string, TwinDevice>) {
    this.#index = index
    const files = new Map(index.site.equipment.map((item) => [item.id, item]))
    for (const device of devices.values()) {
      const file = files.get(device.id)
      const bound = this.#bindAir(device, file?.zone, device.birth.pose?.at ?? file?.at)
      if (bound) this.#air.push(bound)
    }
    this.#bindLoads(devices)
  }

  #bindAir(device: TwinDevice, fileZone: string | undefined, fileAt: SitePoint | undefined): AirPoint | undefined {
    if (notOfTheRoom.test(device.birth.class)) return undefined
    const index: Partial<Record<AirKind | 'presence', number>> = {}
    for (const point of device.birth.points) {
      const hot = device.points[point.id]
      const kind =
        point.kind === 'occupancy' || point.kind === 'motion' ? 'presence' : airKinds.find((k) => k === point.kind)
      if (hot !== undefined && kind && point.writable !== true) index[kind] ??= hot
    }
    if (Object.keys(index).length === 0) return undefined
    const zone = this.#index.zoneOf.get(device.birth.zone ?? fileZone ?? '')
    const at = fileAt ?? (zone && middleOf(zone))
    if (!at) return undefined
    return { device: device.id, at, place: placeOf(this.#index, zone), room: this.#index.slotOf(zone?.id), index }
  }

  /** A building's own meter: the one that no other meter of the building stands above. */
  #bindLoads(devices: ReadonlyMap<string, TwinDevice>): void {
    const { equipment, zones } = this.#index.site
    const meters = new Map(equipment.filter((e) => /meter/i.test(e.class)).map((e) => [e.id, e]))
    const slots = new Map<string, number[]>()
    for (const zone of zones)
      if (zone.building !== undefined)
        slots.set(zone.building, [...(slots.get(zone.building) ?? []), this.#index.slotOf(zone.id)])
    for (const meter of meters.values()) {
      const parts = meter.building === undefined ? undefined : this.#index.partsOf.get(meter.building)
      const above = meter.meteredBy === undefined ? undefined : meters.get(meter.meteredBy)
      if (!parts || above?.building === meter.building || meter.zone !== undefined) continue
      const device = devices.get(meter.id)
      const point = device?.birth.points.find((p) => p.kind === 'power')
      const index = point && device?.points[point.id]
      if (index === undefined) continue
      const { building } = parts
      const floorAreaM2 = Math.abs(signedAreaM2(building.footprint)) * building.storeys.length
      this.#loads.push({ building: building.id, index, floorAreaM2, slots: slots.get(building.id) ?? [] })
    }
  }

  /** All readings of a layer, none invented: a device that never reported is left out. */
  samples(layer: FieldLayer, hot: HotPoints, state: TwinState): LayerSample[] {
    const now = { siteMs: state.siteNowMs, speed: state.clock.speed }
    const found: LayerSample[] = []
    for (const point of this.#air) {
      const read = this.#read(layer, point, hot)
      if (!read) continue
      const trust = trustOf(hot, read.index, state.devices.get(point.device)?.online, now)
      const atMs = hot.atMs[read.index] ?? 0
      found.push({
        source: point.device,
        at: point.at,
        place: point.place,
        room: point.room,
        value: read.value,
        trust,
        atMs,
      })
    }
    return layer === 'occupancy' ? [...found, ...this.#seen(state, now)] : found
  }

  #read(
    layer: FieldLayer,
    { index }: AirPoint,
    hot: HotPoints,
  ): { readonly value: number; readonly index: number } | undefined {
    const reported = (kind: AirKind | 'presence') => {
      const at = index[kind]
      const value = at === undefined ? Number.NaN : (hot.value[at] ?? Number.NaN)
      return at !== undefined && Number.isFinite(value) ? { value, index: at } : undefined
    }
    if (layer === 'occupancy') {
      const presence = reported('presence')
      return presence && { value: presence.value > 0 ? 1 : 0, index: presence.index }
    }
    if (layer !== 'comfort') return reported(layer)
    const [warmth, co2, dust] = [reported('temperature'), reported('co2'), reported('pm25')]
    const first = warmth ?? co2 ?? dust
    const value = comfortIndex(this.#index.site.comfort, {
      temperatureC: warmth?.value,
      co2Ppm: co2?.value,
      pm25: dust?.value,
    })
    return first && value !== undefined ? { value, index: first.index } : undefined
  }

  /** What models say of rooms, and the people that cameras found. */
  #seen(state: TwinState, now: SiteMoment): LayerSample[] {
    const found: LayerSample[] = []
    for (const verdict of state.environment.values()) {
      const zone = this.#index.zoneOf.get(verdict.zoneId)
      if (!zone) continue
      found.push({
        source: `model:${zone.id}`,
        at: middleOf(zone),
        place: placeOf(this.#index, zone),
        room: this.#index.slotOf(zone.id),
        value: verdict.occupied,
        trust: ageTrust(now, verdict.atMs),
        atMs: verdict.atMs,
      })
    }
    for (const track of state.tracks) {
      const sample = this.#ofPerson(track, now)
      if (sample) found.push(sample)
    }
    return found
  }

  #ofPerson(track: Track, now: SiteMoment): LayerSample | undefined {
    if (track.className !== 'person' || !track.world) return undefined
    const zone = this.#index.zoneOf.get(track.zoneId ?? '')
    return {
      source: track.id,
      at: [track.world.eastM, track.world.northM, zone?.floorM ?? 0],
      place: placeOf(this.#index, zone),
      room: this.#index.slotOf(zone?.id),
      value: 1,
      trust: ageTrust(now, track.lastSeenMs),
      atMs: track.lastSeenMs,
    }
  }

  /** Electric load of each building against its floor area, W/m². */
  loads(
    hot: HotPoints,
    state: TwinState,
  ): {
    readonly building: string
    readonly value: number
    readonly trust: number
    readonly slots: readonly number[]
  }[] {
    const now = { siteMs: state.siteNowMs, speed: state.clock.speed }
    return this.#loads.flatMap(({ building, index, floorAreaM2, slots }) => {
      const kw = hot.value[index] ?? Number.NaN
      if (!Number.isFinite(kw)) return []
      return [
        {
          building,
          value: (Math.max(0, kw) * 1000) / Math.max(1, floorAreaM2),
          trust: trustOf(hot, index, true, now),
          slots,
        },
      ]
    })
  }

  /** Value of the layer by zone slot, where something speaks for the zone: what façades are tinted by and rooms labelled with. */
  zoneValues(
    layer: SceneLayer,
    hot: HotPoints,
    state: TwinState,
    samples: readonly LayerSample[],
  ): Map<number, number> {
    const values = new Map<number, number>()
    if (layer === 'power') {
      for (const load of this.loads(hot, state)) for (const slot of load.slots) values.set(slot, load.value)
      return values
    }
    const counts = new Map<number, number>()
    for (const { room, value } of samples) {
      if (room === 0) continue
      const known = values.get(room)
      const count = (counts.get(room) ?? 0) + 1
      counts.set(room, count)
      // One who is seen makes a room occupied; the mean would say it is half so.
      if (known === undefined) values.set(room, value)
      else values.set(room, layer === 'occupancy' ? Math.max(known, value) : known + (value - known) / count)
    }
    return values
  }
}

function ageTrust(now: SiteMoment, atMs: number): number {
  return Math.max(0, Math.min(1, 1 - (now.siteMs - atMs) / Math.max(1, now.speed) / 300_000))
}

function middleOf(zone: Zone): SitePoint {
  return [...centroid(zone.polygon), zone.floorM + 1.2]
}

/** A car park without walls is ground: there is no storey to be laid open. */
function placeOf(index: SceneIndex, zone: Zone | undefined): Place {
  if (zone?.building === undefined || zone.storey === undefined) return 'ground'
  const building = index.partsOf.get(zone.building)?.building
  return building?.facade.style === 'open' ? 'ground' : `${zone.building}/${zone.storey}`
}
