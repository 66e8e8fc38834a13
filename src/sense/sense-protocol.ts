/** Between the tab and its sense worker. Everything is structured-cloneable. */
import type { LinkState, PublishError, PublishRequest } from '../contract/bus.ts'
import type { Result } from '../platform/result.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import type { CameraTopic } from './camera-bus.ts'
import type { SenseOptions } from './sense-core.ts'

export type SenseCommand =
  | { readonly type: 'start'; readonly options: SenseOptions; readonly worldPort?: MessagePort }
  | { readonly type: 'publish'; readonly requestId: number; readonly request: PublishRequest }
  | { readonly type: 'followCameras'; readonly feeds: readonly CameraTopic[] }
  /** A batch was taken in; without it the worker stops sending after a few. */
  | { readonly type: 'taken' }
  | { readonly type: 'stop' }

export type SenseReport =
  | { readonly type: 'batch'; readonly events: readonly ParkEvent[]; readonly link: LinkState }
  | { readonly type: 'published'; readonly requestId: number; readonly outcome: Result<void, PublishError> }
  | { readonly type: 'stopped' }
