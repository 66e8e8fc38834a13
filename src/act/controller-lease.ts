/**
 * Who runs automation: a lease with a fencing number, kept in one retained message. Pure: messages and times in,
 * the next state and perhaps a message to publish out. The higher fence wins; at equal fences, the lower holder id.
 */
import type { ControllerMessage } from '../contract/messages.ts'

export interface Lease {
  readonly self: string
  readonly known: ControllerMessage | undefined
  /** Wall (monotonic) time of the last word of the holder. */
  readonly heardAtMs: number
}

export interface LeaseTime {
  readonly siteNowMs: number
  readonly speed: number
  readonly monotonicMs: number
}

export interface LeaseStep {
  readonly lease: Lease
  /** To publish retained, where there is something to say. */
  readonly publish?: ControllerMessage
}

/** Wall time a claim lasts; renewed after a third of it. */
const leaseTermMs = 15_000

/** `monotonicMs` of joining: a newcomer listens before it claims. */
export function newLease(self: string, monotonicMs: number): Lease {
  return { self, known: undefined, heardAtMs: monotonicMs }
}

export function holdsLease(lease: Lease, time: LeaseTime): boolean {
  return lease.known?.holder === lease.self && !isLapsed(lease, time)
}

/** Somebody's claim (or our own, coming back) arrived. */
export function heardController(lease: Lease, message: ControllerMessage, time: LeaseTime): LeaseStep {
  const { known, self } = lease
  if (!known || outranks(message, known)) return { lease: { ...lease, known: message, heardAtMs: time.monotonicMs } }
  if (message.holder === known.holder && message.fence === known.fence)
    return { lease: { ...lease, known: message, heardAtMs: time.monotonicMs } }
  // A weaker claim overwrote the retained one: the rightful holder says so again, others wait for that.
  return known.holder === self && !isLapsed(lease, time) ? claim(lease, known.fence, time) : { lease }
}

/** Called once a second or so. */
export function tickLease(lease: Lease, time: LeaseTime): LeaseStep {
  const silentMs = time.monotonicMs - lease.heardAtMs
  if (!lease.known) return silentMs >= leaseTermMs / 5 ? claim(lease, 1, time) : { lease }
  if (isLapsed(lease, time)) return claim(lease, lease.known.fence + 1, time)
  if (lease.known.holder === lease.self && silentMs >= leaseTermMs / 3) return claim(lease, lease.known.fence, time)
  return { lease }
}

/** On leaving: the deadline is now, so that the next one need not wait. */
export function releaseLease(lease: Lease, time: LeaseTime): LeaseStep {
  if (!holdsLease(lease, time) || !lease.known) return { lease }
  const publish = { ...lease.known, deadlineMs: time.siteNowMs }
  return { lease: { ...lease, known: publish }, publish }
}

function claim(lease: Lease, fence: number, time: LeaseTime): LeaseStep {
  const deadlineMs = time.siteNowMs + leaseTermMs * Math.max(1, time.speed)
  const publish = { holder: lease.self, fence, deadlineMs }
  return { lease: { ...lease, known: publish, heardAtMs: time.monotonicMs }, publish }
}

/**
 * Past its deadline in site time, or silent for two terms of wall time: the site's clock may have been slowed or set
 * back since, and a deadline written in the old time would bind for hours.
 */
function isLapsed({ known, heardAtMs }: Lease, { siteNowMs, monotonicMs }: LeaseTime): boolean {
  return known === undefined || siteNowMs >= known.deadlineMs || monotonicMs - heardAtMs >= 2 * leaseTermMs
}

function outranks(a: ControllerMessage, b: ControllerMessage): boolean {
  return a.fence !== b.fence ? a.fence > b.fence : a.holder < b.holder
}
