import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Track, TrackUpdate } from '../contract/perception.ts'
import { createRandom, type Random } from '../platform/random.ts'
import { type CrossCameraState, namedTogether, nothingSeen, seeTogether, thingsSeen } from './cross-camera.ts'

interface Walker {
  readonly eastM: number
  readonly northM: number
  readonly eastMps: number
  readonly northMps: number
  readonly className?: string
}

/** A camera's own error: a bias per camera, a little noise per look. */
interface Eye {
  readonly id: string
  readonly biasM: readonly [number, number]
  readonly sees: (eastM: number, northM: number) => boolean
}

const everywhere = () => true
const west: Eye = { id: 'west', biasM: [0.2, -0.1], sees: everywhere }
const east: Eye = { id: 'east', biasM: [-0.15, 0.2], sees: everywhere }
const sigmaM = 0.4

function look(eye: Eye, walkers: readonly Walker[], atMs: number, random: Random): TrackUpdate {
  const tracks = walkers.flatMap((walker, index): Track[] => {
    const eastM = walker.eastM + (walker.eastMps * atMs) / 1000
    const northM = walker.northM + (walker.northMps * atMs) / 1000
    if (!eye.sees(eastM, northM)) return []
    const world = {
      eastM: eastM + eye.biasM[0] + 0.1 * random.normal(),
      northM: northM + eye.biasM[1] + 0.1 * random.normal(),
      sigmaM,
      covariance: { eeM2: sigmaM ** 2, nnM2: sigmaM ** 2, enM2: 0 },
      velocity: { eastMps: walker.eastMps, northMps: walker.northMps, sigmaMps: 0.3 },
    }
    const box = { x: 0, y: 0, width: 5, height: 12 }
    const className = walker.className ?? 'person'
    const id = `${eye.id}:${index}`
    return [{ id, cameraId: eye.id, className, score: 0.9, box, firstSeenMs: 0, lastSeenMs: atMs, world }]
  })
  return { cameraId: eye.id, capturedAtMs: atMs, tracks }
}

function watch(eyes: readonly Eye[], walkers: readonly Walker[], seconds: number, seed = 1) {
  const random = createRandom(seed)
  let state: CrossCameraState = nothingSeen
  const counts: number[] = []
  const namesOf = new Map<number, Set<string>>()
  for (let step = 0; step < seconds * 8; step++) {
    for (const [which, eye] of eyes.entries()) {
      const update = look(eye, walkers, step * 125 + which * 40, random)
      state = seeTogether(state, update)
      for (const [i, track] of namedTogether(state, update).tracks.entries()) {
        const walker = Number(update.tracks[i]?.id.split(':')[1])
        namesOf.set(walker, (namesOf.get(walker) ?? new Set()).add(track.id))
      }
      counts.push(thingsSeen(state).length)
    }
  }
  return { state, counts, names: [...namesOf.values()].map((names) => [...names]) }
}

describe('several cameras', () => {
  it('see one person as one, placed better than by either, under the name that came first', () => {
    const walker = { eastM: 0, northM: 10, eastMps: 1, northMps: 0 }
    const { state, counts, names } = watch([west, east], [walker], 5)
    expect(Math.max(...counts)).toBe(1)
    expect(names).toEqual([['west:0']])
    const [one] = thingsSeen(state)
    expect(one).toMatchObject({ id: 'west:0', sightings: 2 })
    expect(one?.world?.sigmaM).toBeLessThan(sigmaM)
  })

  it('do not join a person with the car they stand beside, nor two who walk in opposite ways', () => {
    const beside = [
      { eastM: 0, northM: 10, eastMps: 0, northMps: 0 },
      { eastM: 0.5, northM: 10, eastMps: 0, northMps: 0, className: 'car' },
    ]
    expect(watch([west, east], beside, 3).counts.at(-1)).toBe(2)
    const only = (index: number, eye: Eye): Eye => ({ ...eye, sees: (eastM) => (index === 0 ? eastM < 0 : eastM >= 0) })
    const apart = [
      { eastM: -0.6, northM: 10, eastMps: -1.2, northMps: 0 },
      { eastM: 0.6, northM: 10, eastMps: 1.2, northMps: 0 },
    ]
    expect(watch([only(0, west), only(1, east)], apart, 3).counts.at(-1)).toBe(2)
  })

  it('hand somebody over across a gap that neither sees, and forget after a long one', () => {
    const walker = { eastM: -8, northM: 10, eastMps: 1.3, northMps: 0 }
    const until = (m: number): Eye => ({ ...west, sees: (eastM) => eastM < m })
    const from = (m: number): Eye => ({ ...east, sees: (eastM) => eastM > m })
    expect(watch([until(-2), from(1)], [walker], 10).names).toEqual([['west:0']])
    expect(watch([until(-2), from(8)], [walker], 16).names).toEqual([['west:0', 'east:0']])
  })

  it('part two who only happened to meet', () => {
    const walkers = [
      { eastM: -4, northM: 10, eastMps: 1, northMps: 0 },
      { eastM: 4, northM: 10.3, eastMps: -1, northMps: 0 },
    ]
    const sees = (wanted: number, eye: Eye, update: TrackUpdate): TrackUpdate => ({
      ...update,
      tracks: update.tracks.filter(({ id }) => id === `${eye.id}:${wanted}`),
    })
    const random = createRandom(4)
    let state: CrossCameraState = nothingSeen
    for (let step = 0; step < 64; step++)
      for (const [wanted, eye] of [west, east].entries())
        state = seeTogether(state, sees(wanted, eye, look(eye, walkers, step * 125, random)))
    expect(thingsSeen(state).map(({ id }) => id)).toHaveLength(2)
  })

  it('count everybody once, with lasting names, however many walk and whoever looks first', () => {
    const lanes = fc.uniqueArray(
      fc.record({
        lane: fc.integer({ min: 0, max: 9 }),
        startM: fc.integer({ min: -10, max: 10 }),
        pace: fc.integer({ min: -3, max: 3 }),
      }),
      { selector: ({ lane }) => lane, minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(lanes, fc.integer({ min: 1, max: 1000 }), fc.boolean(), (rows, seed, swap) => {
        const walkers = rows.map(({ lane, startM, pace }) => ({
          eastM: startM,
          northM: 4 * lane,
          eastMps: pace * 0.5,
          northMps: 0,
        }))
        const eyes = swap ? [east, west] : [west, east]
        const { counts, names, state } = watch(eyes, walkers, 4, seed)
        expect(counts.at(-1)).toBe(walkers.length)
        for (const known of names) expect(known).toHaveLength(1)
        for (const { sightings } of state.things) expect(sightings.size).toBeLessThanOrEqual(2)
        expect(new Set(thingsSeen(state).map(({ id }) => id)).size).toBe(walkers.length)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps joined what it joined when hundreds more come into sight', () => {
    const random = createRandom(3)
    const still = (eastM: number): Walker => ({ eastM, northM: 0, eastMps: 0, northMps: 0 })
    const [pair, row] = [[still(-50)], Array.from({ length: 40 }, (_, i) => still(5 * i))]
    let state: CrossCameraState = nothingSeen
    for (let step = 0; step < 3; step++) {
      for (const eye of [west, east]) state = seeTogether(state, look(eye, pair, step * 1000, random))
      for (let i = 0; i < 15; i++) {
        const eye = { ...west, id: `hall-${i}`, biasM: [0, 300 * i] as const }
        state = seeTogether(state, look(eye, row, step * 1000, random))
      }
    }
    expect(thingsSeen(state)).toHaveLength(601)
    expect(thingsSeen(state).find(({ id }) => id === 'west:0')?.sightings).toBe(2)
  })

  it('give no name twice in a picture, whatever they see', () => {
    const anywhere = fc.record({
      eye: fc.constantFrom('a', 'b', 'c'),
      stepMs: fc.integer({ min: 0, max: 3000 }),
      found: fc.uniqueArray(
        fc.record({
          serial: fc.integer({ min: 1, max: 5 }),
          eastM: fc.double({ min: -5, max: 5, noNaN: true }),
          northM: fc.double({ min: -5, max: 5, noNaN: true }),
          className: fc.constantFrom('person', 'car', 'truck'),
        }),
        { selector: ({ serial }) => serial, maxLength: 5 },
      ),
    })
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 40 }), (looks) => {
        let state: CrossCameraState = nothingSeen
        let atMs = 0
        for (const { eye, stepMs, found } of looks) {
          atMs += stepMs
          const tracks = found.map(({ serial, eastM, northM, className }) => ({
            id: `${eye}:${serial}`,
            cameraId: eye,
            className,
            score: 0.8,
            box: { x: 0, y: 0, width: 5, height: 12 },
            firstSeenMs: 0,
            lastSeenMs: atMs,
            world: { eastM, northM, sigmaM: 0.5 },
          }))
          const update = { cameraId: eye, capturedAtMs: atMs, tracks }
          state = seeTogether(state, update)
          const named = namedTogether(state, update).tracks.map(({ id }) => id)
          expect(new Set(named).size).toBe(found.length)
          const things = thingsSeen(state).map(({ id }) => id)
          expect(new Set(things).size).toBe(things.length)
          for (const name of named) expect(things).toContain(name)
        }
      }),
    )
  })
})
