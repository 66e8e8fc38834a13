import { expect, test } from 'vitest'
import type { ParkEvent } from '../site/park-bus.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Outbox } from './outbox.ts'

function setUp() {
  const clock = new FakeClock()
  const sent: ParkEvent[] = []
  const gate = { open: true }
  const outbox = new Outbox(clock, { ready: () => gate.open, send: (events) => sent.push(...events) })
  return { clock, sent, gate, outbox }
}

const ack = (id: string): ParkEvent => ({ type: 'ack', device: 'd', ack: { id, status: 'accepted', at: 1 } })

test('events leave at once, readings within 50 ms in one block', () => {
  const { clock, sent, outbox } = setUp()
  outbox.row(1, 10, 1000, 0, 1)
  outbox.row(2, 20, 1000, 0, 1)
  outbox.emit(ack('a'))
  clock.advance(0)
  expect(sent.map(({ type }) => type)).toEqual(['ack'])
  clock.advance(50)
  expect(sent.map(({ type }) => type)).toEqual(['ack', 'readings'])
  expect(sent[1]).toMatchObject({ block: { count: 2 } })
})

test('a full block does not wait', () => {
  const { sent, outbox } = setUp()
  for (let i = 0; i < 4096; i++) outbox.row(i, i, 1000, 0, 1)
  expect(sent).toHaveLength(1)
})

test('events go before readings, so that a birth precedes its values', () => {
  const { clock, sent, outbox } = setUp()
  for (let i = 0; i < 10; i++) outbox.row(i, i, 1000, 0, 1)
  clock.advance(49)
  outbox.emit({ type: 'availability', device: 'd', online: true })
  outbox.flush()
  expect(sent.map(({ type }) => type)).toEqual(['availability', 'readings'])
})

test('while nobody takes them old news gives way, acknowledgements never', () => {
  const { clock, sent, gate, outbox } = setUp()
  gate.open = false
  for (let i = 0; i < 30_000; i++) outbox.emit({ type: 'availability', device: `d${i % 10}`, online: i % 2 === 0 })
  for (let i = 0; i < 500; i++) outbox.emit(ack(`c${i}`))
  for (let i = 0; i < 30_000; i++)
    outbox.emit({ type: 'audit', audit: { at: 1, actor: 'a', action: 'b', subject: 'c', detail: 'd' } })
  clock.advance(1000)
  expect(sent).toEqual([])
  gate.open = true
  outbox.flush()
  expect(sent.length).toBeLessThan(25_000)
  expect(sent.filter(({ type }) => type === 'ack')).toHaveLength(500)
  expect(outbox.droppedTotal).toBe(60_500 - sent.length)
})

test('what a flush had no room for follows by itself', () => {
  const { clock, sent, gate, outbox } = setUp()
  gate.open = false
  for (let i = 0; i < 150_000; i++) outbox.row(1, i, i, 0, 1)
  clock.advance(100)
  gate.open = true
  outbox.flush()
  clock.advance(100)
  const rows = sent.reduce((sum, event) => sum + (event.type === 'readings' ? event.block.count : 0), 0)
  expect(rows).toBe(150_000)
})

test('a clock message comes after the readings that were there before it', () => {
  const { clock, sent, outbox } = setUp()
  outbox.row(1, 1, 1000, 0, 1)
  outbox.emit({ type: 'clock', clock: { siteMs: 1_780_000_000_000, speed: 1, jump: 1 } })
  clock.advance(0)
  expect(sent.map(({ type }) => type)).toEqual(['readings', 'clock'])
})

test('nothing ticks after dispose', () => {
  const { clock, outbox } = setUp()
  outbox.row(1, 1, 1, 0, 1)
  outbox.emit(ack('a'))
  outbox.dispose()
  expect(clock.pendingCount).toBe(0)
})
