import type { Clock } from '../platform/clock.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { ReadingsQueue } from './readings-queue.ts'

const readingsPeriodMs = 50
const rowsPerBlock = 4096
const rowsPerFlush = 100_000
const rowsPerBatch = 2 * rowsPerBlock
const softCap = 20_000
/** Events in one batch: few enough that taking one in never holds up the tab, even where 10 000 devices are born at once. */
const eventsPerBatch = 400

/** Where batches go. While it is not ready they wait here, bounded; call `flush` when it is again. */
export interface Outlet {
  readonly ready: () => boolean
  readonly send: (events: readonly ParkEvent[]) => void
}

/**
 * Between ingest and whoever listens. Events leave at once, readings every 50 ms or 4096 rows. While nobody takes them,
 * newer news replaces older of the same subject; acknowledgements and reported states are never dropped.
 */
export class Outbox {
  readonly readings = new ReadingsQueue()
  readonly #clock: Clock
  readonly #outlet: Outlet
  #events: ParkEvent[] = []
  #cap = softCap
  #dropped = 0
  #cancelSoon: (() => void) | undefined
  #cancelReadings: (() => void) | undefined
  #disposed = false

  constructor(clock: Clock, outlet: Outlet) {
    this.#clock = clock
    this.#outlet = outlet
  }

  get droppedTotal(): number {
    return this.#dropped + this.readings.droppedTotal
  }

  emit(event: ParkEvent): void {
    if (this.#disposed) return
    // What was read before the clock spoke belongs before it: it may announce a jump.
    if (event.type === 'clock') this.#events.push(...this.#takeBlocks())
    this.#events.push(event)
    if (this.#events.length > this.#cap) this.#compact()
    this.#cancelSoon ??= this.#clock.after(0, () => {
      this.#cancelSoon = undefined
      this.#sendEvents()
    })
  }

  row(index: number, value: number, atMs: number, quality: number, device: number): void {
    if (this.#disposed) return
    this.readings.push(index, value, atMs, quality, device)
    if (this.readings.length === rowsPerBlock) this.flush()
    else this.#flushLater()
  }

  flush(): void {
    if (!this.#sendEvents() || this.readings.length === 0) return
    for (let rows = 0; rows < rowsPerFlush && this.readings.length > 0 && this.#outlet.ready(); rows += rowsPerBatch)
      this.#outlet.send(this.#takeBlocks(rowsPerBatch))
    if (this.readings.length > 0) this.#flushLater()
  }

  #flushLater(): void {
    this.#cancelReadings ??= this.#clock.after(readingsPeriodMs, () => {
      this.#cancelReadings = undefined
      this.flush()
    })
  }

  #takeBlocks(atMost = rowsPerFlush): ParkEvent[] {
    const blocks: ParkEvent[] = []
    for (let rows = 0; rows < atMost; rows += rowsPerBlock) {
      const block = this.readings.take(rowsPerBlock)
      if (!block) break
      blocks.push({ type: 'readings', block })
    }
    return blocks
  }

  dispose(): void {
    this.#disposed = true
    this.#cancelSoon?.()
    this.#cancelReadings?.()
    this.#events = []
  }

  /** False while the outlet is not ready. */
  #sendEvents(): boolean {
    if (this.#disposed || !this.#outlet.ready()) return false
    const events = this.#events
    let sent = 0
    while (sent < events.length && this.#outlet.ready()) {
      this.#outlet.send(events.slice(sent, sent + eventsPerBatch))
      sent += eventsPerBatch
    }
    this.#events = events.slice(sent)
    this.#cap = Math.max(softCap, this.#events.length * 2)
    return this.#events.length === 0 && this.#outlet.ready()
  }

  #compact(): void {
    const seen = new Set<string>()
    const kept: ParkEvent[] = []
    for (const event of this.#events.toReversed()) {
      const key = subject(event)
      if (key === undefined || (key !== '' && !seen.has(key))) kept.push(event)
      else this.#dropped++
      if (key) seen.add(key)
    }
    this.#events = kept.reverse()
    this.#cap = Math.max(softCap, kept.length * 2)
  }
}

/** What an event speaks of, where only the newest word matters; '' where old ones may simply go; undefined where all stay. */
function subject(event: ParkEvent): string | undefined {
  switch (event.type) {
    case 'ack':
      return undefined
    case 'state':
      return `state ${event.device} ${event.state.commandId ?? Object.keys(event.state.values).join()}`
    case 'observation':
    case 'audit':
    case 'readings':
      return ''
    case 'device':
      return `device ${event.birth.id}`
    case 'deviceGone':
      return `device ${event.device}`
    case 'availability':
    case 'profile':
      return `${event.type} ${event.device}`
    case 'text':
      return `text ${event.device} ${event.point}`
    case 'incident':
      return `incident ${event.incident.id}`
    case 'plan':
      return `plan ${event.plan.id}`
    case 'cameraFrame':
      return `frame ${event.camera}`
    case 'fault':
      return `fault ${event.key}`
    case 'link':
    case 'site':
    case 'clock':
    case 'controller':
    case 'rates':
      return event.type
  }
}
