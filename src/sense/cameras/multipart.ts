/**
 * Parts of a multipart/x-mixed-replace stream (RFC 2046 §5.1), as cameras send MJPEG: fed with chunks of any size, it
 * gives the bodies in order. Bounded: a head or a body that grows beyond its limit is skipped up to the next boundary.
 */

import { pictureSize } from '../../platform/picture-header.ts'

export interface MultipartOptions {
  /** Without the two dashes in front. */
  readonly boundary: string
  readonly maxPartBytes: number
  readonly onPart: (body: Uint8Array<ArrayBuffer>) => void
  /** A part was larger than allowed and is skipped. */
  readonly onTooLarge: () => void
}

const maxHeadBytes = 8 * 1024
const headEnd = Uint8Array.of(13, 10, 13, 10)
const headEndBare = Uint8Array.of(10, 10)

/** The boundary named by a Content-Type; undefined when it is no multipart stream. Some cameras put the dashes in it. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType.trim())) return undefined
  const named = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(contentType)
  const boundary = named?.[1] ?? named?.[2]
  return boundary?.replace(/^--/, '')
}

export class MultipartParser {
  readonly #options: MultipartOptions
  readonly #delimiter: Uint8Array
  #buffer = new Uint8Array(64 * 1024)
  #length = 0
  /** Where the next search goes on, so that no byte is looked at twice. */
  #searched = 0
  #state: 'boundary' | 'head' | 'body' = 'boundary'
  #bodyBytes: number | undefined
  /** Sound or events between the pictures, by the part's head. */
  #other = false

  constructor(options: MultipartOptions) {
    this.#options = options
    this.#delimiter = new TextEncoder().encode(`--${options.boundary}`)
  }

  push(chunk: Uint8Array): void {
    // In slices, so that one huge chunk cannot grow the buffer beyond a part and its head.
    const slice = 64 * 1024
    for (let at = 0; at < chunk.byteLength; at += slice) {
      this.#append(chunk.subarray(at, at + slice))
      while (this.#step()) {}
    }
  }

  /** One state further; false when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'boundary':
        return this.#skipToBoundary()
      case 'head':
        return this.#readHead()
      case 'body':
        return this.#bodyBytes === undefined ? this.#readToBoundary() : this.#readCounted(this.#bodyBytes)
    }
  }

  #skipToBoundary(): boolean {
    const at = this.#find(this.#delimiter)
    if (at < 0) {
      this.#drop(Math.max(0, this.#length - this.#delimiter.length + 1))
      return false
    }
    this.#drop(at + this.#delimiter.length)
    this.#state = 'head'
    return true
  }

  #readHead(): boolean {
    const [crlf, bare] = [this.#find(headEnd), this.#find(headEndBare)]
    const wide = crlf >= 0 && (bare < 0 || crlf < bare)
    const at = wide ? crlf : bare
    if (at < 0) {
      if (this.#length <= maxHeadBytes) return false
      this.#state = 'boundary'
      return true
    }
    const head = new TextDecoder('latin1').decode(this.#buffer.subarray(0, at))
    this.#drop(at + (wide ? headEnd.length : headEndBare.length))
    const length = Number(/^content-length:\s*(\d{1,12})\s*$/im.exec(head)?.[1])
    this.#bodyBytes = Number.isFinite(length) && length > 0 ? length : undefined
    this.#other = /^content-type:\s*(audio\/|text\/|application\/(?!octet))/im.test(head)
    this.#state = 'body'
    if ((this.#bodyBytes ?? 0) > this.#options.maxPartBytes) this.#tooLarge()
    return true
  }

  #readCounted(bytes: number): boolean {
    if (this.#length < bytes) return false
    this.#emit(bytes)
    return true
  }

  #readToBoundary(): boolean {
    const { maxPartBytes } = this.#options
    const at = this.#find(this.#delimiter, this.#searched)
    if (at >= 0) {
      const end = endsWithBreak(this.#buffer, at)
      if (end > 0) this.#emit(end)
      else this.#state = 'boundary'
      return true
    }
    const end = endOfJpeg(this.#buffer.subarray(0, this.#length))
    if (end !== undefined) {
      this.#emit(end)
      return true
    }
    this.#searched = Math.max(0, this.#length - this.#delimiter.length + 1)
    if (this.#length <= maxPartBytes + this.#delimiter.length + 2) return false
    this.#tooLarge()
    return true
  }

  #tooLarge(): void {
    this.#options.onTooLarge()
    this.#state = 'boundary'
  }

  #emit(bytes: number): void {
    const body = this.#buffer.slice(0, bytes)
    this.#drop(bytes)
    this.#state = 'boundary'
    if (this.#other && pictureSize(body) === undefined) return
    if (bytes <= this.#options.maxPartBytes) this.#options.onPart(body)
    else this.#options.onTooLarge()
  }

  #find(needle: Uint8Array, from = 0): number {
    const first = needle[0] as number
    const last = this.#length - needle.length
    for (let at = this.#buffer.indexOf(first, from); at >= 0 && at <= last; at = this.#buffer.indexOf(first, at + 1)) {
      let i = 1
      while (i < needle.length && this.#buffer[at + i] === needle[i]) i++
      if (i === needle.length) return at
    }
    return -1
  }

  #drop(bytes: number): void {
    this.#buffer.copyWithin(0, bytes, this.#length)
    this.#length -= bytes
    this.#searched = 0
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.byteLength
    if (needed > this.#buffer.byteLength) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.byteLength * 2))
      grown.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = grown
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = needed
  }
}

/**
 * The end of a JPEG that is all there: its boundary may only come with the next picture. End marks of a thumbnail, which lies
 * in front of the frame header, are none.
 */
function endOfJpeg(bytes: Uint8Array): number | undefined {
  let end = bytes.length
  while (bytes[end - 1] === 10 || bytes[end - 1] === 13) end--
  const marked = bytes[0] === 0xff && bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9
  return marked && pictureSize(bytes) ? end : undefined
}

/** Where the body ends: the line break in front of a boundary belongs to the boundary. */
function endsWithBreak(bytes: Uint8Array, boundaryAt: number): number {
  if (bytes[boundaryAt - 1] !== 10) return boundaryAt
  return bytes[boundaryAt - 2] === 13 ? boundaryAt - 2 : boundaryAt - 1
}
