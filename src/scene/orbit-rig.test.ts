import { describe, expect, it } from 'vitest'
import { eyeOf, OrbitRig, type View } from './orbit-rig.ts'

const home: View = { target: [0, 0, 0], headingDeg: 330, elevationDeg: 35, distanceM: 300 }
const limits = { west: -100, east: 100, south: -80, north: 80, maxDistanceM: 600 }

function settle(rig: OrbitRig): number {
  let steps = 0
  while (rig.step(16) && steps < 1000) steps++
  return steps
}

describe('the view', () => {
  it('never goes under the ground, however far it is turned', () => {
    const rig = new OrbitRig(home, limits)
    rig.orbit(0, -500)
    settle(rig)
    expect(eyeOf(rig.view)[2]).toBeGreaterThan(0)
  })

  it('never leaves the park', () => {
    const rig = new OrbitRig(home, limits)
    rig.pan(5000, 5000)
    rig.zoom(1000)
    settle(rig)
    expect(rig.view.target[0]).toBeLessThanOrEqual(100)
    expect(rig.view.target[1]).toBeLessThanOrEqual(80)
    expect(rig.view.distanceM).toBeLessThanOrEqual(600)
  })

  it('comes to rest and asks for no more frames', () => {
    const rig = new OrbitRig(home, limits)
    rig.orbit(30, 5)
    expect(settle(rig)).toBeLessThan(100)
    expect(rig.step(16)).toBe(false)
  })

  it('arrives where it flies to, the short way round', () => {
    const rig = new OrbitRig(home, limits)
    rig.fly({ ...home, headingDeg: 10, distanceM: 60 }, 400)
    rig.step(200)
    expect(rig.view.headingDeg).toBeCloseTo(350)
    settle(rig)
    expect(rig.view.distanceM).toBeCloseTo(60)
    expect(rig.flying).toBe(false)
  })

  it('jumps where motion is not wanted', () => {
    const rig = new OrbitRig(home, limits)
    rig.fly({ ...home, distanceM: 60 }, 0)
    expect(rig.view.distanceM).toBe(60)
  })

  it('keeps the point under the pointer while coming closer', () => {
    const rig = new OrbitRig(home, limits)
    rig.zoom(0.5, [40, 20, 0])
    settle(rig)
    expect(rig.view.target).toEqual([20, 10, 0])
  })

  it('sees north of the target from its south', () => {
    expect(eyeOf({ target: [0, 0, 0], headingDeg: 0, elevationDeg: 45, distanceM: 10 })[1]).toBeCloseTo(-7.07, 1)
  })
})
