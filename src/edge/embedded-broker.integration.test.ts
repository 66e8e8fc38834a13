import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../platform/clock.ts'
import { MqttLink, type Subscription } from '../sense/mqtt-link.ts'
import { createEmbeddedBroker, type EmbeddedBroker } from './embedded-broker.ts'

let broker: EmbeddedBroker
let server: Server
let url: string

beforeEach(async () => {
  broker = await createEmbeddedBroker(() => {})
  server = createServer()
  const webSockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' })
  webSockets.on('connection', (socket) => broker.accept(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `ws://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await broker.dispose()
})

/** A client of the broker that is online. */
async function linkOf(
  clientId: string,
  subscriptions: readonly Subscription[] = [],
  onMessage: (topic: string, payload: Uint8Array) => void = () => {},
): Promise<MqttLink> {
  let link: MqttLink | undefined
  await new Promise<void>((online) => {
    link = new MqttLink({
      url,
      clientId,
      clock: systemClock,
      onState: ({ phase }) => phase === 'online' && online(),
      onMessage,
    })
    link.subscribe(subscriptions)
    link.start()
  })
  return link as MqttLink
}

const connectPacket = Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 1, 97])
/** PUBLISH that announces some 25 MB. */
const hugeHeader = Buffer.from([0x30, 0x80, 0x80, 0x80, 0x0c])

test('a packet that announces too much ends its WebSocket before its bytes arrive; others live on', async () => {
  const rude = new WebSocket(url, 'mqtt')
  rude.once('open', () => rude.send(connectPacket))
  rude.once('message', () => rude.send(hugeHeader))
  await new Promise((resolve) => rude.once('close', resolve))

  const polite = new WebSocket(url, 'mqtt')
  polite.once('open', () => polite.send(connectPacket))
  const connack = await new Promise<Buffer>((resolve) => polite.once('message', (data: Buffer) => resolve(data)))
  expect(connack[0]).toBe(0x20)
  polite.terminate()
})

test('the same on plain TCP', async () => {
  const port = await broker.listenTcp(0, '127.0.0.1')
  const socket = connect(port, '127.0.0.1', () => socket.write(connectPacket))
  socket.on('error', () => {})
  socket.once('data', () => socket.write(hugeHeader))
  await new Promise((resolve) => socket.once('close', resolve))
})

test('a TCP port that is taken is told in one line', async () => {
  const port = await broker.listenTcp(0, '127.0.0.1')
  await expect(broker.listenTcp(port, '127.0.0.1')).rejects.toThrow(`cannot offer MQTT on 127.0.0.1:${port}`)
})

test('whoever listens gets each message once: retained ones that others overtake, and those that fit two subscriptions', async () => {
  const heard = new Map<string, number>()
  const twice: readonly Subscription[] = [
    { filter: 'park/#', qos: 1 },
    { filter: 'park/+', qos: 1 },
  ]
  const listener = await linkOf('listener', twice, (_topic, payload) => {
    const word = new TextDecoder().decode(payload)
    heard.set(word, (heard.get(word) ?? 0) + 1)
  })
  const speaker = await linkOf('speaker')
  const told = 600
  for (let i = 0; i < told; i++) {
    const payload = new TextEncoder().encode(String(i))
    speaker.send({ topic: `park/${i % 50}`, payload, qos: i % 3 === 0 ? 1 : 0, retain: i % 2 === 0 })
  }
  await vi.waitUntil(() => heard.size === told, { timeout: 10_000 })
  expect([...heard.values()].every((times) => times === 1)).toBe(true)
  await listener.dispose()
  await speaker.dispose()
})

test('what a client missed while it was away is not piled up for it, and it is told that nothing was kept', async () => {
  const port = await broker.listenTcp(0, '127.0.0.1')
  const lasting = Buffer.from(connectPacket)
  lasting[9] = 0
  const subscribeToAll = Buffer.from([0x82, 6, 0, 1, 0, 1, 35, 1])
  const come = async (...then: Buffer[]) => {
    const heard: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([lasting, ...then])))
    socket.on('data', (part) => heard.push(part))
    const text = () => Buffer.concat(heard)
    await vi.waitUntil(() => text().length >= 4 + then.length * 5, { timeout: 5000 })
    return { socket, text }
  }
  const first = await come(subscribeToAll)
  expect([...first.text().subarray(0, 4)]).toEqual([0x20, 2, 0, 0])
  first.socket.end(Buffer.from([0xe0, 0]))
  await new Promise((resolve) => first.socket.once('close', resolve))

  const speaker = await linkOf('speaker')
  const payload = new Uint8Array(1000)
  for (let i = 0; i < 50; i++) await speaker.publish({ topic: `park/${i}`, payload, qos: 1, retain: false })
  const again = await come()
  expect([...again.text().subarray(0, 4)]).toEqual([0x20, 2, 0, 0])
  await speaker.publish({ topic: 'park/last', payload, qos: 1, retain: false })
  expect(again.text()).toHaveLength(4)
  again.socket.destroy()
  await speaker.dispose()
})

test('forgets all that was retained under a topic, and that alone', async () => {
  const speaker = await linkOf('speaker')
  const payload = new Uint8Array([1])
  for (const topic of ['v1/a/site', 'v1/a/device/x/birth', 'v1/ab/site', 'v1/a'])
    await speaker.publish({ topic, payload, qos: 1, retain: true })
  await broker.forget('v1/a')
  await speaker.publish({ topic: 'v1/a/site/again', payload, qos: 1, retain: true })
  const heard: string[] = []
  const listener = await linkOf('listener', [{ filter: '#', qos: 0 }], (topic) => heard.push(topic))
  await vi.waitUntil(() => heard.length === 3, { timeout: 5000 })
  expect(heard.sort()).toEqual(['v1/a', 'v1/a/site/again', 'v1/ab/site'])
  await listener.dispose()
  await speaker.dispose()
})
