/** Gets a site file that a retained message only points at: bounded, checked by its hash, never longer than a minute. */
import type { CodecError } from '../contract/decode.ts'
import type { SiteReference } from '../contract/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { readBounded } from '../platform/read-bounded.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import { maxSiteFileBytes } from '../site/load.ts'

const patienceMs = 60_000

export type FetchSite = (reference: SiteReference) => Promise<Result<Uint8Array, CodecError>>

/** `baseUrl` is the page's address; a broker's own where there is no page. */
export function createSiteFetch(baseUrl: string, clock: Clock, get: typeof fetch = fetch): FetchSite {
  return async ({ url, sha256 }) => {
    const base = baseUrl.replace(/^ws/, 'http')
    const address = URL.canParse(url, base) ? new URL(url, base) : undefined
    if (!address || !/^https?:$/.test(address.protocol)) return refused(`“${url}” is no http(s) address`)
    const abort = new AbortController()
    const cancel = clock.after(patienceMs, () => abort.abort())
    try {
      const response = await get(address, { signal: abort.signal, credentials: 'same-origin' })
      if (!response.ok) return refused(`${address.href}: HTTP ${response.status}`)
      const bytes = await readBounded(response, maxSiteFileBytes)
      if (!bytes) return err({ code: 'tooLarge', path: 'url', message: `more than ${maxSiteFileBytes} bytes` })
      if (sha256Hex(bytes) === sha256) return ok(bytes)
      return err({ code: 'invalid', path: 'sha256', message: `${address.href} holds other bytes` })
    } catch (error) {
      return refused(`${address.href}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      cancel()
    }
  }
}

function refused(message: string): Result<never, CodecError> {
  return err({ code: 'invalid', path: 'url', message })
}
