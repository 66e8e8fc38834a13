import { describe, expect, it } from 'vitest'
import { meterKinds } from './building-load.ts'
import { type MeterHistory, simulateMeterHistory } from './meter-history.ts'

function mean(h: MeterHistory, keep: (i: number) => boolean): number {
  let sum = 0
  let n = 0
  for (let i = 0; i < h.powerKw.length; i++)
    if (keep(i)) {
      sum += h.powerKw[i] ?? 0
      n++
    }
  return sum / Math.max(1, n)
}

describe('simulateMeterHistory', () => {
  it('gives the same history for the same seed', () => {
    const a = simulateMeterHistory({ seed: 3, days: 3, kind: 'site' })
    expect([...simulateMeterHistory({ seed: 3, days: 3, kind: 'site' }).powerKw]).toEqual([...a.powerKw])
  })

  it('is finite for every kind, and draws more on working afternoons than at night', () => {
    for (const kind of meterKinds)
      for (let seed = 0; seed < 4; seed++) {
        const h = simulateMeterHistory({ seed, days: 14, kind })
        expect(h.powerKw.length).toBe(14 * 96)
        expect(h.powerKw.every((kw) => Number.isFinite(kw))).toBe(true)
        if (kind !== 'office' && kind !== 'plug') continue
        const working = (i: number) => (h.weekday[i] ?? 0) <= 5 && h.holiday[i] === 0
        const afternoon = mean(h, (i) => working(i) && (h.hour[i] ?? 0) >= 14 && (h.hour[i] ?? 0) < 16)
        expect(afternoon).toBeGreaterThan(1.2 * mean(h, (i) => (h.hour[i] ?? 0) < 4))
      }
  })

  it('generates by day only', () => {
    const h = simulateMeterHistory({ seed: 5, days: 10, kind: 'pv' })
    expect(mean(h, (i) => Math.abs((h.hour[i] ?? 0) - 12) < 2)).toBeLessThan(-1)
    expect(mean(h, (i) => (h.hour[i] ?? 0) < 3)).toBeCloseTo(0)
  })
})
