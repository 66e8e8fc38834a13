/** A small park for the tests of `act`: a gate, a lamp, a chiller, a battery and a meter, all under the test's hand. */
import type { PublishError, PublishRequest } from '../contract/bus.ts'
import type { Intent } from '../contract/decision.ts'
import { decodeJson } from '../contract/decode.ts'
import {
  type AuditMessage,
  type BirthMessage,
  type CommandMessage,
  commandMessage,
  type PointDescriptor,
  type PointValue,
} from '../contract/messages.ts'
import { siteTopics } from '../contract/topics.ts'
import { ok, type Result } from '../platform/result.ts'
import { parseSite } from '../site/load.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createActor } from './actor.ts'
import type { ActorOptions } from './actor-options.ts'
import type { Role } from './check-intent.ts'
import type { DeviceView, PersonOnGround, ReportedValue } from './device-view.ts'

const square = (west: number, south: number, sizeM: number) => [
  [west, south],
  [west + sizeM, south],
  [west + sizeM, south + sizeM],
  [west, south + sizeM],
]

function testSite() {
  const parsed = parseSite({
    format: 'parkloop-site',
    version: 1,
    id: 'yard',
    name: 'Yard',
    geo: { latitudeDeg: 31, longitudeDeg: 120, utcOffsetMinutes: 480 },
    ground: { boundary: square(-50, -50, 100) },
    zones: [{ id: 'dock', name: 'Dock', kind: 'dock', polygon: square(0, 0, 10), access: 'restricted' }],
    gates: [{ id: 'gate', kind: 'gate', from: [0, 0], to: [4, 0] }],
    tariff: { currency: 'CNY', bands: [{ name: 'flat', pricePerKwh: 1, windows: [{ fromH: 0, toH: 24 }] }] },
  })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

const words = (id: string, kind: string, values: string[], settleMs: number): PointDescriptor => ({
  id,
  kind,
  unit: '',
  values,
  writable: true,
  settleMs,
})

const births: readonly Omit<BirthMessage, 'at'>[] = [
  {
    id: 'gate',
    name: 'Gate',
    class: 'Gate',
    zone: 'dock',
    pose: { at: [2, 0, 1], headingDeg: 0 },
    points: [
      words('position', 'position', ['closed', 'open'], 8000),
      words('lock', 'lock', ['unlocked', 'locked'], 1000),
    ],
  },
  {
    id: 'lamp',
    name: 'Lamp',
    class: 'Luminaire',
    zone: 'dock',
    points: [{ id: 'dimming', kind: 'dimming', unit: '%', min: 0, max: 100, writable: true, settleMs: 2000 }],
  },
  { id: 'chiller', name: 'Chiller', class: 'Chiller', points: [words('mode', 'mode', ['off', 'auto', 'on'], 8000)] },
  {
    id: 'battery',
    name: 'Battery',
    class: 'Battery',
    points: [{ id: 'soc', kind: 'soc', unit: '%' }, words('mode', 'mode', ['idle', 'charge', 'discharge'], 4000)],
  },
  { id: 'meter', name: 'Meter', class: 'Electrical_Meter', points: [{ id: 'power', kind: 'power', unit: 'kW' }] },
]

export type Park = ReturnType<typeof fakePark>

export function fakePark(options: { speed?: number; more?: Partial<ActorOptions> } = {}) {
  const clock = new FakeClock()
  const speed = options.speed ?? 1
  const startMs = clock.nowMs()
  const siteNow = () => startMs + clock.monotonicMs() * speed
  const reported = new Map<string, ReportedValue>()
  const online = new Map<string, boolean | undefined>(births.map((birth) => [birth.id, true]))
  const people: PersonOnGround[] = []
  const fires: string[] = []
  const sent: { topic: string; command: CommandMessage; request: PublishRequest }[] = []
  const audit: AuditMessage[] = []
  let role: Role = 'manager'
  let outcome: () => Promise<Result<void, PublishError>> = () => Promise.resolve(ok(undefined))
  let ids = 0
  const view: DeviceView = {
    site: testSite(),
    device: (id) => {
      const birth = births.find((candidate) => candidate.id === id)
      return birth && { id, birth: { ...birth, at: startMs }, online: online.get(id) }
    },
    reported: (device, point) => reported.get(`${device}/${point}`),
    people: () => people,
    fireZones: () => fires,
  }
  const actor = createActor({
    clock,
    siteNow,
    speed: () => speed,
    publish: (request) => {
      const decoded = decodeJson(commandMessage, request.payload)
      if (!decoded.ok) throw new Error(`malformed command: ${decoded.error.path} ${decoded.error.message}`)
      sent.push({ topic: request.topic, command: decoded.value, request })
      return outcome()
    },
    topics: siteTopics('yard'),
    view,
    role: () => role,
    newId: () => `t${ids++}`,
    audit: (line) => audit.push(line),
    ...options.more,
  })
  const report = (device: string, point: string, value: PointValue, commandId?: string) => {
    reported.set(`${device}/${point}`, { value, atMs: siteNow(), quality: 'good' })
    actor.onState(device, { at: siteNow(), values: { [point]: value }, ...(commandId ? { commandId } : {}) })
  }
  report('gate', 'position', 'open')
  report('gate', 'lock', 'unlocked')
  report('lamp', 'dimming', 0)
  report('chiller', 'mode', 'on')
  report('battery', 'mode', 'idle')
  reported.set('battery/soc', { value: 50, atMs: siteNow(), quality: 'good' })
  return {
    actor,
    clock,
    siteNow,
    view,
    sent,
    audit,
    people,
    fires,
    reported,
    online,
    report,
    ack: (device: string, id: string, status: 'accepted' | 'rejected' = 'accepted', error?: string) =>
      actor.onAck(device, { id, status, at: siteNow(), ...(error ? { error } : {}) }),
    as: (next: Role) => {
      role = next
    },
    publishWill: (next: typeof outcome) => {
      outcome = next
    },
  }
}

export function intent(device: string, point: string, value: PointValue, more: Partial<Intent> = {}): Intent {
  return { device, point, value, reason: 'a test', issuedBy: 'ada', ...more }
}

/** Lets promises that have settled run their continuations. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}
