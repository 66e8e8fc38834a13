import { describe, expect, it } from 'vitest'
import { byFrame, parseMotRows, truthFrames } from './sequence.ts'

const rowsOf = (text: string) => {
  const rows = parseMotRows(text)
  if (!rows.ok) throw new Error(rows.error)
  return rows.value
}

describe('a MOTChallenge file', () => {
  it('gives boxes by frame, the first frame being 1', () => {
    const frames = byFrame(rowsOf('2,7,10,20,30,40,0.9,-1,-1,-1\n\n1,-1,1.5,2,3,4\n9,1,0,0,1,1,1\n'), 2)
    expect(frames).toEqual([
      [{ id: -1, score: 1, box: { x: 1.5, y: 2, width: 3, height: 4 } }],
      [{ id: 7, score: 0.9, box: { x: 10, y: 20, width: 30, height: 40 } }],
    ])
  })

  it('does not ask for what the truth flags with 0, nor for classes other than pedestrians', () => {
    const mot15 = rowsOf('1,1,0,0,9,9,1,-3.1,16.3,0.4\n1,2,0,0,9,9,0,-1.4,9.0,0.6')
    expect(truthFrames(mot15, 1)[0]?.map(({ id }) => id)).toEqual([1])
    const mot16 = rowsOf('1,1,0,0,9,9,1,1,0.8\n1,2,0,0,9,9,1,3,1\n1,3,0,0,9,9,0,1,1')
    expect(truthFrames(mot16, 1)[0]?.map(({ id }) => id)).toEqual([1])
  })

  it('names the line that is no row', () => {
    expect(parseMotRows('1,1,0,0,9,9\n1,1,0,x,9,9')).toEqual({ ok: false, error: 'line 2 is not six or more numbers' })
    expect(parseMotRows('0,1,0,0,9,9')).toEqual({ ok: false, error: 'line 1: frame 0 is not 1…1000000' })
  })
})
