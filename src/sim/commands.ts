/** Commands at the device's end: checked, acknowledged, carried out after the time the machinery takes. */
import type { CommandMessage, PointDescriptor, PointValue, SimFaultMessage } from '../contract/messages.ts'
import type { Devices, SimDevice } from './devices.ts'

/** See `simFaultMessage`. */
export type DeviceFault = Exclude<SimFaultMessage['fault'], 'none'>

interface Pending {
  readonly device: SimDevice
  readonly point: string
  readonly value: PointValue
  readonly commandId: string
  readonly dueMs: number
}

/** Turns an accepted command into motion; true where the machinery will report by itself when it has arrived. */
export type Actuate = (device: SimDevice, point: string, value: PointValue, commandId: string, atMs: number) => boolean
/** Why a device would not do it now, beyond shape and range. */
export type Objection = (device: SimDevice, point: string, value: PointValue) => string | undefined

const rememberedCommands = 512

export class CommandDesk {
  readonly #devices: Devices
  readonly #actuate: Actuate
  readonly #objection: Objection
  readonly #faults = new Map<string, DeviceFault>()
  readonly #seen = new Set<string>()
  #pending: Pending[] = []

  constructor(devices: Devices, actuate: Actuate, objection: Objection) {
    this.#devices = devices
    this.#actuate = actuate
    this.#objection = objection
  }

  inject(deviceId: string, fault: DeviceFault | undefined): void {
    if (fault === undefined) this.#faults.delete(deviceId)
    else if (this.#devices.get(deviceId)) this.#faults.set(deviceId, fault)
  }

  handle(deviceId: string, command: CommandMessage, nowMs: number): void {
    const device = this.#devices.get(deviceId)
    const fault = this.#faults.get(deviceId)
    if (!device || fault === 'mute' || this.#isRepeat(command.id)) return
    const refusal = fault === 'reject' ? 'local control is active' : this.#refusal(device, command, nowMs)
    if (refusal !== undefined) {
      this.#devices.queueAck(deviceId, { id: command.id, status: 'rejected', at: nowMs, error: refusal })
      return
    }
    this.#devices.queueAck(deviceId, { id: command.id, status: 'accepted', at: nowMs })
    if (fault === 'silent') return
    const value = fault === 'stuck' ? (device.values.get(command.point) ?? command.value) : command.value
    const dueMs = nowMs + reactionMs(device, command.point)
    this.#pending.push({ device, point: command.point, value, commandId: command.id, dueMs })
  }

  step(nowMs: number): void {
    if (this.#pending.length === 0) return
    const due = this.#pending.filter((p) => p.dueMs <= nowMs)
    if (due.length === 0) return
    this.#pending = this.#pending.filter((p) => p.dueMs > nowMs)
    for (const p of due) {
      const stuck = this.#faults.get(p.device.id) === 'stuck'
      const reportsItself = !stuck && this.#actuate(p.device, p.point, p.value, p.commandId, nowMs)
      if (!reportsItself) this.#devices.hold(p.device.id, p.point, p.value, nowMs, p.commandId)
    }
  }

  /** A command delivered twice is carried out once. */
  #isRepeat(id: string): boolean {
    if (this.#seen.has(id)) return true
    this.#seen.add(id)
    if (this.#seen.size > rememberedCommands) {
      const oldest = this.#seen.values().next().value
      if (oldest !== undefined) this.#seen.delete(oldest)
    }
    return false
  }

  #refusal(device: SimDevice, command: CommandMessage, nowMs: number): string | undefined {
    if (nowMs > command.expiresAt) return 'expired'
    const point = device.points.get(command.point)
    if (!point) return `no point ${command.point}`
    if (!point.writable) return `${command.point} is not writable`
    return valueProblem(point, command.value) ?? this.#objection(device, command.point, command.value)
  }
}

const booleanKinds = new Set(['onOff', 'siren', 'contact'])

function valueProblem(point: PointDescriptor, value: PointValue): string | undefined {
  if (point.values) {
    const fits = typeof value === 'string' && point.values.includes(value)
    return fits ? undefined : `must be one of ${point.values.join(', ')}`
  }
  if (booleanKinds.has(point.kind)) return typeof value === 'boolean' ? undefined : 'must be true or false'
  if (point.kind === 'message') return typeof value === 'string' ? undefined : 'must be text'
  if (typeof value !== 'number') return 'must be a number'
  if (point.min !== undefined && value < point.min) return `below ${point.min}`
  if (point.max !== undefined && value > point.max) return `above ${point.max}`
  return undefined
}

/** From acceptance to the first effect. */
function reactionMs(device: SimDevice, point: string): number {
  switch (device.class) {
    case 'Luminaire':
    case 'Alarm_Sounder':
    case 'Gate':
    case 'Door':
      return 250
    case 'Chiller':
      return point === 'mode' ? 5000 : 1500
    case 'Battery':
    case 'Electric_Vehicle_Charging_Station':
      return 2000
    default:
      return 900
  }
}
