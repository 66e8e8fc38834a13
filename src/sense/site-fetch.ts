/** Gets site files: bounded, checked by their hash where one is told, never longer than a minute. */
import type { CodecError } from '../contract/decode.ts'
import type { SiteReference } from '../contract/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { readBounded } from '../platform/read-bounded.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'

const patienceMs = 60_000

export type FetchSite = (reference: SiteReference) => Promise<Result<Uint8Array, CodecError>>

/** For a file that a retained message points at. `baseUrl` is the page's address; a broker's own where there is no page. */
export function createSiteFetch(baseUrl: string, clock: Clock, get: typeof fetch = fetch): FetchSite {
  return (reference) => fetchSiteFile(baseUrl, clock, reference, get)
}

interface SiteAddress {
  readonly url: string
  readonly sha256?: string
}

export async function fetchSiteFile(
  baseUrl: string,
  clock: Clock,
  { url, sha256 }: SiteAddress,
  get: typeof fetch = fetch,
): Promise<Result<Uint8Array, CodecError>> {
  const base = baseUrl.replace(/^ws/, 'http')
  const address = URL.canParse(url, base) ? new URL(url, base) : undefined
  if (!address || !/^https?:$/.test(address.protocol)) return refused(`“${url.slice(0, 200)}” is no http(s) address`)
  const abort = new AbortController()
  const cancel = clock.after(patienceMs, () => abort.abort())
  try {
    const response = await get(address, { signal: abort.signal, credentials: 'same-origin' })
    if (!response.ok) return refused(`${address.href}: HTTP ${response.status}`)
    const bytes = await readBounded(response, maxSiteFileBytes)
    if (!bytes) return err({ code: 'tooLarge', path: 'url', message: `more than ${maxSiteFileBytes} bytes` })
    if (sha256 === undefined || sha256Hex(bytes) === sha256) return ok(bytes)
    return err({ code: 'invalid', path: 'sha256', message: `${address.href} holds other bytes` })
  } catch (error) {
    return refused(`${address.href}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    cancel()
  }
}

function refused(message: string): Result<never, CodecError> {
  return err({ code: 'invalid', path: 'url', message })
}
