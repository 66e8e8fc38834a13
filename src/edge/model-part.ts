/** What lies of a download that broke off, and of which file it is the beginning: two files must never become one. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import { decodeJson } from '../contract/decode.ts'

const originShape = v.object({
  url: v.string(),
  /** Header and value by which the server tells this file from a later one at the same address. */
  header: v.picklist(['etag', 'last-modified']),
  value: v.string(),
  totalBytes: v.optional(v.number()),
})
type PartOrigin = v.InferOutput<typeof originShape>

interface Leftover {
  readonly bytes: number
  readonly origin: PartOrigin
}

const noteOf = (part: string) => `${part}.json`

/** Undefined where nothing lies that could be the beginning of the file at `url`. */
export async function leftoverOf(part: string, url: string): Promise<Leftover | undefined> {
  const [bytes, note] = await Promise.all([
    stat(part).then(
      ({ size }) => size,
      () => 0,
    ),
    readFile(noteOf(part)).catch(() => undefined),
  ])
  const origin = note && decodeJson(originShape, note)
  if (bytes === 0 || !origin?.ok || origin.value.url !== url) return undefined
  return bytes < (origin.value.totalBytes ?? Number.POSITIVE_INFINITY) ? { bytes, origin: origin.value } : undefined
}

/** Asks for the rest, and for the whole file where that is no longer the same (RFC 9110, If-Range). */
export function restHeaders({ bytes, origin }: Leftover): Readonly<Record<string, string>> {
  return { Range: `bytes=${bytes}-`, 'If-Range': origin.value }
}

/** Whether the answer goes on exactly where the leftover ends, in the same file. */
export function goesOnFrom({ bytes, origin }: Leftover, response: Response): boolean {
  const { fromBytes, totalBytes } = rangeOf(response)
  const value = response.headers.get(origin.header)
  return (
    response.status === 206 &&
    isPlain(response) &&
    fromBytes === bytes &&
    (totalBytes ?? origin.totalBytes) === (origin.totalBytes ?? totalBytes) &&
    // An answer to If-Range has to repeat the one, and may leave the other out.
    (value === origin.value || (value === null && origin.header === 'last-modified'))
  )
}

/** Undefined where the server does not say. */
export function totalBytesOf(response: Response): number | undefined {
  if (response.status === 206) return rangeOf(response).totalBytes
  const length = response.headers.get('content-length')
  return length === null || !isPlain(response) ? undefined : Number(length)
}

/** Before the first byte of a new file is written. Without a sign to know it again by, nothing is gone on from. */
export async function notePart(part: string, url: string, response: Response): Promise<void> {
  const sign = isPlain(response) ? signOf(response.headers) : undefined
  if (!sign) return
  const totalBytes = totalBytesOf(response)
  const origin: PartOrigin = { url, ...sign, ...(totalBytes !== undefined && { totalBytes }) }
  await writeFile(noteOf(part), JSON.stringify(origin))
}

/** Once the part has become the file. */
export const forgetNote = (part: string) => rm(noteOf(part), { force: true })

/** The note goes first: without it, nothing is gone on from. */
export async function forgetPart(part: string): Promise<void> {
  await forgetNote(part)
  await rm(part, { force: true })
}

function signOf(headers: Headers): Pick<PartOrigin, 'header' | 'value'> | undefined {
  const etag = headers.get('etag')
  if (etag?.startsWith('"')) return { header: 'etag', value: etag }
  const modified = headers.get('last-modified')
  // Younger than a second, it may be followed by another of the same date.
  const ageMs = Date.parse(headers.get('date') ?? '') - Date.parse(modified ?? '')
  return modified !== null && ageMs >= 1000 ? { header: 'last-modified', value: modified } : undefined
}

/** Packed for the journey, lengths and ranges count other bytes than those that are written. */
const isPlain = ({ headers }: Response) => (headers.get('content-encoding') ?? 'identity') === 'identity'

function rangeOf({ headers }: Response): { readonly fromBytes?: number; readonly totalBytes?: number } {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? []
  return {
    ...(from !== undefined && { fromBytes: Number(from) }),
    ...(total !== undefined && total !== '*' && { totalBytes: Number(total) }),
  }
}
