import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cameraModel, imageFromWorld, worldFromImage } from './projection.ts'
import type { Camera } from './schema.ts'

function camera(over: Partial<Camera> = {}, k1 = 0, k2 = 0): Camera {
  return {
    id: 'cam',
    name: 'cam',
    at: [10, 20, 5],
    headingDeg: 0,
    pitchDeg: -20,
    rollDeg: 0,
    lens: { widthPx: 320, heightPx: 192, hfovDeg: 70, k1, k2 },
    source: 'virtual:',
    fps: 8,
    zones: [],
    ...over,
  }
}

describe('camera projection', () => {
  it('puts what lies to the east on the right of a camera that looks north', () => {
    const model = cameraModel(camera())
    expect(imageFromWorld(model, 12, 30, 0)?.x).toBeGreaterThan(160)
    expect(imageFromWorld(model, 8, 30, 0)?.x).toBeLessThan(160)
  })

  it('turns clockwise with the heading', () => {
    const model = cameraModel(camera({ headingDeg: 90 }))
    expect(imageFromWorld(model, 30, 20, 0)?.x).toBeCloseTo(160)
    expect(imageFromWorld(model, 0, 20, 0)).toBeUndefined()
  })

  it('looks down with a negative pitch: the horizon rises in the picture', () => {
    const far = (pitchDeg: number) => imageFromWorld(cameraModel(camera({ pitchDeg })), 10, 5000, 5)?.y
    expect(far(0)).toBeCloseTo(96)
    expect(far(-20)).toBeLessThan(20)
    expect(far(20)).toBeGreaterThan(172)
  })

  it('turns the picture counter-clockwise when the camera rolls clockwise', () => {
    const level = cameraModel(camera({ pitchDeg: 0 }))
    const rolled = cameraModel(camera({ pitchDeg: 0, rollDeg: 10 }))
    const right = [12, 30, 5] as const
    expect(imageFromWorld(level, ...right)?.y).toBeCloseTo(96)
    expect(imageFromWorld(rolled, ...right)?.y).toBeLessThan(95)
  })

  it('sees nothing on the ground above the horizon', () => {
    expect(worldFromImage(cameraModel(camera({ pitchDeg: 0 })), 160, 40)).toBeUndefined()
  })

  it('does not fold what lies far beside a barrel lens back into the picture', () => {
    const beside = (east: number, k1: number, k2: number) =>
      imageFromWorld(cameraModel(camera({ pitchDeg: 0 }, k1, k2)), 10 + east, 30, 5)?.x
    expect(beside(8, -0.3, 0)).toBeGreaterThan(300)
    // 60° off the axis the polynomial alone would give x = 201; a strong k2 lets it rise again farther out.
    expect(beside(17.3, -0.3, 0)).toBeUndefined()
    expect(beside(25, -0.3, 0.03)).toBeUndefined()
    expect(beside(17.3, -0.1, 0.02)).toBeGreaterThan(320)
  })

  it('finds the ground point again from its picture, whatever the pose and the lens', () => {
    const pose = fc.record({
      headingDeg: fc.double({ min: -360, max: 360, noNaN: true }),
      pitchDeg: fc.double({ min: -70, max: -8, noNaN: true }),
      rollDeg: fc.double({ min: -25, max: 25, noNaN: true }),
    })
    const lens = fc.record({
      k1: fc.double({ min: -0.15, max: 0.15, noNaN: true }),
      k2: fc.double({ min: -0.02, max: 0.05, noNaN: true }),
    })
    const pixel = fc.record({
      x: fc.double({ min: 0, max: 320, noNaN: true }),
      y: fc.double({ min: 0, max: 192, noNaN: true }),
    })
    fc.assert(
      fc.property(
        pose,
        lens,
        pixel,
        fc.double({ min: -2, max: 3, noNaN: true }),
        (over, { k1, k2 }, { x, y }, planeM) => {
          const model = cameraModel(camera(over, k1, k2))
          const ground = worldFromImage(model, x, y, planeM)
          if (!ground || ground.rangeM > 300) return
          const back = imageFromWorld(model, ground.eastM, ground.northM, planeM)
          expect(back?.x).toBeCloseTo(x, 3)
          expect(back?.y).toBeCloseTo(y, 3)
        },
      ),
    )
  })
})
