import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { LinkPhase, LinkState, PublishError, PublishRequest } from '../contract/bus.ts'
import { maxPayloadBytes } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { backoffMs } from './backoff.ts'
import { coalescingSocket } from './coalescing-socket.ts'

export interface LastWill {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain: boolean
}

export interface Subscription {
  readonly filter: string
  readonly qos: 0 | 1
}

export interface MqttLinkOptions {
  /** ws:, wss:, and in Node mqtt: and mqtts: as well. Credentials may stand in the URL. */
  readonly url: string
  readonly clientId: string
  readonly username?: string
  readonly password?: string
  /** Asked at each attempt. */
  readonly will?: () => LastWill | undefined
  readonly clock: Clock
  /** Uniform in [0, 1), for the jitter. */
  readonly random?: () => number
  readonly onState: (state: LinkState) => void
  /** `isKept`: a retained message that the broker had before it was subscribed to. */
  readonly onMessage: (topic: string, payload: Uint8Array, isKept: boolean) => void
  readonly onSubscribed?: (filters: readonly string[]) => void
  /** The broker granted less than was asked for; `allFilters` where it does not say what. */
  readonly onSubscribeRefused?: (filter: string, reason: string) => void
}

/** A page or a worker of one. */
const inBrowser = typeof WorkerGlobalScope !== 'undefined' || typeof document !== 'undefined'
export const allFilters = '(all)'
const connectTimeoutMs = 8000
const keepaliveS = 15
const confirmTimeoutMs = 10_000

/**
 * One MQTT connection that comes back by itself. Every attempt uses a client of its own: mqtt.js keeps unconfirmed
 * QoS 1 messages in a store and sends them again on reconnect, and a command sent late is worse than one that failed.
 * An attempt is one protocol version; MQTT 5 is tried first and 3.1.1 right after it.
 */
export class MqttLink {
  readonly #options: MqttLinkOptions
  readonly #random: () => number
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #unconfirmed = new Set<(outcome: Result<void, PublishError>) => void>()
  #state: LinkState
  #client: MqttClient | undefined
  #protocol: 4 | 5 = 5
  /** Second half of an attempt: the other protocol version. */
  #fallback = false
  #attempt = 0
  #refusedCredentials = false
  #maxPacketBytes = maxPayloadBytes
  #cancelRetry: (() => void) | undefined
  #disposed: Promise<void> | undefined

  constructor(options: MqttLinkOptions) {
    this.#options = options
    this.#random = options.random ?? Math.random
    this.#state = { phase: 'idle', url: shownUrl(options.url), sinceMs: options.clock.nowMs(), attempt: 0 }
  }

  get state(): LinkState {
    return this.#state
  }

  /** Bytes handed over but not yet on the wire. */
  get backlogBytes(): number {
    return this.#client?.stream?.writableLength ?? 0
  }

  start(): void {
    if (!this.#client && !this.#disposed) this.#open()
  }

  /** Kept for the life of the link; sent again after each reconnect. */
  subscribe(subscriptions: readonly Subscription[]): void {
    for (const entry of subscriptions) this.#subscriptions.set(entry.filter, entry)
    if (this.#client?.connected) this.#sendSubscribe(this.#client, subscriptions, () => {})
  }

  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) this.#subscriptions.delete(filter)
    if (this.#client?.connected) this.#client.unsubscribe([...filters], () => {})
  }

  /** Hands a message over without asking what became of it; false when there is no connection. */
  send(request: PublishRequest): boolean {
    const client = this.#client
    if (this.#state.phase !== 'online' || !client?.connected) return false
    const { topic, qos, retain } = request
    client.publish(topic, asBuffer(request.payload), { qos, retain })
    return true
  }

  publish(request: PublishRequest): Promise<Result<void, PublishError>> {
    const client = this.#client
    if (this.#state.phase !== 'online' || !client?.connected)
      return Promise.resolve(err({ code: 'linkDown', message: `not connected to ${this.#state.url}` }))
    const size = request.payload.byteLength + request.topic.length + 64
    if (size > this.#maxPacketBytes)
      return Promise.resolve(err({ code: 'tooLarge', message: `${size} bytes, at most ${this.#maxPacketBytes}` }))
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(confirmTimeoutMs, () =>
        settle(err({ code: 'unconfirmed', message: `no confirmation within ${confirmTimeoutMs} ms` })),
      )
      const settle = (outcome: Result<void, PublishError>) => {
        if (!this.#unconfirmed.delete(settle)) return
        cancel()
        resolve(outcome)
      }
      this.#unconfirmed.add(settle)
      const { topic, qos, retain } = request
      const properties = this.#protocol === 5 ? { properties: publishProperties(request) } : {}
      client.publish(topic, asBuffer(request.payload), { qos, retain, ...properties }, (failure) =>
        settle(failure ? err({ code: 'unconfirmed', message: failure.message }) : ok(undefined)),
      )
    })
  }

  /** Says goodbye (so that the last will stays unsaid) and closes. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close()
    return this.#disposed
  }

  async #close(): Promise<void> {
    this.#cancelRetry?.()
    const client = this.#client
    const wasOnline = client?.connected === true
    this.#client = undefined
    if (client) await endClient(client, wasOnline, this.#options.clock)
    this.#settleAll('closed here')
    this.#setState('idle', { detail: 'closed' })
  }

  #open(): void {
    const { clientId, url } = this.#options
    const will = this.#options.will?.()
    if (!this.#fallback) this.#setState('connecting')
    const { address, ...credentials } = readCredentials(this.#options)
    const options: IClientOptions = {
      clientId,
      ...credentials,
      protocolVersion: this.#protocol,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      connectTimeout: connectTimeoutMs,
      keepalive: keepaliveS,
      timerVariant: 'native',
      // Put together from its parts, as the library does it, an IPv6 address loses its brackets.
      ...(/^wss?:/.test(address) && { transformWsUrl: () => address }),
      // Its debug log formats several lines per packet even when nobody reads them.
      log: () => {},
      ...(inBrowser && { createWebsocket: (at, protocols) => coalescingSocket(this.#options.clock, at, protocols) }),
      ...(will && { will: { ...will, payload: asBuffer(will.payload) } }),
    }
    let client: MqttClient
    try {
      client = mqtt.connect(address, options)
    } catch (error) {
      this.#fallback = true
      this.#failed(`${shownUrl(url)}: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    this.#client = client
    this.#listen(client)
  }

  #listen(client: MqttClient): void {
    let reason: string | undefined
    const current = () => this.#client === client
    client.on('connect', (connack) => {
      if (!current()) return
      const limit = connack.properties?.maximumPacketSize
      this.#maxPacketBytes = Math.min(maxPayloadBytes, limit ?? maxPayloadBytes)
      this.#refusedCredentials = false
      this.#sendSubscribe(client, [...this.#subscriptions.values()], () => {
        if (current()) this.#online()
      })
    })
    client.on('message', (topic, payload, { retain }) => {
      if (current()) this.#options.onMessage(topic, payload, retain)
    })
    client.on('error', (error) => {
      reason ??= error.message
      if (isCredentialError(error)) this.#refusedCredentials = true
      // A refused connection is not always followed by `close`.
      if (current() && !client.connected) client.end(true)
    })
    const gone = () => {
      if (!current()) return
      this.#client = undefined
      client.end(true)
      this.#failed(reason ?? 'connection closed')
    }
    client.on('close', gone)
    client.on('end', gone)
  }

  #online(): void {
    this.#attempt = 0
    this.#fallback = false
    this.#setState('online', { protocol: this.#protocol })
  }

  #failed(reason: string): void {
    if (this.#disposed) return
    this.#settleAll(reason)
    const wasOnline = this.#state.phase === 'online'
    if (!wasOnline && !this.#fallback && !this.#refusedCredentials) {
      this.#fallback = true
      this.#protocol = otherProtocol(this.#protocol)
      this.#cancelRetry = this.#options.clock.after(0, () => this.#open())
      return
    }
    if (!wasOnline) this.#protocol = otherProtocol(this.#protocol)
    this.#fallback = false
    this.#setState(this.#refusedCredentials ? 'failed' : 'offline', { detail: reason })
    const waitMs = backoffMs(this.#attempt++, this.#random)
    this.#cancelRetry = this.#options.clock.after(waitMs, () => this.#open())
  }

  #sendSubscribe(client: MqttClient, subscriptions: readonly Subscription[], done: () => void): void {
    if (subscriptions.length === 0) return done()
    const map = Object.fromEntries(subscriptions.map(({ filter, qos }) => [filter, { qos }]))
    client.subscribe(map, (failure, asked, answer) => {
      if (client.connected) this.#reportSubscribed(asked?.map(({ topic }) => topic) ?? [], failure, answer?.granted)
      done()
    })
  }

  /** `codes`: the broker's answer to each of `filters`; 128 and above refuse (3.1.1 §3.9.3, 5.0 §3.9.3). */
  #reportSubscribed(filters: readonly string[], failure: Error | null, codes: readonly unknown[] = []): void {
    const { onSubscribed, onSubscribeRefused } = this.#options
    const isRefused = (_: string, at: number) => Number(codes[at]) >= 128
    const refused = failure ? filters.filter(isRefused) : []
    if (failure && refused.length === 0) return onSubscribeRefused?.(allFilters, failure.message)
    onSubscribed?.(filters.filter((filter) => !refused.includes(filter)))
    for (const filter of refused) onSubscribeRefused?.(filter, failure?.message ?? '')
  }

  #settleAll(reason: string): void {
    for (const settle of [...this.#unconfirmed]) settle(err({ code: 'unconfirmed', message: reason }))
  }

  #setState(phase: LinkPhase, more: { detail?: string; protocol?: 4 | 5 } = {}): void {
    const { clock, url } = this.#options
    this.#state = { phase, url: shownUrl(url), sinceMs: clock.nowMs(), attempt: this.#attempt, ...more }
    this.#options.onState(this.#state)
  }
}

function endClient(client: MqttClient, politely: boolean, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(1000, () => {
      client.end(true)
      resolve()
    })
    client.end(!politely, () => {
      cancel()
      resolve()
    })
  })
}

function otherProtocol(protocol: 4 | 5): 4 | 5 {
  return protocol === 5 ? 4 : 5
}

/** CONNACK codes: 3.1.1 §3.2.2.3 (4, 5), 5.0 §3.2.2.2 (134 bad user name or password, 135 not authorized, 138 banned). */
function isCredentialError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'number' && [4, 5, 134, 135, 138].includes(error.code)
}

function publishProperties(request: PublishRequest): { messageExpiryInterval?: number; correlationData?: Buffer } {
  return {
    ...(request.expirySeconds !== undefined && {
      messageExpiryInterval: Math.max(1, Math.ceil(request.expirySeconds)),
    }),
    ...(request.correlation !== undefined && { correlationData: asBuffer(encoder.encode(request.correlation)) }),
  }
}

const encoder = new TextEncoder()

/** mqtt.js writes any `Uint8Array`; only its types know nothing but Node's `Buffer`, which browsers lack. */
function asBuffer(bytes: Uint8Array): Buffer {
  return bytes as Buffer
}

function readCredentials(options: MqttLinkOptions): { address: string; username?: string; password?: string } {
  const { username, password } = options
  const given = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
  if (!URL.canParse(options.url)) return { address: options.url, ...given }
  const url = new URL(options.url)
  const named = {
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
  }
  url.username = ''
  url.password = ''
  return { address: url.href, ...named, ...given }
}

/** The address without its password, for people. */
function shownUrl(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  url.password = ''
  return url.href
}
