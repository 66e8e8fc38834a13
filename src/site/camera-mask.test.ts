import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MaskPolygon } from '../contract/camera.ts'
import { blackOut, maskRuns } from './camera-mask.ts'

const white = (width: number, height: number) => new Uint8Array(width * height * 4).fill(255)

function masked(masks: readonly MaskPolygon[], width: number, height: number): Uint8Array {
  const rgba = white(width, height)
  blackOut(rgba.buffer, maskRuns(masks, width, height))
  return rgba
}

const pixel = (rgba: Uint8Array, width: number, x: number, y: number) => [
  ...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]

type Corner = readonly [number, number]

const box: MaskPolygon = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
]

describe('camera mask', () => {
  it('paints its inside opaque black and leaves what is further than its seam alone', () => {
    const rgba = masked([box], 80, 40)
    expect(pixel(rgba, 80, 40, 20)).toEqual([0, 0, 0, 255])
    expect(pixel(rgba, 80, 20, 10)).toEqual([0, 0, 0, 255])
    expect(pixel(rgba, 80, 59, 29)).toEqual([0, 0, 0, 255])
    for (const [x, y] of [
      [16, 20],
      [63, 20],
      [40, 7],
      [40, 32],
    ] as const)
      expect(pixel(rgba, 80, x, y), `${x},${y}`).toEqual([255, 255, 255, 255])
  })

  it('covers every pixel whose middle lies inside, for any triangle and any size of picture', () => {
    const corner = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    const sizes = fc.tuple(fc.integer({ min: 4, max: 60 }), fc.integer({ min: 4, max: 60 }))
    fc.assert(
      fc.property(fc.tuple(corner, corner, corner), sizes, ([a, b, c], [width, height]) => {
        const rgba = masked([[a, b, c]], width, height)
        const side = ([px, py]: Corner, [qx, qy]: Corner, x: number, y: number) =>
          (qx - px) * (y - py) - (qy - py) * (x - px)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const [px, py] = [(x + 0.5) / width, (y + 0.5) / height]
            const sides = [side(a, b, px, py), side(b, c, px, py), side(c, a, px, py)]
            const inside = sides.every((s) => s > 1e-9) || sides.every((s) => s < -1e-9)
            if (inside) expect(rgba[(y * width + x) * 4]).toBe(0)
          }
      }),
      { numRuns: 60 },
    )
  })

  it('unites overlapping masks and reaches the picture’s edges', () => {
    const all: MaskPolygon = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ]
    expect([...maskRuns([all, box], 20, 10)]).toEqual([0, 200])
    expect(maskRuns([], 20, 10)).toHaveLength(0)
  })
})
