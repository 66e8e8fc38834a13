import { describe, expect, it } from 'vitest'
import type { StandingThing, Track } from '../contract/perception.ts'
import { bag, boxOf, type Patch, picture, place, somebody } from './standing-things.fixture.ts'
import { StandingThings } from './standing-things.ts'

type Scene = { readonly patches?: readonly Patch[]; readonly people?: readonly Patch[]; readonly gain?: number }

/** Two looks a second at what `sceneAt` says; the people are followed, and so is nothing else. */
function watch(seconds: number, sceneAt: (timeS: number) => Scene, className = 'person'): readonly StandingThing[][] {
  const things = new StandingThings()
  return Array.from({ length: 2 * seconds }, (_, i) => {
    const { patches = [], people = [], gain = 1 } = sceneAt(i / 2)
    const atMs = i * 500
    const tracks = people.map((one, k): Track => ({ id: `cam:${k}`, cameraId: 'cam', className, score: 0.9, box: boxOf(one), firstSeenMs: 0, lastSeenMs: atMs })) // biome-ignore format: a row
    return [...things.look('cam', picture([...patches, ...people], i, gain), tracks, [], place, atMs)]
  })
}

describe('things that were put down', () => {
  it('are found where they stand, since when, under one name, until they are taken away', () => {
    const looks = watch(16, (t) => ({ patches: t >= 4 && t < 11 ? [bag] : [] }))
    expect(looks.slice(0, 8).flat()).toEqual([])
    const [found] = looks[18] ?? []
    expect(found).toMatchObject({ id: 'cam:thing-1', world: { sigmaM: expect.any(Number) } })
    expect(found?.world.eastM).toBeCloseTo(1, 0)
    expect(Math.abs((found?.world.northM ?? 0) - 12)).toBeLessThan(0.7)
    expect(Math.abs((found?.sinceMs ?? 0) - 4000)).toBeLessThanOrEqual(1000)
    expect(new Set(looks.flat().map(({ id }) => id)).size).toBe(1)
    expect(looks.at(-1)).toEqual([])
  })

  it('show once their owner steps aside, and are kept while somebody walks before them', () => {
    const owner = (t: number) => somebody(t < 4 ? -6 + 1.75 * t : t < 7 ? 1 : 1 + 1.4 * (t - 7))
    const passing = (t: number) => (t > 14 && t < 17 ? [somebody(4 - 2 * (t - 14))] : [])
    const looks = watch(20, (t) => ({ patches: t >= 5 ? [bag] : [], people: [owner(t), ...passing(t)] }))
    expect(looks.slice(0, 14).flat()).toEqual([])
    for (const look of looks.slice(24)) expect(look.map(({ id }) => id)).toEqual(['cam:thing-1'])
  })

  it('are not: people, what moves, what is as large as a car, and the shadow of one', () => {
    expect(watch(14, (t) => ({ people: t > 3 ? [somebody(1)] : [] })).flat()).toEqual([])
    expect(watch(14, (t) => ({ patches: t > 3 ? [{ ...bag, east: -4 + 0.8 * (t - 3) }] : [] })).flat()).toEqual([])
    const large = { ...bag, wideM: 4, tallM: 1.5 }
    expect(watch(14, (t) => ({ patches: t > 3 ? [large] : [] })).flat()).toEqual([])
    const shadow = { ...bag, east: 3.2, tallM: 0.3, level: 80 }
    const parked = (t: number) => (t > 3 ? { people: [large], patches: [shadow] } : {})
    expect(watch(14, parked, 'car').flat()).toEqual([])
  })

  it('are not: soft shade, light that changes everywhere, and the gap that something left', () => {
    const shade = { ...bag, north: 7, wideM: 1.5, tallM: 1.2, level: 80, soft: 1 }
    expect(watch(14, (t) => ({ patches: t > 3 ? [shade] : [] })).flat()).toEqual([])
    expect(watch(14, (t) => ({ gain: t < 4 ? 1 : 0.6 })).flat()).toEqual([])
    expect(watch(14, (t) => ({ patches: t < 5 ? [bag] : [] })).flat()).toEqual([])
  })

  it('outlast the slow change of a day’s light, and are gone all the same when they are taken', () => {
    const light = (t: number) => Math.round(20 * (t < 10 ? 1 : Math.max(0.6, 1 - (t - 10) / 100))) / 20
    const looks = watch(70, (t) => ({ patches: t >= 4 && t < 60 ? [bag] : [], gain: light(t) }))
    for (const look of looks.slice(16, 120)) expect(look.map(({ id }) => id)).toEqual(['cam:thing-1'])
    expect(looks.at(-1)).toEqual([])
  })

  it('outlast a sudden change of the light', () => {
    const looks = watch(20, (t) => ({ patches: t >= 4 ? [bag] : [], gain: t < 10 ? 1 : 0.7 }))
    expect(looks.at(-1)?.map(({ id }) => id)).toEqual(['cam:thing-1'])
  })
})
