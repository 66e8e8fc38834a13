import type { LinkRates, LinkState, PublishError, PublishRequest } from '../contract/bus.ts'
import { encodeJson } from '../contract/decode.ts'
import type { WatchMessage } from '../contract/messages.ts'
import type { SimWorldMessage } from '../contract/sim-world.ts'
import { isId, siteTopics, topicRoot } from '../contract/topics.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import type { Result } from '../platform/result.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import type { CameraTopic } from './camera-bus.ts'
import { DeviceClocks } from './device-clocks.ts'
import { FaultThrottle } from './fault-throttle.ts'
import { Ingest } from './ingest.ts'
import { allFilters, type LastWill, MqttLink, type Subscription } from './mqtt-link.ts'
import { Outbox, type Outlet } from './outbox.ts'
import { createSiteFetch } from './site-fetch.ts'

/** Plain data: crosses to the worker as it is. */
export interface SenseOptions {
  readonly url: string
  /** A site's id, or `any` to take the first one that the broker tells of. */
  readonly site: string
  /** An id of the contract; distinct for every console. */
  readonly clientId: string
  /** Address that a pointer to a large site file is relative to; the broker's own unless given. */
  readonly pageUrl?: string
  readonly username?: string
  readonly password?: string
  /** Default: `offline` on this client's own availability topic, so that others see a console leave. */
  readonly will?: LastWill
}

export interface SenseCoreOptions extends SenseOptions {
  readonly clock: Clock
  readonly random?: () => number
  readonly outlet: Outlet
  /** Ground truth of a simulated site; it is not even subscribed to unless given. */
  readonly onWorld?: (world: SimWorldMessage) => void
}

const ratesPeriodMs = 1000
/** Often enough that a lost one does not put a park to rest. */
const watchPeriodMs = 10_000
const floodQuietMs = 5000
const discovery: readonly Subscription[] = [
  { filter: `${topicRoot}/+/site`, qos: 1 },
  { filter: `${topicRoot}/+/device/+/birth`, qos: 1 },
]

/** The MQTT side of the bus: link, checking and batching. Runs in the tab's worker and directly in Node. */
export class SenseCore {
  readonly #options: SenseCoreOptions
  readonly #link: MqttLink
  readonly #outbox: Outbox
  readonly #ingest: Ingest
  readonly #faults: FaultThrottle
  readonly #clocks: DeviceClocks
  /** Filters that the broker refused. */
  readonly #refused = new Set<string>()
  #clockFault: string | undefined
  readonly #disposables = new Disposables()
  #pictureTopics: ReadonlyMap<string, readonly string[]> = new Map()
  #site: string | undefined
  #countedAtMs: number
  #counted = { messages: 0, readings: 0, bytes: 0, dropped: 0 }
  #lastDropMs: number | undefined
  #closed: Promise<void> | undefined

  constructor(options: SenseCoreOptions) {
    const { clock } = options
    this.#options = options
    this.#countedAtMs = clock.monotonicMs()
    this.#outbox = new Outbox(clock, options.outlet)
    this.#faults = new FaultThrottle(
      () => clock.monotonicMs(),
      (key, report) => this.#outbox.emit({ type: 'fault', key, report }),
    )
    this.#clocks = new DeviceClocks(clock)
    this.#ingest = new Ingest({
      emit: (event) => this.#event(event),
      row: (index, value, atMs, quality, device) => this.#outbox.row(index, value, atMs, quality, device),
      fault: (key, report, lasts) => this.#faults.reportFading(key, report, lasts),
      mended: (key) => this.#faults.mended(key),
      stamp: (device, atMs) => this.#clocks.heard(device, atMs),
      fetchSite: createSiteFetch(options.pageUrl ?? options.url, clock),
      ...(options.onWorld && { world: options.onWorld }),
    })
    this.#link = new MqttLink({
      ...options,
      will: () => this.#will(),
      onState: (state) => this.#linkChanged(state),
      onMessage: (topic, payload, isKept) => this.#message(topic, payload, isKept),
      onSubscribed: (filters) => this.#granted([...filters, allFilters]),
      onSubscribeRefused: (filter, reason) => this.#refusedBy(filter, reason),
    })
    this.#disposables.add(clock.every(ratesPeriodMs, () => this.#rates()))
    this.#disposables.add(clock.every(watchPeriodMs, () => this.#watch()))
    if (options.site === 'any') this.#link.subscribe(discovery)
    else this.#adopt(options.site)
    this.#link.start()
  }

  get link(): LinkState {
    return this.#link.state
  }

  /** Readings and messages given up because nobody took them in time. */
  get droppedTotal(): number {
    return this.#outbox.droppedTotal + this.#ingest.droppedTotal
  }

  publish(request: PublishRequest): Promise<Result<void, PublishError>> {
    return this.#link.publish(request)
  }

  /**
   * From now on these topics carry pictures (JPEG), the contract's own or any other; replaces what was said before.
   * Pictures are heavy: only cameras that really send theirs over MQTT are subscribed to.
   */
  followCameras(feeds: readonly CameraTopic[]): void {
    const topics = new Map<string, string[]>()
    for (const { topic, cameraId } of feeds) topics.set(topic, [...(topics.get(topic) ?? []), cameraId])
    const before = this.#pictureTopics
    this.#pictureTopics = topics
    const gone = [...before.keys()].filter((topic) => !topics.has(topic))
    const added = [...topics.keys()].filter((topic) => !before.has(topic))
    if (gone.length > 0) this.#link.unsubscribe(gone)
    this.#granted(gone)
    if (added.length > 0) this.#link.subscribe(added.map((filter) => ({ filter, qos: 0 })))
  }

  /** The outlet is ready again. */
  flush(): void {
    this.#outbox.flush()
  }

  dispose(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#disposables.dispose()
    if (this.#link.state.phase === 'online') void this.#announce('offline')
    await this.#link.dispose()
    this.#outbox.dispose()
  }

  #refusedBy(filter: string, reason: string): void {
    this.#refused.add(filter)
    this.#faults.report(`sense:subscribe:${filter}`, () => ({
      severity: 'error',
      code: 'sense.subscribeRefused',
      detail: `${filter}: ${reason}`,
    }))
  }

  /** Subscribed to at last, or no longer asked for. */
  #granted(filters: readonly string[]): void {
    for (const filter of filters) if (this.#refused.delete(filter)) this.#faults.clear(`sense:subscribe:${filter}`)
  }

  #message(topic: string, payload: Uint8Array, isKept: boolean): void {
    const cameras = this.#pictureTopics.get(topic)
    // A picture that the broker had kept may be of yesterday, and says nowhere so.
    if (cameras) return isKept ? undefined : this.#ingest.picture(topic, cameras, payload)
    const named = this.#ingest.parse(topic)?.site
    if (this.#site === undefined && named !== undefined && payload.byteLength > 0) {
      this.#adopt(named)
      this.#link.unsubscribe(discovery.map(({ filter }) => filter))
    }
    // Discovery may still deliver other sites for a moment; they are not ours to judge.
    if (named !== undefined && named !== this.#site) return
    this.#ingest.handle(topic, payload, isKept)
  }

  #adopt(site: string): void {
    this.#site = site
    this.#link.subscribe(consoleSubscriptions(site, this.#options.onWorld !== undefined))
    if (this.#link.state.phase === 'online') void this.#announce('online')
  }

  #event(event: ParkEvent): void {
    // One's own presence is no news.
    if (event.type === 'availability' && event.device === this.#options.clientId) return
    if (event.type === 'clock') this.#clocks.told(event.clock)
    else if (event.type === 'deviceGone') this.#clocks.gone(event.device)
    this.#outbox.emit(event)
  }

  #linkChanged(link: LinkState): void {
    this.#outbox.emit({ type: 'link', link })
    if (link.phase === 'online') {
      this.#faults.clear('sense:disconnected')
      void this.#announce('online')
    } else if (link.phase === 'connecting') {
      this.#faults.heardAnew()
      this.#ingest.heardAnew()
    } else if (link.phase === 'offline' || link.phase === 'failed') {
      this.#faults.report('sense:disconnected', () => ({
        severity: 'error',
        code: link.phase === 'failed' ? 'sense.refused' : 'sense.disconnected',
        detail: `${link.url}: ${link.detail ?? ''}`,
      }))
    }
  }

  async #announce(word: 'online' | 'offline'): Promise<void> {
    if (word === 'online') this.#watch()
    const presence = this.#presence(word)
    if (presence) await this.#link.publish({ ...presence, qos: 0 })
  }

  /** So that a simulated park wakes, and stays awake, for who looks at it. */
  #watch(): void {
    const { clientId } = this.#options
    if (this.#site === undefined || !isId(clientId) || this.#link.state.phase !== 'online') return
    const payload = encodeJson({ console: clientId } satisfies WatchMessage)
    this.#link.send({ topic: siteTopics(this.#site).watch, payload, qos: 0, retain: false })
  }

  #will(): LastWill | undefined {
    return this.#options.will ?? this.#presence('offline')
  }

  #presence(word: 'online' | 'offline'): LastWill | undefined {
    if (this.#site === undefined || !isId(this.#options.clientId)) return undefined
    const topic = siteTopics(this.#site).availability(this.#options.clientId)
    // Not retained: tabs come and go, and a broker should not remember each of them.
    return { topic, payload: new TextEncoder().encode(word), qos: 0, retain: false }
  }

  #rates(): void {
    const nowMs = this.#options.clock.monotonicMs()
    const seconds = Math.max(0.001, (nowMs - this.#countedAtMs) / 1000)
    const { messagesTotal, readingsTotal, bytesTotal, invalidTotal } = this.#ingest
    const { droppedTotal } = this
    const rates: LinkRates = {
      messagesPerS: (messagesTotal - this.#counted.messages) / seconds,
      readingsPerS: (readingsTotal - this.#counted.readings) / seconds,
      bytesPerS: (bytesTotal - this.#counted.bytes) / seconds,
      messagesTotal,
      invalidTotal,
      droppedTotal,
    }
    this.#watchClocks()
    this.#faults.sweep()
    this.#watchFlood(droppedTotal - this.#counted.dropped, droppedTotal, nowMs)
    this.#countedAtMs = nowMs
    this.#counted = { messages: messagesTotal, readings: readingsTotal, bytes: bytesTotal, dropped: droppedTotal }
    this.#outbox.emit({ type: 'rates', rates })
  }

  #watchClocks(): void {
    const report = this.#clocks.report()
    if (report?.detail === this.#clockFault) return
    this.#clockFault = report?.detail
    this.#outbox.emit({ type: 'fault', key: 'sense:clockSkew', report })
  }

  #watchFlood(droppedNow: number, droppedTotal: number, nowMs: number): void {
    if (droppedNow > 0) {
      this.#lastDropMs = nowMs
      this.#faults.report('sense:flood', () => ({
        severity: 'warning',
        code: 'sense.flood',
        detail: `${droppedNow} dropped in the last second, ${droppedTotal} in all`,
      }))
    } else if (this.#lastDropMs !== undefined && nowMs - this.#lastDropMs >= floodQuietMs) {
      this.#lastDropMs = undefined
      this.#faults.clear('sense:flood')
    }
  }
}

/** What a console needs to hear and nothing else: no commands of others, no scenarios, no ground truth unless asked. */
function consoleSubscriptions(site: string, world: boolean): readonly Subscription[] {
  const topics = siteTopics(site)
  const reliable = [
    topics.site,
    topics.clock,
    topics.controller,
    topics.audit,
    topics.birth('+'),
    topics.availability('+'),
    topics.profile('+'),
    topics.state('+'),
    topics.ack('+'),
    topics.alarm('+'),
    topics.plan('+'),
  ]
  const newestCounts = [topics.telemetry('+'), topics.observation('+'), ...(world ? [topics.simWorld] : [])]
  return [
    ...reliable.map((filter) => ({ filter, qos: 1 as const })),
    ...newestCounts.map((filter) => ({ filter, qos: 0 as const })),
  ]
}
