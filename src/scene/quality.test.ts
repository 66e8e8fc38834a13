import { describe, expect, it } from 'vitest'
import { TierAdapter, tierFromRenderer } from './quality.ts'

function feed(adapter: TierAdapter, ms: number, frames: number): string[] {
  return Array.from({ length: frames }, () => adapter.frame(ms)).filter((tier) => tier !== undefined)
}

describe('quality', () => {
  it('starts a machine without a GPU at the floor', () => {
    expect(tierFromRenderer('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)')).toBe('floor')
    expect(tierFromRenderer('Apple M3')).toBe('medium')
  })

  it('steps down after one window of slow frames', () => {
    expect(feed(new TierAdapter('medium'), 60, 24)).toEqual(['low'])
  })

  it('climbs only after several fast windows', () => {
    const adapter = new TierAdapter('medium')
    expect(feed(adapter, 8, 48)).toEqual([])
    expect(feed(adapter, 8, 24)).toEqual(['high'])
  })

  it('does not return to a tier that proved too much', () => {
    const adapter = new TierAdapter('high')
    feed(adapter, 60, 24)
    expect(adapter.tier).toBe('medium')
    expect(feed(adapter, 5, 500)).toEqual([])
  })

  it('stays where frames are neither fast nor slow, and ignores a pause', () => {
    const adapter = new TierAdapter('medium')
    expect(feed(adapter, 20, 300)).toEqual([])
    expect(feed(adapter, 5000, 300)).toEqual([])
  })
})
