import type { PublishError, PublishRequest } from '../contract/bus.ts'
import type { AuditMessage } from '../contract/messages.ts'
import type { SiteTopics } from '../contract/topics.ts'
import type { Clock } from '../platform/clock.ts'
import type { Result } from '../platform/result.ts'
import type { Role } from './check-intent.ts'
import type { DeviceView } from './device-view.ts'
import type { InterlockRule } from './interlocks.ts'

export interface ActPolicy {
  /** Wall time a device has to acknowledge, and after which it must ignore the command. */
  readonly commandTtlMs: number
  readonly interlocks: readonly InterlockRule[]
}

export interface ActorOptions {
  readonly clock: Clock
  readonly siteNow: () => number
  /** Site seconds per wall second. */
  readonly speed: () => number
  readonly publish: (request: PublishRequest) => Promise<Result<void, PublishError>>
  readonly topics: SiteTopics
  readonly view: DeviceView
  readonly role: () => Role
  /** Random and unique over all consoles, e.g. 16 hex digits. */
  readonly newId: () => string
  readonly audit: (line: AuditMessage) => void
  readonly policy?: Partial<ActPolicy>
}

export interface SubmitOptions {
  readonly role?: Role
  readonly rollbackOf?: string
}
