import { BufferAttribute, BufferGeometry, ClampToEdgeWrapping, RepeatWrapping, Texture } from 'three'
import { describe, expect, it } from 'vitest'
import { bakePicture } from './model-bake.ts'

/** A wall two metres wide and one high, the picture once over it. */
function wall(uvs: readonly number[] = [0, 1, 1, 1, 1, 0, 0, 0]): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.of(0, 0, 0, 2, 0, 0, 2, 1, 0, 0, 1, 0), 3))
  geometry.setAttribute('normal', new BufferAttribute(Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1), 3))
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.from(uvs), 2))
  geometry.setIndex([0, 1, 2, 0, 2, 3])
  return geometry
}

function picture(width: number, height: number, colorAt: (x: number, y: number) => readonly number[]): Texture {
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.set([...colorAt(x, y), 255], (y * width + x) * 4)
  const texture = new Texture()
  texture.image = { width, height, rgba }
  texture.wrapS = ClampToEdgeWrapping
  texture.wrapT = ClampToEdgeWrapping
  return texture
}

const facesOf = (geometry: BufferGeometry) => (geometry.index?.count ?? 0) / 3

function areaM2(geometry: BufferGeometry): number {
  const at = geometry.getAttribute('position')
  let sum = 0
  for (let i = 0; i < facesOf(geometry); i++) {
    const [a, b, c] = [0, 1, 2].map((k) => geometry.index?.getX(i * 3 + k) ?? 0) as [number, number, number]
    const [ux, uy] = [at.getX(b) - at.getX(a), at.getY(b) - at.getY(a)]
    const [vx, vy] = [at.getX(c) - at.getX(a), at.getY(c) - at.getY(a)]
    sum += (ux * vy - uy * vx) / 2
  }
  return sum
}

/** Red of the face that covers a place. */
function redAt(geometry: BufferGeometry, x: number, y: number): number {
  const [at, color] = [geometry.getAttribute('position'), geometry.getAttribute('color')]
  for (let i = 0; i < facesOf(geometry); i++) {
    const [a, b, c] = [0, 1, 2].map((k) => geometry.index?.getX(i * 3 + k) ?? 0) as [number, number, number]
    const [ux, uy, vx, vy] = [at.getX(b) - at.getX(a), at.getY(b) - at.getY(a), at.getX(c) - at.getX(a), at.getY(c) - at.getY(a)] // biome-ignore format: two edges
    const [px, py] = [x - at.getX(a), y - at.getY(a)]
    const whole = ux * vy - uy * vx
    const [s, t] = [(px * vy - py * vx) / whole, (ux * py - uy * px) / whole]
    if (s >= -1e-6 && t >= -1e-6 && s + t <= 1 + 1e-6)
      return color.getX(a) * (1 - s - t) + color.getX(b) * s + color.getX(c) * t
  }
  return Number.NaN
}

describe('a picture baked into corners', () => {
  it('keeps its detail: faces are divided where the picture changes, and nothing moves', () => {
    // A window in a pale wall.
    const inside = (x: number, y: number) => x >= 12 && x < 20 && y >= 10 && y < 22
    const map = picture(32, 32, (x, y) => (inside(x, y) ? [40, 40, 40] : [230, 230, 230]))
    const baked = bakePicture(wall(), map, 4000)
    expect(facesOf(baked)).toBeGreaterThan(100)
    expect(areaM2(baked)).toBeCloseTo(2, 5)
    expect(redAt(baked, 1, 0.5)).toBeLessThan(0.05)
    expect(redAt(baked, 0.3, 0.2)).toBeGreaterThan(0.7)
    expect(redAt(baked, 1.7, 0.9)).toBeGreaterThan(0.7)
  })

  it('needs no face more where corners say it all, as those coloured from a palette', () => {
    const map = picture(8, 8, (x) => (x < 4 ? [255, 0, 0] : [0, 0, 255]))
    const baked = bakePicture(wall([0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2]), map, 4000)
    expect(facesOf(baked)).toBe(2)
    expect(baked.getAttribute('color').getX(0)).toBeCloseTo(1)
  })

  it('stays within the faces that it is given, and its edges meet', () => {
    const map = picture(64, 64, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0]))
    for (const most of [2, 60, 700]) {
      const baked = bakePicture(wall(), map, most)
      expect(facesOf(baked)).toBeLessThanOrEqual(most)
      expect(areaM2(baked)).toBeCloseTo(2, 5)
    }
  })

  it('repeats as its sampler says, and multiplies the colour that corners have', () => {
    const map = picture(2, 1, (x) => (x === 0 ? [255, 255, 255] : [0, 0, 0]))
    map.wrapS = RepeatWrapping
    const tinted = wall([3.25, 0.5, 3.25, 0.5, 3.25, 0.5, 3.25, 0.5])
    tinted.setAttribute('color', new BufferAttribute(new Float32Array(12).fill(0.5), 3))
    expect(bakePicture(tinted, map, 100).getAttribute('color').getX(0)).toBeCloseTo(0.5)
  })
})
