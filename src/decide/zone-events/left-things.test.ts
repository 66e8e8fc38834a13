import { describe, expect, it } from 'vitest'
import type { StandingThing, Track, TrackUpdate } from '../../contract/perception.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import type { SiteFile } from '../../site/schema.ts'
import { ZoneEvents } from './zone-events.ts'

const campus = buildCampus()
const base = campus.zones[0] ?? expect.fail('the campus has zones')
const polygon: [number, number][] = [[0, 0], [20, 0], [20, 20], [0, 20]] // biome-ignore format: an outline
const square = { ...base, id: 'square', building: undefined, storey: undefined, polygon, floorM: 0, capacity: 0 }
const site: SiteFile = {
  ...campus,
  zones: [square],
  rules: { lines: [], dwell: [], crowds: [], posts: [], parking: [], leftObjects: [{ zone: 'square', afterS: 10 }] },
  ground: { ...campus.ground, roads: [], parking: [] },
  paths: { nodes: [], edges: [] },
}

type At = readonly [number, number] | undefined
interface Scene {
  readonly person?: At
  /** A thing at a place, still since some second. */
  readonly thing?: At
  readonly sinceS?: number
}

const placeOf = ([eastM, northM]: readonly [number, number]) => ({ eastM, northM, sigmaM: 0.3 })
const box = { x: 0, y: 0, width: 10, height: 10 }

function look(t: number, { person, thing, sinceS = 0 }: Scene): TrackUpdate {
  const atMs = t * 1000
  const tracks = person ? [{ id: 'cam:1', cameraId: 'cam', className: 'person', score: 0.8, box, firstSeenMs: 0, lastSeenMs: atMs, world: placeOf(person) } satisfies Track] : [] // biome-ignore format: a row
  const things = thing ? [{ id: 'cam:thing-1', box, sinceMs: sinceS * 1000, score: 0.7, world: placeOf(thing) } satisfies StandingThing] : [] // biome-ignore format: a row
  return { cameraId: 'cam', capturedAtMs: atMs, tracks, things }
}

function watch(seconds: number, sceneAt: (timeS: number) => Scene): string[] {
  const events = new ZoneEvents({ site })
  const said: string[] = []
  for (let t = 0; t <= seconds; t += 0.5)
    for (const { type, phase, trackId } of events.observe(look(t, sceneAt(t))))
      if (phase !== 'holds') said.push(`${t} ${type} ${phase} ${trackId}`)
  return said
}

/** At the spot from the third second to the eighth, then away eastwards. */
const visitor = (t: number): At => (t < 3 ? undefined : t < 8 ? [5, 5] : t < 15 ? [5 + 1.5 * (t - 8), 5] : undefined)
/** It shows two seconds after its owner stepped aside. */
const bag = (t: number, at: At = [5.5, 5]): Scene => (t >= 10 ? { thing: at, sinceS: 8 } : {})

describe('left things', () => {
  it('are told once nobody has been near for the time that the rule grants, and end when they are gone', () => {
    const said = watch(50, (t) => ({ person: visitor(t), ...(t < 30 ? bag(t) : {}) }))
    expect(said).toHaveLength(2)
    const [began, ended] = said
    expect(began).toMatch(/leftObject began cam:thing-1$/)
    // Three metres away, with what both places are unsure, at about 10.7 s.
    expect(Math.abs(Number.parseFloat(began ?? '') - 20.7)).toBeLessThanOrEqual(1)
    expect(ended).toMatch(/^(39|40).* leftObject ended/)
  })

  it('are one matter when several were left together', () => {
    const events = new ZoneEvents({ site })
    const said: string[] = []
    for (let t = 0; t <= 30; t += 0.5) {
      const { things = [], ...update } = look(t, { person: visitor(t), ...bag(t) })
      const both = things.flatMap((thing) => [thing, { ...thing, id: 'cam:thing-2', world: placeOf([5.5, 5.6]) }])
      said.push(...events.observe({ ...update, things: both }).map(({ phase }) => phase))
    }
    expect(said.filter((phase) => phase === 'began')).toEqual(['began'])
  })

  it('are none while their owner stays, or comes back in time', () => {
    expect(watch(40, (t) => ({ person: t < 3 ? undefined : [5, 5], ...bag(t) }))).toEqual([])
    const returns = (t: number): At => (t < 15 ? visitor(t) : t < 17 ? undefined : [6, 5])
    expect(watch(24, (t) => ({ person: returns(t), ...bag(t) }))).toEqual([])
  })

  it('are none while another camera sees their owner beside them', () => {
    const events = new ZoneEvents({ site })
    const said = []
    for (let t = 0; t <= 40; t += 0.5) {
      said.push(...events.observe(look(t, { person: t < 8 ? visitor(t) : undefined, ...bag(t) })))
      const { tracks } = look(t, { person: [6, 5] })
      const seen = tracks.map((track) => ({ ...track, id: 'other:1', cameraId: 'other' }))
      if (t >= 8) said.push(...events.observe({ cameraId: 'other', capturedAtMs: t * 1000, tracks: seen }))
    }
    expect(said).toEqual([])
  })

  it('are told though for one look now and then a camera takes something beside them for a person', () => {
    const ghost = (t: number): At => (t > 15 && t % 8 === 0 ? [6, 5] : visitor(t))
    expect(watch(50, (t) => ({ person: ghost(t), ...bag(t) }))).toHaveLength(1)
  })

  it('are none where nobody was beside them when they appeared, or outside of the area', () => {
    expect(watch(60, (t) => bag(t))).toEqual([])
    expect(watch(60, (t) => ({ person: visitor(t), ...bag(t, [5, 12]) }))).toEqual([])
    expect(watch(60, (t) => ({ person: visitor(t), ...(t >= 40 ? { thing: [5.5, 5] as const, sinceS: 38 } : {}) }))).toEqual([]) // biome-ignore format: a row
    expect(watch(60, (t) => ({ person: t > 3 && t < 8 ? [-1, 5] : undefined, ...bag(t, [-1.5, 5]) }))).toEqual([])
  })

  it('forget what was seen before the clock jumped', () => {
    const events = new ZoneEvents({ site })
    for (let t = 0; t <= 15; t += 0.5) events.observe(look(t, { person: visitor(t), ...bag(t) }))
    events.clear()
    const said = []
    for (let t = 15; t <= 60; t += 0.5) said.push(...events.observe(look(t, bag(t))))
    expect(said).toEqual([])
  })
})
