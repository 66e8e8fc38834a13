import type { ActDevice, DeviceView, PersonOnGround, ReportedValue } from '../act/device-view.ts'
import type { Quality } from '../contract/messages.ts'
import type { Track } from '../contract/perception.ts'
import { valueFromNumeric } from '../contract/point-values.ts'
import type { SiteFile } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'

const qualities: readonly Quality[] = ['good', 'uncertain', 'bad']

/** The twin's belief about one point as `act` and `decide` read it; undefined before its first report. */
export function reportedValue(twin: Twin, device: string, point: string): ReportedValue | undefined {
  const known = twin.point(device, point)
  if (!known) return undefined
  const value = twin.hot.value[known.index]
  if (value === undefined || Number.isNaN(value)) return undefined
  return {
    value: valueFromNumeric(known.descriptor, value),
    atMs: twin.hot.atMs[known.index] ?? 0,
    quality: qualities[twin.hot.quality[known.index] ?? 0] ?? 'good',
  }
}

export interface DeviceViewSources {
  readonly twin: Twin
  readonly site: () => SiteFile
  readonly tracks: () => Iterable<Track>
  readonly fireZones: () => Iterable<string>
}

/** What `act` may read, taken from the twin. */
export function deviceViewOf({ twin, site, tracks, fireZones }: DeviceViewSources): DeviceView {
  return {
    get site() {
      return site()
    },
    device: (id): ActDevice | undefined => twin.device(id),
    reported: (device, point) => reportedValue(twin, device, point),
    people: () => peopleOf(tracks()),
    fireZones,
  }
}

function* peopleOf(tracks: Iterable<Track>): Iterable<PersonOnGround> {
  for (const { className, world } of tracks) if (className === 'person' && world) yield world
}
