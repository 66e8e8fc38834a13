import { type ConsoleConfig, consoleConfig } from '../contract/console-config.ts'
import { decodeJson } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'

export interface ConfigError {
  readonly code: 'configMissing' | 'configInvalid'
  readonly detail: string
}

/** `config.json` next to the page; `?broker=` and `?site=` in the address overrule it, so that any static host will do. */
export async function loadConfig(pageUrl: string): Promise<Result<ConsoleConfig, ConfigError>> {
  const query = new URL(pageUrl).searchParams
  const overrides = {
    ...(query.has('broker') && { brokerUrl: query.get('broker') }),
    ...(query.has('site') && { siteId: query.get('site') }),
  }
  const fetched = await fetchBytes(new URL('config.json', pageUrl).href)
  const base = fetched.ok
    ? fetched.value
    : query.has('broker')
      ? new TextEncoder().encode('{"siteId":"any","sim":false}')
      : undefined
  if (!base) return fetched.ok ? err({ code: 'configMissing', detail: '' }) : fetched
  let merged: unknown
  try {
    merged = { ...(JSON.parse(new TextDecoder().decode(base)) as object), ...overrides }
  } catch (error) {
    return err({ code: 'configInvalid', detail: error instanceof Error ? error.message : String(error) })
  }
  const decoded = decodeJson(consoleConfig, new TextEncoder().encode(JSON.stringify(merged)))
  return decoded.ok
    ? ok(decoded.value)
    : err({ code: 'configInvalid', detail: `${decoded.error.path}: ${decoded.error.message}` })
}

async function fetchBytes(url: string): Promise<Result<Uint8Array, ConfigError>> {
  try {
    // A host that hangs is as good as none.
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
    if (!response.ok) return err({ code: 'configMissing', detail: `${url}: HTTP ${response.status}` })
    return ok(new Uint8Array(await response.arrayBuffer()))
  } catch (error) {
    return err({ code: 'configMissing', detail: error instanceof Error ? error.message : String(error) })
  }
}
