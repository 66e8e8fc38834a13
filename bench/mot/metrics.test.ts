import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countTracks, hotaAlphas, trackFigures } from './metrics.ts'
import type { MotBox, MotFrames } from './sequence.ts'

/** A box of 10 × 10 at `x`; two of them overlap by (10 − d) ÷ (10 + d). */
const at = (id: number, x: number): MotBox => ({ id, score: 1, box: { x, y: 0, width: 10, height: 10 } })
const figures = (truth: MotFrames, found: MotFrames) => trackFigures([countTracks(truth, found)])

describe('figures of tracks', () => {
  it('are full for the truth itself', () => {
    const truth = [[at(1, 0), at(2, 50)], [at(1, 1), at(2, 51)], [at(2, 52)]]
    expect(figures(truth, truth)).toEqual({
      mota: 100,
      motp: 100,
      idf1: 100,
      hota: 100,
      detA: 100,
      assA: 100,
      idSwitches: 0,
      fragments: 0,
      falsePositives: 0,
      falseNegatives: 0,
    })
  })

  it('are nothing for no tracks, and MOTA falls below nothing with false ones', () => {
    const truth = [[at(1, 0)], [at(1, 0)]]
    expect(figures(truth, [[], []])).toMatchObject({ mota: 0, idf1: 0, hota: 0, falseNegatives: 2 })
    const wrong = [[at(7, 80), at(8, 90)], [at(7, 80)]]
    expect(figures(truth, wrong)).toMatchObject({ mota: -150, falsePositives: 3, falseNegatives: 2 })
  })

  it('count a change of name in the middle: four looks, two names', () => {
    const truth = [0, 1, 2, 3].map((x) => [at(1, x)])
    const found = [7, 7, 8, 8].map((id, x) => [at(id, x)])
    // One switch of four boxes. Identity keeps one name: 2 right, 2 truth and 2 track boxes left over.
    // Each match shares its name with 2 of 4 + 2 − 2 boxes, at every alpha.
    expect(figures(truth, found)).toMatchObject({ mota: 75, idf1: 50, idSwitches: 1, fragments: 0, motp: 100 })
    expect(figures(truth, found).assA).toBeCloseTo(50)
    expect(figures(truth, found).detA).toBeCloseTo(100)
    expect(figures(truth, found).hota).toBeCloseTo(100 * Math.sqrt(0.5))
  })

  it('count a switch after a gap too, and the gap as a fragment', () => {
    const truth = [0, 1, 2, 3].map((x) => [at(1, x)])
    expect(figures(truth, [[at(7, 0)], [], [at(7, 2)], [at(7, 3)]])).toMatchObject({ fragments: 1, idSwitches: 0 })
    expect(figures(truth, [[at(7, 0)], [], [at(8, 2)], [at(8, 3)]])).toMatchObject({
      fragments: 1,
      idSwitches: 1,
      mota: 50,
    })
  })

  it('do not call it a fragment where the person was away', () => {
    const truth = [[at(1, 0)], [], [at(1, 2)]]
    expect(figures(truth, truth)).toMatchObject({ fragments: 0, mota: 100 })
  })

  it('keep last look’s pair while it holds, though another box now lies closer', () => {
    const truth = [[at(1, 0)], [at(1, 0)]]
    const found = [[at(7, 1)], [at(7, 2), at(8, 0)]]
    expect(figures(truth, found)).toMatchObject({ idSwitches: 0, falsePositives: 1, mota: 50 })
    expect(figures(truth, found).motp).toBeCloseTo((100 * (9 / 11 + 8 / 12)) / 2)
  })

  it('keep a pair from the frame before only: who was away meanwhile is matched anew, as by TrackEval', () => {
    const found = (middle: MotBox[]) => [[at(7, 1)], middle, [at(7, 2), at(9, 0)]]
    const truth = (middle: MotBox[]) => [[at(1, 0)], middle, [at(1, 0)]]
    expect(figures(truth([at(2, 50)]), found([at(8, 50)]))).toMatchObject({ idSwitches: 1, falsePositives: 1 })
    // A frame with nobody in it, or without any track, is passed over.
    expect(figures(truth([]), found([]))).toMatchObject({ idSwitches: 0, falsePositives: 1 })
    expect(figures(truth([at(1, 0)]), found([]))).toMatchObject({ idSwitches: 0, falseNegatives: 1 })
  })

  it('match from half overlap on, and HOTA at each of its alphas', () => {
    const truth = [[at(1, 0)]]
    // d = 10/3 overlaps by exactly a half; d = 4 by 3/7.
    expect(figures(truth, [[at(7, 10 / 3)]])).toMatchObject({ mota: 100, falseNegatives: 0 })
    const short = figures(truth, [[at(7, 4)]])
    expect(short).toMatchObject({ mota: -100, falsePositives: 1, falseNegatives: 1 })
    // Alphas .05 … .40 match (8 of 19), each fully.
    expect(hotaAlphas.filter((alpha) => alpha <= 3 / 7)).toHaveLength(8)
    expect(short.hota).toBeCloseTo((100 * 8) / 19)
  })

  it('add up over sequences by boxes, not by ratios', () => {
    const good = countTracks([[at(1, 0)], [at(1, 0)], [at(1, 0)]], [[at(7, 0)], [at(7, 0)], [at(7, 0)]])
    const blind = countTracks([[at(1, 0)]], [[]])
    expect(trackFigures([good, blind])).toMatchObject({ mota: 75, falseNegatives: 1 })
    expect(trackFigures([good, blind]).idf1).toBeCloseTo((100 * 6) / 7)
    expect(trackFigures([good, blind]).detA).toBeCloseTo(75)
    expect(trackFigures([good, blind]).assA).toBeCloseTo(100)
  })

  it('do not depend on how tracks are numbered, nor on the order of boxes', () => {
    const frames = fc.array(
      fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 4 }), x: fc.integer({ min: 0, max: 40 }) }), {
        selector: ({ id }) => id,
        maxLength: 4,
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(frames, frames, (a, b) => {
        const length = Math.min(a.length, b.length)
        const truth = a.slice(0, length).map((frame) => frame.map(({ id, x }) => at(id, x)))
        const found = b.slice(0, length).map((frame) => frame.map(({ id, x }) => at(id, x)))
        const renamed = found.map((frame) => frame.map((box) => ({ ...box, id: 1000 - box.id })))
        const first = figures(truth, found)
        const second = figures(truth, renamed)
        for (const key of ['idf1', 'falsePositives', 'falseNegatives'] as const)
          expect(second[key]).toBeCloseTo(first[key], 9)
      }),
    )
  })
})
