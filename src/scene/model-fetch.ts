import { type Clock, systemClock } from '../platform/clock.ts'
import { readBounded } from '../platform/read-bounded.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import { modelBudget, type SiteModel } from '../site/schema.ts'

/** Why a model does not stand. `code` is one of the fault catalogue's. */
export interface ModelFault {
  readonly code: 'scene.modelUnreachable' | 'scene.modelTooLarge' | 'scene.modelAltered' | 'scene.modelRefused'
  readonly detail: string
}

export const modelFault = (code: ModelFault['code'], detail: string): Result<never, ModelFault> =>
  err({ code, detail: detail.slice(0, 300) })

const patienceMs = 30_000

/** A model's bytes, from an address relative to the page: http(s), within the budget, and those that the site file names. */
export async function fetchModel(
  { url, sha256 }: SiteModel,
  baseUrl: string,
  clock: Clock = systemClock,
  get: typeof fetch = fetch,
): Promise<Result<Uint8Array, ModelFault>> {
  const address = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : undefined
  if (!address || !/^https?:$/.test(address.protocol))
    return modelFault('scene.modelUnreachable', `“${url}” is no http(s) address`)
  const abort = new AbortController()
  const cancel = clock.after(patienceMs, () => abort.abort(`no answer within ${patienceMs / 1000} s`))
  try {
    const response = await get(address, { signal: abort.signal, credentials: 'same-origin' })
    if (!response.ok) return modelFault('scene.modelUnreachable', `${address.href}: HTTP ${response.status}`)
    const bytes = await readBounded(response, modelBudget.bytes)
    if (!bytes) return modelFault('scene.modelTooLarge', `${address.href}: more than ${modelBudget.bytes} bytes`)
    if (sha256 !== undefined && sha256Hex(bytes) !== sha256)
      return modelFault('scene.modelAltered', `${address.href} holds other bytes than the site file says`)
    return ok(bytes)
  } catch (error) {
    return modelFault(
      'scene.modelUnreachable',
      `${address.href}: ${error instanceof Error ? error.message : String(error)}`,
    )
  } finally {
    cancel()
  }
}
