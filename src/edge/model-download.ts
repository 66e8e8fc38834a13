/** Fetches one file over HTTP into a `.part` beside its place, and goes on there when it is asked for the same file again. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { err, ok, type Result } from '../platform/result.ts'
import { forgetNote, forgetPart, goesOnFrom, leftoverOf, notePart, restHeaders, totalBytesOf } from './model-part.ts'

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

/** The file at `path`, whole and with the hash asked for; otherwise a reason, and what arrived stays in `path.part`, with a note of whose it is. */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<Result<{ readonly bytes: number; readonly sha256: string }, DownloadError>> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return failed('badAddress', `${url} is no http address`)
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
    await forgetPart(part)
    return failed('wrongHash', `${url} has sha256 ${sha256}, expected ${options.sha256}`)
  }
  const { size } = await stat(part)
  await rename(part, path)
  await forgetNote(part)
  return ok({ bytes: size, sha256 })
}

async function fetchRest(url: string, part: string, options: DownloadOptions): Promise<Result<void, DownloadError>> {
  const leftover = await leftoverOf(part, url)
  let response: Response
  try {
    // Compressed in transit, a range would mean something else.
    const headers = { 'Accept-Encoding': 'identity', ...(leftover && restHeaders(leftover)) }
    response = await fetch(url, { headers, redirect: 'follow' })
  } catch (error) {
    return failed('unreachable', `${url}: ${reason(error)}`)
  }
  const goesOn = leftover !== undefined && goesOnFrom(leftover, response)
  const isRest = response.status === 206 || response.status === 416
  if (leftover && isRest && !goesOn) {
    // What lies there is no beginning of this file: it is asked for again, as if nothing lay there.
    await response.body?.cancel()
    await forgetPart(part)
    return fetchRest(url, part, options)
  }
  if (!response.ok || !response.body || (isRest && !goesOn)) return failed('refused', `${url}: HTTP ${response.status}`)
  const total = totalBytesOf(response) ?? (goesOn ? leftover.origin.totalBytes : undefined)
  if (total !== undefined && total > options.limitBytes) {
    await response.body.cancel()
    return failed('tooLarge', `${url} has ${total} bytes, at most ${options.limitBytes}`)
  }
  if (!goesOn) await forgetPart(part)
  const file = await open(part, 'a')
  try {
    if (!goesOn) await notePart(part, url, response)
    return await receive(url, response.body, file, goesOn ? leftover.bytes : 0, total, options)
  } finally {
    await file.close()
  }
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
  if (total !== undefined && done !== total)
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
