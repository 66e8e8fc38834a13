import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rowWindow } from './tree-window.ts'

it('draws a short list whole and of ten thousand rows only those near the sight', () => {
  expect(rowWindow(100, 27, 500, 400)).toEqual({ from: 0, to: 100 })
  const { from, to } = rowWindow(10_000, 27, 27 * 5000, 400)
  expect(to - from).toBeLessThan(100)
})

it('never leaves a row in sight undrawn', () => {
  fc.assert(
    fc.property(
      fc.nat(20_000),
      fc.integer({ min: 10, max: 60 }),
      fc.nat(800_000),
      fc.integer({ min: 1, max: 2000 }),
      (rows, rowPx, scrolled, high) => {
        const { from, to } = rowWindow(rows, rowPx, scrolled, high)
        const first = Math.floor(scrolled / rowPx)
        const last = Math.min(rows - 1, Math.floor((scrolled + high) / rowPx))
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(rows)
        if (first < rows && rows > 0) expect(from <= first && last < to).toBe(true)
      },
    ),
  )
})
