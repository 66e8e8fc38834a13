import { describe, expect, it } from 'vitest'
import { eventF1 } from './day-scores.ts'

const events = (...atS: number[]) => atS.map((s) => ({ key: 'enter', atMs: s * 1000 }))

describe('events of a day', () => {
  it('match within four seconds, each once', () => {
    expect(eventF1(events(10), events(13.9))).toBe(1)
    expect(eventF1(events(10), events(14.1))).toBe(0)
    expect(eventF1(events(10), events(9, 11))).toBeCloseTo(2 / 3)
    expect(eventF1([], [])).toBe(1)
  })

  it('that become true just before the end may be told after it, and those after it are not asked for', () => {
    expect(eventF1(events(598), events(601), 600_000)).toBe(1)
    expect(eventF1(events(598), [], 600_000)).toBe(0)
    expect(eventF1(events(300, 602), events(301, 603), 600_000)).toBe(1)
    expect(eventF1(events(300), events(301, 603), 600_000)).toBe(1)
    expect(eventF1(events(300), events(301, 599), 600_000)).toBeCloseTo(2 / 3)
  })
})
