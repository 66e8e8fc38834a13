/** What `act` may read of the live belief. Given by whoever joins the stages. */
import type { BirthMessage, PointDescriptor, PointValue, Quality } from '../contract/messages.ts'
import type { SiteFile } from '../site/schema.ts'

export interface ActDevice {
  readonly id: string
  readonly birth: BirthMessage
  /** Own word and the gateway's together; undefined while nobody said anything. */
  readonly online: boolean | undefined
}

export interface ReportedValue {
  readonly value: PointValue
  /** Site time of the report. */
  readonly atMs: number
  readonly quality: Quality
}

export interface PersonOnGround {
  readonly eastM: number
  readonly northM: number
  /** Standard deviation of the position. */
  readonly sigmaM: number
}

export interface DeviceView {
  readonly site: SiteFile
  device(id: string): ActDevice | undefined
  reported(device: string, point: string): ReportedValue | undefined
  /** People that cameras see now. */
  people(): Iterable<PersonOnGround>
  /** Zones with a fire incident that is not over. */
  fireZones(): Iterable<string>
}

export function pointOf(device: ActDevice, point: string): PointDescriptor | undefined {
  return device.birth.points.find((candidate) => candidate.id === point)
}
