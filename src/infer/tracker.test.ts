import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Detection } from '../contract/perception.ts'
import { assign, forbidden } from './assignment.ts'
import { startMotion } from './box-motion.ts'
import { advanceTracks, emptyTracker, type TrackerState, visibleTracks } from './tracker.ts'
import { crossingDoubt } from './tracker-match.ts'

const seen = (x: number, y: number, score = 0.9, className = 'person', size = 20): Detection => ({
  classId: 0,
  className,
  score,
  box: { x: x - size / 4, y: y - size, width: size / 2, height: size },
})

function follow(looks: readonly (readonly [atMs: number, detections: readonly Detection[]])[]): TrackerState {
  return looks.reduce<TrackerState>((state, [atMs, found]) => advanceTracks(state, found, atMs), emptyTracker)
}

const ids = (state: TrackerState): string[] => visibleTracks(state, 'cam').map(({ id }) => id)

describe('assignment', () => {
  it('finds the cheapest pairing, also with more rows than columns', () => {
    const costs = [
      [4, 1, 3],
      [2, 0, 5],
      [3, 2, 2],
    ]
    expect([...assign(3, 3, (row, column) => costs[row]?.[column] ?? 0)]).toEqual([1, 0, 2])
    expect([...assign(3, 1, (row) => [5, 1, 3][row] ?? 0)]).toEqual([-1, 0, -1])
  })

  it('never returns a forbidden pair', () => {
    expect([...assign(2, 2, (row, column) => (row === 0 && column === 0 ? 1 : forbidden))]).toEqual([0, -1])
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect([...assign(3, 2, (row, column) => (row === 1 && column === 1 ? 1 : none))]).toEqual([-1, 1, -1])
  })

  it('is as cheap as trying every permutation', () => {
    const square = fc.array(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 }), {
      minLength: 4,
      maxLength: 4,
    })
    fc.assert(
      fc.property(square, (costs) => {
        const at = (row: number, column: number): number => costs[row]?.[column] ?? 0
        const found = [...assign(4, 4, at)].reduce((sum, column, row) => sum + at(row, column), 0)
        expect(found).toBeCloseTo(cheapest(at, 4), 6)
      }),
    )
  })
})

function cheapest(cost: (row: number, column: number) => number, n: number, row = 0, taken = 0): number {
  if (row === n) return 0
  let best = Number.POSITIVE_INFINITY
  for (let column = 0; column < n; column++)
    if (!(taken & (1 << column)))
      best = Math.min(best, cost(row, column) + cheapest(cost, n, row + 1, taken | (1 << column)))
  return best
}

describe('doubt of a box while others cross it', () => {
  const box = { x: 100, y: 50, width: 40, height: 100 }
  const beside = (x: number) => startMotion({ ...box, x })

  it('is none beside others, grows as they cover it, and is largest where one hides the other', () => {
    expect(crossingDoubt(box, [])).toBe(1)
    expect(crossingDoubt(box, [beside(132), beside(68)])).toBe(1)
    const closing = [125, 120, 110, 100].map((x) => crossingDoubt(box, [beside(200), beside(x)]))
    expect(closing).toEqual([...closing].sort((a, b) => a - b))
    expect(closing[0]).toBeGreaterThan(1)
    expect(crossingDoubt(box, [startMotion({ x: 110, y: 60, width: 20, height: 50 })])).toBeCloseTo(closing[3] ?? 0)
  })
})

describe('tracker', () => {
  it('shows a track at its second sure look and keeps its name while it walks', () => {
    const looks = Array.from({ length: 12 }, (_, i) => [i * 200, [seen(40 + i * 4, 80)]] as const)
    expect(ids(follow(looks.slice(0, 1)))).toEqual([])
    expect(ids(follow(looks.slice(0, 2)))).toEqual(['cam:1'])
    expect(ids(follow(looks))).toEqual(['cam:1'])
  })

  it('takes longer to believe what is hardly sure', () => {
    const looks = Array.from({ length: 6 }, (_, i) => [i * 150, [seen(50, 80, 0.55)]] as const)
    expect(ids(follow(looks.slice(0, 2)))).toEqual([])
    expect(ids(follow(looks))).toEqual(['cam:1'])
  })

  it('follows irregular frames: the step is time, not frames', () => {
    const times = [0, 120, 240, 900, 1000, 1800, 1900]
    expect(ids(follow(times.map((atMs) => [atMs, [seen(40 + atMs / 50, 80)]])))).toEqual(['cam:1'])
  })

  it('keeps two people apart who pass each other', () => {
    const looks = Array.from(
      { length: 20 },
      (_, i) => [i * 150, [seen(60 + i * 4, 80), seen(136 - i * 4, 84)]] as const,
    )
    const tracks = visibleTracks(follow(looks), 'cam')
    expect(tracks.map(({ id }) => id)).toEqual(['cam:1', 'cam:2'])
    expect(tracks[0]?.box.x).toBeGreaterThan(tracks[1]?.box.x ?? Number.NaN)
  })

  it('keeps two people apart whose boxes cling to one another while they cross', () => {
    // Near each other, each box is drawn towards the other figure; one over the other, they are one box.
    const looks = Array.from({ length: 40 }, (_, i) => {
      const [a, b] = [60 + i * 3, 177 - i * 3]
      const drawn = Math.max(0, 1 - Math.abs(a - b) / 40) * 0.3
      const one = (x: number, y: number) => seen(x, y, 0.9, 'person', 60)
      const together = Math.abs(a - b) < 14
      return [
        i * 100,
        together ? [one((a + b) / 2, 80)] : [one(a + (b - a) * drawn, 80), one(b + (a - b) * drawn, 83)],
      ] as const
    })
    const [first, second] = visibleTracks(follow(looks), 'cam')
    expect([first?.id, second?.id]).toEqual(['cam:1', 'cam:2'])
    expect(first?.box.x).toBeGreaterThan(second?.box.x ?? Number.NaN)
  })

  it('lets a doubtful detection extend a track but never start one, and doubts it when nothing else is left', () => {
    const sure = [0, 150, 300].map((atMs) => [atMs, [seen(50, 80)]] as const)
    const doubtful = (untilMs: number) =>
      Array.from(
        { length: (untilMs - 300) / 150 },
        (_, i) => [450 + i * 150, [seen(50, 80, 0.2), seen(200, 80, 0.2)]] as const,
      )
    expect(ids(follow([...sure, ...doubtful(600)]))).toEqual(['cam:1'])
    expect(ids(follow([...sure, ...doubtful(1500)]))).toEqual([])
    const again = [1650, 1800].map((atMs) => [atMs, [seen(50, 80)]] as const)
    expect(ids(follow([...sure, ...doubtful(1500), ...again]))).toEqual(['cam:1'])
  })

  it('keeps one track of a figure that is framed twice', () => {
    const looks = Array.from({ length: 6 }, (_, i) => [i * 150, [seen(50 + i, 80), seen(51 + i, 81, 0.8)]] as const)
    expect(ids(follow(looks))).toHaveLength(1)
  })

  it('keeps the names of a group through a shaken camera', () => {
    const looks = Array.from({ length: 16 }, (_, i) => {
      const shake = i % 3 === 0 ? 3 : -2
      return [i * 100, [0, 60, 120].map((x) => seen(60 + x + i, 100 + shake, 0.9, 'person', 40))] as const
    })
    expect(ids(follow(looks))).toEqual(['cam:1', 'cam:2', 'cam:3'])
  })

  it('gives no name twice and changes nothing it was given, whatever comes and whenever', () => {
    const look = fc.record({
      stepMs: fc.integer({ min: 0, max: 4000 }),
      found: fc.array(
        fc.record({
          x: fc.integer({ min: 0, max: 320 }),
          y: fc.integer({ min: 8, max: 192 }),
          score: fc.double({ min: 0, max: 1, noNaN: true }),
          className: fc.constantFrom('person', 'car', 'truck'),
          size: fc.integer({ min: 2, max: 120 }),
        }),
        { maxLength: 6 },
      ),
    })
    fc.assert(
      fc.property(fc.array(look, { maxLength: 25 }), (looks) => {
        let state = emptyTracker
        let atMs = 0
        for (const { stepMs, found } of looks) {
          atMs += stepMs
          const detections = found.map(({ x, y, score, className, size }) => seen(x, y, score, className, size))
          const before = structuredClone(state)
          const next = advanceTracks(state, detections, atMs)
          expect(state).toEqual(before)
          expect(advanceTracks(state, detections, atMs)).toEqual(next)
          const serials = next.tracks.map(({ serial }) => serial)
          expect(new Set(serials).size).toBe(serials.length)
          expect(Math.max(0, ...serials)).toBeLessThan(next.nextSerial)
          for (const { box } of visibleTracks(next, 'cam'))
            expect([box.x, box.y, box.width, box.height].every(Number.isFinite)).toBe(true)
          state = next
        }
      }),
      { numRuns: 60 },
    )
  })

  it('finds a track again after a short gap and forgets it after a long one', () => {
    const before = [0, 150, 300].map((atMs) => [atMs, [seen(50, 80)]] as const)
    const hidden = (untilMs: number) =>
      Array.from({ length: Math.floor((untilMs - 450) / 150) }, (_, i) => [450 + i * 150, []] as const)
    const back = (fromMs: number) => [0, 150, 300].map((ms) => [fromMs + ms, [seen(51, 80)]] as const)
    expect(ids(follow([...before, ...hidden(1500), ...back(1500)]))).toEqual(['cam:1'])
    expect(ids(follow([...before, ...hidden(6000), ...back(6000)]))).toEqual(['cam:2'])
  })

  it('does not take a car for the person it hides, but forgives car and truck', () => {
    const person = [0, 150, 300].map((atMs) => [atMs, [seen(50, 80)]] as const)
    const hidden = [450, [seen(50, 80, 0.9, 'car')]] as const
    expect(ids(follow([...person, hidden]))).toEqual([])
    expect(ids(follow([...person, hidden, [600, [seen(50, 80)]]]))).toEqual(['cam:1'])
    const vehicle = [0, 150, 300, 450, 600].map(
      (atMs, i) => [atMs, [seen(50, 80, 0.9, i === 3 ? 'truck' : 'car', 40)]] as const,
    )
    expect(visibleTracks(follow(vehicle), 'cam')).toMatchObject([{ id: 'cam:1', className: 'car' }])
  })
})
