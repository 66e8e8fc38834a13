import { describe, expect, it } from 'vitest'
import { type Point2, signedAreaM2 } from '../../site/geometry.ts'
import { crossing, offsetPolygon, ribbon, stations, triangulate } from './architecture-polygon.ts'

const square: Point2[] = [[0, 0], [10, 0], [10, 10], [0, 10]] // biome-ignore format: a shape
const ell: Point2[] = [[0, 0], [10, 0], [10, 4], [4, 4], [4, 10], [0, 10]] // biome-ignore format: a shape

function coveredM2(polygon: readonly Point2[]): number {
  const t = triangulate(polygon)
  let sum = 0
  for (let i = 0; i < t.length; i += 3)
    sum += signedAreaM2([polygon[t[i] ?? 0], polygon[t[i + 1] ?? 0], polygon[t[i + 2] ?? 0]] as Point2[])
  return sum
}

describe('polygons', () => {
  it('cuts a polygon into triangles that cover it exactly, whichever way it winds', () => {
    expect(coveredM2(ell)).toBeCloseTo(64)
    expect(coveredM2([...ell].reverse())).toBeCloseTo(64)
    expect(triangulate(ell)).toHaveLength((ell.length - 2) * 3)
  })

  it('moves a square outward by a metre on every side', () => {
    expect(signedAreaM2(offsetPolygon(square, 1))).toBeCloseTo(144)
    expect(signedAreaM2(offsetPolygon(square, -1))).toBeCloseTo(64)
  })

  it('keeps the width of a band round a right angle', () => {
    const [, corner] = ribbon([[0, 0], [10, 0], [10, 10]], 2) // biome-ignore format: a line
    expect(corner?.right).toEqual([11, -1])
    expect(corner?.left).toEqual([9, 1])
  })

  it('finds where two segments cross, and nothing where they do not', () => {
    expect(crossing([0, 0], [10, 0], [5, -5], [5, 5])).toBeCloseTo(0.5)
    expect(crossing([0, 0], [10, 0], [5, 1], [5, 5])).toBeUndefined()
  })

  it('walks on over a bend in equal steps', () => {
    const at = stations([[0, 0], [3, 0], [3, 3]], 2, 1) // biome-ignore format: a line
    expect(at.map((s) => s.at)).toEqual([[1, 0], [3, 0], [3, 2]]) // biome-ignore format: places
  })
})
