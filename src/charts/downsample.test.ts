import { describe, expect, it } from 'vitest'
import { RingSeries } from '../platform/ring-buffer.ts'
import { downsample } from './downsample.ts'

function seriesOf(values: readonly number[]): RingSeries {
  const series = new RingSeries(Math.max(1, values.length))
  for (const [i, value] of values.entries()) series.push(i * 1000, value)
  return series
}

describe('downsample', () => {
  it('returns short series as they are', () => {
    expect(downsample(seriesOf([1, 2, 3]), 300).map((p) => p.value)).toEqual([1, 2, 3])
    expect(downsample(new RingSeries(4), 300)).toEqual([])
  })

  it('keeps both ends, the order and exactly as many points as asked for', () => {
    const curve = downsample(seriesOf(Array.from({ length: 1000 }, (_, i) => Math.sin(i / 30))), 300)
    expect(curve).toHaveLength(300)
    expect(curve[0]?.atMs).toBe(0)
    expect(curve.at(-1)?.atMs).toBe(999_000)
    expect(curve.every((p, i) => i === 0 || p.atMs > (curve[i - 1]?.atMs ?? 0))).toBe(true)
  })

  it('never loses a lone spike', () => {
    const values = Array.from({ length: 720 }, () => 5)
    values[437] = 90
    expect(downsample(seriesOf(values), 60).some((p) => p.value === 90)).toBe(true)
  })
})
