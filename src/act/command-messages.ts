/** A command as it goes on the wire, and as it goes into the record of what was done. */
import type { CommandRecord } from '../contract/decision.ts'
import type { AuditMessage, CommandMessage } from '../contract/messages.ts'

export function commandMessageOf(record: CommandRecord): CommandMessage {
  const { id, point, value, issuedAtMs, expiresAtMs, issuedBy, reason, planId } = record
  const plan = planId === undefined ? {} : { planId }
  return { id, point, value, issuedAt: issuedAtMs, expiresAt: expiresAtMs, issuedBy, reason, ...plan }
}

export function commandAudit(actor: string, action: string, record: CommandRecord, at: number): AuditMessage {
  const { id, device, point, value, reason, why, planId } = record
  const particulars = [`value=${value}`, why && `why=${why}`, planId && `plan=${planId}`, `reason=${reason}`, id]
  const detail = particulars.filter(Boolean).join('; ').slice(0, 1000)
  return { at, actor: actor.slice(0, 200), action, subject: `${device}/${point}`, detail }
}
