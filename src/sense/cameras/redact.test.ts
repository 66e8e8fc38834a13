import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Detection } from '../../contract/perception.ts'
import { type Region, redact, redactRegions } from './redact.ts'

const [width, height] = [160, 120]

const detection = (className: string, x: number, y: number, w: number, h: number): Detection => ({
  classId: 0,
  className,
  score: 0.9,
  box: { x, y, width: w, height: h },
})

/** Sharp stripes, three pixels wide: the finest thing a face of this size could show. */
function stripes(): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < width * height; at++) {
    const bright = Math.floor((at % width) / 3) % 2 === Math.floor(at / width / 3) % 2 ? 255 : 0
    rgba.set([bright, bright, bright, 255], at * 4)
  }
  return rgba
}

const heads = (className: string, box: readonly [number, number, number, number], wholePersons = false) =>
  redactRegions([detection(className, ...box)], { width, height }, { wholePersons })

const holds = (region: Region | undefined, x: number, y: number) =>
  region !== undefined && x >= region.x0 && x < region.x1 && y >= region.y0 && y < region.y1

describe('what is made unrecognisable', () => {
  it('is the head of somebody upright, with room around it, and not the feet', () => {
    const [head] = heads('person', [60, 20, 20, 60])
    for (const [x, y] of [
      [60, 20],
      [79, 20],
      [70, 16],
      [70, 38],
    ] as const)
      expect(holds(head, x, y), `${x},${y}`).toBe(true)
    expect(holds(head, 70, 70)).toBe(false)
  })

  it('is all of somebody who lies, or where whole persons are asked for', () => {
    expect(holds(heads('person', [40, 60, 60, 20])[0], 99, 79)).toBe(true)
    expect(holds(heads('person', [60, 20, 20, 60], true)[0], 70, 79)).toBe(true)
  })

  it('is more of somebody near whom the picture cuts off: chin and all', () => {
    // Head and shoulders before a webcam: the face reaches half-way down.
    const [head] = heads('person', [60, 20, 48, 60])
    expect(holds(head, 84, 54)).toBe(true)
  })

  it('is whatever a detector itself calls a face or a plate', () => {
    for (const name of ['face', 'Head', 'license_plate', 'number plate', 'pedestrian', 'Person'])
      expect(holds(heads(name, [60, 20, 20, 60])[0], 70, 78), name).toBe(true)
  })

  it('is the lower part of a vehicle from end to end, and the rider of a bicycle', () => {
    const [plate] = heads('car', [40, 40, 60, 40])
    expect(holds(plate, 41, 75) && holds(plate, 99, 75) && holds(plate, 70, 60)).toBe(true)
    expect(holds(plate, 70, 45)).toBe(false)
    expect(holds(heads('bicycle', [60, 20, 20, 60])[0], 70, 25)).toBe(true)
    expect(heads('fire', [10, 10, 20, 20])).toEqual([])
  })

  it('never reaches beyond the picture', () => {
    const side = fc.integer({ min: -300, max: 300 })
    const length = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(side, side, length, length, fc.constantFrom('person', 'car', 'motorcycle'), (x, y, w, h, name) => {
        for (const { x0, y0, x1, y1 } of heads(name, [x, y, w, h])) {
          expect(x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height).toBe(true)
          redact(stripes(), width, [{ x0, y0, x1, y1 }])
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('redaction', () => {
  const region = { x0: 40, y0: 30, x1: 80, y1: 70 }

  it('leaves nothing of the detail: neighbouring pixels hardly differ any more', () => {
    const rgba = stripes()
    redact(rgba, width, [region])
    let most = 0
    for (let y = region.y0; y < region.y1; y++)
      for (let x = region.x0 + 1; x < region.x1; x++) {
        const at = (y * width + x) * 4
        most = Math.max(most, Math.abs((rgba[at] ?? 0) - (rgba[at - 4] ?? 0)))
      }
    expect(most).toBeLessThan(12)
  })

  it('gives the same result for different faces of the same mean brightness', () => {
    const one = stripes()
    const inverted = stripes().map((value, at) => (at % 4 === 3 ? value : 255 - value))
    redact(one, width, [region])
    redact(inverted, width, [region])
    const at = (50 * width + 60) * 4
    expect(Math.abs((one[at] ?? 0) - (inverted[at] ?? 0))).toBeLessThan(16)
  })

  it('changes no pixel outside', () => {
    const before = stripes()
    const after = stripes()
    redact(after, width, [region])
    const changed = [...after.keys()].filter((at) => after[at] !== before[at])
    expect(changed.length).toBeGreaterThan(1000)
    const outside = changed.filter(
      (at) => at % 4 === 3 || !holds(region, (at >> 2) % width, Math.floor(at / 4 / width)),
    )
    expect(outside).toEqual([])
  })
})
