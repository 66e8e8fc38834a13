import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import jpeg from 'jpeg-js'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { freePort, type Mosquitto, startMosquitto } from '../../e2e/support/mosquitto.ts'
import { encodeJson } from '../contract/decode.ts'
import type { BirthMessage } from '../contract/messages.ts'
import { siteTopics } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import { pictureSize } from '../platform/picture-header.ts'
import { createDirectBus } from '../sense/direct-bus.ts'
import { SenseCore } from '../sense/sense-core.ts'
import { createSimBus } from '../sense/sim-bus.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { createEmbeddedBroker } from './embedded-broker.ts'

const topics = siteTopics('tiny')
const at = 1_780_000_000_000
const lamp: BirthMessage = {
  id: 'lamp-1',
  name: 'Lamp',
  class: 'Luminaire',
  gateway: 'sim-gateway',
  points: [
    { id: 'power', kind: 'power', unit: 'kW' },
    { id: 'on', kind: 'onOff', unit: '', writable: true },
  ],
  at,
}

interface TestBroker {
  readonly url: string
  readonly protocol: 4 | 5
  /** As a power cut would: connections die without a word. */
  kill(): Promise<void>
}

async function startAedes(port?: number): Promise<TestBroker> {
  const broker = await createEmbeddedBroker(() => {})
  const server: Server = createServer()
  const webSockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' })
  webSockets.on('connection', (socket) => broker.accept(socket))
  const used = port ?? (await freePort())
  await new Promise<void>((resolve) => server.listen(used, '127.0.0.1', resolve))
  return {
    url: `ws://127.0.0.1:${used}`,
    protocol: 4,
    kill: async () => {
      for (const socket of webSockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await broker.dispose()
    },
  }
}

/** A broker that takes every PUBLISH and confirms none. */
async function startMute(port: number) {
  const published: string[] = []
  let heard: () => void = () => {}
  const firstPublished = new Promise<void>((resolve) => {
    heard = resolve
  })
  const aedes = await Aedes.createBroker({
    authorizePublish: (_client, packet, done) => {
      if (!packet.topic.endsWith('/command')) return done()
      published.push(packet.payload.toString())
      heard()
    },
  })
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    published,
    firstPublished,
    kill: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
    },
  }
}

/** A wire to a broker that can be cut. */
async function severable(target: string): Promise<{ readonly url: string; sever(): void }> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  const server = createTcpServer((near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `ws://127.0.0.1:${port}`,
    sever: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function startDebian(): Promise<TestBroker> {
  const mosquitto: Mosquitto = await startMosquitto()
  return { url: mosquitto.wsUrl, protocol: 5, kill: () => mosquitto.stop() }
}

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function listen(url: string, site = 'tiny') {
  const bus = createDirectBus({
    url,
    site,
    clientId: `console-${Math.random().toString(36).slice(2)}`,
    clock: systemClock,
  })
  cleanUps.push(() => bus.closed())
  const events: ParkEvent[] = []
  const waiters = new Set<() => void>()
  bus.subscribe((event) => {
    events.push(event)
    for (const check of waiters) check()
  })
  /** Resolves with the first event, past or to come, that fits. */
  const until = <T extends ParkEvent>(fits: (event: ParkEvent) => event is T): Promise<T> =>
    new Promise((resolve) => {
      const check = () => {
        const found = events.find(fits)
        if (!found) return
        waiters.delete(check)
        resolve(found)
      }
      waiters.add(check)
      check()
    })
  return { bus, events, until }
}

type Of<T extends ParkEvent['type']> = Extract<ParkEvent, { type: T }>
function of<T extends ParkEvent['type']>(type: T, also: (event: Of<T>) => boolean = () => true) {
  return (event: ParkEvent): event is Of<T> => event.type === type && also(event as Of<T>)
}

const online = of('link', ({ link }) => link.phase === 'online')

function simulator(url: string) {
  const sim = createSimBus({ url, site: 'tiny', clock: systemClock })
  sim.publish(topics.site, encodeJson(tinySite()), { retain: true, qos: 1 })
  sim.publish(topics.birth('lamp-1'), encodeJson(lamp), { retain: true, qos: 1 })
  return sim
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

const brokers: readonly (readonly [string, () => Promise<TestBroker>])[] = [
  ['the embedded broker', () => startAedes()],
  ['mosquitto', startDebian],
]

beforeAll(() => {
  if (spawnSync('mosquitto', ['-h']).error) throw new Error('mosquitto is missing: apt-get install mosquitto')
})

describe.each(brokers)('on %s', (_, start) => {
  async function broker(): Promise<TestBroker> {
    const started = await start()
    let alive = true
    const kill = async () => {
      if (alive) await started.kill()
      alive = false
    }
    cleanUps.push(kill)
    return { ...started, kill }
  }

  test('speaks the newest protocol that the broker has', async () => {
    const { url, protocol } = await broker()
    const { until } = listen(url)
    expect((await until(online)).link.protocol).toBe(protocol)
  })

  test('brings JPEG of cameras, on the contract’s topic and on another system’s, and stops when told to', async () => {
    const { url } = await broker()
    const picture = (grey: number) =>
      new Uint8Array(jpeg.encode({ width: 64, height: 36, data: Buffer.alloc(64 * 36 * 4, grey) }, 80).data)
    const sim = simulator(url)
    cleanUps.push(() => sim.dispose())
    // Systems keep their last picture, which may be of yesterday: it is no news to who begins to listen.
    sim.publish(topics.cameraFrame('cam-dock'), picture(10), { retain: true, qos: 1 })
    sim.publish('frigate/gate/person/snapshot', picture(20), { retain: true, qos: 1 })
    const { bus, events, until } = listen(url)
    await until(of('site'))
    expect(events.some(({ type }) => type === 'cameraFrame')).toBe(false)
    const own = { cameraId: 'cam-dock', topic: topics.cameraFrame('cam-dock') }
    const foreign = ['cam-gate', 'cam-copy'].map((cameraId) => ({ cameraId, topic: 'frigate/gate/person/snapshot' }))
    bus.followCameras([own, ...foreign])
    const frameOf = (id: string) => until(of('cameraFrame', ({ camera }) => camera === id))
    await vi.waitFor(() => {
      sim.publish(topics.cameraFrame('cam-dock'), picture(40))
      sim.publish('frigate/gate/person/snapshot', picture(200))
      const seen = new Set(events.flatMap((event) => (event.type === 'cameraFrame' ? event.camera : [])))
      expect([...seen].sort()).toEqual(['cam-copy', 'cam-dock', 'cam-gate'])
    }, 10_000)
    expect((await frameOf('cam-dock')).jpeg).toEqual(picture(40))
    expect((await frameOf('cam-gate')).jpeg).toEqual(picture(200))
    expect((await frameOf('cam-copy')).jpeg).toEqual(picture(200))
    expect(pictureSize((await frameOf('cam-dock')).jpeg)).toEqual({ width: 64, height: 36 })

    bus.followCameras([foreign[0] as (typeof foreign)[number]])
    sim.publish(topics.cameraFrame('cam-dock'), picture(90))
    sim.publish('frigate/gate/person/snapshot', picture(250))
    await until(of('cameraFrame', ({ camera, jpeg: got }) => camera === 'cam-gate' && sameBytes(got, picture(250))))
    const late = events.filter((event) => event.type === 'cameraFrame' && sameBytes(event.jpeg, picture(90)))
    expect(late).toEqual([])
  })

  test('discovers the site, builds the registry from retained births and receives readings', async () => {
    const { url } = await broker()
    const sim = simulator(url)
    cleanUps.push(() => sim.dispose())
    const { until } = listen(url, 'any')
    expect((await until(of('site'))).site.id).toBe('tiny')
    expect((await until(of('device'))).birth.id).toBe('lamp-1')
    // Retained: it arrives whether or not the console has already turned from discovery to its site.
    sim.publish(topics.state('lamp-1'), encodeJson({ at, values: { on: true } }), { retain: true, qos: 1 })
    const { block } = await until(of('readings'))
    expect([block.count, block.indices[0], block.values[0]]).toEqual([1, 1, 1])
  })

  test('a gateway that dies takes its devices offline by its last will', async () => {
    const { url } = await broker()
    const { until } = listen(url)
    await until(online)
    const wire = await severable(url)
    cleanUps.push(() => wire.sever())
    const sim = simulator(wire.url)
    cleanUps.push(() => sim.dispose())
    await until(of('availability', (e) => e.device === 'sim-gateway' && e.online))
    wire.sever()
    await until(of('availability', (e) => e.device === 'sim-gateway' && !e.online))
  })

  test('garbage is counted and listed with its topic, and harms nobody', async () => {
    const { url } = await broker()
    const sim = simulator(url)
    cleanUps.push(() => sim.dispose())
    const { until } = listen(url)
    await until(of('device'))
    sim.publish(topics.telemetry('lamp-1'), '{"at": 17', {})
    sim.publish(topics.state('lamp-1'), '[]', {})
    sim.publish(topics.telemetry('lamp-1'), encodeJson({ at, values: { power: 7 } }))
    await until(of('readings', ({ block }) => block.values[0] === 7))
    expect((await until(of('fault', ({ key }) => key === 'codec:device/lamp-1/telemetry'))).report?.code).toBe(
      'codec.notJson',
    )
    expect((await until(of('fault', ({ key }) => key === 'codec:device/lamp-1/state'))).report?.code).toBe(
      'codec.invalid',
    )
    await until(of('rates', ({ rates }) => rates.invalidTotal === 2))
  })

  test('a command is confirmed while connected and fails at once while not', async () => {
    const { url, kill } = await broker()
    const { bus, until } = listen(url)
    const request = {
      topic: topics.command('lamp-1'),
      payload: encodeJson({ id: 'c1' }),
      qos: 1,
      retain: false,
    } as const
    expect((await bus.publish(request)).ok).toBe(false)
    await until(online)
    expect(await bus.publish({ ...request, expirySeconds: 5, correlation: 'c1' })).toEqual({
      ok: true,
      value: undefined,
    })
    await kill()
    await until(of('link', ({ link }) => link.phase === 'offline'))
    expect(await bus.publish(request)).toMatchObject({ ok: false, error: { code: 'linkDown' } })
  })
})

test('comes back by itself, listens again, and tells the broker anew what it forgot', async () => {
  const first = await startAedes()
  const sim = simulator(first.url)
  cleanUps.push(() => sim.dispose())
  const { events, until } = listen(first.url)
  await until(of('device'))
  await first.kill()
  await until(of('link', ({ link }) => link.phase === 'offline'))
  events.length = 0
  const second = await startAedes(Number(new URL(first.url).port))
  cleanUps.push(() => second.kill())
  expect((await until(of('device'))).points).toEqual([0, 1])
  expect((await until(online)).link.protocol).toBe(4)
})

test('a flood that the tab does not take in is bounded, counted and named, and loses no acknowledgement', async () => {
  const broker = await startAedes()
  cleanUps.push(() => broker.kill())
  const sim = simulator(broker.url)
  cleanUps.push(() => sim.dispose())
  const events: ParkEvent[] = []
  let open = false
  let flooded: () => void = () => {}
  const overflown = new Promise<void>((resolve) => {
    flooded = resolve
  })
  const core = new SenseCore({
    url: broker.url,
    site: 'tiny',
    clientId: 'console-flooded',
    clock: systemClock,
    outlet: {
      ready: () => {
        if (core?.droppedTotal > 0) flooded()
        return open
      },
      send: (batch) => void events.push(...batch),
    },
  })
  cleanUps.push(() => core.dispose())
  const readings = Array.from({ length: 5000 }, (_, i) => ({ at: at + i, values: { power: i } }))
  const flood = encodeJson({ readings })
  const stopFlood = systemClock.every(5, () => {
    if (sim.link.phase === 'online') sim.publish(topics.telemetry('lamp-1'), flood)
  })
  await overflown
  stopFlood()
  for (let i = 0; i < 20; i++)
    sim.publish(topics.ack('lamp-1'), encodeJson({ id: `c${i}`, status: 'accepted', at }), { qos: 1 })
  open = true
  await new Promise<void>((resolve) => {
    const stop = systemClock.every(20, () => {
      core.flush()
      const named = events.some((e) => e.type === 'fault' && e.key === 'sense:flood' && e.report)
      if (!named || events.filter((e) => e.type === 'ack').length < 20) return
      stop()
      resolve()
    })
  })
  expect(events.filter((e) => e.type === 'ack')).toHaveLength(20)
})

test('a subscription that the broker refuses is a fault until the broker grants it', async () => {
  const refused = topics.profile('+')
  let mayRead = false
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, mayRead || subscription.topic !== refused ? subscription : null),
  })
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bus = createDirectBus({
    url: `mqtt://127.0.0.1:${port}`,
    site: 'tiny',
    clientId: 'console-1',
    clock: systemClock,
    random: () => 0,
  })
  const faults = new Map<string, boolean>()
  bus.subscribe((event) => event.type === 'fault' && faults.set(event.key, event.report !== undefined))
  const key = `sense:subscribe:${refused}`
  await vi.waitFor(() => expect(faults.get(key)).toBe(true), 5000)
  expect([...faults.keys()].filter((one) => one.startsWith('sense:subscribe:'))).toEqual([key])
  mayRead = true
  for (const socket of sockets) socket.destroy()
  await vi.waitFor(() => expect(faults.get(key)).toBe(false), 10_000)
  await bus.closed()
  await new Promise((resolve) => server.close(resolve))
  await new Promise<void>((resolve) => aedes.close(() => resolve()))
})

test('a command in flight when the broker dies is unconfirmed and never sent again', async () => {
  const port = await freePort()
  const first = await startMute(port)
  const { bus, events, until } = listen(`mqtt://127.0.0.1:${port}`)
  await until(online)
  const command = (id: string) =>
    ({ topic: topics.command('lamp-1'), payload: encodeJson({ id }), qos: 1, retain: false }) as const
  const outcome = bus.publish(command('c1'))
  await first.firstPublished
  await first.kill()
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'unconfirmed' } })
  expect(await bus.publish(command('c0'))).toMatchObject({ ok: false, error: { code: 'linkDown' } })

  events.length = 0
  const second = await startMute(port)
  cleanUps.push(() => second.kill())
  await until(online)
  // Whatever were resent would come before this one.
  void bus.publish(command('c2'))
  await second.firstPublished
  expect(second.published).toEqual(['{"id":"c2"}'])
})
