import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Point2 } from '../../site/geometry.ts'
import { type FieldSample, fieldGrid, spread } from './heat-field.ts'

const hall: Point2[] = [
  [0, 0],
  [20, 0],
  [20, 10],
  [0, 10],
]
const half = (from: number): Point2[] => [
  [from, 0],
  [from + 10, 0],
  [from + 10, 10],
  [from, 10],
]
const cell = (grid: ReturnType<typeof fieldGrid>, x: number, y: number) =>
  Math.floor((y - grid.south) / grid.cellM) * grid.columns + Math.floor((x - grid.west) / grid.cellM)
const sample = (x: number, y: number, value: number, more: Partial<FieldSample> = {}): FieldSample => ({
  x,
  y,
  value,
  trust: 1,
  room: undefined,
  ...more,
})

describe('a heat field', () => {
  it('knows nothing beyond the reach of what was reported', () => {
    const grid = fieldGrid(hall, [], 0.5)
    const field = spread(grid, [sample(2, 5, 24)], 6)
    expect(field.value[cell(grid, 3, 5)]).toBeCloseTo(24)
    expect(field.value[cell(grid, 9, 5)]).toBeNaN()
    expect(field.reach[cell(grid, 9, 5)]).toBe(0)
  })

  it('lets a wall dampen what a neighbour says', () => {
    const grid = fieldGrid(hall, [half(0), half(10)], 0.5)
    const field = spread(grid, [sample(9, 5, 30, { room: 1 }), sample(19, 5, 20, { room: 2 })], 12)
    expect(field.value[cell(grid, 9.7, 5)]).toBeGreaterThan(27)
    expect(field.value[cell(grid, 12.2, 5)]).toBeLessThan(26)
  })

  it('leaves out holes and readings that are no number, and says how far a stale one is to be trusted', () => {
    const grid = fieldGrid(hall, [], 0.5, [half(10)])
    const field = spread(grid, [sample(5, 5, 21, { trust: 0.2 }), sample(4, 5, Number.NaN)], 9)
    expect(field.value[cell(grid, 12, 5)]).toBeNaN()
    expect(field.trust[cell(grid, 5, 5)]).toBeCloseTo(0.2)
  })

  it('never leaves the range of what was reported', () => {
    const readings = fc.array(
      fc.record({
        x: fc.double({ min: 0, max: 20, noNaN: true }),
        y: fc.double({ min: 0, max: 10, noNaN: true }),
        value: fc.double({ min: -40, max: 90, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(readings, fc.double({ min: 1, max: 30, noNaN: true }), (list, reachM) => {
        const grid = fieldGrid(hall, [half(0)], 1)
        const { value } = spread(
          grid,
          list.map((r) => sample(r.x, r.y, r.value)),
          reachM,
        )
        const [low, high] = [Math.min(...list.map((r) => r.value)), Math.max(...list.map((r) => r.value))]
        for (const v of value) if (!Number.isNaN(v) && (v < low - 1e-3 || v > high + 1e-3)) return false
        return true
      }),
      { numRuns: 60 },
    )
  })
})
