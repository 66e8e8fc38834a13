import { describe, expect, it } from 'vitest'
import { withClearSight } from './clear-sight.ts'
import { eyeOf, type View } from './orbit-rig.ts'
import type { Prism } from './picking.ts'

const hall: Prism = {
  pick: { kind: 'building', id: 'hall' },
  polygon: [
    [-30, -30],
    [30, -30],
    [30, -4],
    [-30, -4],
  ],
  lowM: 0,
  highM: 12,
}
const north: View = { target: [0, 0, 0], headingDeg: 0, elevationDeg: 30, distanceM: 80 }

describe('clear sight', () => {
  it('goes round a building that stands in the way', () => {
    const { headingDeg } = withClearSight(north, [[0, 0, 0]], [hall])
    expect(eyeOf({ ...north, headingDeg })[1]).toBeGreaterThan(-40)
    expect(headingDeg).not.toBe(0)
  })

  it('keeps the heading where nothing is in the way, and for what is inside the building', () => {
    expect(withClearSight({ ...north, headingDeg: 180 }, [[0, 0, 0]], [hall]).headingDeg).toBe(180)
    const inside: View = { ...north, target: [0, -10, 3] }
    expect(withClearSight(inside, [[0, -10, 3]], [hall]).headingDeg).toBe(0)
  })
})
