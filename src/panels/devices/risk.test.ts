import { describe, expect, it } from 'vitest'
import { HotPoints } from '../../twin/hot-points.ts'
import { isStale, pointState } from './point-state.ts'
import { isRisky, stepOf } from './risk.ts'

describe('controls', () => {
  it('ask again before locks, sirens and plant, not before light', () => {
    expect(isRisky('Gate', { id: 'lock', kind: 'lock', unit: '' })).toBe(true)
    expect(isRisky('Chiller', { id: 'mode', kind: 'mode', unit: '' })).toBe(true)
    expect(isRisky('Luminaire', { id: 'on', kind: 'onOff', unit: '' })).toBe(false)
    expect(isRisky('Chiller', { id: 'setpoint', kind: 'setpoint', unit: '°C' })).toBe(false)
  })

  it('step through a range in about a hundred round steps', () => {
    expect(stepOf(0, 100)).toBe(1)
    expect(stepOf(5, 12)).toBeCloseTo(0.1)
    expect(stepOf(0, 1500)).toBe(20)
    expect(stepOf(3, 3)).toBe(1)
  })
})

describe('age of a value', () => {
  it('marks an old measured value, not an old setting, and counts in site time', () => {
    const old = { value: 1, atMs: 1000, quality: 'good' } as const
    expect(isStale(old, 400_000, 1, false)).toBe(true)
    expect(isStale(old, 400_000, 10, false)).toBe(false)
    expect(isStale(old, 400_000, 1, true)).toBe(false)
    expect(isStale({ ...old, atMs: 0 }, 400_000, 1, false)).toBe(false)
  })

  it('reads quality beside the value', () => {
    const hot = new HotPoints()
    hot.reserve(1)
    hot.apply({
      count: 1,
      indices: Uint32Array.of(0),
      values: Float64Array.of(4),
      atMs: Float64Array.of(9),
      quality: Uint8Array.of(2),
    })
    expect(pointState(hot, 0)).toEqual({ value: 4, atMs: 9, quality: 'bad' })
  })
})
