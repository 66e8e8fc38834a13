import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { poseMatrix, siteFromThree, siteToThree, threeFromSite } from './frames.ts'

describe('frames', () => {
  it('brings a site point to three and back unchanged', () => {
    const v = threeFromSite(12, -7, 3)
    expect(siteFromThree(v)).toEqual([12, -7, 3])
  })

  it('turns content below the site group exactly as threeFromSite does', () => {
    const turned = new Vector3(12, -7, 3).applyQuaternion(siteToThree)
    expect(turned.distanceTo(threeFromSite(12, -7, 3))).toBeLessThan(1e-9)
  })

  it('faces +y of an object east at heading 90', () => {
    const forward = new Vector3(0, 1, 0).applyMatrix4(poseMatrix([10, 20, 0], 90))
    expect(forward.x).toBeCloseTo(11)
    expect(forward.y).toBeCloseTo(20)
  })
})
