/** Whether what an incident speaks of still holds. When it no longer does, the alarm has returned to normal. */
import type { Incident } from '../contract/decision.ts'
import { isOpen } from '../contract/point-meaning.ts'
import { isSmoke } from './device-evidence.ts'
import type { BandWatch } from './energy-evidence.ts'
import type { FireWatch } from './fire-watch.ts'
import { isThere, type KnownDevice, type ParkView, pointOfKind } from './park-view.ts'
import { isHighPrice } from './saving.ts'
import { ruleTypeOf } from './zone-events/rule-signal.ts'
import type { ZoneEvents } from './zone-events/zone-events.ts'
import type { ZoneWatch } from './zone-watch.ts'
import { enclosure, zoneById } from './zones.ts'

export interface ClosingContext {
  readonly view: ParkView
  readonly devices: readonly KnownDevice[]
  readonly zones: ZoneWatch
  readonly fires: FireWatch
  readonly bands: BandWatch
  readonly rules: ZoneEvents
  /** Whether plans hold something back for it that nobody has begun to give back. */
  readonly isHeldBack: (incident: Incident) => boolean
}

const minuteMs = 60_000
/** A camera silent for so long cannot say that somebody left. */
const silentCameraMs = 2 * minuteMs
/** After so long without any word, what cannot be observed is taken for over. */
const giveUpMs = 30 * minuteMs

export function stillHolds(incident: Incident, context: ClosingContext, nowMs: number): boolean {
  const lastEvidenceMs = Math.max(incident.openedAtMs, ...incident.evidence.map((item) => item.atMs))
  // Evidence from a future that this site's clock has not reached was told to a clock since set back.
  const quietMs = lastEvidenceMs > nowMs + 10 * minuteMs ? Number.POSITIVE_INFINITY : nowMs - lastEvidenceMs
  switch (incident.kind) {
    case 'intrusion':
      return intrusionHolds(incident, context, nowMs, quietMs)
    case 'fire':
      return fireHolds(incident, context, nowMs, quietMs)
    case 'energyAnomaly':
      return anomalyHolds(incident, context, nowMs, quietMs)
    case 'peakDemand':
      // What was cut must stay cut until the dear hours are over: else giving it back would bring the peak again.
      return context.isHeldBack(incident) ? isHighPrice(context.view.site, nowMs) : quietMs < 10 * minuteMs
    case 'deviceLost':
      return context.devices.some(
        (device) =>
          (device.id === incident.subject || device.birth.gateway === incident.subject) && device.online === false,
      )
    default:
      return quietMs < minuteMs || goesOn(incident, context, nowMs)
  }
}

/** What a rule of place forbids, until a camera sees that it is over or none has said anything for too long. */
function goesOn(incident: Incident, { rules }: ClosingContext, nowMs: number): boolean {
  return incident.evidence.some(({ kind, values }) => {
    const type = ruleTypeOf(kind)
    return type !== undefined && typeof values.rule === 'string' && rules.isGoingOn(type, values.rule, nowMs - giveUpMs)
  })
}

function intrusionHolds(incident: Incident, context: ClosingContext, nowMs: number, quietMs: number): boolean {
  const zone = zoneById(context.view.site, incident.zone)
  const around = zone ? enclosure(context.view.site, zone) : []
  if (around.some(({ id }) => context.zones.isOccupied(id, nowMs - giveUpMs))) return true
  if (openDoors(incident, context, quietMs)) return true
  const cameras = incident.evidence.filter((item) => item.source === 'video').map((item) => item.subject)
  if (cameras.length === 0) return quietMs < 10 * minuteMs
  const blind = cameras.some((camera) => {
    const lastMs = context.zones.lastFrameMs(camera)
    return lastMs === undefined || nowMs - lastMs > silentCameraMs
  })
  return blind ? quietMs < giveUpMs : quietMs < 15_000
}

/** Doors whose opening was evidence must be closed again; of one that is away nobody knows. */
function openDoors(incident: Incident, { view, devices }: ClosingContext, quietMs: number): boolean {
  const opened = incident.evidence.filter((item) => item.kind === 'doorOpened').map((item) => item.subject)
  return devices.some((device) => {
    if (!opened.includes(device.id) || (device.online === false && quietMs >= giveUpMs)) return false
    const point = pointOfKind(device, 'contact') ?? pointOfKind(device, 'position')
    const sample = point && view.value(device.id, point.id)
    return point !== undefined && sample !== undefined && isOpen(point, sample.value) === true
  })
}

function fireHolds(
  incident: Incident,
  { view, devices, fires }: ClosingContext,
  nowMs: number,
  quietMs: number,
): boolean {
  if (quietMs < minuteMs) return true
  const lastMs = incident.zone === undefined ? undefined : fires.lastFireMs(incident.zone)
  if (lastMs !== undefined && nowMs - lastMs < 2 * minuteMs) return true
  const detectors = incident.evidence.filter((item) => item.kind === 'smokeAlarm').map((item) => item.subject)
  return devices.some((device) => {
    const point = pointOfKind(device, 'smoke')
    if (!point || !(detectors.includes(device.id) || device.birth.zone === incident.zone)) return false
    const sample = view.value(device.id, point.id)
    if (!sample || !isSmoke(sample.value)) return false
    // One that burnt, or died while it alarmed, would hold it open for ever, and with it every way out unlocked.
    return isThere(device.online, sample.atMs, nowMs) || quietMs < giveUpMs
  })
}

function anomalyHolds(incident: Incident, { bands }: ClosingContext, nowMs: number, quietMs: number): boolean {
  const meters = incident.evidence.map((item) => item.subject)
  if (meters.some((meter) => bands.isBroken(meter, nowMs))) return true
  return !meters.every((meter) => bands.hasReturned(meter)) && quietMs < 45 * minuteMs
}
