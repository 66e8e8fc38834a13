import { expect, it } from 'vitest'
import { tinySite } from '../testing/tiny-site.ts'
import { parseSite } from './load.ts'

const site = tinySite()
const [building] = site.buildings
function problem(more: object): string {
  const parsed = parseSite({ ...site, ...more })
  return parsed.ok ? 'valid' : `${parsed.error.path}: ${parsed.error.message}`
}
const ground = (more: object) => problem({ ground: { ...site.ground, ...more } })
const square = (m: number) => [
  [-m, -m],
  [m, -m],
  [m, m],
  [-m, m],
]
const ring = (corners: number) =>
  Array.from({ length: corners }, (_, i) => [
    Math.cos((i / corners) * 2 * Math.PI) * 40,
    Math.sin((i / corners) * 2 * Math.PI) * 40,
  ])

it('is bounded for walls, roofs, bays, fences and corners, each with its path', () => {
  const storeys = Array.from({ length: 10 }, (_, i) => ({ id: `s${i}`, name: 's', baseM: i * 4, heightM: 4 }))
  const wide = { ...building, footprint: square(10_000) }
  expect(problem({ zones: [], equipment: [], cameras: [], buildings: [{ ...wide, storeys }] })).toBe(
    'buildings.0: walls for some 270000 windows, at most 40000',
  )
  const teeth = { ...wide, footprint: square(2000), roof: { style: 'sawtooth' } }
  expect(problem({ zones: [], equipment: [], cameras: [], buildings: [teeth] })).toMatch(/^buildings\.0: walls/)
  const many = Array.from({ length: 200 }, (_, i) => ({ ...building, id: `b${i}`, footprint: square(1400), storeys }))
  expect(problem({ zones: [], equipment: [], cameras: [], buildings: many })).toMatch(/^buildings: walls.*1500000$/)
  const row = { at: [0, 0], headingDeg: 0, bays: 400 }
  expect(ground({ parking: Array.from({ length: 200 }, (_, i) => ({ ...row, id: `p${i}` })) })).toBe(
    'ground.parking: 80000 bays, at most 50000',
  )
  const line = Array.from({ length: 400 }, (_, i) => [i % 2 === 0 ? -20_000 : 20_000, 0])
  expect(ground({ fences: [{ id: 'f', line }] })).toBe('ground.fences: 16000000 m, at most 100000')
  expect(ground({ roads: Array.from({ length: 251 }, (_, i) => ({ id: `r${i}`, centreline: line, widthM: 6 })) })).toBe(
    'ground.roads: 100400 corners, at most 100000',
  )
  for (const kind of ['pavements', 'lawns', 'water'] as const)
    expect(ground({ [kind]: Array.from({ length: 200 }, (_, i) => ({ id: `a${i}`, polygon: ring(510) })) })).toBe(
      `ground.${kind}: 102000 corners, at most 100000`,
    )
})
