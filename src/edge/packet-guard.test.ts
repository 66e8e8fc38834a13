import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PacketGuard } from './packet-guard.ts'

function packet(length: number): number[] {
  const header = [0x30]
  let left = length
  do {
    header.push((left % 128) | (left >= 128 ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return [...header, ...new Array<number>(length).fill(0xff)]
}

test('lets packets within the limit pass, however they are cut', () => {
  const cut = fc.record({
    lengths: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }),
    size: fc.integer({ min: 1, max: 64 }),
  })
  fc.assert(
    fc.property(cut, ({ lengths, size }) => {
      const bytes = new Uint8Array(lengths.flatMap(packet))
      const guard = new PacketGuard(300)
      for (let at = 0; at < bytes.length; at += size) expect(guard.accepts(bytes.subarray(at, at + size))).toBe(true)
    }),
  )
})

test('refuses a packet by its announced length', () => {
  const guard = new PacketGuard(300)
  expect(guard.accepts(new Uint8Array(packet(300)))).toBe(true)
  expect(guard.accepts(new Uint8Array(packet(301).slice(0, 3)))).toBe(false)
})

test('refuses a length that never ends', () => {
  expect(new PacketGuard(2 ** 28).accepts(new Uint8Array([0x30, 0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(false)
})
