import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('grows with each attempt up to the cap', () => {
  const longest = () => 0.999_999
  expect(backoffMs(0, longest)).toBeCloseTo(500, 0)
  expect(backoffMs(3, longest)).toBeCloseTo(4000, 0)
  expect(backoffMs(30, longest)).toBeCloseTo(15_000, 0)
})

test('never hammers: even the luckiest wait is half the base', () => {
  expect(backoffMs(8, () => 0)).toBe(250)
})
