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
/** Of the tiny site. */
const park = siteTopics('tiny')
const at = 1_780_000_000_000

function birth(id: string, points: BirthMessage['points']): BirthMessage {
  return { id, name: id, class: 'Electrical_Meter', points, at }
}

function setUp(fetchSite: FetchSite = async () => err({ code: 'invalid', path: 'url', message: 'unreachable' })) {
  const events: ParkEvent[] = []
  const rows: number[][] = []
  const faults = new Map<string, FaultReport>()
  const mended: string[] = []
  const lasting = new Set<string>()
  const stamps: [string, number][] = []
  const ingest = new Ingest({
    emit: (event) => events.push(event),
    row: (...row) => rows.push(row),
    fault: (key, report, lasts) => {
      faults.set(key, report())
      if (lasts) lasting.add(key)
    },
    mended: (key) => mended.push(key),
    stamp: (device, atMs) => stamps.push([device, atMs]),
    fetchSite,
  })
  const receive = (topic: string, message: unknown) => ingest.handle(topic, encodeJson(message))
  const receiveText = (topic: string, text: string) => ingest.handle(topic, new TextEncoder().encode(text))
  return { events, rows, faults, lasting, mended, stamps, ingest, receive, receiveText }
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
  receive(park.site, tinySite())
  receive(park.site, tinySite())
  receive(park.site, { ...tinySite(), name: 'Another name' })
  receive(park.site, { format: 'else' })
  expect(events.map((event) => event.type === 'site' && event.site.name)).toEqual([tinySite().name, 'Another name'])
})

test('what bears another name than its topic is refused: a copied site file, another’s alarm or plan', async () => {
  const times = { openedAtMs: at, updatedAtMs: at, revision: 1 }
  const alarm = { id: 'a1', kind: 'fire', priority: 'high', state: 'active', subject: 'm1', ...times }
  const incident = { ...alarm, confidence: 1, evidence: [], stages: {} }
  const about = { id: 'p1', incidentId: 'a1', playbook: 'fire', state: 'proposed', title: '', reason: '' }
  const plan = { ...about, steps: [], expected: {}, proposedAtMs: at, updatedAtMs: at, revision: 1 }
  const { events, faults, ingest, receive } = setUp(async () => ok(encodeJson(tinySite())))
  const detail = (key: string) => faults.get(key)?.detail
  receive(siteTopics('tiny-test').site, tinySite())
  expect(detail('codec:site')).toBe('id: is “tiny”, the topic says “tiny-test”')
  faults.clear()
  receive(siteTopics('tiny-test').site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  await vi.waitFor(() => expect(detail('codec:site')).toBe('id: is “tiny”, the topic says “tiny-test”'))
  receive(topics.alarm('a2'), incident)
  receive(topics.plan('p2'), plan)
  expect([detail('codec:alarm/a2'), detail('codec:plan/p2')]).toEqual([
    'id: is “a1”, the topic says “a2”',
    'id: is “p1”, the topic says “p2”',
  ])
  expect(events).toEqual([])
  expect(ingest.invalidTotal).toBe(4)
  receive(topics.alarm('a1'), incident)
  receive(topics.plan('p1'), plan)
  expect(events.map(({ type }) => type)).toEqual(['incident', 'plan'])
  for (const wrong of [
    { ...incident, closedAtMs: 1e17 },
    { ...incident, openedAtMs: 12 },
    { ...incident, revision: 1e300 },
    { ...incident, revision: -1 },
    { ...incident, stages: { actedAtMs: -5 } },
  ])
    receive(topics.alarm('a1'), wrong)
  receive(topics.plan('p1'), { ...plan, expected: { horizonMs: 1e17 } })
  receive(topics.controller, { holder: 'c', fence: Number.MAX_SAFE_INTEGER, deadlineMs: at })
  expect(events).toHaveLength(2)
})

test('a profile waits for the birth of its meter, and too many births are counted', () => {
  const { events, faults, ingest, receive } = setUp()
  receive(topics.profile('m1'), { point: 'power', intervalMs: 900_000, startMs: at, values: [1] })
  expect(events).toEqual([])
  receive(topics.birth('m1'), meter)
  expect(events.map(({ type }) => type)).toEqual(['device', 'profile'])
  const points = Array.from({ length: 256 }, (_, i) => ({ id: `p${i}`, kind: 'power', unit: 'kW' }))
  for (let i = 0; i < 1000; i++) ingest.directory.born(birth(`big-${i}`, points))
  expect(ingest.directory.pointCount).toBeLessThanOrEqual(250_000)
  receive(topics.birth('one-more'), birth('one-more', points))
  expect(faults.get('sense:full')).toMatchObject({ code: 'sense.full', detail: expect.stringMatching(/^\d+ births/) })
  receive(topics.birth('m1'), meter)
  expect(events.at(-1)).toMatchObject({ type: 'device', birth: { id: 'm1' } })
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

test('a topic whose message was refused and is right again is said to be mended, once', () => {
  const { mended, receive, receiveText } = setUp()
  receive(topics.birth('m1'), meter)
  receiveText(topics.telemetry('m1'), '{"at":')
  receive(topics.telemetry('m2'), { at, values: {} })
  expect(mended).toEqual([])
  for (let i = 0; i < 2; i++) receive(topics.telemetry('m1'), { at, values: { power: 1 } })
  expect(mended).toEqual(['codec:device/m1/telemetry'])
})

test('what the broker keeps is told once, so its fault lasts; what comes again by itself is judged anew', () => {
  const { lasting, ingest, receive, receiveText } = setUp()
  receive(topics.birth('m1'), meter)
  for (const topic of [topics.state('m1'), topics.birth('m2'), topics.alarm('a1'), topics.plan('p1'), topics.site])
    receiveText(topic, '{')
  for (const topic of [topics.telemetry('m1'), topics.ack('m1'), topics.audit]) receiveText(topic, '{')
  ingest.handle(topics.telemetry('m3'), new TextEncoder().encode('{'), true)
  expect([...lasting].sort()).toEqual(
    ['alarm/a1', 'device/m1/state', 'device/m2/birth', 'device/m3/telemetry', 'plan/p1', 'site'].map(
      (name) => `codec:${name}`,
    ),
  )
})

test('an empty message takes back what the broker kept of a device: no fault, and the end of one', () => {
  const { faults, mended, receive, receiveText } = setUp()
  receive(topics.birth('m1'), meter)
  receiveText(topics.state('m1'), '{')
  for (const channel of ['birth', 'availability', 'telemetry', 'state', 'profile', 'ack'] as const)
    receiveText(topics[channel]('m1'), '')
  expect([...faults.keys()]).toEqual(['codec:device/m1/state'])
  expect(mended).toEqual(['codec:device/m1/state'])
})

test('a kept state that does not fit its birth is named by its own topic, telemetry before the birth by none', () => {
  const { faults, receive } = setUp()
  receive(topics.state('m1'), { at, values: { volume: 3 } })
  receive(topics.telemetry('m1'), { at, values: { volume: 3 } })
  receive(topics.birth('m1'), meter)
  expect([...faults.keys()]).toEqual(['codec:device/m1/state'])
})

test('is full as long as devices are left out: until they are gone or have room, however many were told of before', () => {
  const { faults, lasting, mended, receive, receiveText, ingest } = setUp()
  const points = Array.from({ length: 256 }, (_, i) => ({ id: `p${i}`, kind: 'power', unit: 'kW' }))
  for (let i = 0; i < 976; i++) ingest.directory.born(birth(`big-${i}`, points))
  const left = () => faults.get('sense:full')?.detail.split(';')[0]
  for (const id of ['one', 'one', 'two']) receive(topics.birth(id), birth(id, points))
  expect([left(), lasting.has('sense:full')]).toEqual(['2 births refused', true])
  receiveText(topics.birth('one'), '')
  expect(mended).toEqual([])
  receive(topics.birth('two'), birth('two', points.slice(0, 8)))
  expect(mended).toEqual(['sense:full'])
})

test('sees mended what went wrong first and last, however many topics went wrong', () => {
  const { mended, receive, receiveText } = setUp()
  for (let i = 0; i < 1500; i++) receiveText(topics.birth(`b${i}`), '{')
  for (const id of ['b0', 'b1499']) receive(topics.birth(id), { ...meter, id })
  expect(mended).toEqual(['codec:device/b0/birth', 'codec:device/b1499/birth'])
})

test('only live reports of devices that are known tell of their clocks, by the newest stamp', () => {
  const { stamps, ingest, receive } = setUp()
  const batch = { readings: [at - 5000, at].map((time) => ({ at: time, values: { power: 1 } })) }
  receive(topics.telemetry('m1'), batch)
  receive(topics.birth('m1'), meter)
  ingest.handle(topics.telemetry('m1'), encodeJson({ at: at - 9000, values: { power: 1 } }), true)
  expect(stamps).toEqual([])
  receive(topics.telemetry('m1'), batch)
  expect(stamps).toEqual([['m1', at]])
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
  receive(park.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  receive(park.site, { url: 'sites/b.site.json', sha256: 'b'.repeat(64) })
  waiting.get('sites/b.site.json')?.({ ...tinySite(), name: 'B' })
  waiting.get('sites/a.site.json')?.({ ...tinySite(), name: 'A' })
  await vi.waitFor(() => expect(events).toHaveLength(1))
  expect(events[0]).toMatchObject({ type: 'site', site: { name: 'B' } })
})

test('a site that cannot be fetched or is broken is a fault, and the park stays as it was', async () => {
  let bytes = encodeJson({ format: 'else' })
  const { events, faults, receive } = setUp(async () => ok(bytes))
  receive(park.site, tinySite())
  receive(park.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  await vi.waitFor(() => expect(faults.get('codec:site')).toMatchObject({ code: 'codec.invalid' }))
  expect(events).toHaveLength(1)
  bytes = encodeJson({ ...tinySite(), name: 'Mended' })
  receive(park.site, { url: 'sites/a.site.json', sha256: 'a'.repeat(64) })
  await vi.waitFor(() => expect(events).toHaveLength(2))
})
