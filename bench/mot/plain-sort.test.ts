import { describe, expect, it } from 'vitest'
import { plainSort } from './plain-sort.ts'
import type { MotFrames } from './sequence.ts'

const walk = (frames: readonly number[]): MotFrames =>
  Array.from({ length: 12 }, (_, i) =>
    frames.includes(i) ? [{ id: -1, score: 1, box: { x: 100 + 3 * i, y: 50, width: 20, height: 60 } }] : [],
  )
const shown = (found: MotFrames) => plainSort(found).map((frame) => frame.map(({ id }) => id).join())

describe('plain SORT', () => {
  it('shows what is there from the start, and later newcomers once they were found again three times in a row', () => {
    expect(shown(walk([0, 1, 2, 3])).slice(0, 4)).toEqual(['1', '1', '1', '1'])
    expect(shown(walk([5, 6, 7, 8, 9])).slice(5, 10)).toEqual(['', '', '', '1', '1'])
  })

  it('bridges one missed look and forgets after two', () => {
    expect(shown(walk([0, 1, 2, 4, 5, 6, 7]))[7]).toBe('1')
    expect(shown(walk([0, 1, 2, 5, 6, 7, 8, 9]))[9]).toBe('2')
  })
})
