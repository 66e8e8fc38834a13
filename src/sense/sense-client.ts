import type { LinkState, PublishError } from '../contract/bus.ts'
import type { Clock } from '../platform/clock.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, type Result } from '../platform/result.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import type { CameraBus } from './camera-bus.ts'
import type { SenseOptions } from './sense-core.ts'
import type { SenseCommand, SenseReport } from './sense-protocol.ts'

/** The part of `Worker` this client needs. */
export interface SenseWorker {
  postMessage(command: SenseCommand, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<SenseReport>) => void): void
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void
  terminate(): void
}

export interface WorkerBusOptions extends SenseOptions {
  readonly clock: Clock
  /** Receives checked `SimWorldMessage`s; without it ground truth is not even subscribed to. */
  readonly worldPort?: MessagePort
  readonly worker?: SenseWorker
}

const stopWithinMs = 1500

/** The bus of the tab: the same as `createDirectBus`, with the link and all checking in a worker. */
export function createWorkerBus(options: WorkerBusOptions): CameraBus {
  const { clock, worldPort, worker: given, ...sense } = options
  const worker =
    given ??
    (new Worker(new URL('./sense.worker.ts', import.meta.url), { type: 'module', name: 'sense' }) as SenseWorker)
  const emitter = new Emitter<ParkEvent>()
  const waiting = new Map<number, (outcome: Result<void, PublishError>) => void>()
  let link: LinkState = { phase: 'idle', url: sense.url, sinceMs: clock.nowMs(), attempt: 0 }
  let nextRequestId = 1
  let disposed = false
  const post = (command: SenseCommand, transfer: Transferable[] = []) => worker.postMessage(command, transfer)

  const handle = (report: SenseReport): void => {
    switch (report.type) {
      case 'batch':
        link = report.link
        post({ type: 'taken' })
        if (!disposed) for (const event of report.events) emitter.emit(event)
        return
      case 'published':
        waiting.get(report.requestId)?.(report.outcome)
        waiting.delete(report.requestId)
        return
      case 'stopped':
        return worker.terminate()
    }
  }
  worker.addEventListener('message', (event) => handle(event.data))
  worker.addEventListener('error', (event) => {
    link = { ...link, phase: 'failed', sinceMs: clock.nowMs(), detail: event.message }
    emitter.emit({ type: 'link', link })
    emitter.emit({
      type: 'fault',
      key: 'sense:worker',
      report: { severity: 'error', code: 'sense.workerFailed', detail: event.message },
    })
    for (const settle of waiting.values()) settle(err({ code: 'unconfirmed', message: 'the link’s worker failed' }))
    waiting.clear()
  })
  post({ type: 'start', options: sense, ...(worldPort && { worldPort }) }, worldPort ? [worldPort] : [])

  return {
    get link() {
      return link
    },
    subscribe: (listener) => emitter.subscribe(listener),
    publish(request) {
      // The worker decides again; this spares the way there when it is known to be in vain.
      if (disposed || link.phase !== 'online')
        return Promise.resolve(err({ code: 'linkDown', message: `not connected to ${link.url}` }))
      const requestId = nextRequestId++
      return new Promise((resolve) => {
        waiting.set(requestId, resolve)
        post({ type: 'publish', requestId, request })
      })
    },
    followCameras: (feeds) => post({ type: 'followCameras', feeds }),
    dispose() {
      if (disposed) return
      disposed = true
      for (const settle of waiting.values()) settle(err({ code: 'unconfirmed', message: 'closed here' }))
      waiting.clear()
      clock.after(stopWithinMs, () => worker.terminate())
      post({ type: 'stop' })
    },
  }
}
