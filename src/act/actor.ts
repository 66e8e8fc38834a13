import type { PublishError } from '../contract/bus.ts'
import type { CommandRecord, CommandState, Intent } from '../contract/decision.ts'
import { encodeJson } from '../contract/decode.ts'
import type { AckMessage, PointDescriptor, StateMessage } from '../contract/messages.ts'
import { isRunning } from '../contract/point-meaning.ts'
import { fulfils } from '../contract/point-values.ts'
import type { Disposable } from '../platform/disposables.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, ok, type Result } from '../platform/result.ts'
import type { ActorOptions, ActPolicy, SubmitOptions } from './actor-options.ts'
import { checkIntent, type Target } from './check-intent.ts'
import { advanceCommand, isTerminal } from './command-lifecycle.ts'
import { CommandLog } from './command-log.ts'
import { commandAudit, commandMessageOf } from './command-messages.ts'
import { expiryMs, settleWaitMs, slackMs } from './command-timing.ts'
import { type Block, blockedBy, defaultInterlocks, OffTimes } from './interlocks.ts'
import { siteInterlocks } from './site-interlocks.ts'

interface Underway {
  readonly descriptor: PointDescriptor
  readonly startedAtMs: number
  cancelTimer: () => void
  /** Last report since issuing that was not what was asked. */
  other: { readonly value: CommandRecord['value']; readonly caused: boolean } | undefined
}

/** The one path of every command, from intent to verified reported state. */
export class Actor implements Disposable {
  readonly changes = new Emitter<CommandRecord>()
  readonly #o: ActorOptions
  readonly #policy: ActPolicy
  readonly #log = new CommandLog(500)
  readonly #underway = new Map<string, Underway>()
  readonly #offTimes = new OffTimes()

  constructor(options: ActorOptions) {
    this.#o = options
    this.#policy = {
      commandTtlMs: options.policy?.commandTtlMs ?? options.view.site.policies.commandTtlMs,
      interlocks: options.policy?.interlocks ?? [...defaultInterlocks, ...siteInterlocks(options.view.site)],
    }
  }

  /** Oldest first, 500 at most. */
  commands(): readonly CommandRecord[] {
    return this.#log.list()
  }

  command(id: string): CommandRecord | undefined {
    return this.#log.get(id)
  }

  /** What a command on its way asks of a point; undefined where none is. */
  commanded(device: string, point: string): CommandRecord['value'] | undefined {
    for (const id of this.#underway.keys()) {
      const record = this.#log.get(id)
      if (record?.device === device && record.point === point) return record.value
    }
    return undefined
  }

  /** Whether an interlock would refuse it now; asks without leaving a trace. */
  blocked(intent: Intent): Block | undefined {
    const target = checkIntent(this.#o.view, intent, 'manager')
    return target.ok ? this.#blockOf(intent, target.value) : undefined
  }

  /** States an intent; the record says at once whether it was refused or is on its way. */
  submit(intent: Intent, options: SubmitOptions = {}): CommandRecord {
    const role = options.role ?? this.#o.role()
    const target = checkIntent(this.#o.view, intent, role)
    if (!target.ok) return this.#refuse(intent, options, target.error)
    const block = this.#blockOf(intent, target.value)
    if (block) return this.#refuse(intent, options, block.why)
    const record = this.#record(intent, options, 'publishing')
    const startedAtMs = this.#o.clock.monotonicMs()
    const { descriptor } = target.value
    this.#underway.set(record.id, { descriptor, startedAtMs, cancelTimer: () => {}, other: undefined })
    this.#store(record)
    this.#publish(record)
    return this.#log.get(record.id) ?? record
  }

  /** Restores the value before; a command like any other. The offer is taken up while it is under way, and done with once it is verified. */
  rollback(id: string, by: string): Result<CommandRecord, string> {
    const record = this.#log.get(id)
    if (!record) return err('unknownCommand')
    if (!record.rollbackOffered || record.previous === undefined) return err('noRollback')
    const { device, point, previous: value } = record
    const intent: Intent = { device, point, value, reason: `rollback of ${id}`, issuedBy: by }
    const undo = this.submit(intent, { rollbackOf: id })
    if (undo.state === 'refused') return err(undo.why ?? 'refused')
    this.#store({ ...record, rollbackOffered: false })
    return ok(undo)
  }

  onAck(device: string, ack: AckMessage): void {
    const record = this.#log.get(ack.id)
    if (!record || record.device !== device || !this.#underway.has(ack.id)) return
    if (record.state !== 'publishing' && record.state !== 'sent') return
    const acknowledgedAtMs = ack.at
    const latency = { ...record.latency, acknowledgedMs: this.#elapsed(ack.id) }
    if (ack.status === 'rejected') {
      this.#end(ack.id, 'rejected', ack.error ?? 'rejected', { acknowledgedAtMs, latency })
      return
    }
    const acknowledged = advanceCommand(record, 'acknowledged', { acknowledgedAtMs, latency })
    this.#store(acknowledged)
    this.#audit(record.issuedBy, 'command.acknowledged', acknowledged)
    const waitMs = settleWaitMs(this.#underway.get(ack.id)?.descriptor.settleMs, this.#o.speed())
    this.#timer(ack.id, waitMs, () => this.#settleDeadline(ack.id))
  }

  onState(device: string, state: StateMessage): void {
    this.#noteOff(device, state)
    for (const [id, entry] of this.#underway) {
      const record = this.#log.get(id)
      if (!record || record.device !== device) continue
      const value = state.values[record.point]
      if (value === undefined || !this.#isNews(record, state)) continue
      if (fulfils(entry.descriptor, record.value, value)) this.#verify(id, value)
      else {
        entry.other = { value, caused: state.commandId === id }
        this.#store({ ...record, reported: value })
      }
    }
  }

  dispose(): void {
    for (const entry of this.#underway.values()) entry.cancelTimer()
    this.#underway.clear()
  }

  #blockOf(intent: Intent, { device, descriptor }: Target): Block | undefined {
    for (const id of this.#underway.keys()) {
      const other = this.#log.get(id)
      if (other?.device === intent.device && other.point === intent.point)
        return { why: 'inFlight', forceable: false, passing: true, doubtsReport: true }
    }
    return blockedBy(this.#policy.interlocks, {
      intent,
      device,
      descriptor,
      view: this.#o.view,
      nowMs: this.#o.siteNow(),
      speed: this.#o.speed(),
      offSinceMs: this.#offTimes.get(device.id, descriptor.id),
    })
  }

  #record(intent: Intent, { rollbackOf }: SubmitOptions, state: CommandState): CommandRecord {
    const { device, point, value, reason, issuedBy, planId } = intent
    const issuedAtMs = this.#o.siteNow()
    const before = this.#o.view.reported(device, point)
    return {
      id: `cmd-${this.#o.newId()}`,
      device,
      point,
      value,
      ...(before ? { previous: before.value } : {}),
      state,
      reason: reason.slice(0, 500),
      issuedBy: issuedBy.slice(0, 200),
      ...(planId === undefined ? {} : { planId }),
      issuedAtMs,
      expiresAtMs: this.#expiry(issuedAtMs),
      rollbackOffered: false,
      ...(rollbackOf === undefined ? {} : { rollbackOf }),
    }
  }

  #refuse(intent: Intent, options: SubmitOptions, why: string): CommandRecord {
    const record = { ...this.#record(intent, options, 'refused'), why, settledAtMs: this.#o.siteNow() }
    this.#store(record)
    this.#audit(intent.issuedBy, 'command.refused', record)
    return record
  }

  /** The only place that publishes a command, reached once for each. */
  #publish(record: CommandRecord): void {
    this.#audit(record.issuedBy, 'command.issued', record)
    this.#timer(record.id, this.#policy.commandTtlMs, () => this.#end(record.id, 'timedOut', 'noAck'))
    const { id } = record
    void this.#o
      .publish({
        topic: this.#o.topics.command(record.device),
        payload: encodeJson(commandMessageOf(record)),
        qos: 1,
        retain: false,
        expirySeconds: Math.ceil(this.#policy.commandTtlMs / 1000),
        correlation: id,
      })
      .then((outcome) => this.#handedOver(id, outcome))
  }

  #handedOver(id: string, outcome: Result<void, PublishError>): void {
    const record = this.#log.get(id)
    if (record?.state !== 'publishing' || !this.#underway.has(id)) return
    if (!outcome.ok && outcome.error.code !== 'unconfirmed') {
      this.#end(id, 'cancelled', outcome.error.code === 'linkDown' ? 'linkLost' : outcome.error.code)
      return
    }
    // Unconfirmed may have arrived: it is not sent again, and the device's own word decides until the deadline.
    const latency = { ...record.latency, sentMs: this.#elapsed(id) }
    this.#store(advanceCommand(record, 'sent', { latency, ...(outcome.ok ? {} : { why: 'unconfirmed' }) }))
  }

  /**
   * A report counts if it names the command or was made after it was issued; a retained older one does not. The device's
   * clock may be behind ours: what it says after its acknowledgement it says after the command.
   */
  #isNews(record: CommandRecord, state: { readonly at: number; readonly commandId?: string | undefined }): boolean {
    if (state.commandId === record.id) return true
    const { issuedAtMs, acknowledgedAtMs = issuedAtMs } = record
    return state.at >= Math.min(issuedAtMs, acknowledgedAtMs) - slackMs(this.#o.speed())
  }

  #settleDeadline(id: string): void {
    const record = this.#log.get(id)
    const entry = this.#underway.get(id)
    if (!record || !entry) return
    const seen = this.#o.view.reported(record.device, record.point)
    if (seen && this.#isNews(record, { at: seen.atMs }) && fulfils(entry.descriptor, record.value, seen.value))
      return this.#verify(id, seen.value)
    const { other } = entry
    const moved = other !== undefined && (other.caused || record.previous !== other.value)
    if (moved) this.#end(id, 'diverged', 'settledElsewhere')
    else this.#end(id, 'timedOut', 'noState')
  }

  #verify(id: string, reported: CommandRecord['value']): void {
    const record = this.#log.get(id)
    if (!record) return
    const unacknowledged = record.acknowledgedAtMs === undefined ? 'withoutAck' : undefined
    this.#end(id, 'verified', unacknowledged, { reported })
  }

  #end(id: string, state: CommandState, why: string | undefined, patch: Partial<CommandRecord> = {}): void {
    const record = this.#log.get(id)
    const entry = this.#underway.get(id)
    if (!record || !entry || isTerminal(record.state)) return
    const sent = state !== 'cancelled' && state !== 'rejected'
    const { why: _, ...rest } = record
    const ended = advanceCommand(rest, state, {
      ...(why === undefined ? {} : { why }),
      settledAtMs: this.#o.siteNow(),
      rollbackOffered: sent && record.previous !== undefined && record.rollbackOf === undefined,
      latency: { ...record.latency, settledMs: this.#elapsed(id) },
      ...patch,
    })
    entry.cancelTimer()
    this.#underway.delete(id)
    // The record first: what follows from this end is issued by those who hear of it.
    this.#audit(record.issuedBy, `command.${state}`, ended)
    this.#store(ended)
    const undone = record.rollbackOf === undefined ? undefined : this.#log.get(record.rollbackOf)
    if (undone && state !== 'verified') this.#store({ ...undone, rollbackOffered: true })
  }

  #noteOff(device: string, state: StateMessage): void {
    const birth = this.#o.view.device(device)?.birth
    for (const point of birth?.points ?? []) {
      if (point.kind !== 'mode' && point.kind !== 'onOff') continue
      const value = state.values[point.id]
      if (value !== undefined) this.#offTimes.note(device, point.id, isRunning(value), state.at)
    }
  }

  #expiry(issuedAtMs: number): number {
    return expiryMs(issuedAtMs, this.#policy.commandTtlMs, this.#o.speed())
  }

  #elapsed(id: string): number {
    return this.#o.clock.monotonicMs() - (this.#underway.get(id)?.startedAtMs ?? this.#o.clock.monotonicMs())
  }

  #timer(id: string, delayMs: number, run: () => void): void {
    const entry = this.#underway.get(id)
    if (!entry) return
    entry.cancelTimer()
    entry.cancelTimer = this.#o.clock.after(delayMs, run)
  }

  #store(record: CommandRecord): void {
    this.#log.put(record)
    this.changes.emit(record)
  }

  #audit(actor: string, action: string, record: CommandRecord): void {
    this.#o.audit(commandAudit(actor, action, record, this.#o.siteNow()))
  }
}

export function createActor(options: ActorOptions): Actor {
  return new Actor(options)
}
