/** Site files over HTTP, at the address that announcements name: those that the host has, and those that people bring. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CodecError } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { isolationHeaders } from './isolation-headers.ts'
import type { ParkFleet } from './park-fleet.ts'
import { type SiteSource, siteAddress } from './site-source.ts'

export interface SiteShelfOptions {
  /** Undefined where nothing is simulated: then no site is taken either. */
  readonly fleet: ParkFleet | undefined
  readonly source: SiteSource | undefined
  readonly clock: Clock
}

const addressPattern = /^\/sites\/([a-z0-9][a-z0-9._-]{0,63})\.site\.json$/

/** Files that are sent or taken in at once. */
const mostArriving = 4
/** Seconds after which whoever brought a site file meanwhile brings it again. */
const retryS = 5
/** Who sends less than this in so long keeps his place while there are others: his line may be bad, or cut, or he means it. */
const [leastBytes, paceMs] = [16 * 1024, 10_000]

/** Returns whether the request was about a site file and is answered. Who asks is judged before. */
export function serveSites({ fleet, source, clock }: SiteShelfOptions) {
  let arriving = 0
  let last: Promise<unknown> = Promise.resolve()
  /** One at a time: what a file is parsed to is many times its size. Whoever is slow to send holds nobody up. */
  const takeIn = (id: string, bytes: Uint8Array, to: ParkFleet) => {
    const taken = last.then(() => to.bring(id, bytes))
    last = taken.catch(() => undefined)
    return taken
  }
  const bring = async (request: IncomingMessage, response: ServerResponse, id: string, to: ParkFleet) => {
    if (arriving >= mostArriving) {
      response.setHeader('Retry-After', retryS)
      const message = 'other site files are being taken in: bring this one again in some seconds'
      return answerFault(response, 503, { code: 'invalid', path: '', message })
    }
    arriving++
    try {
      const body = await bodyOf(request, clock, () => arriving >= mostArriving)
      const outcome = body.ok ? await takeIn(id, body.value, to) : body
      if (!outcome.ok) return answerFault(response, statusOf(outcome.error), outcome.error)
      response.writeHead(201, { ...isolationHeaders, Location: `/${siteAddress(id)}` }).end()
    } finally {
      arriving--
    }
  }
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const id = addressPattern.exec(request.url?.split('?')[0] ?? '')?.[1]
    if (id === undefined) return false
    if (request.method === 'PUT' && fleet) {
      void bring(request, response, id, fleet)
      return true
    }
    const bytes = source?.site.id === id ? source.bytes : fleet?.offer(id)?.bytes()
    if (!bytes || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    response.writeHead(200, { ...isolationHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return true
  }
}

export function answerFault(response: ServerResponse, status: number, error: CodecError): void {
  response.writeHead(status, { ...isolationHeaders, 'Content-Type': 'application/json', Connection: 'close' })
  response.end(JSON.stringify(error))
}

const stalled: CodecError = { code: 'invalid', path: '', message: 'the site file came too slowly: bring it again' }

function statusOf(error: CodecError): number {
  if (error === stalled) return 408
  return error.code === 'tooLarge' ? 413 : 422
}

function bodyOf(
  request: IncomingMessage,
  clock: Clock,
  isFull: () => boolean,
): Promise<Result<Uint8Array, CodecError>> {
  const tooLarge = err({ code: 'tooLarge', path: '', message: `more than ${maxSiteFileBytes} bytes` } as const)
  if (Number(request.headers['content-length']) > maxSiteFileBytes) return Promise.resolve(tooLarge)
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let [length, before] = [0, 0]
    const settle = (outcome: Result<Uint8Array, CodecError>) => {
      cancel()
      request.pause().removeListener('data', take)
      resolve(outcome)
    }
    const take = (part: Buffer) => {
      length += part.byteLength
      if (length > maxSiteFileBytes) settle(tooLarge)
      else parts.push(part)
    }
    const cancel = clock.every(paceMs, () => {
      if (length - before < leastBytes && isFull()) settle(err(stalled))
      before = length
    })
    request.on('data', take)
    request.once('end', () => settle(ok(new Uint8Array(Buffer.concat(parts)))))
    const gone = (error?: Error) => settle(err({ code: 'invalid', path: '', message: error?.message ?? 'cut short' }))
    request.once('error', gone).once('close', gone)
  })
}
