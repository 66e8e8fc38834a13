/** Site files over HTTP, at the address that announcements name: those that the host has, and those that people bring. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CodecError } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { isolationHeaders } from './isolation-headers.ts'
import type { ParkFleet } from './park-fleet.ts'
import { type SiteSource, siteAddress } from './site-source.ts'

export interface SiteShelfOptions {
  /** Undefined where nothing is simulated: then no site is taken either. */
  readonly fleet: ParkFleet | undefined
  readonly source: SiteSource | undefined
}

const addressPattern = /^\/sites\/([a-z0-9][a-z0-9._-]{0,63})\.site\.json$/

/** Seconds after which whoever brought a site file meanwhile brings it again. */
const retryS = 5

/** Returns whether the request was about a site file and is answered. Who asks is judged before. */
export function serveSites({ fleet, source }: SiteShelfOptions) {
  let bringing = false
  /** One at a time: what a file is parsed to is many times its size. */
  const bringOne = async (request: IncomingMessage, response: ServerResponse, id: string, to: ParkFleet) => {
    if (bringing) {
      response.setHeader('Retry-After', retryS)
      const message = 'another site file is being taken in: bring this one again in some seconds'
      return answerFault(response, 503, { code: 'invalid', path: '', message })
    }
    bringing = true
    try {
      await bring(request, response, id, to)
    } finally {
      bringing = false
    }
  }
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const id = addressPattern.exec(request.url?.split('?')[0] ?? '')?.[1]
    if (id === undefined) return false
    if (request.method === 'PUT' && fleet) {
      void bringOne(request, response, id, fleet)
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
  const outcome = body.ok ? await fleet.bring(id, body.value) : body
  if (!outcome.ok) return answerFault(response, outcome.error.code === 'tooLarge' ? 413 : 422, outcome.error)
  response.writeHead(201, { ...isolationHeaders, Location: `/${siteAddress(id)}` }).end()
}

export function answerFault(response: ServerResponse, status: number, error: CodecError): void {
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
