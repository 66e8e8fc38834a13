import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeJson } from '../contract/decode.ts'
import { systemClock } from '../platform/clock.ts'
import { createDirectBus, type DirectBus } from '../sense/direct-bus.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { parseFlags } from './flags.ts'
import { createParkServer, type ParkServer } from './park-server.ts'
import { readSite } from './site-source.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let server: Server
let park: ParkServer
let base: string
let folder: string
const consoles: DirectBus[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parkloop-sites-'))
  const home = join(folder, 'home.json')
  writeFileSync(home, JSON.stringify({ ...tinySite(), id: 'home' }))
  const flags = parseFlags(['--port', '0', '--site', home, '--speed', '60', '--name', 'park.example'])
  if (!flags.ok || flags.value === 'help') throw new Error('flags')
  park = await createParkServer(flags.value, root, () => {})
  server = createServer((request, response) => park.handle(request, response, () => response.writeHead(404).end()))
  park.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  base = `http://127.0.0.1:${port}`
  await park.listening()
})

afterEach(async () => {
  for (const bus of consoles.splice(0)) await bus.closed()
  await park.dispose()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A console at a site: what it heard, by kind. */
function consoleAt(site: string) {
  const heard: ParkEvent[] = []
  const bus = createDirectBus({
    url: `${base.replace('http', 'ws')}/mqtt`,
    pageUrl: base,
    site,
    clientId: `console-${site}`,
    clock: systemClock,
  })
  bus.subscribe((event) => heard.push(event))
  consoles.push(bus)
  const births = () => heard.filter(({ type }) => type === 'device').length
  return { heard, births }
}

const put = (id: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${base}/sites/${id}.site.json`, { method: 'PUT', body, headers })
interface Answer {
  readonly status: number | undefined
  readonly text: string
}

/** As `fetch`, which would say itself by which name it comes. */
function answerTo(path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, { headers })
    asked.on('error', reject)
    asked.on('response', async (response) => {
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      resolve({ status: response.statusCode, text })
    })
    asked.end()
  })
}

/** Asks for an upgrade, and resets the connection once that was answered; resolves to the answer when the server let go. */
async function upgradeAndReset(path: string, more = '', answered?: Promise<unknown>): Promise<string> {
  const { port, host } = new URL(base)
  const socket = connect(Number(port), '127.0.0.1')
  let ownPort: number | undefined
  socket.once('connect', () => {
    ownPort = socket.localPort
  })
  const gone = new Promise<void>((resolve) => {
    server.on('connection', (peer) => {
      const { remotePort } = peer
      // the simulator comes to this server as well
      peer.once('close', () => remotePort === ownPort && resolve())
    })
  })
  let text = ''
  const heard = new Promise<void>((resolve) => {
    socket.on('data', (part) => {
      text += part
      resolve()
    })
  })
  const key =
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n'
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}${more}\r\n`,
  )
  await (answered ?? heard)
  socket.resetAndDestroy()
  await gone
  return text
}

const within = { timeout: 45_000, interval: 50 }

test('a console that looks at another shipped site finds its park alive, and the first one goes on', async () => {
  const config = (await (await fetch(`${base}/config.json`)).json()) as { sites: { id: string }[]; takesSites: boolean }
  expect(config.sites.map(({ id }) => id).sort()).toEqual(['campus', 'district', 'factory', 'home'])
  expect(config.takesSites).toBe(true)
  const home = consoleAt('home')
  const factory = consoleAt('factory')
  const { site } = readSite('factory', root)
  await vi.waitUntil(() => factory.births() > site.equipment.length, within)
  await vi.waitUntil(() => factory.heard.some(({ type }) => type === 'readings'), within)
  expect(factory.heard.some((event) => event.type === 'site' && event.site.id === 'factory')).toBe(true)
  const before = home.heard.length
  await vi.waitUntil(() => home.heard.slice(before).some(({ type }) => type === 'readings'), within)
}, 100_000)

test('a site file that somebody brings is simulated and served; a broken one is refused by the place of its fault', async () => {
  const tiny = tinySite()
  const broken = structuredClone(tiny) as unknown as { equipment: { points: { id: string }[] }[] }
  const point = broken.equipment[0]?.points[0]
  if (point) point.id = 'not an id'
  const refused = await put('tiny', JSON.stringify(broken))
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ code: 'invalid', path: 'equipment.0.points.0.id' })
  expect((await fetch(`${base}/sites/tiny.site.json`)).status).toBe(404)

  const taken = await put('tiny', new Uint8Array(encodeJson(tiny)))
  expect(taken.status).toBe(201)
  expect(await (await fetch(`${base}/sites/tiny.site.json`)).json()).toMatchObject({ id: 'tiny' })
  const there = consoleAt('tiny')
  await vi.waitUntil(() => there.births() > tiny.equipment.length, within)
}, 60_000)

test('nobody takes the place of a park that is offered, and no strange page brings anything', async () => {
  const body = JSON.stringify({ ...tinySite(), id: 'campus' })
  expect((await put('campus', body)).status).toBe(422)
  expect((await put('tiny', body)).status).toBe(422)
  expect((await put('tiny', JSON.stringify(tinySite()), { Origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await put('tiny', 'x'.repeat(33 * 1024 * 1024))).status).toBe(413)
})

test('a bomb of brackets is refused, and the next file is taken', async () => {
  const refused = await put('tiny', '['.repeat(8 * 1024 * 1024))
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining('nested deeper') })
  expect((await put('second', JSON.stringify({ ...tinySite(), id: 'second' }))).status).toBe(201)
}, 60_000)

test('a peer that resets its connection takes nobody else with it', async () => {
  // An error that nobody listens for would end the process, and this run with it.
  expect(await upgradeAndReset('/elsewhere')).toMatch(/^HTTP\/1\.1 404 .*\/mqtt$/s)
  expect(await upgradeAndReset('/mqtt', 'Origin: https://stranger.example\r\n')).toMatch(/^HTTP\/1\.1 403 .*own page/s)
  expect(await upgradeAndReset('/mqtt')).toMatch(/^HTTP\/1\.1 101 /)
  // hot reload has an upgrade of its own on this server
  const left = new Promise((resolve) => void server.once('upgrade', resolve))
  expect(await upgradeAndReset('/hot', '', left)).toBe('')
  expect((await fetch(`${base}/config.json`)).status).toBe(200)
})

test('to a name that a stranger bound to this address nothing is told', async () => {
  for (const path of ['/', '/config.json', '/sites/home.site.json']) {
    const refused = await answerTo(path, { Host: 'evil.example' })
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('--name evil.example') })
    expect(refused.text).not.toContain('brokerUrl')
  }
  expect((await answerTo('/config.json', { Host: 'Park.example:80' })).status).toBe(200)
  for (const path of ['/config.json', '/sites/home.site.json'])
    expect((await answerTo(path, { Origin: 'https://stranger.example' })).status).toBe(403)
})

test('a host that listens under a name finds its own broker at whichever address the name stands for', async () => {
  const flags = parseFlags(['--port', '0', '--site', join(folder, 'home.json'), '--host', 'localhost', '--no-sim'])
  if (!flags.ok || flags.value === 'help') throw new Error('flags')
  const lines: string[] = []
  const named = await createParkServer(flags.value, root, (line) => lines.push(line))
  const other = createServer((request, response) =>
    named.handle(request, response, () => response.writeHead(404).end()),
  )
  named.attach(other)
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve))
  await named.listening()
  const address = other.address()
  base = `http://127.0.0.2:${address && typeof address === 'object' ? address.port : 0}`
  const there = consoleAt('home')
  await vi.waitUntil(() => there.heard.some(({ type }) => type === 'site'), within)
  for (const bus of consoles.splice(0)) await bus.closed()
  await named.dispose()
  other.closeAllConnections()
  other.close()
  expect(lines).toEqual([])
}, 60_000)
