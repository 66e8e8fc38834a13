/** What `decide` may read of the live belief. Given by whoever joins the stages. */
import type { BirthMessage, PointDescriptor, PointValue, Quality } from '../contract/messages.ts'
import type { Forecast } from '../contract/perception.ts'
import { kwPerUnit } from '../contract/point-meaning.ts'
import type { Equipment, SiteFile } from '../site/schema.ts'

export interface ParkDevice {
  readonly id: string
  readonly birth: BirthMessage
  /** Own word and the gateway's together; undefined while nobody said anything. */
  readonly online: boolean | undefined
}

export interface PointSample {
  readonly value: PointValue
  /** Site time of the report. */
  readonly atMs: number
  readonly quality: Quality
}

export interface ParkView {
  /** As it is believed now: a calibration moves a camera, and nothing else, while the site stays announced. */
  readonly site: SiteFile
  /** Site time. */
  nowMs(): number
  /** The last report of a point; undefined before the first. */
  value(device: string, point: string): PointSample | undefined
  devices(): Iterable<ParkDevice>
  /** The forecast in force for a meter, in kW. */
  forecast(meter: string): Forecast | undefined
  /** What a command on its way asks of a point; undefined where none is, or nobody knows. */
  commanded?(device: string, point: string): PointValue | undefined
}

/** Power of a meter at the site time of its report. */
export interface MeterReading {
  readonly atMs: number
  readonly kw: number
}

/** A device with what the site file knows of it beyond its birth. */
export interface KnownDevice extends ParkDevice {
  readonly equipment: Equipment | undefined
}

export function knownDevices(view: ParkView): KnownDevice[] {
  const equipment = new Map(view.site.equipment.map((item) => [item.id, item]))
  return [...view.devices()].map(({ id, birth, online }) => ({ id, birth, online, equipment: equipment.get(id) }))
}

export function pointOfKind(device: ParkDevice, kind: string, writable = false): PointDescriptor | undefined {
  return device.birth.points.find((point) => point.kind === kind && (!writable || point.writable === true))
}

/** A number that is not known to be bad; undefined otherwise. */
export function numberAt(view: ParkView, device: string, point: string): number | undefined {
  const sample = view.value(device, point)
  return typeof sample?.value === 'number' && sample.quality !== 'bad' ? sample.value : undefined
}

/** Site time after which a device that measures something is taken for silent. */
const silentAfterMs = 3_600_000

/** Whether a device is there: by what is said of it, else by the age of its last word. */
export function isThere(online: boolean | undefined, heardAtMs: number, nowMs: number): boolean {
  return online ?? nowMs - heardAtMs <= silentAfterMs
}

/**
 * Whether a sample tells how the device stands now: good, and from a device that is still heard. One that only obeys
 * speaks when something changes, so its availability answers for it.
 */
export function isReliable(view: ParkView, device: ParkDevice, sample: PointSample): boolean {
  if (sample.quality !== 'good' || sample.atMs <= 0 || device.online === false) return false
  const speaking = device.birth.points.filter((point) => device.online !== true || point.writable !== true)
  if (speaking.length === 0) return true
  const heardAtMs = speaking.map((point) => view.value(device.id, point.id)?.atMs ?? 0)
  return view.nowMs() - Math.max(sample.atMs, ...heardAtMs) <= silentAfterMs
}

/** Power in kW as the device reports it, however long ago. */
export function powerKw(view: ParkView, device: ParkDevice): number | undefined {
  return powerReading(view, device)?.kw
}

/** The last good report of its power; undefined before the first. */
export function powerReading(view: ParkView, device: ParkDevice): MeterReading | undefined {
  const points = device.birth.points.filter((point) => point.kind === 'power' && !point.writable)
  const point = points.find((candidate) => candidate.id === 'power') ?? points[0]
  const sample = point && view.value(device.id, point.id)
  // A time of 0 marks a value from before the site's clock jumped.
  const value = point && sample && sample.atMs > 0 ? numberAt(view, device.id, point.id) : undefined
  if (value === undefined || !sample) return undefined
  return { atMs: sample.atMs, kw: value * (kwPerUnit.get(point?.unit ?? 'kW') ?? 1) }
}
