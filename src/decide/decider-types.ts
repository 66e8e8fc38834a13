import type { Incident, Plan } from '../contract/decision.ts'
import type { ParkView } from './park-view.ts'
import type { Signal } from './signal.ts'

export interface DeciderOptions {
  readonly view: ParkView
  /** Whether this console runs automation; others only follow. */
  readonly isController: () => boolean
}

export type DecideChange =
  /** `here`: to be published. `elsewhere`: came from another console. */
  | { readonly type: 'incident'; readonly incident: Incident; readonly origin: 'here' | 'elsewhere' }
  | { readonly type: 'plan'; readonly plan: Plan; readonly origin: 'here' | 'elsewhere' }
  /** Every piece of evidence as it comes, whether it opened anything or not. */
  | { readonly type: 'evidence'; readonly signal: Signal }
