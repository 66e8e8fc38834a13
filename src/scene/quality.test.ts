import { describe, expect, it } from 'vitest'
import { type QualityTier, TierAdapter, tierFromRenderer } from './quality.ts'

/** What a picture of each tier costs a GPU, ms. */
type Costs = Readonly<Record<QualityTier, number>>

/** A display shows a picture at its next beat after it is done. Draws for so long; returns the tiers that were changed to. */
function show(adapter: TierAdapter, hz: number, costs: Costs, forMs: number): QualityTier[] {
  const periodMs = 1000 / hz
  const changes: QualityTier[] = []
  for (let atMs = 0, frame = 0; atMs < forMs; frame++) {
    // Frames are told by the page's clock, which trembles.
    const tellsMs = Math.ceil(costs[adapter.tier] / periodMs) * periodMs + (frame % 2 === 0 ? 0.8 : -0.8)
    const next = adapter.frame(tellsMs)
    if (next) changes.push(next)
    atMs += tellsMs
  }
  return changes
}

const strong: Costs = { floor: 1, low: 2, medium: 4, high: 6 }
const middling: Costs = { floor: 2, low: 4, medium: 8, high: 40 }
const weak: Costs = { floor: 3, low: 8, medium: 40, high: 90 }
const none: Costs = { floor: 90, low: 250, medium: 600, high: 900 }
const minuteMs = 60_000

describe('quality', () => {
  it('starts a machine without a GPU at the floor', () => {
    expect(tierFromRenderer('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)')).toBe('floor')
    expect(tierFromRenderer('Apple M3')).toBe('medium')
  })

  it('keeps it there, however small the picture, and brings one there that hides its name', () => {
    expect(show(new TierAdapter('floor'), 60, strong, 30 * minuteMs)).toEqual([])
    const hidden = new TierAdapter('medium')
    expect(show(hidden, 60, none, 15_000)).toEqual(['low', 'floor'])
    expect(show(hidden, 60, none, 30 * minuteMs)).toEqual([])
  })

  it.each([30, 48, 60, 75, 120, 144])('gives a strong GPU all there is, on a display of %i Hz', (hz) => {
    const adapter = new TierAdapter('medium')
    expect(show(adapter, hz, strong, 7000)).toEqual([])
    expect(show(adapter, hz, strong, 5000)).toEqual(['high'])
    expect(show(adapter, hz, strong, 10 * minuteMs)).toEqual([])
  })

  it.each([30, 60, 75, 120, 144])('tries what is too much ever more seldom, on a display of %i Hz', (hz) => {
    const adapter = new TierAdapter('medium')
    expect(show(adapter, hz, middling, 15_000)).toEqual(['high', 'medium'])
    expect(show(adapter, hz, middling, 4 * minuteMs)).toEqual([])
    expect(show(adapter, hz, middling, 2 * minuteMs)).toEqual(['high', 'medium'])
    expect(show(adapter, hz, middling, 18 * minuteMs)).toEqual([])
    // Five minutes, twenty, eighty, over five hours.
    expect(show(adapter, hz, middling, 100 * minuteMs)).toEqual(['high', 'medium', 'high', 'medium'])
  })

  it.each([30, 60, 144])('does not swing between tiers where one is far too slow, on a display of %i Hz', (hz) => {
    const adapter = new TierAdapter('medium')
    expect(show(adapter, hz, weak, 4 * minuteMs)).toEqual(['low'])
    expect(show(adapter, hz, weak, 100 * minuteMs)).toEqual(['medium', 'low', 'medium', 'low'])
  })

  it('comes back from one slow stretch after minutes', () => {
    const adapter = new TierAdapter('high')
    expect(show(adapter, 60, none, 60_000)).toEqual(['medium', 'low', 'floor'])
    expect(show(adapter, 60, strong, 4 * minuteMs)).toEqual([])
    expect(show(adapter, 60, strong, 2 * minuteMs)).toEqual(['low', 'medium', 'high'])
  })

  it('does not give up smooth pictures for finer ones that stutter', () => {
    const adapter = new TierAdapter('medium')
    const halved = { ...strong, high: 25 }
    expect(show(adapter, 60, halved, 15_000)).toEqual(['high', 'medium'])
  })

  it('asks no more of the tier it comes back to than before the try', () => {
    const adapter = new TierAdapter('low')
    const until = (ms: number) => {
      for (let frame = 0; frame < 1000; frame++) {
        const next = adapter.frame(ms)
        if (next) return next
      }
      return undefined
    }
    expect([until(16), until(45), until(30)]).toEqual(['medium', 'low', undefined])
  })

  it('stays where frames are neither smooth nor slow, and ignores a pause', () => {
    const adapter = new TierAdapter('medium')
    // Now one beat of 60 Hz, now two.
    for (let i = 0; i < 3600; i++) expect(adapter.frame(i % 3 === 0 ? 16.7 : 33.4)).toBeUndefined()
    for (let i = 0; i < 300; i++) expect(adapter.frame(5000)).toBeUndefined()
  })
})
