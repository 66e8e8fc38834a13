/** What `decide` may read of the live belief. Given by whoever joins the stages. */
import type { BirthMessage, PointDescriptor, PointValue, Quality } from '../contract/messages.ts'
import type { Forecast } from '../contract/perception.ts'
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

/** Power in kW as the device reports it. */
export function powerKw(view: ParkView, device: ParkDevice): number | undefined {
  const points = device.birth.points.filter((point) => point.kind === 'power' && !point.writable)
  const point = points.find((candidate) => candidate.id === 'power') ?? points[0]
  const sample = point && view.value(device.id, point.id)
  // A time of 0 marks a value from before the site's clock jumped.
  const value = point && sample && sample.atMs > 0 ? numberAt(view, device.id, point.id) : undefined
  return value === undefined ? undefined : point?.unit === 'W' ? value / 1000 : value
}
