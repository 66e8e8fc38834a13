import { describe, expect, it } from 'vitest'
import { boxOfFlame, boxOfPlume } from './label-boxes.ts'

const [width, height] = [60, 40]

function picture(paint: (x: number, y: number) => number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.fill(paint(x, y), (y * width + x) * 4, (y * width + x) * 4 + 3)
  return rgba
}

const plain = picture(() => 100)
const within = (x: number, y: number) => x >= 20 && x < 40 && y >= 10 && y < 30

const between = (after: Uint8ClampedArray) => ({ before: plain, after, widthPx: width, floor: 12 })

describe('box of a flame', () => {
  it('is where the change can be seen', () => {
    const burning = picture((x, y) => (within(x, y) ? 140 : 100))
    const box = boxOfFlame(between(burning))
    expect(box).toMatchObject({ className: 'fire', x: 20, y: 10, width: 20, height: 20, distinctPx: 400 })
  })

  it('is not stretched by a lone spark', () => {
    const burning = picture((x, y) => (within(x, y) || (x === 55 && y === 2) ? 140 : 100))
    expect(boxOfFlame(between(burning))).toMatchObject({ x: 20, y: 10, width: 20, height: 20 })
  })

  it('is none where nothing can be told from its background', () => {
    expect(boxOfFlame(between(picture((x, y) => (within(x, y) ? 106 : 100))))).toBeUndefined()
  })
})

describe('box of a plume of smoke', () => {
  const opacity = Float32Array.from({ length: width * height }, (_, p) =>
    within(p % width, Math.floor(p / width)) ? 0.5 : 0.1,
  )

  it('is the shape of the plume, whatever is behind it, without its thin haze', () => {
    const smoky = picture((x, y) => (within(x, y) ? 140 : 104))
    expect(boxOfPlume(between(smoky), opacity)).toMatchObject({ x: 20, y: 10, width: 20, height: 20, distinctShare: 1 })
  })

  it('says how much of it can be told from its background', () => {
    const half = picture((x, y) => (within(x, y) && x < 25 ? 140 : 100))
    const box = boxOfPlume(between(half), opacity)
    expect(box).toMatchObject({ x: 20, width: 20, distinctPx: 100 })
    expect(box?.distinctShare).toBeCloseTo(0.25, 2)
  })

  it('is none where nobody could see it', () => {
    expect(boxOfPlume(between(plain), opacity)).toBeUndefined()
  })
})
