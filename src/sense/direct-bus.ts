import { Emitter } from '../platform/emitter.ts'
import type { ParkBus, ParkEvent } from '../site/park-bus.ts'
import { SenseCore, type SenseCoreOptions } from './sense-core.ts'

export type DirectBusOptions = Omit<SenseCoreOptions, 'outlet'>

/** The bus on this very thread: for Node, and inside the tab's worker. */
export function createDirectBus(options: DirectBusOptions): ParkBus & { readonly closed: () => Promise<void> } {
  const emitter = new Emitter<ParkEvent>()
  const core = new SenseCore({
    ...options,
    outlet: {
      ready: () => true,
      send: (events) => {
        for (const event of events) emitter.emit(event)
      },
    },
  })
  return {
    get link() {
      return core.link
    },
    subscribe: (listener) => emitter.subscribe(listener),
    publish: (request) => core.publish(request),
    dispose: () => void core.dispose(),
    /** Disposes and resolves when the connection is gone. */
    closed: () => core.dispose(),
  }
}
