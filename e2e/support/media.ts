/** Real encoded media, made by ffmpeg for the test and served on loopback the way cameras and gateways do. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const size = '640x360'
const rate = 10

/** Each source has a colour of its own, so that a test can tell which one it sees; a white box moves over it. */
const colours = { mjpeg: 'red', snapshot: 'blue', mqtt: 'lime', mp4: 'yellow', hls: 'magenta', file: 'cyan' } as const
export type MediaColour = keyof typeof colours

const run = promisify(execFile)

function ffmpeg(input: MediaColour, seconds: number, args: readonly string[]): Promise<unknown> {
  const plane = `color=c=${colours[input]}:s=${size}:r=${rate}:d=${seconds}[a]`
  const box = `color=c=white:s=40x40:r=${rate}:d=${seconds}[b]`
  const graph = `${plane};${box};[a][b]overlay=x='mod(n*40,600)':y=20`
  const quiet = ['-hide_banner', '-loglevel', 'error', '-threads', '1']
  return run('ffmpeg', [...quiet, '-filter_complex', graph, ...args])
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', String(rate)]

export interface Media {
  readonly folder: string
  jpeg(colour: MediaColour): Buffer
  clean(): void
}

export async function encodeMedia(): Promise<Media> {
  const folder = mkdtempSync(join(tmpdir(), 'parkloop-media-'))
  const at = (name: string) => join(folder, name)
  for (const colour of ['mjpeg', 'snapshot', 'mqtt'] as const)
    await ffmpeg(colour, 1, ['-q:v', '3', at(`${colour}-%02d.jpg`)])
  await ffmpeg('mp4', 4, [...h264, '-movflags', '+faststart', at('film.mp4')])
  await ffmpeg('file', 3, [...h264, '-movflags', '+faststart', at('picked.mp4')])
  await ffmpeg('hls', 6, [...h264, '-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', at('index.m3u8')])
  // A codec that no browser plays.
  await ffmpeg('mp4', 1, ['-c:v', 'mpeg4', at('old-codec.mp4')])
  return {
    folder,
    jpeg: (colour) => readFileSync(at(`${colour}-01.jpg`)),
    clean: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface MediaServer {
  readonly url: string
  /** What was sent here, by method: a page that only looks sends nothing. */
  readonly received: { readonly method: string; readonly path: string; readonly bytes: number }[]
  /** Cameras that fall silent without closing the connection. */
  silent: boolean
  /** Every second picture is cut off in the middle. */
  corrupt: boolean
  stop(): Promise<void>
}

const types: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m3u8: 'application/vnd.apple.mpegurl',
  ts: 'video/mp2t',
  jpg: 'image/jpeg',
}

export async function serveMedia(media: Media): Promise<MediaServer> {
  const stills = (colour: MediaColour) =>
    readdirSync(media.folder)
      .filter((name) => name.startsWith(`${colour}-`))
      .sort()
      .map((name) => readFileSync(join(media.folder, name)))
  const films = { mjpeg: stills('mjpeg'), snapshot: stills('snapshot') }
  const state: MediaServer = { url: '', received: [], silent: false, corrupt: false, stop: async () => {} }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://media').pathname
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
    })
    request.on('end', () => state.received.push({ method: request.method ?? '', path, bytes }))
    if (!path.startsWith('/no-cors/')) {
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('access-control-allow-headers', 'authorization, range')
    }
    answer(path.replace(/^\/no-cors/, ''), request, response)
  })

  function answer(path: string, request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (path === '/stream') return stream(response)
    if (path === '/snapshot.jpg') return still(response)
    if (path === '/locked' && request.headers.authorization !== `Basic ${btoa('guard:s3cret')}`)
      return void response.writeHead(401).end()
    if (path === '/locked') return stream(response)
    file(path.slice(1), request, response)
  }

  function stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=parkloop' })
    let count = 0
    const timer = setInterval(() => {
      if (state.silent) return
      const whole = films.mjpeg[count++ % films.mjpeg.length] as Buffer
      const picture = state.corrupt && count % 2 === 0 ? whole.subarray(0, 60) : whole
      response.write(`--parkloop\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.byteLength}\r\n\r\n`)
      response.write(picture)
      response.write('\r\n')
    }, 1000 / rate)
    response.on('close', () => clearInterval(timer))
  }

  let asked = 0
  function still(response: ServerResponse): void {
    const picture = films.snapshot[asked++ % films.snapshot.length] as Buffer
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.byteLength }).end(picture)
  }

  function file(name: string, request: IncomingMessage, response: ServerResponse): void {
    const known = readdirSync(media.folder).includes(name)
    if (!known) return void response.writeHead(404).end()
    const whole = readFileSync(join(media.folder, name))
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    if (!range) return void response.writeHead(200, { 'content-type': type, 'accept-ranges': 'bytes' }).end(whole)
    const from = Number(range[1])
    const to = range[2] === '' ? whole.byteLength - 1 : Math.min(Number(range[2]), whole.byteLength - 1)
    const head = { 'content-type': type, 'content-range': `bytes ${from}-${to}/${whole.byteLength}` }
    response.writeHead(206, head).end(whole.subarray(from, to + 1))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address !== 'object') throw new Error('no port')
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}
