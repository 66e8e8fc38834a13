import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BoxInImage, Detection } from '../contract/perception.ts'
import { closeParts, waryLook } from './wary-look.ts'

const input = { width: 320, height: 192 }
const person = (box: BoxInImage, score = 0.3): Detection => ({ classId: 0, className: 'person', score, box })

describe('a wary look', () => {
  it('shows everybody whole in a part that is shrunk little, in a picture of any size', () => {
    const side = (most: number) => fc.integer({ min: 40, max: most })
    fc.assert(
      fc.property(
        side(4096),
        side(2300),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (w, h, u, v) => {
          const parts = closeParts({ width: w, height: h }, input)
          if (parts.length === 0) {
            expect(Math.max(w / 320, h / 192)).toBeLessThanOrEqual(2)
            return
          }
          for (const { x, y, width, height } of parts) {
            expect([x, y, width, height].every(Number.isInteger)).toBe(true)
            expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
            expect([x + width <= w, y + height <= h]).toEqual([true, true])
            expect(Math.max(width / 320, height / 192)).toBeLessThanOrEqual(2.01)
          }
          // A quarter of a part's height and an eighth of its width, somewhere in the picture.
          const [bw, bh] = [Math.min(w, 80), Math.min(h, 94)]
          const [bx, by] = [u * (w - bw), v * (h - bh)]
          const whole = (p: BoxInImage) =>
            bx >= p.x - 1 && by >= p.y - 1 && bx + bw <= p.x + p.width + 1 && by + bh <= p.y + p.height + 1
          expect(parts.some(whole)).toBe(true)
        },
      ),
    )
    expect(closeParts({ width: 640, height: 384 }, input)).toEqual([])
  })

  it('adds what is followed, and what only a close look finds, once each', async () => {
    const far = { x: 900, y: 300, width: 20, height: 50 }
    const near = { x: 100, y: 300, width: 120, height: 300 }
    const known = { x: 500, y: 100, width: 30, height: 80 }
    const looks: boolean[] = []
    const detector = {
      inputSize: input,
      detect: async (_: unknown, part?: BoxInImage, wary?: boolean) => {
        looks.push(wary ?? false)
        if (!part) return [person(near, 0.9)]
        const inside = far.x >= part.x && far.x + far.width <= part.x + part.width && far.y >= part.y
        return inside && far.y + far.height <= part.y + part.height ? [person(far)] : []
      },
    }
    const picture = { width: 1280, height: 720, rgba: new ArrayBuffer(0) }
    const found = await waryLook(detector, picture, [person(known, 0.6)])
    expect(found.map(({ box }) => box)).toEqual([near, known, far])
    expect(looks.length).toBeGreaterThan(6)
    expect(looks.every(Boolean)).toBe(true)
  })
})
