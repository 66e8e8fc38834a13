import { describe, expect, it } from 'vitest'
import { declutter } from './declutter.ts'
import { blendInsets, fieldOfViewDeg, frameFor, sameInsets, uncovered } from './framing.ts'

const none = uncovered.insets

describe('framing', () => {
  it('leaves a wide screen without panels as it is', () => {
    const { fovDeg, shift } = frameFor(1920, 1080, none)
    expect(fovDeg).toBeCloseTo(fieldOfViewDeg)
    expect(shift).toEqual([0, 0])
  })

  it('looks at the middle of what panels leave free', () => {
    expect(frameFor(1920, 1080, { top: 52, right: 0, bottom: 0, left: 400 }).shift).toEqual([200, 26])
  })

  it('steps back where panels take room, and for tall screens', () => {
    const docked = frameFor(1366, 768, { top: 52, right: 340, bottom: 0, left: 340 }).fovDeg
    expect(docked).toBeGreaterThan(fieldOfViewDeg)
    expect(frameFor(390, 844, none).fovDeg).toBeGreaterThan(docked)
  })

  it('reaches new insets and then rests', () => {
    const to = { top: 0, right: 340, bottom: 0, left: 0 }
    let now = none
    for (let i = 0; i < 60; i++) now = blendInsets(now, to, 0.3)
    expect(sameInsets(now, to)).toBe(true)
  })

  it('draws no label under a panel', () => {
    const at = (id: string, x: number) => ({ id, x, y: 300, width: 80, height: 24, priority: 1 })
    const panel = { left: 0, top: 64, right: 328, bottom: 700 }
    const shown = declutter([at('under', 200), at('edge', 350), at('free', 500)], 1366, 768, undefined, [panel])
    expect(shown.map((s) => s.label.id)).toEqual(['free'])
  })
})
