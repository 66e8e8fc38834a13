import type { Clock } from '../../platform/clock.ts'
import type { Camera } from '../../site/schema.ts'
import type { HttpPlace } from './http-request.ts'

/** What a source in the tab is given. */
export interface MediaNeeds {
  readonly clock: Clock
  readonly place: HttpPlace
  readonly lens: Camera['lens']
  readonly fps: number
  readonly file: File | undefined
}
