import { describe, expect, it } from 'vitest'
import { scaleOf } from './looks.ts'

const sureOf = (scores: readonly number[]) => {
  const { probability, sureScore } = scaleOf(scores)
  return scores.filter((score) => probability(score) >= sureScore).length / scores.length
}
const even = (from: number, to: number) => Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100)

describe('the scores of a detection file', () => {
  it('are softmax of two stages where many are near 1', () => {
    expect(scaleOf([...even(0.3, 0.9), ...even(0.93, 0.999)]).sureScore).toBe(0.92)
  })

  it('are those of one stage where few are near 1 and some are beyond one half, junk or not', () => {
    expect(scaleOf(even(0.1, 0.9)).sureScore).toBe(0.5)
    expect(scaleOf([...even(0.001, 0.05), ...even(0.001, 0.05), ...even(0.4, 0.85)]).sureScore).toBe(0.5)
  })

  it.each([
    ['per cent', even(1, 99)],
    ['margins of an SVM', even(-1.5, 2)],
    ['all below one half', even(0, 0.45)],
  ])('count by their rank where they are %s', (_, scores) => {
    expect(sureOf(scores)).toBeGreaterThan(0.6)
    expect(sureOf(scores)).toBeLessThan(0.75)
  })

  it.each([0, 1, -1, 50])('are all sure where all are %i', (score) => {
    expect(sureOf([score])).toBe(1)
    expect(sureOf([score, score, score])).toBe(1)
  })

  it('may be none', () => {
    expect(scaleOf([]).sureScore).toBeGreaterThan(0)
  })
})
