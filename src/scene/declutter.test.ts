import { describe, expect, it } from 'vitest'
import { byPriority, declutter } from './declutter.ts'

const box = (id: string, x: number, y: number, priority: number) => ({ id, x, y, width: 80, height: 24, priority })

describe('declutter', () => {
  it('keeps the more important of two labels that overlap', () => {
    const labels = [box('room', 100, 100, 1), box('alarm', 120, 105, 9)].sort(byPriority)
    expect(declutter(labels, 800, 600).map((s) => s.label.id)).toEqual(['alarm'])
  })

  it('keeps both where they stand apart', () => {
    expect(declutter([box('a', 100, 100, 1), box('b', 100, 140, 1)], 800, 600).length).toBe(2)
  })

  it('drops what lies outside the picture, and everything beyond the most', () => {
    expect(declutter([box('off', -5, 100, 9)], 800, 600).length).toBe(0)
    expect(
      declutter(
        Array.from({ length: 50 }, (_, i) => box(`l${i}`, 400, i * 40, 1)),
        800,
        4000,
        10,
      ).length,
    ).toBe(10)
  })

  it('lets one label stand for those of its group that it hides, and says how many', () => {
    const house = (id: string, x: number) => ({ ...box(id, x, 100, 1), group: 'building' })
    const shown = declutter([house('a', 100), house('b', 130), house('c', 160), house('d', 400)], 800, 600)
    expect(shown.map(({ label, others }) => [label.id, others])).toEqual([
      ['a', 2],
      ['d', 0],
    ])
  })

  it('keeps the labels of a town apart, and counts those between them', () => {
    const houses = Array.from({ length: 100 }, (_, i) => ({
      ...box(`h${String(i).padStart(3, '0')}`, 60 + (i % 10) * 90, 60 + Math.floor(i / 10) * 32, 1),
      group: 'building',
    }))
    const shown = declutter(houses, 1000, 400, 100)
    expect(shown.reduce((sum, { others }) => sum + 1 + others, 0)).toBe(100)
    for (const [i, { label: a }] of shown.entries())
      for (const { label: b } of shown.slice(i + 1))
        expect(Math.abs(a.x - b.x) >= 80 + 34 || Math.abs(a.y - b.y) >= 24 + 34).toBe(true)
  })
})
