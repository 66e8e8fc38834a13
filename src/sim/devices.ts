/** Every simulated device: what it measures, what it holds, what of that has been told to the bus. */
import type {
  AckMessage,
  BirthMessage,
  PointDescriptor,
  PointValue,
  StateMessage,
  TelemetryMessage,
} from '../contract/messages.ts'
import type { SiteFile } from '../site/schema.ts'
import { deadBand, roundFor } from './publishing.ts'

/** One thing to publish; the host turns device and channel into a topic. */
export type ParkMessage =
  | {
      readonly channel: 'telemetry'
      readonly device: string
      readonly retained: false
      readonly message: TelemetryMessage
    }
  | { readonly channel: 'state'; readonly device: string; readonly retained: true; readonly message: StateMessage }
  | { readonly channel: 'ack'; readonly device: string; readonly retained: false; readonly message: AckMessage }

export interface SimDevice {
  readonly id: string
  readonly class: string
  readonly zone: string | undefined
  readonly building: string | undefined
  readonly points: ReadonlyMap<string, PointDescriptor>
  readonly values: Map<string, PointValue>
  readonly told: Map<string, PointValue>
  readonly writable: readonly string[]
  readonly measured: readonly string[]
  toldAtMs: number
}

/** Longest silence of a device that measures, site time. */
const maxQuietMs = 30_000

export const gatewayId = 'sim-gateway'

export class Devices {
  readonly #devices = new Map<string, SimDevice>()
  readonly #order: SimDevice[]
  readonly #out: ParkMessage[] = []
  /** Devices whose state changed and has not been queued; with the command that caused it. */
  #cursor = 0

  constructor(site: SiteFile) {
    for (const item of site.equipment) this.#devices.set(item.id, simDevice(item))
    for (const camera of site.cameras)
      this.#devices.set(camera.id, simDevice({ ...camera, class: 'Camera', zone: undefined, points: cameraPoints }))
    this.#order = [...this.#devices.values()]
  }

  get(id: string): SimDevice | undefined {
    return this.#devices.get(id)
  }

  all(): readonly SimDevice[] {
    return this.#order
  }

  has(id: string, point: string): boolean {
    return this.#devices.get(id)?.points.has(point) ?? false
  }

  number(id: string, point: string, otherwise = 0): number {
    const value = this.#devices.get(id)?.values.get(point)
    return typeof value === 'number' ? value : otherwise
  }

  word(id: string, point: string, otherwise = ''): string {
    const value = this.#devices.get(id)?.values.get(point)
    return typeof value === 'string' ? value : otherwise
  }

  flag(id: string, point: string): boolean {
    return this.#devices.get(id)?.values.get(point) === true
  }

  /** While true nothing is measured: in a past that only meters remember. */
  asleep = false

  /** A new measurement; points that the site file does not give the device are ignored. */
  measure(id: string, point: string, value: PointValue): void {
    if (this.asleep) return
    const device = this.#devices.get(id)
    if (device?.points.has(point)) device.values.set(point, value)
  }

  /** A held value changed: reported state follows on the bus at once, naming the command where there was one. */
  hold(id: string, point: string, value: PointValue, atMs: number, commandId?: string): void {
    const device = this.#devices.get(id)
    if (!device) return
    if (device.values.get(point) === value && commandId === undefined) return
    device.values.set(point, value)
    this.queueState(device, atMs, commandId)
  }

  /** Sets without telling; for building up the past before anybody listens. */
  preset(id: string, point: string, value: PointValue): void {
    this.#devices.get(id)?.values.set(point, value)
  }

  queueState(device: SimDevice, atMs: number, commandId?: string): void {
    const message: StateMessage = { at: atMs, values: heldValues(device) }
    if (commandId !== undefined) message.commandId = commandId
    this.#out.push({ channel: 'state', device: device.id, retained: true, message })
  }

  queueAck(device: string, message: AckMessage): void {
    this.#out.push({ channel: 'ack', device, retained: false, message })
  }

  /** Queued acks and states, then telemetry of devices that moved or were quiet too long, at most `maxTelemetry`. */
  drain(nowMs: number, maxTelemetry: number): ParkMessage[] {
    const out = this.#out.splice(0)
    let sent = 0
    for (let i = 0; i < this.#order.length && sent < maxTelemetry; i++) {
      const device = this.#order[this.#cursor]
      this.#cursor = (this.#cursor + 1) % this.#order.length
      const message = device && this.#telemetry(device, nowMs)
      if (!device || !message) continue
      out.push({ channel: 'telemetry', device: device.id, retained: false, message })
      sent++
    }
    return out
  }

  /** Drops what waits; after a jump the past is of no interest. */
  forget(): void {
    this.#out.length = 0
  }

  #telemetry(device: SimDevice, nowMs: number): TelemetryMessage | undefined {
    if (device.measured.length === 0) return undefined
    const due = nowMs - device.toldAtMs >= maxQuietMs || device.toldAtMs > nowMs
    if (!due && !device.measured.some((id) => hasMoved(device, id))) return undefined
    const values: Record<string, PointValue> = {}
    for (const id of device.measured) {
      const value = tellable(device, id)
      if (value === undefined) continue
      values[id] = value
      device.told.set(id, value)
    }
    device.toldAtMs = nowMs
    return { at: nowMs, values }
  }
}

function hasMoved(device: SimDevice, id: string): boolean {
  const value = device.values.get(id)
  const told = device.told.get(id)
  if (typeof value !== 'number' || typeof told !== 'number') return value !== told
  return Math.abs(value - told) > deadBand(device.points.get(id)?.kind ?? '', told)
}

function tellable(device: SimDevice, id: string): PointValue | undefined {
  const value = device.values.get(id)
  return typeof value === 'number' ? roundFor(device.points.get(id)?.kind ?? '', value) : value
}

export function heldValues(device: SimDevice): Record<string, PointValue> {
  const values: Record<string, PointValue> = {}
  for (const id of device.writable) {
    const value = tellable(device, id)
    if (value !== undefined) values[id] = value
  }
  return values
}

const cameraPoints: PointDescriptor[] = [
  { id: 'online', kind: 'contact', unit: '', name: { en: 'Streaming', zh: '推流' } },
]

function simDevice(item: {
  id: string
  class: string
  zone?: string | undefined
  building?: string | undefined
  points: readonly PointDescriptor[]
}): SimDevice {
  const values = new Map<string, PointValue>()
  for (const point of item.points) values.set(point.id, startValue(point))
  return {
    id: item.id,
    class: item.class,
    zone: item.zone,
    building: item.building,
    points: new Map(item.points.map((point) => [point.id, point])),
    values,
    told: new Map(),
    writable: item.points.filter((p) => p.writable).map((p) => p.id),
    measured: item.points.filter((p) => !p.writable).map((p) => p.id),
    toldAtMs: 0,
  }
}

const flags = new Set(['onOff', 'contact', 'motion', 'smoke', 'siren'])

function startValue(point: PointDescriptor): PointValue {
  if (point.values) return point.values.includes('auto') ? 'auto' : (point.values[0] ?? '')
  if (flags.has(point.kind)) return point.id === 'online'
  if (point.kind === 'message') return ''
  return point.min ?? 0
}

/** Retained births of all devices and of the gateway they stand behind. */
export function birthMessages(site: SiteFile, atMs: number): BirthMessage[] {
  const equipment = site.equipment.map((item): BirthMessage => {
    const birth: BirthMessage = {
      id: item.id,
      name: item.name,
      class: item.class,
      pose: { at: item.at, headingDeg: item.headingDeg },
      gateway: gatewayId,
      points: item.points,
      at: atMs,
    }
    return item.zone === undefined ? birth : { ...birth, zone: item.zone }
  })
  const cameras = site.cameras.map((camera): BirthMessage => {
    const birth: BirthMessage = {
      id: camera.id,
      name: camera.name,
      class: 'Camera',
      pose: { at: camera.at, headingDeg: camera.headingDeg },
      gateway: gatewayId,
      points: cameraPoints,
      at: atMs,
    }
    const zone = camera.zones[0]
    return zone === undefined ? birth : { ...birth, zone }
  })
  const gateway: BirthMessage = {
    id: gatewayId,
    name: { en: 'Simulated park gateway', zh: '仿真园区网关' },
    class: 'Gateway',
    points: [],
    at: atMs,
  }
  return [gateway, ...equipment, ...cameras]
}
