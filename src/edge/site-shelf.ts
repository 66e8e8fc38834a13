/** Site files over HTTP, at the address that announcements name: those that the host has, and those that people bring. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CodecError } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { isolationHeaders } from './isolation-headers.ts'
import type { ParkFleet } from './park-fleet.ts'
import { readIdAndName, type SiteSource, siteAddress } from './site-source.ts'

export interface SiteShelfOptions {
  /** Undefined where nothing is simulated: then no site is taken either. */
  readonly fleet: ParkFleet | undefined
  readonly source: SiteSource | undefined
  readonly isOwnPage: (request: IncomingMessage) => boolean
}

const addressPattern = /^\/sites\/([a-z0-9][a-z0-9._-]{0,63})\.site\.json$/

/** Returns whether the request was about a site file and is answered. */
export function serveSites({ fleet, source, isOwnPage }: SiteShelfOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const id = addressPattern.exec(request.url?.split('?')[0] ?? '')?.[1]
    if (id === undefined) return false
    if (request.method === 'PUT' && fleet) {
      // A stranger's page would have to ask first (it is no simple request), and is not answered; this tells rebound names.
      if (!isOwnPage(request)) answer(response, 403, { code: 'invalid', path: '', message: 'not this server’s page' })
      else void bring(request, response, id, fleet)
      return true
    }
    const bytes = source?.site.id === id ? source.bytes : fleet?.offer(id)?.bytes()
    if (!bytes || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    response.writeHead(200, { ...isolationHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return true
  }
}

async function bring(request: IncomingMessage, response: ServerResponse, id: string, fleet: ParkFleet): Promise<void> {
  const body = await bodyOf(request)
  const named = body.ok ? readIdAndName(body.value) : body
  const outcome: Result<void, CodecError> = !named.ok
    ? named
    : named.value.id !== id || !body.ok
      ? err({ code: 'invalid', path: 'id', message: `is “${named.value.id}”, the address says “${id}”` })
      : await fleet.bring({ ...named.value, bytes: () => body.value })
  if (!outcome.ok) return answer(response, outcome.error.code === 'tooLarge' ? 413 : 422, outcome.error)
  response.writeHead(201, { ...isolationHeaders, Location: `/${siteAddress(id)}` }).end()
}

function answer(response: ServerResponse, status: number, error: CodecError): void {
  response.writeHead(status, { ...isolationHeaders, 'Content-Type': 'application/json', Connection: 'close' })
  response.end(JSON.stringify(error))
}

async function bodyOf(request: IncomingMessage): Promise<Result<Uint8Array, CodecError>> {
  const tooLarge = err({ code: 'tooLarge', path: '', message: `more than ${maxSiteFileBytes} bytes` } as const)
  if (Number(request.headers['content-length']) > maxSiteFileBytes) return tooLarge
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.byteLength
      if (length > maxSiteFileBytes) return tooLarge
      parts.push(part)
    }
  } catch (error) {
    return err({ code: 'invalid', path: '', message: error instanceof Error ? error.message : String(error) })
  }
  return ok(new Uint8Array(Buffer.concat(parts)))
}
