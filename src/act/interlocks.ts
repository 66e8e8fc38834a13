/** Interlocks: rules, as data, that refuse a command whatever role asks for it. The first that blocks is named. */
import type { Intent } from '../contract/decision.ts'
import type { PointDescriptor } from '../contract/messages.ts'
import { batteryDirection, isLocked, isOpen, isRunning } from '../contract/point-meaning.ts'
import { exhaustive } from '../platform/result.ts'
import { distanceToSegmentM } from '../site/distance.ts'
import type { Point2 } from '../site/geometry.ts'
import type { ActDevice, DeviceView } from './device-view.ts'

interface Scope {
  readonly id: string
  /** Brick classes it concerns, matched without regard to case; all where missing. */
  readonly classes?: string
}

export type InterlockRule =
  | (Scope & { readonly type: 'offline' })
  /** Nothing heard from the device for so long that its state is not to be relied on. */
  | (Scope & { readonly type: 'stale'; readonly maxAgeMs: number })
  /** While a fire is on in or next to its building, a way out may not be locked. */
  | (Scope & { readonly type: 'escapeInFire' })
  /** A powered opening does not close on a person. */
  | (Scope & { readonly type: 'personNear'; readonly withinM: number })
  | (Scope & { readonly type: 'batteryCharge'; readonly minPct: number; readonly maxPct: number })
  | (Scope & { readonly type: 'minimumOffTime'; readonly offMs: number })
  /** A site's own limit on a kind of point. */
  | (Scope & { readonly type: 'limit'; readonly kind: string; readonly min?: number; readonly max?: number })

export const defaultInterlocks: readonly InterlockRule[] = [
  { id: 'deviceOffline', type: 'offline' },
  { id: 'staleState', type: 'stale', maxAgeMs: 15 * 60_000 },
  { id: 'escapeInFire', type: 'escapeInFire', classes: 'door|gate|shutter|turnstile' },
  // EN 12453 wants a safe edge on the leaf itself; the camera is a second look, one stride wide.
  { id: 'personNear', type: 'personNear', classes: 'door|gate|shutter|barrier', withinM: 1.5 },
  { id: 'batteryCharge', type: 'batteryCharge', classes: 'batter|energy_storage', minPct: 10, maxPct: 95 },
  // Compressors need pressure to equalise and oil to settle before they start again.
  { id: 'minimumOffTime', type: 'minimumOffTime', classes: 'chiller', offMs: 10 * 60_000 },
]

export interface InterlockContext {
  readonly intent: Intent
  readonly device: ActDevice
  readonly descriptor: PointDescriptor
  readonly view: DeviceView
  readonly nowMs: number
  readonly speed: number
  /** Site time since when the point reports not running; undefined while it runs or nobody knows. */
  readonly offSinceMs: number | undefined
}

export interface Block {
  readonly why: string
  /** A manager may overrule it with `force`. */
  readonly forceable: boolean
  /** It may clear by itself soon: worth waiting for. */
  readonly passing: boolean
  /** What the device reports is not to be relied on: old, or about to be changed by a command on its way. */
  readonly doubtsReport?: boolean
}

export function blockedBy(rules: readonly InterlockRule[], context: InterlockContext): Block | undefined {
  for (const rule of rules) {
    if (!concerns(rule, context.device)) continue
    const block = check(rule, context)
    if (block && !(block.forceable && context.intent.force)) return block
  }
  return undefined
}

function concerns(rule: InterlockRule, device: ActDevice): boolean {
  return rule.classes === undefined || new RegExp(rule.classes, 'i').test(device.birth.class)
}

function check(rule: InterlockRule, context: InterlockContext): Block | undefined {
  const interlock = { why: `interlock:${rule.id}`, forceable: false, passing: false }
  switch (rule.type) {
    case 'offline':
      return context.device.online === false ? { why: rule.id, forceable: false, passing: false } : undefined
    case 'stale':
      return isStale(context, rule.maxAgeMs)
        ? { why: rule.id, forceable: true, passing: false, doubtsReport: true }
        : undefined
    case 'escapeInFire':
      return locks(context) && fireAt(context) ? interlock : undefined
    case 'personNear':
      return closes(context) && personWithin(context, rule.withinM) ? { ...interlock, passing: true } : undefined
    case 'batteryCharge':
      return exceedsCharge(context, rule.minPct, rule.maxPct) ? interlock : undefined
    case 'minimumOffTime':
      return startsTooSoon(context, rule.offMs) ? { ...interlock, forceable: true, passing: true } : undefined
    case 'limit':
      return outside(context, rule) ? interlock : undefined
    default:
      return exhaustive(rule)
  }
}

/**
 * A device that measures something must have been heard of late, a device that only obeys is judged by its
 * availability, and one without a last will by the age of its reported state. At high speed a minute of the wall counts.
 */
function isStale({ device, descriptor, view, nowMs, speed }: InterlockContext, maxAgeMs: number): boolean {
  const limitMs = Math.max(maxAgeMs, 60_000 * speed)
  const own = view.reported(device.id, descriptor.id)
  if (own?.quality === 'bad') return true
  let newestMs: number | undefined
  for (const point of device.birth.points) {
    const heard = point.writable && device.online === true ? undefined : view.reported(device.id, point.id)
    if (heard && heard.atMs > 0) newestMs = Math.max(newestMs ?? 0, heard.atMs)
  }
  const judgedMs = device.online === true ? Math.max(newestMs ?? nowMs, own?.atMs ?? 0) : newestMs
  return judgedMs !== undefined && nowMs - judgedMs > limitMs
}

function locks({ intent, descriptor }: InterlockContext): boolean {
  return descriptor.kind === 'lock' && isLocked(intent.value) === true
}

/** Locking an open leaf shuts it too, where a motor does both. */
function closes(context: InterlockContext): boolean {
  const { intent, descriptor, device, view } = context
  if (locks(context)) return device.birth.points.some((point) => reportsOpen(view, device, point))
  if (descriptor.kind !== 'position') return false
  const before = view.reported(device.id, descriptor.id)
  if (typeof intent.value === 'number' && typeof before?.value === 'number') return intent.value < before.value
  return isOpen(descriptor, intent.value) === false && (!before || isOpen(descriptor, before.value) !== false)
}

function reportsOpen(view: DeviceView, device: ActDevice, point: PointDescriptor): boolean {
  if (point.kind !== 'contact' && point.kind !== 'position') return false
  const reported = view.reported(device.id, point.id)
  return reported !== undefined && isOpen(point, reported.value) === true
}

/** A fire counts for the openings of its zone and of its building, and for those within 10 m of the zone's place. */
function fireAt({ device, view }: InterlockContext): boolean {
  const at = device.birth.pose?.at
  for (const id of view.fireZones()) {
    if (device.birth.zone === id) return true
    const zone = view.site.zones.find((candidate) => candidate.id === id)
    const building = view.site.buildings.find((candidate) => candidate.id === zone?.building)
    const outline = building?.footprint ?? zone?.polygon
    if (at && outline && nearOutline([at[0], at[1]], outline, 10)) return true
  }
  return false
}

function nearOutline(at: Point2, outline: readonly Point2[], withinM: number): boolean {
  return outline.some((corner, i) => {
    const next = outline[(i + 1) % outline.length] ?? corner
    return distanceToSegmentM(at, corner, next) <= withinM
  })
}

function personWithin({ device, view }: InterlockContext, withinM: number): boolean {
  const gate = view.site.gates.find((candidate) => candidate.id === device.id)
  const at = device.birth.pose?.at
  const from: Point2 | undefined = gate?.from ?? (at && [at[0], at[1]])
  const to = gate?.to ?? from
  if (!from || !to) return false
  for (const person of view.people()) {
    const margin = Math.min(person.sigmaM, 1)
    if (distanceToSegmentM([person.eastM, person.northM], from, to) <= withinM + margin) return true
  }
  return false
}

function exceedsCharge(
  { intent, device, descriptor, view }: InterlockContext,
  minPct: number,
  maxPct: number,
): boolean {
  const signed = descriptor.values !== undefined || (descriptor.min ?? 0) < 0
  const direction = signed ? batteryDirection(intent.value) : 'idle'
  const socPoint = device.birth.points.find((point) => point.kind === 'soc')
  const soc = socPoint && view.reported(device.id, socPoint.id)
  if (direction === 'idle' || typeof soc?.value !== 'number') return false
  const equipment = view.site.equipment.find((candidate) => candidate.id === device.id)
  const floor = equipment?.ratings?.socMinPct ?? minPct
  const ceiling = equipment?.ratings?.socMaxPct ?? maxPct
  return direction === 'discharge' ? soc.value <= floor : soc.value >= ceiling
}

function startsTooSoon({ intent, descriptor, nowMs, offSinceMs }: InterlockContext, offMs: number): boolean {
  if (descriptor.kind !== 'mode' && descriptor.kind !== 'onOff') return false
  return isRunning(intent.value) === true && offSinceMs !== undefined && nowMs - offSinceMs < offMs
}

function outside(
  { intent, descriptor }: InterlockContext,
  rule: { readonly kind: string; readonly min?: number; readonly max?: number },
): boolean {
  if (descriptor.kind !== rule.kind || typeof intent.value !== 'number') return false
  return intent.value < (rule.min ?? Number.NEGATIVE_INFINITY) || intent.value > (rule.max ?? Number.POSITIVE_INFINITY)
}

const mostOffTimes = 10_000

/** Remembers since when points report not running, for rules on off time; of too many, the longest silent give way. */
export class OffTimes {
  #running = new Map<string, boolean>()
  #offSince = new Map<string, number>()

  get(device: string, point: string): number | undefined {
    return this.#offSince.get(`${device}/${point}`)
  }

  /** Only a stop that was witnessed counts: a state found on joining says nothing of how long it has been so. */
  note(device: string, point: string, running: boolean | undefined, atMs: number): void {
    const key = `${device}/${point}`
    const was = this.#running.get(key)
    this.#running.delete(key)
    if (running !== undefined) this.#running.set(key, running)
    if (running !== false) this.#offSince.delete(key)
    else if (was === true) this.#offSince.set(key, atMs)
    const [oldest] = this.#running.size > mostOffTimes ? this.#running.keys() : []
    if (oldest === undefined) return
    this.#running.delete(oldest)
    this.#offSince.delete(oldest)
  }
}
