import type { LinkState } from '../contract/bus.ts'
import { encodeJson } from '../contract/decode.ts'
import { siteTopics } from '../contract/topics.ts'
import type { Clock } from '../platform/clock.ts'
import { MqttLink } from './mqtt-link.ts'

/** The device whose connection carries the simulated ones; its last will takes them all offline. */
const simGatewayId = 'sim-gateway'

const maxBacklogBytes = 8 * 1024 * 1024

export interface SimBusOptions {
  readonly url: string
  readonly site: string
  readonly clock: Clock
  readonly username?: string
  readonly password?: string
  readonly onState?: (link: LinkState) => void
}

interface SimPublishOptions {
  readonly retain?: boolean
  readonly qos?: 0 | 1
}

/** A gateway's connection: commands in, everything else out. */
export interface SimBus {
  readonly link: LinkState
  /** Telemetry not sent because the broker did not keep up or was away. */
  readonly droppedTotal: number
  /** What is retained is remembered here and told anew to a broker that may have forgotten it. */
  publish(topic: string, payload: Uint8Array | string, options?: SimPublishOptions): void
  /** Topic filter with `+` wildcards; the returned function unsubscribes. */
  subscribe(filter: string, onMessage: (topic: string, payload: Uint8Array) => void): () => void
  /** Takes the gateway offline with a word of its own and closes. */
  dispose(): Promise<void>
}

const encoder = new TextEncoder()

export function createSimBus(options: SimBusOptions): SimBus {
  const { onState, site, ...rest } = options
  const topics = siteTopics(site)
  const availability = topics.availability(simGatewayId)
  const listeners = new Set<{ filter: string; onMessage: (topic: string, payload: Uint8Array) => void }>()
  const retained = new Map<string, Uint8Array>()
  let dropped = 0

  const tellRetained = () => {
    for (const [topic, payload] of retained) link.send({ topic, payload, qos: 1, retain: true })
    link.send({ topic: availability, payload: encodeJson('online'), qos: 1, retain: true })
  }
  const link: MqttLink = new MqttLink({
    ...rest,
    clientId: `${simGatewayId}-${site}`,
    will: () => ({ topic: availability, payload: encodeJson('offline'), qos: 1, retain: true }),
    onState: (state) => {
      if (state.phase === 'online') tellRetained()
      onState?.(state)
    },
    onMessage: (topic, payload) => {
      for (const { filter, onMessage } of [...listeners]) if (fits(filter, topic)) onMessage(topic, payload)
    },
  })
  link.start()

  return {
    get link() {
      return link.state
    },
    get droppedTotal() {
      return dropped
    },
    publish(topic, payload, { retain = false, qos = 0 } = {}) {
      const bytes = typeof payload === 'string' ? encoder.encode(payload) : payload
      if (retain) {
        if (bytes.byteLength === 0) retained.delete(topic)
        else retained.set(topic, bytes)
      } else if (qos === 0 && link.backlogBytes > maxBacklogBytes) {
        dropped++
        return
      }
      if (!link.send({ topic, payload: bytes, qos, retain }) && !retain) dropped++
    },
    subscribe(filter, onMessage) {
      const entry = { filter, onMessage }
      listeners.add(entry)
      link.subscribe([{ filter, qos: 1 }])
      return () => {
        listeners.delete(entry)
        if (![...listeners].some((other) => other.filter === filter)) link.unsubscribe([filter])
      }
    },
    async dispose() {
      link.send({ topic: availability, payload: encodeJson('offline'), qos: 1, retain: true })
      await link.dispose()
    },
  }
}

function fits(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const given = topic.split('/')
  return wanted.length === given.length && wanted.every((level, at) => level === '+' || level === given[at])
}
