import { describe, expect, it } from 'vitest'
import { given, noPairs, withoutPair } from './calibration-pairs.ts'

describe('pairs of points', () => {
  it('become whole in either order, and the next one begins', () => {
    const first = given(given(noPairs, { x: 10, y: 20 }), { eastM: 1, northM: 2 })
    expect(first).toEqual({ done: [{ x: 10, y: 20, at: [1, 2, 0] }], open: {} })
    const second = given(given(first, { eastM: 3, northM: 4 }), { x: 30, y: 40 })
    expect(second.done).toHaveLength(2)
    expect(withoutPair(second, 0).done).toEqual([{ x: 30, y: 40, at: [3, 4, 0] }])
  })

  it('may be given again while they are half done', () => {
    const open = given(given(noPairs, { x: 10, y: 20 }), { x: 11, y: 21 })
    expect(open).toEqual({ done: [], open: { x: 11, y: 21 } })
  })
})
