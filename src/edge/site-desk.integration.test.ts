import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { encodeJson } from '../contract/decode.ts'
import type { CheckedSite, KnownSite, SiteFault } from '../contract/site-port.ts'
import { siteTopics } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import type { Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import { MqttLink } from '../sense/mqtt-link.ts'
import { SiteDesk, type SiteSpec } from '../sense/site-desk.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { createEmbeddedBroker, type EmbeddedBroker } from './embedded-broker.ts'

let broker: EmbeddedBroker
let server: Server
let base: string
let desk: SiteDesk
let teller: MqttLink
let sites: readonly KnownSite[] = []
/** What the web server holds, by path. */
const files = new Map<string, Uint8Array>()
const answers = new Map<number, (outcome: Result<CheckedSite, SiteFault>) => void>()

beforeEach(async () => {
  broker = await createEmbeddedBroker(() => {})
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '')
    response.writeHead(file ? 200 : 404).end(file)
  })
  const webSockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' })
  webSockets.on('connection', (socket) => broker.accept(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
  sites = []
  desk = new SiteDesk((report) => {
    if (report.type === 'told') sites = report.sites
    else answers.get(report.requestId)?.(report.outcome)
  }, systemClock)
  await new Promise<void>((resolve) => {
    teller = new MqttLink({
      url: base.replace('http', 'ws'),
      clientId: 'teller',
      clock: systemClock,
      onState: ({ phase }) => phase === 'online' && resolve(),
      onMessage: () => {},
    })
    teller.start()
  })
})

afterEach(async () => {
  await desk.dispose()
  await teller.dispose()
  server.closeAllConnections()
  server.close()
  await broker.dispose()
  files.clear()
})

const look = () =>
  desk.handle({ type: 'look', look: { url: base.replace('http', 'ws'), clientId: 'chooser', pageUrl: `${base}/` } })

const tell = (id: string, payload: Uint8Array) =>
  teller.publish({ topic: siteTopics(id).site, payload, qos: 1, retain: true })

let nextRequestId = 1
function check(site: SiteSpec): Promise<Result<CheckedSite, SiteFault>> {
  const requestId = nextRequestId++
  return new Promise((resolve) => {
    answers.set(requestId, resolve)
    desk.handle({ type: 'checkSite', requestId, site })
  })
}

const bytesOf = (site: unknown) => new Uint8Array(encodeJson(site)) as Uint8Array<ArrayBuffer>
const named = (id: string) => ({ ...tinySite(), id })

test('lists what the broker tells of, whole or by address, and drops what is taken back', async () => {
  await tell('inline', encodeJson(named('inline')))
  await tell('pointed', encodeJson({ url: 'x.json', sha256: '0'.repeat(64), name: { en: 'Far', zh: '远' } }))
  await tell('nameless', encodeJson({ url: 'x.json', sha256: '0'.repeat(64) }))
  look()
  await vi.waitUntil(() => sites.length === 3)
  expect([...sites].sort((a, b) => a.id.localeCompare(b.id))).toEqual([
    { id: 'inline', name: { en: 'Tiny park', zh: '小园区' }, from: 'broker' },
    { id: 'nameless', name: undefined, from: 'broker' },
    { id: 'pointed', name: { en: 'Far', zh: '远' }, from: 'broker' },
  ])
  await tell('nameless', new Uint8Array())
  await vi.waitUntil(() => sites.length === 2)
})

test('checks a site that is told of, also where only its address and hash are', async () => {
  const bytes = bytesOf(named('far'))
  files.set('/far.json', bytes)
  await tell('near', encodeJson(named('near')))
  await tell('far', encodeJson({ url: 'far.json', sha256: sha256Hex(bytes) }))
  await tell('forged', encodeJson({ url: 'far.json', sha256: '0'.repeat(64) }))
  await tell('masked', encodeJson(named('another')))
  look()
  await vi.waitUntil(() => sites.length === 4)
  expect(await check({ kind: 'told', id: 'near' })).toMatchObject({ ok: true, value: { id: 'near', buildings: 1 } })
  expect(await check({ kind: 'told', id: 'far' })).toMatchObject({ ok: true, value: { id: 'far', cameras: 1 } })
  expect(await check({ kind: 'told', id: 'forged' })).toMatchObject({ ok: false, error: { path: 'sha256' } })
  expect(await check({ kind: 'told', id: 'masked' })).toMatchObject({ ok: false, error: { path: 'id' } })
})

test('names the place of what is wrong in a file, and takes nothing that is broken, deep or huge', async () => {
  const broken = { ...tinySite(), buildings: [{ ...tinySite().buildings[0], footprint: [[0, 0]] }] }
  expect(await check({ kind: 'bytes', bytes: bytesOf(broken) })).toMatchObject({
    ok: false,
    error: { code: 'invalid', path: 'buildings.0.footprint' },
  })
  const text = (content: string) => new TextEncoder().encode(content)
  expect(await check({ kind: 'bytes', bytes: text('not a site') })).toMatchObject({
    ok: false,
    error: { code: 'notJson' },
  })
  expect(await check({ kind: 'bytes', bytes: text('['.repeat(100_000)) })).toMatchObject({ ok: false })
  const huge = new Uint8Array(maxSiteFileBytes + 1)
  expect(await check({ kind: 'bytes', bytes: huge })).toMatchObject({ ok: false, error: { code: 'tooLarge' } })
  files.set('/huge.json', huge)
  look()
  expect(await check({ kind: 'address', url: `${base}/huge.json` })).toMatchObject({
    ok: false,
    error: { code: 'tooLarge' },
  })
  expect(await check({ kind: 'address', url: `${base}/nothing` })).toMatchObject({
    ok: false,
    error: { code: 'unreachable' },
  })
})
