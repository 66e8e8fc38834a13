/** The people's hand on which park is on screen. Another one is checked before the running one is left. */
import type { Result } from '../platform/result.ts'
import type { CodecError } from './decode.ts'
import type { LocalText } from './messages.ts'

/** A park that can be chosen by its id. */
export interface KnownSite {
  readonly id: string
  /** Undefined where the broker tells only where its file lies. */
  readonly name: LocalText | undefined
  /** `host`: simulated by the server when somebody looks. `broker`: told of there. */
  readonly from: 'host' | 'broker'
}

export interface SiteFault {
  /** `taken`: its id is another park's. `unreachable`: the server did not answer, or not to this page. */
  readonly code: CodecError['code'] | 'badAddress' | 'unreachable' | 'taken' | 'linkDown' | 'stopped'
  /** Where in the file, as `equipment.3.points.0.unit`; empty for the whole of it. */
  readonly path: string
  readonly message: string
}

/** Where a site file comes from. */
export type SiteOrigin =
  | { readonly kind: 'known'; readonly id: string }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'file'; readonly file: File }

/** A site file that may be used, and what is in it. */
export interface CheckedSite {
  readonly id: string
  readonly name: LocalText
  readonly buildings: number
  readonly zones: number
  readonly devices: number
  readonly cameras: number
  /** The file as it came. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface SitePort {
  /** The id that this page waits for; `any` for the first one that the broker tells of. */
  readonly wanted: string
  /** Whether a site file that is brought is simulated by the server; elsewhere it is announced on the broker. */
  readonly takesSites: boolean
  /** Says what can be chosen, now and as it changes, until the returned function is called. */
  look(listener: (sites: readonly KnownSite[]) => void): () => void
  /** Only while somebody looks. */
  check(origin: SiteOrigin): Promise<Result<CheckedSite, SiteFault>>
  /** Leaves the running park for this one; on a failure the running one stays. */
  enter(site: CheckedSite, origin: SiteOrigin): Promise<Result<void, SiteFault>>
}
