/** Fetches one file over HTTP into a `.part` beside its place, and goes on there when it is asked again. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { err, ok, type Result } from '../platform/result.ts'

export interface DownloadError {
  readonly code: 'badAddress' | 'unreachable' | 'refused' | 'tooLarge' | 'interrupted' | 'wrongHash'
  readonly message: string
}

export interface DownloadOptions {
  readonly limitBytes: number
  readonly sha256?: string
  /** `totalBytes` is undefined where the server does not say. */
  readonly progress?: (doneBytes: number, totalBytes: number | undefined) => void
  /** Tries after a connection that breaks half-way; each goes on where the last one stopped. */
  readonly attempts?: number
}

const failed = (code: DownloadError['code'], message: string): Result<never, DownloadError> => err({ code, message })

/** The file at `path`, whole and with the hash asked for; otherwise a reason, and what arrived stays in `path.part`. */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<Result<{ readonly bytes: number; readonly sha256: string }, DownloadError>> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return failed('badAddress', `${url} is no http address`)
  const part = `${path}.part`
  let last: Result<void, DownloadError> = failed('interrupted', 'not tried')
  for (let attempt = 0; attempt < (options.attempts ?? 3); attempt++) {
    last = await fetchRest(url, part, options)
    if (last.ok || last.error.code !== 'interrupted') break
  }
  if (!last.ok) return last
  const sha256 = await hashOf(part)
  if (options.sha256 !== undefined && sha256 !== options.sha256) {
    // What is wrong stays wrong: going on from it would never end well.
    await rm(part)
    return failed('wrongHash', `${url} has sha256 ${sha256}, expected ${options.sha256}`)
  }
  const { size } = await stat(part)
  await rename(part, path)
  return ok({ bytes: size, sha256 })
}

async function fetchRest(url: string, part: string, options: DownloadOptions): Promise<Result<void, DownloadError>> {
  const have = await stat(part).then(
    ({ size }) => size,
    () => 0,
  )
  let response: Response
  try {
    // Compressed in transit, a range would mean something else.
    const headers: Record<string, string> = { 'Accept-Encoding': 'identity' }
    if (have > 0) headers.Range = `bytes=${have}-`
    response = await fetch(url, { headers, redirect: 'follow' })
  } catch (error) {
    return failed('unreachable', `${url}: ${reason(error)}`)
  }
  // 416: nothing is left to fetch, or what lies there is not a beginning of this file.
  if (response.status === 416) {
    await response.body?.cancel()
    if (Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]) === have) return ok(undefined)
    await rm(part, { force: true })
    return failed('interrupted', `${url}: the file changed meanwhile`)
  }
  if (!response.ok || !response.body) return failed('refused', `${url}: HTTP ${response.status}`)
  const goesOn = response.status === 206 && startsAt(response) === have
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  const from = goesOn ? have : 0
  const total = Number.isFinite(length) ? from + length : undefined
  if (total !== undefined && total > options.limitBytes) {
    await response.body.cancel()
    return failed('tooLarge', `${url} has ${total} bytes, at most ${options.limitBytes}`)
  }
  const file = await open(part, goesOn ? 'a' : 'w')
  try {
    return await receive(url, response.body, file, from, total, options)
  } finally {
    await file.close()
  }
}

function startsAt(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1])
}

async function receive(
  url: string,
  body: ReadableStream<Uint8Array>,
  file: FileHandle,
  from: number,
  total: number | undefined,
  { limitBytes, progress }: DownloadOptions,
): Promise<Result<void, DownloadError>> {
  let done = from
  try {
    for await (const chunk of body) {
      done += chunk.byteLength
      if (done > limitBytes) return failed('tooLarge', `${url} has more than ${limitBytes} bytes`)
      await file.write(chunk)
      progress?.(done, total)
    }
  } catch (error) {
    return failed('interrupted', `${url} broke off after ${done} bytes: ${reason(error)}`)
  }
  if (total !== undefined && done < total)
    return failed('interrupted', `${url} broke off after ${done} of ${total} bytes`)
  return ok(undefined)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
