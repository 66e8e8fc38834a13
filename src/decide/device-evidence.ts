/** What doors, gates, motion and smoke detectors add: evidence from devices, joined by zone or nearness. */
import type { PointDescriptor, PointValue } from '../contract/messages.ts'
import { isOpen } from '../contract/point-meaning.ts'
import type { SiteFile } from '../site/schema.ts'
import type { ParkDevice } from './park-view.ts'
import type { Signal } from './signal.ts'
import { intrusionShare, zoneById, zonesNear } from './zones.ts'

export interface DeviceChange {
  readonly device: string
  readonly point: string
  readonly value: PointValue
  /** The value before; missing where this is the first that is known. */
  readonly previous?: PointValue
  /** Site time: of our own clock where we saw it change, of the device's report where it is the first that is known. */
  readonly atMs: number
}

/** Kinds of points whose changes are evidence; others need not be handed in. */
export const watchedKinds: ReadonlySet<string> = new Set(['contact', 'position', 'motion', 'smoke'])

const doorClass = /door|gate|shutter|barrier|turnstile|window/i
const nearM = 8

export function deviceSignal(site: SiteFile, device: ParkDevice, change: DeviceChange): Signal | undefined {
  const descriptor = device.birth.points.find((point) => point.id === change.point)
  if (!descriptor || !watchedKinds.has(descriptor.kind)) return undefined
  if (descriptor.kind === 'smoke') return smokeSignal(site, device, change)
  return intrusionSignal(site, device, descriptor, change)
}

/** Zones a device speaks of: its own, or those near its place. */
function zonesOf(site: SiteFile, device: ParkDevice): string[] {
  if (device.birth.zone !== undefined) return [device.birth.zone]
  const at = device.birth.pose?.at
  return at ? zonesNear(site, [at[0], at[1]], nearM).map((zone) => zone.id) : []
}

/** Whether a smoke detector alarms by this value. */
export function isSmoke(value: PointValue): boolean {
  return value === true || (typeof value === 'number' && value > 0)
}

function smokeSignal(site: SiteFile, device: ParkDevice, change: DeviceChange): Signal | undefined {
  if (!isSmoke(change.value)) return undefined
  return signal('fire', zonesOf(site, device), device.id, 'smokeAlarm', 0.8, change)
}

/** Only a change counts: a door that was open when we came tells nothing of now. */
function intrusionSignal(
  site: SiteFile,
  device: ParkDevice,
  descriptor: PointDescriptor,
  change: DeviceChange,
): Signal | undefined {
  if (change.previous === undefined) return undefined
  const zones = zonesOf(site, device).filter((id) => intrusionShare(site, zoneById(site, id), change.atMs) > 0)
  const share = Math.max(0, ...zones.map((id) => intrusionShare(site, zoneById(site, id), change.atMs)))
  if (share === 0) return undefined
  if (descriptor.kind === 'motion') {
    if (change.value !== true && change.value !== 1) return undefined
    return signal('intrusion', zones, device.id, 'motion', 0.3 * share, change)
  }
  if (!doorClass.test(device.birth.class)) return undefined
  const opened = isOpen(descriptor, change.value) === true && isOpen(descriptor, change.previous) === false
  return opened ? signal('intrusion', zones, device.id, 'doorOpened', 0.5 * share, change) : undefined
}

function signal(
  kind: Signal['kind'],
  zones: string[],
  subject: string,
  word: string,
  weight: number,
  { point, value, atMs }: DeviceChange,
): Signal {
  return { kind, zones, evidence: { source: 'device', kind: word, subject, atMs, weight, values: { point, value } } }
}
