import { Emitter } from '../platform/emitter.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import type { CameraBus } from './camera-bus.ts'
import { SenseCore, type SenseCoreOptions } from './sense-core.ts'

export type DirectBusOptions = Omit<SenseCoreOptions, 'outlet'>

/** The bus on this very thread: for Node, and inside the tab's worker. */
export interface DirectBus extends CameraBus {
  /** Disposes and resolves when the connection is gone. */
  closed(): Promise<void>
}

export function createDirectBus(options: DirectBusOptions): DirectBus {
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
    followCameras: (feeds) => core.followCameras(feeds),
    closed: () => core.dispose(),
  }
}
