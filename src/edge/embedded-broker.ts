import { createServer, type Server, type Socket } from 'node:net'
import { Duplex, Transform } from 'node:stream'
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes'
import { createWebSocketStream, type WebSocket } from 'ws'
import { maxPayloadBytes } from '../contract/decode.ts'
import { PacketGuard } from './packet-guard.ts'
import { reasonOf, StartError } from './start-error.ts'

const maxPacketBytes = maxPayloadBytes + 1024
const maxConnections = 200
const maxRetainedTopics = 200_000
const maxRetainedBytes = 256 * 1024 * 1024
/** Copies of a packet for several subscriptions of one client follow each other closely. */
const rememberedPackets = 512

export interface EmbeddedBroker {
  /** Takes over a WebSocket of the subprotocol `mqtt`. */
  accept(socket: WebSocket): void
  /** Also listens on plain TCP; resolves to the port. Throws a `StartError` when it is taken. */
  listenTcp(port: number, host: string): Promise<number>
  /** Clears all that is retained under a topic. */
  forget(topic: string): Promise<void>
  dispose(): Promise<void>
}

/** aedes, bounded: packet size, connections, sessions (none outlives its connection), retained messages, and how long a client that does not read holds up others. */
export async function createEmbeddedBroker(log: (line: string) => void): Promise<EmbeddedBroker> {
  const retained = new RetainedBudget()
  const delivered = new Delivered()
  const aedes: Aedes = await Aedes.createBroker({
    // Deliveries in flight; a client that does not read blocks its share of them until `drainTimeout`.
    concurrency: 2000,
    drainTimeout: 5000,
    connectTimeout: 10_000,
    queueLimit: 200,
    maxTopicLevels: 12,
    maxClientsIdLength: 64,
    preConnect: (client, packet, done) => {
      takeOutOfOrder(client, aedes.id)
      // aedes keeps whatever a client that is away has missed, without bound and for ever; nobody here needs a session
      packet.clean = true
      if (aedes.connectedClients < maxConnections) done(null, true)
      else done(new Error(`more than ${maxConnections} connections`), false)
    },
    authorizeForward: (client, packet) => (delivered.first(client, packet) ? packet : null),
    authorizePublish: (_client, packet, done) => {
      const problem = packet.topic.startsWith('$')
        ? 'topics that start with $ belong to the broker'
        : retained.refuse(packet)
      done(problem === undefined ? null : new Error(problem))
    },
  })
  const quiet = (client: Client | null, error: Error) => {
    if (/larger|connections|budget|belong to the broker/.test(error.message))
      log(`mqtt client ${client?.id ?? '?'}: ${error.message}`)
  }
  aedes.on('clientError', quiet)
  aedes.on('connectionError', quiet)
  const tcpServers: Server[] = []
  const sockets = new Set<Socket>()

  return {
    accept(socket) {
      const guard = new PacketGuard(maxPacketBytes)
      const stream = createWebSocketStream(socket)
      // Ahead of the stream's own listener, so that nothing oversized is ever handed on.
      socket.prependListener('message', (data) => {
        if (!Buffer.isBuffer(data) || !guard.accepts(data)) socket.terminate()
      })
      stream.on('error', () => {})
      aedes.handle(stream)
    },
    async listenTcp(port, host) {
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        socket.setNoDelay(true)
        aedes.handle(guarded(socket))
      })
      tcpServers.push(server)
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) =>
          reject(new StartError(`cannot offer MQTT on ${host}:${port}: ${reasonOf(error)}`)),
        )
        server.listen(port, host, resolve)
      })
      const address = server.address()
      return address && typeof address === 'object' ? address.port : port
    },
    async forget(topic) {
      for (const each of retained.under(topic)) {
        const packet = {
          cmd: 'publish',
          topic: each,
          payload: Buffer.alloc(0),
          qos: 0,
          retain: true,
          dup: false,
        } as const
        retained.refuse(packet)
        await new Promise<void>((resolve) => aedes.publish(packet, () => resolve()))
      }
    },
    async dispose() {
      for (const server of tcpServers) server.close()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
    },
  }
}

function guarded(socket: Socket): Duplex {
  const guard = new PacketGuard(maxPacketBytes)
  const filter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (guard.accepts(chunk)) done(null, chunk)
      else done(new Error(`a packet larger than ${maxPacketBytes} bytes`))
    },
  })
  socket.on('error', () => filter.destroy())
  socket.on('close', () => filter.destroy())
  const duplex = Duplex.from({ readable: socket.pipe(filter), writable: socket })
  duplex.on('error', () => socket.destroy())
  duplex.on('close', () => socket.destroy())
  return duplex
}

/** Keeps count of what the broker must remember. */
class RetainedBudget {
  readonly #bytes = new Map<string, number>()
  #total = 0

  under(topic: string): string[] {
    return [...this.#bytes.keys()].filter((each) => each.startsWith(`${topic}/`))
  }

  /** Why this message may not be kept; undefined when it may. */
  refuse(packet: PublishPacket): string | undefined {
    if (!packet.retain) return undefined
    const size = packet.payload.length
    const before = this.#bytes.get(packet.topic)
    if (size === 0) {
      this.#bytes.delete(packet.topic)
      this.#total -= before ?? 0
      return undefined
    }
    const total = this.#total - (before ?? 0) + size
    if (total > maxRetainedBytes || (before === undefined && this.#bytes.size >= maxRetainedTopics))
      return 'the budget for retained messages is used up'
    this.#bytes.set(packet.topic, size)
    this.#total = total
    return undefined
  }
}

/**
 * aedes takes a packet for a duplicate when it passed a later one to that client before, and drops it. But a retained
 * packet is stored first and so is overtaken by those that are not, and was lost on those who listened
 * (github.com/moscajs/aedes/issues/955, 994). Its memory of the last number is made to forget; `Delivered` does its work.
 */
function takeOutOfOrder(client: Client, brokerId: string): void {
  const { duplicates } = client as Client & { readonly duplicates: object }
  Object.defineProperty(duplicates, brokerId, { get: () => 0, set: () => {} })
}

/** Which packets a client had: one that fits several of its subscriptions is sent once. */
class Delivered {
  readonly #recent = new WeakMap<Client, { readonly seen: Set<number>; readonly order: number[]; next: number }>()

  first(client: Client, { brokerCounter }: AedesPublishPacket): boolean {
    if (!brokerCounter) return true
    let recent = this.#recent.get(client)
    if (!recent) {
      recent = { seen: new Set(), order: [], next: 0 }
      this.#recent.set(client, recent)
    }
    const { seen, order, next } = recent
    if (seen.has(brokerCounter)) return false
    seen.add(brokerCounter)
    const oldest = order[next]
    if (oldest !== undefined) seen.delete(oldest)
    order[next] = brokerCounter
    recent.next = (next + 1) % rememberedPackets
    return true
  }
}
