import type { LinkPhase, LinkState, PublishError, PublishRequest } from '../contract/bus.ts'
import type { PointValue } from '../contract/messages.ts'
import { numericFromValue } from '../contract/point-values.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { Ingest } from '../sense/ingest.ts'
import type { FetchSite } from '../sense/site-fetch.ts'
import type { ParkBus, ParkEvent } from '../site/park-bus.ts'
import type { Equipment, SiteFile } from '../site/schema.ts'

/** What several fake buses share: retained messages, and delivery to all. */
export class FakeBroker {
  readonly retained = new Map<string, Uint8Array>()
  readonly #deliveries = new Emitter<{ readonly topic: string; readonly payload: Uint8Array }>()

  publish({ topic, payload, retain }: PublishRequest): void {
    if (retain && payload.byteLength > 0) this.retained.set(topic, payload)
    else if (retain) this.retained.delete(topic)
    this.#deliveries.emit({ topic, payload })
  }

  subscribe(listener: (message: { readonly topic: string; readonly payload: Uint8Array }) => void): () => void {
    return this.#deliveries.subscribe(listener)
  }

  /** A broker that restarted without a memory. */
  forget(): void {
    this.retained.clear()
  }
}

const noSite: FetchSite = async () => err({ code: 'invalid', path: 'url', message: 'nothing to fetch from' })

/** A bus under the test's hand: records what is published, takes events from the test, can go offline. */
export class FakeBus implements ParkBus {
  readonly published: PublishRequest[] = []
  readonly broker: FakeBroker
  link: LinkState = { phase: 'online', url: 'fake:', sinceMs: 0, attempt: 0 }
  readonly #events = new Emitter<ParkEvent>()
  readonly #ingest: Ingest
  readonly #indices = new Map<string, readonly number[]>()
  readonly #births = new Map<string, Equipment>()
  readonly #leave: () => void
  #nextIndex = 0

  constructor(broker = new FakeBroker()) {
    this.broker = broker
    this.#ingest = new Ingest({ emit: (event) => this.push(event), row: () => {}, fault: () => {}, fetchSite: noSite })
    this.#leave = broker.subscribe(({ topic, payload }) => {
      if (this.link.phase === 'online') this.#ingest.handle(topic, payload)
    })
  }

  subscribe(listener: (event: ParkEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  async publish(request: PublishRequest): Promise<Result<void, PublishError>> {
    if (this.link.phase !== 'online') return err({ code: 'linkDown', message: 'offline' })
    this.published.push(request)
    this.broker.publish(request)
    return ok(undefined)
  }

  push(event: ParkEvent): void {
    this.#events.emit(event)
  }

  /** Coming online brings all that the broker kept. */
  go(phase: LinkPhase): void {
    this.link = { ...this.link, phase }
    this.push({ type: 'link', link: this.link })
    if (phase === 'online') for (const [topic, payload] of this.broker.retained) this.#ingest.handle(topic, payload)
  }

  /** The site with all its devices, online. */
  bear(site: SiteFile, at: number): void {
    this.push({ type: 'site', site })
    for (const item of site.equipment) {
      const { id, name, class: brick, zone, points } = item
      const indices = points.map(() => this.#nextIndex++)
      this.#indices.set(id, indices)
      this.#births.set(id, item)
      const birth = { id, name, class: brick, points, at, pose: { at: item.at, headingDeg: 0 } }
      this.push({ type: 'device', birth: zone === undefined ? birth : { ...birth, zone }, points: indices })
      this.push({ type: 'availability', device: id, online: true })
    }
  }

  /** A reading of one point. */
  read(device: string, point: string, value: PointValue, atMs: number): void {
    const at = this.#births.get(device)?.points.findIndex(({ id }) => id === point) ?? -1
    const descriptor = this.#births.get(device)?.points[at]
    const index = this.#indices.get(device)?.[at]
    if (!descriptor || index === undefined) throw new Error(`no point ${device}/${point}`)
    const block = {
      count: 1,
      indices: Uint32Array.of(index),
      values: Float64Array.of(numericFromValue(descriptor, value)),
      atMs: Float64Array.of(atMs),
      quality: Uint8Array.of(0),
    }
    this.push({ type: 'readings', block })
  }

  /** Decoded payloads of all that was published below a topic's end or middle. */
  messages(part: string): unknown[] {
    return this.published
      .filter(({ topic }) => topic.includes(part))
      .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown)
  }

  dispose(): void {
    this.#leave()
  }
}
