import type { Clock } from '../platform/clock.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { SenseCore } from './sense-core.ts'
import type { SenseCommand, SenseReport } from './sense-protocol.ts'

/** Batches under way to a tab that has not taken them in; beyond that they wait, bounded, on this side. */
const maxUntaken = 4

export type Post = (report: SenseReport, transfer: Transferable[]) => void

/** The worker's side of the bus, free of worker globals. */
export class SenseHost {
  readonly #post: Post
  readonly #clock: Clock
  #core: SenseCore | undefined
  #worldPort: MessagePort | undefined
  #untaken = 0

  constructor(post: Post, clock: Clock) {
    this.#post = post
    this.#clock = clock
  }

  handle(command: SenseCommand): void {
    switch (command.type) {
      case 'start':
        return this.#start(command)
      case 'publish':
        void this.#publish(command)
        return
      case 'followCameras':
        this.#core?.followCameras(command.feeds)
        return
      case 'taken':
        this.#untaken--
        this.#core?.flush()
        return
      case 'stop':
        void this.#stop()
        return
    }
  }

  #start({ options, worldPort }: Extract<SenseCommand, { type: 'start' }>): void {
    this.#worldPort = worldPort
    this.#core = new SenseCore({
      ...options,
      clock: this.#clock,
      outlet: { ready: () => this.#untaken < maxUntaken, send: (events) => this.#send(events) },
      ...(worldPort && { onWorld: (world) => worldPort.postMessage(world) }),
    })
  }

  #send(events: readonly ParkEvent[]): void {
    const link = this.#core?.link
    if (!link) return
    this.#untaken++
    this.#post({ type: 'batch', events, link }, transferables(events))
  }

  async #publish({ requestId, request }: Extract<SenseCommand, { type: 'publish' }>): Promise<void> {
    const outcome = await this.#core?.publish(request)
    this.#post(
      {
        type: 'published',
        requestId,
        outcome: outcome ?? { ok: false, error: { code: 'linkDown', message: 'not started' } },
      },
      [],
    )
  }

  async #stop(): Promise<void> {
    await this.#core?.dispose()
    this.#worldPort?.close()
    this.#post({ type: 'stopped' }, [])
  }
}

function transferables(events: readonly ParkEvent[]): Transferable[] {
  const list: Transferable[] = []
  for (const event of events) {
    if (event.type === 'cameraFrame') list.push(event.jpeg.buffer as ArrayBuffer)
    if (event.type !== 'readings') continue
    const { indices, values, atMs, quality } = event.block
    for (const column of [indices, values, atMs, quality]) list.push(column.buffer as ArrayBuffer)
  }
  return list
}
