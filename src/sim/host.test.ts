import { beforeAll, describe, expect, it } from 'vitest'
import { decodeJson, encodeJson } from '../contract/decode.ts'
import { birthMessage, clockMessage, profileMessage, stateMessage, telemetryMessage } from '../contract/messages.ts'
import { simWorldMessage } from '../contract/sim-world.ts'
import { parseTopic } from '../contract/topics.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { type SimBus, startSimHost } from './host.ts'

interface Sent {
  readonly topic: string
  readonly payload: Uint8Array
  readonly retain: boolean
}

function recordingBus() {
  const sent: Sent[] = []
  const listeners = new Map<string, (topic: string, payload: Uint8Array) => void>()
  const bus: SimBus = {
    publish: (topic, payload, { retain }) => sent.push({ topic, payload, retain }),
    subscribe: (filter, listener) => {
      listeners.set(filter, listener)
      return () => listeners.delete(filter)
    },
  }
  return { bus, sent, listeners }
}

const site = buildCampus()

describe('startSimHost', { timeout: 30_000 }, () => {
  const clock = new FakeClock()
  const { bus, sent, listeners } = recordingBus()
  let host: ReturnType<typeof startSimHost>
  beforeAll(() => {
    host = startSimHost({ site, seed: 1, speed: 1, clock, bus })
    clock.advance(2000)
  }, 30_000)

  it('announces every device before anything else is asked', () => {
    const births = sent.filter((s) => s.topic.endsWith('/birth'))
    expect(births.length).toBe(site.equipment.length + site.cameras.length + 1)
    expect(births.every((s) => s.retain)).toBe(true)
    expect(sent.filter((s) => s.topic.endsWith('/availability')).length).toBe(births.length)
  })

  it('speaks only messages of the contract', () => {
    for (const { topic, payload } of sent) {
      const parsed = parseTopic(topic)
      expect(parsed, topic).toBeDefined()
      const schema =
        parsed?.kind === 'clock'
          ? clockMessage
          : parsed?.kind === 'simWorld'
            ? simWorldMessage
            : parsed?.kind !== 'device'
              ? undefined
              : { birth: birthMessage, telemetry: telemetryMessage, state: stateMessage, profile: profileMessage }[
                  parsed.channel as 'birth'
                ]
      if (!schema) continue
      const decoded = decodeJson(schema, payload)
      expect(decoded.ok ? '' : `${topic} ${decoded.error.path} ${decoded.error.message}`).toBe('')
    }
  })

  it('shows the world eight times a second of wall time', () => {
    expect(sent.filter((s) => s.topic.endsWith('/sim/world')).length).toBe(16)
  })

  it('carries a command from the bus to reported state', () => {
    const before = sent.length
    const nowMs = host.park.nowMs()
    const command = {
      id: 'c-1',
      point: 'on',
      value: true,
      issuedAt: nowMs,
      expiresAt: nowMs + 15_000,
      issuedBy: 'test',
      reason: 'test',
    }
    const topic = 'parkloop/v1/campus/device/dock-lights/command'
    listeners.get('parkloop/v1/campus/device/+/command')?.(topic, encodeJson(command))
    clock.advance(1000)
    const answers = sent.slice(before).filter((s) => s.topic.includes('/dock-lights/'))
    expect(answers.map((s) => s.topic.split('/').at(-1))).toEqual(expect.arrayContaining(['ack', 'state']))
  })

  it('lets a device misbehave on demand, and behave again', () => {
    const order = (id: string) => {
      const nowMs = host.park.nowMs()
      const when = { issuedAt: nowMs, expiresAt: nowMs + 15_000 }
      const command = { id, point: 'on', value: false, ...when, issuedBy: 'test', reason: 'test' }
      const topic = 'parkloop/v1/campus/device/dock-lights/command'
      const before = sent.length
      listeners.get('parkloop/v1/campus/device/+/command')?.(topic, encodeJson(command))
      clock.advance(1000)
      return sent.slice(before).filter(({ topic: told }) => told.endsWith('/dock-lights/ack')).length
    }
    const inject = (fault: string) =>
      listeners.get('parkloop/v1/campus/sim/fault')?.('', encodeJson({ device: 'dock-lights', fault }))
    inject('mute')
    expect(order('c-2')).toBe(0)
    inject('on fire')
    expect(order('c-3')).toBe(0)
    inject('none')
    expect(order('c-4')).toBe(1)
  })

  it('says on the retained clock which story runs, at once when it begins and when it ends', () => {
    const told = () => {
      const last = sent.filter(({ topic }) => topic.endsWith('/clock')).at(-1)
      const decoded = last?.retain ? decodeJson(clockMessage, last.payload) : undefined
      return decoded?.ok ? decoded.value.story : undefined
    }
    const tell = (action: string, scenario: string) =>
      listeners.get('parkloop/v1/campus/scenario')?.('', encodeJson({ id: 's-1', action, scenario }))
    expect(told()).toBeNull()
    tell('start', 'room-on-fire')
    expect(told()).toBe('room-on-fire')
    clock.advance(2000)
    expect(told()).toBe('room-on-fire')
    tell('stop', 'intruder-at-dock')
    expect(told()).toBe('room-on-fire')
    tell('stop', 'room-on-fire')
    expect(told()).toBeNull()
  })

  it('sleeps without a timer and with its time standing still, and goes on where it stopped', () => {
    const clocks = () =>
      sent.filter(({ topic }) => topic.endsWith('/clock')).map(({ payload }) => decodeJson(clockMessage, payload))
    host.sleep()
    const count = sent.length
    const asleepMs = host.park.nowMs()
    expect(clocks().at(-1)).toMatchObject({ ok: true, value: { speed: 0, siteMs: asleepMs } })
    expect(clock.pendingCount).toBe(0)
    clock.advance(600_000)
    expect(sent.length).toBe(count)
    host.wake()
    host.wake()
    expect(clocks().at(-1)).toMatchObject({ ok: true, value: { speed: 1, siteMs: asleepMs } })
    clock.advance(2000)
    expect(host.park.nowMs()).toBe(asleepMs + 2000)
    expect(sent.length).toBeGreaterThan(count + 10)
  })

  it('stops speaking when disposed, and says so', () => {
    host.dispose()
    const count = sent.length
    expect(sent.at(-1)?.topic).toContain('sim-gateway/availability')
    host.wake()
    clock.advance(5000)
    expect(sent.length).toBe(count)
    expect(clock.pendingCount).toBe(0)
    expect(listeners.size).toBe(0)
  })
})

describe('a broker that remembers an earlier site file', () => {
  it('takes back what an earlier file of this site had, and leaves devices alone that others speak for', () => {
    const tiny = tinySite()
    const { bus, sent, listeners } = recordingBus()
    const clock = new FakeClock()
    const host = startSimHost({ site: tiny, seed: 1, speed: 1, clock, bus })
    const births = `parkloop/v1/${tiny.id}/device/+/birth`
    // Thousands of its own would come back while it tells them.
    expect(listeners.has(births)).toBe(false)
    const told = `parkloop/v1/${tiny.id}/device/sim-gateway/availability`
    // Kept from an earlier run.
    listeners.get(told)?.(told, encodeJson('offline'))
    expect(listeners.has(births)).toBe(false)
    listeners.get(told)?.(told, encodeJson('online'))
    const listener = listeners.get(births) ?? expect.fail('listens for births')
    // It says so twice.
    listeners.get(told)?.(told, encodeJson('online'))
    expect(listeners.get(births)).toBe(listener)
    const before = sent.length
    const hear = (id: string, gateway?: string) =>
      listener(
        `parkloop/v1/${tiny.id}/device/${id}/birth`,
        encodeJson({
          id,
          name: id,
          class: 'Luminaire',
          points: [],
          at: Date.UTC(2026, 5, 1),
          ...(gateway && { gateway }),
        }),
      )
    hear(tiny.equipment[0]?.id ?? '', 'sim-gateway')
    hear('a-real-one', 'its-own')
    hear('another-real-one')
    listener(`parkloop/v1/${tiny.id}/device/no-longer/birth`, new Uint8Array())
    expect(sent).toHaveLength(before)
    hear('no-longer', 'sim-gateway')
    expect(sent.splice(before).map(({ topic, payload, retain }) => [topic, payload.byteLength, retain])).toEqual(
      ['birth', 'availability', 'state', 'profile'].map((channel) => [
        `parkloop/v1/${tiny.id}/device/no-longer/${channel}`,
        0,
        true,
      ]),
    )
    clock.advance(60_000)
    expect(listeners.has(births)).toBe(false)
    listeners.get(told)?.(told, encodeJson('online'))
    expect(listeners.has(births)).toBe(true)
    host.dispose()
    expect(listeners.size).toBe(0)
  })
})
