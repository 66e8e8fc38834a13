import { describe, expect, it } from 'vitest'
import { boxOfChange } from './label-boxes.ts'

const [width, height] = [60, 40]

function picture(paint: (x: number, y: number) => number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.fill(paint(x, y), (y * width + x) * 4, (y * width + x) * 4 + 3)
  return rgba
}

const plain = picture(() => 100)
const within = (x: number, y: number) => x >= 20 && x < 40 && y >= 10 && y < 30

describe('box of what something soft changed', () => {
  it('is where the change can be seen', () => {
    const smoky = picture((x, y) => (within(x, y) ? 140 : 100))
    const box = boxOfChange('smoke', plain, smoky, width, 12)
    expect(box).toMatchObject({ className: 'smoke', x: 20, y: 10, width: 20, height: 20, distinctPx: 400 })
  })

  it('is not stretched by a lone wisp', () => {
    const smoky = picture((x, y) => (within(x, y) || (x === 55 && y === 2) ? 140 : 100))
    expect(boxOfChange('smoke', plain, smoky, width, 12)).toMatchObject({ x: 20, y: 10, width: 20, height: 20 })
  })

  it('says how much of the haze can be seen', () => {
    const faint = picture((x, y) => (within(x, y) ? (x < 25 ? 140 : 105) : 100))
    expect(boxOfChange('smoke', plain, faint, width, 12)?.distinctShare).toBeCloseTo(0.25, 2)
  })

  it('is none where nothing can be told from its background', () => {
    expect(
      boxOfChange(
        'smoke',
        plain,
        picture((x, y) => (within(x, y) ? 106 : 100)),
        width,
        12,
      ),
    ).toBeUndefined()
  })
})
