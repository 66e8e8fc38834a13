import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BoxInImage } from '../contract/perception.ts'
import { cropPicture, type Picture } from './detector-input.ts'
import type { Motion } from './motion-sense.ts'
import { closeRegion, lookAt } from './region-look.ts'

const input = { width: 320, height: 192 }
const hd = { width: 1280, height: 720 }
const cellPx = 30
const columns = Math.floor(hd.width / cellPx)
const rows = Math.floor(hd.height / cellPx)
const motion = (...moved: number[]): Motion => ({ cellPx, columns, rows, moved })

describe('a close look', () => {
  it('shows a small movement of a large picture with the picture’s own pixels', () => {
    const at = 10 * columns + 20
    const region = closeRegion(motion(at), [], hd, input)
    expect(region).toMatchObject({ width: 320, height: 192 })
    expect(region?.x).toBeLessThan(600)
    expect((region?.x ?? 0) + 320).toBeGreaterThan(630)
  })

  it('is not taken where the picture is as small as the input, nothing moves, or all of it matters', () => {
    expect(closeRegion({ ...motion(4), cellPx: 8, columns: 40, rows: 24 }, [], input, input)).toBeUndefined()
    expect(closeRegion(motion(), [{ x: 5, y: 5, width: 9, height: 20 }], hd, input)).toBeUndefined()
    expect(closeRegion(motion(0, columns * rows - 1), [], hd, input)).toBeUndefined()
    expect(closeRegion(motion(0), [{ x: 1200, y: 600, width: 40, height: 90 }], hd, input)).toBeUndefined()
  })

  it('lies in the picture in whole pixels, with all that moves and all that is known inside, and gains', () => {
    const box = fc
      .record({ x: fc.double({ min: 0, max: 1200, noNaN: true }), y: fc.double({ min: 0, max: 640, noNaN: true }) })
      .map(({ x, y }) => ({ x, y, width: 40, height: 80 }))
    const moved = fc.array(fc.integer({ min: 0, max: columns * rows - 1 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(moved, fc.array(box, { maxLength: 2 }), (cells, boxes) => {
        const region = closeRegion(motion(...cells), boxes, hd, input)
        if (!region) return
        const { x, y, width, height } = region
        expect([x, y, width, height].every(Number.isInteger)).toBe(true)
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
        expect(x + width).toBeLessThanOrEqual(hd.width)
        expect(y + height).toBeLessThanOrEqual(hd.height)
        expect(Math.max(width / input.width, height / input.height)).toBeLessThanOrEqual(4 / 1.5 + 0.01)
        const inside = cells.map((cell) => ({
          x: (cell % columns) * cellPx,
          y: Math.floor(cell / columns) * cellPx,
          width: cellPx,
          height: cellPx,
        }))
        for (const one of [...inside, ...boxes]) {
          expect(one.x).toBeGreaterThanOrEqual(x)
          expect(one.y).toBeGreaterThanOrEqual(y)
          expect(one.x + one.width).toBeLessThanOrEqual(x + width)
          expect(one.y + one.height).toBeLessThanOrEqual(y + height)
        }
      }),
    )
  })

  it('gives way to a whole one where something reaches out of the part, but not where it ends with the picture', async () => {
    const part = { x: 0, y: 300, width: 320, height: 192 }
    const looksAt = async (box: BoxInImage) => {
      const looks: (BoxInImage | undefined)[] = []
      const detect = async (_: Picture, at?: BoxInImage) => {
        looks.push(at)
        return [{ classId: 0, className: 'person', score: 0.9, box }]
      }
      return { looks, ...(await lookAt({ detect }, { ...hd, rgba: new ArrayBuffer(0) }, part)) }
    }
    expect(await looksAt({ x: 0, y: 350, width: 30, height: 60 })).toMatchObject({ looks: [part], part })
    for (const cut of [
      { x: 295, y: 350, width: 25, height: 60 },
      { x: 100, y: 300, width: 25, height: 60 },
    ])
      expect(await looksAt(cut)).toMatchObject({ looks: [part, undefined], part: undefined })
  })
})

describe('a part of a picture', () => {
  it('has the very pixels of the picture there', () => {
    const picture = numbered(24, 10)
    const region = fc
      .record({ x: fc.integer({ min: 0, max: 23 }), y: fc.integer({ min: 0, max: 9 }) })
      .chain(({ x, y }) =>
        fc.record({
          x: fc.constant(x),
          y: fc.constant(y),
          width: fc.integer({ min: 1, max: 24 - x }),
          height: fc.integer({ min: 1, max: 10 - y }),
        }),
      )
    fc.assert(
      fc.property(region, ({ x, y, width, height }) => {
        const part = cropPicture(picture, { x, y, width, height })
        const [whole, pixels] = [new Uint8Array(picture.rgba), new Uint8Array(part.rgba)]
        expect(part).toMatchObject({ width, height })
        for (let row = 0; row < height; row++)
          for (let column = 0; column < width; column++)
            expect(pixels[(row * width + column) * 4]).toBe(whole[((y + row) * picture.width + x + column) * 4])
      }),
    )
  })
})

function numbered(width: number, height: number): Picture {
  return { width, height, rgba: Uint8Array.from({ length: width * height * 4 }, (_, i) => i >> 2).buffer }
}
