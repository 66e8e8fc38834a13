import { expect, test, vi } from 'vitest'
import { encodeJson } from '../contract/decode.ts'
import type { BirthMessage } from '../contract/messages.ts'
import { siteTopics } from '../contract/topics.ts'
import type { FaultReport } from '../platform/faults.ts'
import { err, ok } from '../platform/result.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import { tinySite } from '../testing/tiny-site.ts'
import { Ingest } from './ingest.ts'
import type { FetchSite } from './site-fetch.ts'

const topics = siteTopics('campus')
const at = 1_780_000_000_000

function birth(id: string, points: BirthMessage['points']): BirthMessage {
  return { id, name: id, class: 'Electrical_Meter', points, at }
}

function setUp(fetchSite: FetchSite = async () => err({ code: 'invalid', path: 'url', message: 'unreachable' })) {
  const events: ParkEvent[] = []
  const rows: number[][] = []
  const faults = new Map<string, FaultReport>()
  const ingest = new Ingest({
    emit: (event) => events.push(event),
    row: (...row) => rows.push(row),
    fault: (key, report) => faults.set(key, report()),
    fetchSite,
  })
  const receive = (topic: string, message: unknown) => ingest.handle(topic, encodeJson(message))
  const receiveText = (topic: string, text: string) => ingest.handle(topic, new TextEncoder().encode(text))
  return { events, rows, faults, ingest, receive, receiveText }
}

const meter = birth('m1', [
  { id: 'power', kind: 'power', unit: 'kW' },
  { id: 'mode', kind: 'mode', unit: '', values: ['off', 'auto'] },
  { id: 'note', kind: 'message', unit: '' },
])

test('a birth gives points stable hot indices and readings find them', () => {
  const { events, rows, receive } = setUp()
  receive(topics.birth('m1'), meter)
  receive(topics.birth('m2'), birth('m2', [{ id: 'power', kind: 'power', unit: 'kW' }]))
  receive(topics.birth('m1'), meter)
  receive(topics.telemetry('m2'), { at, values: { power: 4.5 }, quality: { power: 'uncertain' } })
  expect(events.map((event) => event.type === 'device' && event.points)).toEqual([[0, 1, 2], [3], [0, 1, 2]])
  expect(rows).toEqual([[3, 4.5, at, 1, 3]])
})

test('words of enumerated points become their index, free text travels apart', () => {
  const { events, rows, receive, ingest } = setUp()
  receive(topics.birth('m1'), meter)
  receive(topics.telemetry('m1'), { at, values: { mode: 'auto', note: 'filter due' } })
  expect(rows).toEqual([[1, 1, at, 0, 0]])
  expect(events.at(-1)).toEqual({ type: 'text', device: 'm1', point: 'note', value: 'filter due', atMs: at })
  expect(ingest.invalidTotal).toBe(0)
})

test('reported state is an event and a reading as well', () => {
  const { events, rows, receive } = setUp()
  receive(topics.birth('m1'), meter)
  receive(topics.state('m1'), { at, values: { mode: 'off' }, commandId: 'c1' })
  expect(events.at(-1)).toMatchObject({ type: 'state', device: 'm1', state: { commandId: 'c1' } })
  expect(rows).toEqual([[1, 0, at, 0, 0]])
})

test('what arrives before the birth waits for it', () => {
  const { rows, receive } = setUp()
  receive(topics.telemetry('m1'), { readings: [{ at, values: { power: 1 } }] })
  receive(topics.state('m1'), { at, values: { mode: 'auto' } })
  expect(rows).toEqual([])
  receive(topics.birth('m1'), meter)
  expect(rows).toEqual([
    [1, 1, at, 0, 0],
    [0, 1, at, 0, 0],
  ])
})

test('a site file that comes again unchanged is no news', () => {
  const { events, receive } = setUp()
  receive(topics.site, tinySite())
  receive(topics.site, tinySite())
  receive(topics.site, { ...tinySite(), name: 'Another name' })
  receive(topics.site, { format: 'else' })
  expect(events.map((event) => event.type === 'site' && event.site.name)).toEqual([tinySite().name, 'Another name'])
})

test('an empty retained birth takes the device away', () => {
  const { events, receive, receiveText } = setUp()
  receive(topics.birth('m1'), meter)
  receiveText(topics.birth('m1'), '')
  receiveText(topics.birth('never'), '')
  expect(events.map(({ type }) => type)).toEqual(['device', 'deviceGone'])
})

test('availability is understood plain and as JSON', () => {
  const { events, receiveText } = setUp()
  receiveText(topics.availability('m1'), 'offline')
  receiveText(topics.availability('m1'), '"online"')
  expect(events).toEqual([
    { type: 'availability', device: 'm1', online: false },
    { type: 'availability', device: 'm1', online: true },
  ])
})

test.each([
  ['not JSON', topics.telemetry('m1'), '{"at":', 'codec:device/m1/telemetry', 'codec.notJson', /./],
  [
    'a wrong type',
    topics.telemetry('m1'),
    `{"at":${at},"values":{"power":{}}}`,
    'codec:device/m1/telemetry',
    'codec.invalid',
    /./,
  ],
  [
    'an unknown point',
    topics.telemetry('m1'),
    `{"at":${at},"values":{"nope":1}}`,
    'codec:device/m1/telemetry',
    'codec.invalid',
    /^values\.nope: /,
  ],
  [
    'an unknown word',
    topics.telemetry('m1'),
    `{"at":${at},"values":{"mode":"warp"}}`,
    'codec:device/m1/telemetry',
    'codec.invalid',
    /^values\.mode: /,
  ],
  [
    'a reading of the year 1970',
    topics.telemetry('m1'),
    '{"at":1,"values":{}}',
    'codec:device/m1/telemetry',
    'codec.invalid',
    /at: /,
  ],
  [
    'somebody else’s birth',
    topics.birth('m9'),
    JSON.stringify(meter),
    'codec:device/m9/birth',
    'codec.invalid',
    /^id: /,
  ],
  ['a foreign topic', 'parkloop/v1/campus/what/ever', '1', 'codec:what/ever', 'codec.invalid', /not a topic/],
  ['an unknown availability', topics.availability('m1'), 'maybe', 'codec:device/m1/availability', 'codec.invalid', /./],
])('%s is counted and becomes a fault that names topic and reason', (_, topic, text, key, code, detail) => {
  const { faults, ingest, receive, receiveText } = setUp()
  receive(topics.birth('m1'), meter)
  receiveText(topic, text)
  expect(ingest.invalidTotal).toBe(1)
  expect(faults.get(key)).toMatchObject({ severity: 'warning', code })
  expect(faults.get(key)?.detail).toMatch(detail)
})

test('bytes that are no text and payloads beyond the cap are refused before parsing', () => {
  const { faults, ingest, receive } = setUp()
  receive(topics.birth('m1'), meter)
  ingest.handle(topics.telemetry('m1'), new Uint8Array([0xff, 0xfe, 0x00]))
  ingest.handle(topics.state('m1'), new Uint8Array(4 * 1024 * 1024 + 1))
  expect(ingest.invalidTotal).toBe(2)
  expect(faults.get('codec:device/m1/state')?.code).toBe('codec.tooLarge')
})

test('ground truth goes nowhere unless somebody asked for it', () => {
  const { events, ingest, receive } = setUp()
  receive(topics.simWorld, { at, sun: [0, 0, 1] })
  expect(events).toEqual([])
  expect(ingest.invalidTotal).toBe(0)
})

test('a large site is fetched from where its message points, and the last message wins', async () => {
  const waiting = new Map<string, (site: unknown) => void>()
  const { events, receive } = setUp(
    ({ url }) => new Promise((resolve) => waiting.set(url, (site) => resolve(ok(encodeJson(site))))),
  )
  receive(topics.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  receive(topics.site, { url: 'sites/b.site.json', sha256: 'b'.repeat(64) })
  waiting.get('sites/b.site.json')?.({ ...tinySite(), name: 'B' })
  waiting.get('sites/a.site.json')?.({ ...tinySite(), name: 'A' })
  await vi.waitFor(() => expect(events).toHaveLength(1))
  expect(events[0]).toMatchObject({ type: 'site', site: { name: 'B' } })
})

test('a site that cannot be fetched or is broken is a fault, and the park stays as it was', async () => {
  let bytes = encodeJson({ format: 'else' })
  const { events, faults, receive } = setUp(async () => ok(bytes))
  receive(topics.site, tinySite())
  receive(topics.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  await vi.waitFor(() => expect(faults.get('codec:site')).toMatchObject({ code: 'codec.invalid' }))
  expect(events).toHaveLength(1)
  bytes = encodeJson({ ...tinySite(), name: 'Mended' })
  receive(topics.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  await vi.waitFor(() => expect(events).toHaveLength(2))
})
