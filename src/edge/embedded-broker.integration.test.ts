import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../platform/clock.ts'
import { MqttLink } from '../sense/mqtt-link.ts'
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
  const linkOf = async (clientId: string) => {
    let link: MqttLink | undefined
    await new Promise<void>((online) => {
      link = new MqttLink({
        url,
        clientId,
        clock: systemClock,
        onState: ({ phase }) => phase === 'online' && online(),
        onMessage: (_topic, payload) => {
          const word = new TextDecoder().decode(payload)
          heard.set(word, (heard.get(word) ?? 0) + 1)
        },
      })
      if (clientId === 'listener')
        link.subscribe([
          { filter: 'park/#', qos: 1 },
          { filter: 'park/+', qos: 1 },
        ])
      link.start()
    })
    return link as MqttLink
  }
  const listener = await linkOf('listener')
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
