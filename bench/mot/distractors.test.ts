import { describe, expect, it } from 'vitest'
import { withoutDistractors } from './distractors.ts'

const box = (x: number, width = 10) => ({ x, y: 0, width, height: 20 })
const track = (id: number, x: number) => ({ id, score: 1, box: box(x) })

describe('tracks of distractors', () => {
  it('are taken out where they overlap one by half or more', () => {
    const annotated = [
      { box: box(0), distractor: false },
      { box: box(100), distractor: true },
      { box: box(200), distractor: true },
    ]
    // Of 10 pixels: shifted by 3 the overlap is 7 ÷ 13, by 4 it is 6 ÷ 14.
    const found = [[track(1, 1), track(2, 103), track(3, 204), track(4, 300)]]
    expect(withoutDistractors(found, [annotated])[0]?.map(({ id }) => id)).toEqual([1, 3, 4])
  })

  it('stay where a person explains them better, and where there are no distractors', () => {
    const annotated = [
      { box: box(0), distractor: false },
      { box: box(3), distractor: true },
    ]
    expect(withoutDistractors([[track(1, 0)]], [annotated])).toEqual([[track(1, 0)]])
    expect(withoutDistractors([[track(1, 0)], [track(1, 0)]], [[{ box: box(0), distractor: false }]])).toHaveLength(2)
  })
})
