import type { HealthState } from './device-verdicts.ts'
import type { SceneLayer } from './layer-catalogue.ts'

/** What stands behind the picture of a layer, for its legend. */
export interface LayerFacts {
  readonly layer: SceneLayer
  /** Readings shown, and how many of them are stale. */
  readonly samples: number
  readonly stale: number
  /** Site time of the newest. */
  readonly newestAtMs: number
  readonly lowest: number | undefined
  readonly highest: number | undefined
  readonly health?: Readonly<Record<HealthState, number>>
  readonly coverage?: { readonly share: number; readonly done: number; readonly cameras: number }
  readonly flow?: {
    readonly gridKw: number
    readonly solarKw: number
    readonly batteryKw: number
    readonly feeders: number
  }
  readonly network?: { readonly ageS: number; readonly lost: number; readonly jitter: number; readonly silent: number }
}

export function sameFacts(a: LayerFacts | undefined, b: LayerFacts | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
