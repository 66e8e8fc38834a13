import { expect, test } from 'vitest'
import type { ParkEvent } from '../site/park-bus.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createWorkerBus, type SenseWorker } from './sense-client.ts'
import { SenseHost } from './sense-host.ts'
import type { SenseCommand, SenseReport } from './sense-protocol.ts'

/** Nothing listens on port 1 of loopback; the link stays down. */
const deadUrl = 'ws://127.0.0.1:1'
const options = { url: deadUrl, site: 'tiny', clientId: 'console-1' }

test('a tab that takes nothing in is sent four batches and no more; then all of the rest at once', () => {
  const clock = new FakeClock()
  const batches: (readonly ParkEvent[])[] = []
  const host = new SenseHost((report) => {
    if (report.type === 'batch') batches.push(report.events)
  }, clock)
  host.handle({ type: 'start', options })
  clock.advance(60_000)
  expect(batches).toHaveLength(4)
  const before = batches.length
  host.handle({ type: 'taken' })
  expect(batches.length).toBe(before + 1)
  expect(batches.at(-1)?.map(({ type }) => type)).toContain('rates')
  host.handle({ type: 'stop' })
})

function fakeWorker() {
  const sent: SenseCommand[] = []
  let report: (report: SenseReport) => void = () => {}
  let fail: (message: string) => void = () => {}
  let terminated = false
  const worker: SenseWorker = {
    postMessage: (command) => void sent.push(command),
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') report = (data) => listener({ data } as never)
      else fail = (message) => listener({ message } as never)
    },
    terminate: () => {
      terminated = true
    },
  }
  return { worker, sent, report: (r: SenseReport) => report(r), fail: (m: string) => fail(m), ended: () => terminated }
}

const online = { phase: 'online', url: deadUrl, sinceMs: 0, attempt: 0, protocol: 5 } as const
const request = { topic: 't', payload: new Uint8Array(), qos: 1, retain: false } as const

test('publishing while the link is down fails here, without a trip to the worker', async () => {
  const { worker, sent } = fakeWorker()
  const bus = createWorkerBus({ ...options, clock: new FakeClock(), worker })
  expect(await bus.publish(request)).toMatchObject({ ok: false, error: { code: 'linkDown' } })
  expect(sent.map(({ type }) => type)).toEqual(['start'])
})

test('each batch is acknowledged and its events reach listeners in order', () => {
  const { worker, sent, report } = fakeWorker()
  const bus = createWorkerBus({ ...options, clock: new FakeClock(), worker })
  const seen: string[] = []
  bus.subscribe((event) => seen.push(event.type))
  const events: ParkEvent[] = [
    { type: 'link', link: online },
    { type: 'availability', device: 'd', online: true },
  ]
  report({ type: 'batch', events, link: online })
  expect(seen).toEqual(['link', 'availability'])
  expect(bus.link.phase).toBe('online')
  expect(sent.at(-1)).toEqual({ type: 'taken' })
})

test('a worker that dies fails the link, names the fault and leaves no publisher waiting', async () => {
  const { worker, report, fail } = fakeWorker()
  const bus = createWorkerBus({ ...options, clock: new FakeClock(), worker })
  const faults: string[] = []
  bus.subscribe((event) => event.type === 'fault' && faults.push(event.key))
  report({ type: 'batch', events: [], link: online })
  const outcome = bus.publish(request)
  fail('out of memory')
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'unconfirmed' } })
  expect(bus.link.phase).toBe('failed')
  expect(faults).toEqual(['sense:worker'])
})

test('dispose says goodbye, then ends the worker', () => {
  const clock = new FakeClock()
  const { worker, sent, report, ended } = fakeWorker()
  const bus = createWorkerBus({ ...options, clock, worker })
  bus.dispose()
  expect(sent.at(-1)).toEqual({ type: 'stop' })
  expect(ended()).toBe(false)
  report({ type: 'stopped' })
  expect(ended()).toBe(true)
})
