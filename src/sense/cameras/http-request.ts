/** Fetching from cameras: every way it can go wrong has its name. */

import type { CameraFault, CameraFaultCode } from '../../contract/camera.ts'
import { shownUrl } from '../../contract/camera-address.ts'
import { err, ok, type Result } from '../../platform/result.ts'

/** What a source needs of the page or worker it runs in. */
export interface HttpPlace {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** An encrypted page may not load from an open address. */
  readonly secure: boolean
  /** Whether anybody answers at the address' host and port, readable or not. */
  readonly someoneAnswers: (url: string, signal: AbortSignal) => Promise<boolean>
}

export interface HttpTarget {
  readonly url: string
  readonly authorization?: string
}

/** Another address of the same camera. Its credentials go along to the host that it was given for, and to no other. */
export function targetAt({ url: own, authorization }: HttpTarget, url: string): HttpTarget {
  const same = URL.canParse(url) && new URL(url).origin === new URL(own).origin
  return same && authorization !== undefined ? { url, authorization } : { url }
}

interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export async function requestCamera(
  place: HttpPlace,
  target: HttpTarget,
  signal: AbortSignal,
  request: HttpRequest = {},
): Promise<Result<Response, CameraFault>> {
  if (isMixed(place, target.url)) return err({ code: 'camera.mixedContent', detail: shownUrl(target.url) })
  const headers = {
    ...request.headers,
    ...(target.authorization !== undefined && { authorization: target.authorization }),
  }
  try {
    const response = await place.fetch(target.url, { cache: 'no-store', ...request, headers, signal })
    if (response.ok) return ok(response)
    void response.body?.cancel()
    const detail = `HTTP ${response.status} ${shownUrl(target.url)}`
    return err({ code: statusFault(response.status), detail })
  } catch {
    if (signal.aborted) return err({ code: 'camera.ended', detail: shownUrl(target.url) })
    return err(await whyNoAnswer(place, target.url, signal))
  }
}

export function statusFault(status: number): CameraFaultCode {
  if (status === 401 || status === 403) return 'camera.unauthorized'
  return status === 404 || status === 410 ? 'camera.notFound' : 'camera.httpStatus'
}

/** A browser tells a page alike that nobody answers and that it must not read the answer; asking differently tells which. */
async function whyNoAnswer(place: HttpPlace, url: string, signal: AbortSignal): Promise<CameraFault> {
  const detail = shownUrl(url)
  if (isMixed(place, url)) return { code: 'camera.mixedContent', detail }
  return { code: (await place.someoneAnswers(url, signal)) ? 'camera.cors' : 'camera.unreachable', detail }
}

function isMixed(place: HttpPlace, url: string): boolean {
  const { protocol, hostname } = new URL(url)
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  return place.secure && protocol === 'http:' && !loopback
}

/** The whole body, refused once it grows beyond `mostBytes`; undefined when it does. */
export async function boundedBody(response: Response, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  if (!reader) return new Uint8Array(0)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > mostBytes) {
      void reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}
