import { describe, expect, it } from 'vitest'
import type { Detection } from '../contract/perception.ts'
import { FlameSeats } from './flame-seats.ts'

const settings = { looks: 12, looksNeeded: 7, lastsMs: 1200, leastScore: 0.35, sureLooks: 3, sureScore: 0.5 }

const flame = (x: number, height = 20, score = 0.7): Detection => ({
  classId: 5,
  className: 'fire',
  score,
  box: { x, y: 100 - height, width: 14, height },
})

/** Eight looks a second. */
function watch(looks: number, seen: (i: number) => readonly Detection[]) {
  const seats = new FlameSeats(settings)
  return Array.from({ length: looks }, (_, i) => seats.observe(seen(i), i * 125).map((one) => ({ ...one, i }))).flat()
}

describe('where something burns', () => {
  it('believes what stays, grows and flickers, after a second and more', () => {
    const found = watch(24, (i) => [flame(60 + (i % 2), 16 + i + 3 * (i % 3))])
    expect(found[0]?.i).toBeGreaterThanOrEqual(10)
    expect(found.at(-1)?.growth).toBeGreaterThan(1.5)
    expect(found.at(-1)?.flicker).toBeGreaterThan(0.05)
  })

  it('never believes a glint, however bright', () => {
    expect(watch(80, (i) => (i % 16 === 0 ? [flame(60, 20, 0.99)] : []))).toEqual([])
    expect(watch(80, (i) => (i % 16 < 4 ? [flame(60, 20, 0.99)] : []))).toEqual([])
  })

  it('never believes glints at different places, together in every picture', () => {
    expect(watch(60, (i) => [flame((i * 83) % 300, 20, 0.95)])).toEqual([])
  })

  it('does not take a lamp that drives by for a fire', () => {
    expect(watch(60, (i) => [flame(i * 5)])).toEqual([])
  })

  it('does not believe what is doubtful in every picture', () => {
    expect(watch(60, (i) => [flame(60, 16 + (i % 4), 0.44)])).toEqual([])
  })

  it('sees that a painted sign does not flicker', () => {
    const found = watch(24, () => [flame(60)])
    expect(found.at(-1)?.flicker).toBe(0)
  })

  it('starts anew when time runs back', () => {
    const seats = new FlameSeats(settings)
    for (let i = 0; i < 20; i++) seats.observe([flame(60, 16 + (i % 4))], 1e6 + i * 125)
    expect(seats.observe([flame(60)], 5)).toEqual([])
  })
})
