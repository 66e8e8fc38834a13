import { describe, expect, it } from 'vitest'
import { bootstrapF1, countEvents, f1Of, sumCounts } from './event-scores.ts'

const clip = (truth: [string, number][], said: [string, number][], neutral: string[] = []) => ({
  truth: truth.map(([type, atS]) => ({ type, atS })),
  said: said.map(([type, atS]) => ({ type, atS })),
  neutral,
})

describe('scores of events', () => {
  it('match one to one within the tolerance of their type', () => {
    expect(countEvents(clip([['dwell', 10]], [['dwell', 13.9]]))).toEqual({ right: 1, wrong: 0, missed: 0 })
    expect(countEvents(clip([['dwell', 10]], [['dwell', 14.1]]))).toEqual({ right: 0, wrong: 1, missed: 1 })
    expect(countEvents(clip([['fire', 3]], [['fire', 9.5]]))).toEqual({ right: 1, wrong: 0, missed: 0 })
    expect(countEvents(clip([['dwell', 10]], [['dwell', 10], ['dwell', 11]]))).toEqual({ right: 1, wrong: 1, missed: 0 }) // biome-ignore format: a row
    expect(countEvents(clip([['dwell', 10]], [['crowd', 10]]))).toEqual({ right: 0, wrong: 1, missed: 1 })
  })

  it('leave aside what is neither wanted nor wrong', () => {
    expect(countEvents(clip([['fire', 3]], [['fire', 4], ['smoke', 4]], ['smoke']))).toEqual({ right: 1, wrong: 0, missed: 0 }) // biome-ignore format: a row
  })

  it('make one figure with an interval around it', () => {
    const counts = [...Array.from({ length: 90 }, () => ({ right: 1, wrong: 0, missed: 0 })), ...Array.from({ length: 10 }, () => ({ right: 0, wrong: 0, missed: 1 }))] // biome-ignore format: a row
    expect(f1Of(sumCounts(counts))).toBeCloseTo(180 / 190)
    const [low, high] = bootstrapF1(counts)
    expect(low).toBeLessThan(180 / 190)
    expect(high).toBeGreaterThan(180 / 190)
    expect(f1Of({ right: 0, wrong: 0, missed: 0 })).toBe(1)
  })
})
