/**
 * Between the MQTT link (a worker in the tab, the same code directly in Node) and everything else: what came in,
 * already validated, and what may go out. All of it is structured-cloneable; `readings` is transferable.
 */
import type { FaultReport } from '../platform/faults.ts'
import type { Result } from '../platform/result.ts'
import type { Incident, Plan } from './decision.ts'
import type {
  AckMessage,
  AuditMessage,
  BirthMessage,
  ClockMessage,
  ControllerMessage,
  ObservationMessage,
  ProfileMessage,
  StateMessage,
} from './messages.ts'

export type LinkPhase = 'idle' | 'connecting' | 'online' | 'offline' | 'failed'

export interface LinkState {
  readonly phase: LinkPhase
  readonly url: string
  /** 5 or 4 (3.1.1) once connected. */
  readonly protocol?: 4 | 5
  /** Wall time of entering this phase. */
  readonly sinceMs: number
  readonly attempt: number
  readonly detail?: string
}

/** Quality codes in hot arrays. */
export const qualityCode = { good: 0, uncertain: 1, bad: 2 } as const

/** A block of readings for hot state; `count` rows are valid. Buffers are owned by the receiver. */
export interface ReadingsBlock {
  readonly count: number
  readonly indices: Uint32Array
  readonly values: Float64Array
  readonly atMs: Float64Array
  readonly quality: Uint8Array
}

export interface LinkRates {
  readonly messagesPerS: number
  readonly readingsPerS: number
  readonly bytesPerS: number
  /** Since the connection opened. */
  readonly messagesTotal: number
  readonly invalidTotal: number
  readonly droppedTotal: number
}

/** `Site` is the validated site file; the contract itself knows nothing of parks (see site/park-bus.ts). */
export type BusEvent<Site> =
  | { readonly type: 'link'; readonly link: LinkState }
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'clock'; readonly clock: ClockMessage }
  /** `points[i]` is the hot index of `birth.points[i]`; stable for the session. */
  | { readonly type: 'device'; readonly birth: BirthMessage; readonly points: readonly number[] }
  | { readonly type: 'deviceGone'; readonly device: string }
  | { readonly type: 'availability'; readonly device: string; readonly online: boolean }
  | { readonly type: 'readings'; readonly block: ReadingsBlock }
  /** Free-text points do not fit hot arrays; they travel here. */
  | {
      readonly type: 'text'
      readonly device: string
      readonly point: string
      readonly value: string
      readonly atMs: number
    }
  | { readonly type: 'profile'; readonly device: string; readonly profile: ProfileMessage }
  | { readonly type: 'state'; readonly device: string; readonly state: StateMessage }
  | { readonly type: 'ack'; readonly device: string; readonly ack: AckMessage }
  | { readonly type: 'observation'; readonly observation: ObservationMessage }
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'controller'; readonly controller: ControllerMessage }
  | { readonly type: 'audit'; readonly audit: AuditMessage }
  /** JPEG from a real camera. */
  | { readonly type: 'cameraFrame'; readonly camera: string; readonly topic: string; readonly jpeg: Uint8Array }
  | { readonly type: 'fault'; readonly key: string; readonly report: FaultReport | undefined }
  | { readonly type: 'rates'; readonly rates: LinkRates }

export interface PublishRequest {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
  readonly retain: boolean
  /** MQTT 5 message expiry; ignored on 3.1.1, where the payload's own `expiresAt` guards. */
  readonly expirySeconds?: number
  readonly correlation?: string
}

export interface PublishError {
  /** `linkDown`: not connected, nothing was sent and nothing will be. `unconfirmed`: handed over, but the link died before the broker confirmed; it is not sent again. */
  readonly code: 'linkDown' | 'unconfirmed' | 'tooLarge'
  readonly message: string
}

/** The one way on and off the wire. While offline `publish` fails at once: nothing is queued, nothing is sent late. */
export interface Bus<Site> {
  readonly link: LinkState
  subscribe(listener: (event: BusEvent<Site>) => void): () => void
  publish(request: PublishRequest): Promise<Result<void, PublishError>>
  dispose(): void
}
