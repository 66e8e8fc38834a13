import { createServer, request, type Server } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ok } from '../platform/result.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { ParkFleet } from './park-fleet.ts'
import { serveSites } from './site-shelf.ts'

let server: Server
let base: string
let clock: FakeClock
const brought: number[] = []
/** What taking a file in waits for. */
let standing: Promise<unknown>

beforeEach(async () => {
  clock = new FakeClock()
  standing = Promise.resolve()
  brought.length = 0
  const bring = async (_id: string, bytes: Uint8Array) => {
    brought.push(bytes.byteLength)
    await standing
    return ok(undefined)
  }
  const sites = serveSites({ fleet: { bring } as unknown as ParkFleet, source: undefined, clock })
  server = createServer((asked, response) => {
    if (!sites(asked, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function upload(id: string) {
  const asked = request(`${base}/sites/${id}.site.json`, { method: 'PUT' })
  const status = new Promise<number | undefined>((resolve, reject) => {
    asked.on('error', reject)
    asked.on('response', (response) => resolve(response.resume().statusCode))
  })
  return { asked, status }
}

/** Lets what was written arrive. */
const arrive = () => new Promise((resolve) => setTimeout(resolve, 100))
const answerTo = (id: string) => fetch(`${base}/sites/${id}.site.json`, { method: 'PUT', body: 'x'.repeat(100) })
const put = async (id: string) => (await answerTo(id)).status

test('who sends slowly holds up nobody, and too many at once are told to come again', async () => {
  const slow = ['a', 'b', 'c'].map(upload)
  for (const { asked } of slow) asked.write('[')
  await arrive()
  expect(await put('e')).toBe(201)
  slow.push(upload('d'))
  slow.at(-1)?.asked.write('[')
  const busy = await vi.waitFor(async () => {
    const response = await answerTo('e')
    expect(response.status).toBe(503)
    return response
  }, 5000)
  expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await busy.json()).toMatchObject({ message: expect.stringContaining('again') })
  for (const { asked } of slow) asked.end(']')
  expect(await Promise.all(slow.map(({ status }) => status))).toEqual([201, 201, 201, 201])
})

test('whoever stops sending, or drips, loses his place within seconds; who sends steadily keeps it', async () => {
  const stopped = ['a', 'b', 'c'].map(upload)
  for (const { asked } of stopped) asked.write('[')
  const steady = upload('d')
  steady.asked.write('x'.repeat(20_000))
  await vi.waitFor(async () => expect(await put('e')).toBe(503), 5000)
  clock.advance(10_000)
  expect(await Promise.all(stopped.map(({ status }) => status))).toEqual([408, 408, 408])
  expect(await put('e')).toBe(201)
  steady.asked.write('x'.repeat(20_000))
  await arrive()
  clock.advance(10_000)
  steady.asked.end()
  expect(await steady.status).toBe(201)
  expect(brought).toEqual([100, 40_000])
})

test('who has a bad line is waited for while nobody needs his place', async () => {
  const slow = upload('a')
  slow.asked.write('[')
  await arrive()
  clock.advance(60_000)
  expect(await put('e')).toBe(201)
  slow.asked.end(']')
  expect(await slow.status).toBe(201)
  expect(brought).toEqual([100, 2])
})

test('a body that is too large is told so also where nobody said its length', async () => {
  const { asked, status } = upload('a')
  for (let part = 0; part < 33; part++) asked.write(Buffer.alloc(1024 * 1024))
  expect(await status).toBe(413)
  asked.destroy()
})

test('files are taken in one at a time, also where one that came between is refused', async () => {
  let stand = () => {}
  standing = new Promise<void>((resolve) => {
    stand = resolve
  })
  const first = put('a')
  await vi.waitFor(() => expect(brought).toHaveLength(1), 5000)
  const tooLarge = upload('b')
  for (let part = 0; part < 33; part++) tooLarge.asked.write(Buffer.alloc(1024 * 1024))
  expect(await tooLarge.status).toBe(413)
  tooLarge.asked.destroy()
  const second = put('c')
  await arrive()
  expect(brought).toHaveLength(1)
  stand()
  expect(await Promise.all([first, second])).toEqual([201, 201])
})

test('who breaks off gives his place back', async () => {
  const broken = ['a', 'b', 'c', 'd'].map(upload)
  for (const { asked, status } of broken) {
    status.catch(() => {})
    asked.write('[')
  }
  await vi.waitFor(async () => expect(await put('e')).toBe(503), 5000)
  for (const { asked } of broken) asked.destroy()
  await vi.waitFor(async () => expect(await put('e')).toBe(201), 5000)
})
