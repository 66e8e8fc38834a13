import { describe, expect, it } from 'vitest'
import {
  averagePrecision,
  bestPoint,
  type Found,
  precisionAtRecall,
  precisionCurve,
  recallAtPrecision,
  type ScoredFrame,
  type Truth,
} from './detector-scores.ts'

const truth = (x: number, over: Partial<Truth> = {}): Truth => ({ className: 'person', x, y: 0, width: 10, height: 20, ignore: false, ...over }) // biome-ignore format: a row
const found = (x: number, score: number): Found => ({ className: 'person', x, y: 0, width: 10, height: 20, score })

/** Two people; right at 0.9, wrong at 0.8, right at 0.7. */
const frame: ScoredFrame = { truth: [truth(0), truth(100)], found: [found(0, 0.9), found(50, 0.8), found(100, 0.7)] }

describe('scores of a detector', () => {
  it('follow recall and precision as the floor sinks', () => {
    const curve = precisionCurve([frame], 'person') ?? []
    expect(curve.map(({ recall, precision }) => [recall, Number(precision.toFixed(3))])).toEqual([
      [0.5, 1],
      [0.5, 0.5],
      [1, 0.667],
    ])
    expect(precisionAtRecall(curve, 0.95)).toBeCloseTo(2 / 3)
    expect(recallAtPrecision(curve, 0.95)).toBe(0.5)
    expect(bestPoint(curve)?.score).toBe(0.7)
  })

  it('give the area under the envelope at 101 recalls', () => {
    expect(averagePrecision([frame], 'person')).toBeCloseTo((51 * 1 + 50 * (2 / 3)) / 101)
  })

  it('count neither for nor against what lies on something ignored', () => {
    const doubtful = { ...frame, truth: [...frame.truth, truth(50, { ignore: true })] }
    expect(averagePrecision([doubtful], 'person')).toBeCloseTo(1)
  })

  it('ask only for what they are told to: those who are mostly hidden are neither wanted nor wrong', () => {
    const company = {
      ...frame,
      truth: [truth(0, { visible: 0.9 }), truth(100, { visible: 0.9 }), truth(50, { visible: 0.4 })],
    }
    const unhidden = precisionCurve([company], 'person', (box) => (box.visible ?? 1) >= 0.65) ?? []
    expect(recallAtPrecision(unhidden, 0.95)).toBe(1)
  })

  it('find a thing once: the second on it is wrong', () => {
    const twice = { truth: [truth(0)], found: [found(0, 0.9), found(1, 0.8)] }
    expect((precisionCurve([twice], 'person') ?? []).at(-1)?.precision).toBe(0.5)
  })

  it('say nothing of a class without any truth', () => {
    expect(averagePrecision([frame], 'smoke')).toBeUndefined()
  })
})
