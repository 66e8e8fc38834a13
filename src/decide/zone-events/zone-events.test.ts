import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Track, TrackUpdate } from '../../contract/perception.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import type { SiteFile } from '../../site/schema.ts'
import type { RuleEvent } from './rule-event.ts'
import { ZoneEvents } from './zone-events.ts'

const campus = buildCampus()
const square: [number, number][] = [[0, 0], [10, 0], [10, 10], [0, 10]] // biome-ignore format: an outline
const base = campus.zones[0] ?? expect.fail('the campus has zones')
const square0 = { ...base, id: 'square', building: undefined, storey: undefined, polygon: square, floorM: 0, capacity: 0, access: 'public' as const } // biome-ignore format: a row
const camera = { ...(campus.cameras[0] ?? expect.fail('the campus has cameras')), id: 'cam', zones: ['square'] }
const noRules: SiteFile['rules'] = { lines: [], dwell: [], crowds: [], posts: [], parking: [], leftObjects: [] }

function siteWith(rules: Partial<SiteFile['rules']>, oneWay = false): SiteFile {
  return {
    ...campus,
    zones: [square0],
    cameras: [camera],
    rules: { ...noRules, ...rules },
    ground: { ...campus.ground, roads: [], parking: [{ id: 'bays', at: [30, 5], headingDeg: 0, bays: 2, bayWidthM: 2.5, bayDepthM: 5 }] }, // biome-ignore format: a row
    paths: oneWay
      ? { nodes: [{ id: 'a', at: [0, 5] }, { id: 'b', at: [40, 5] }], edges: [{ a: 'a', b: 'b', kind: 'drive', oneWay: true }] } // biome-ignore format: one way
      : { nodes: [], edges: [] },
  }
}

interface Seen {
  readonly id?: string
  readonly at: readonly [number, number]
  readonly className?: string
  readonly sigmaM?: number
  readonly score?: number
}

function look(atMs: number, seen: readonly Seen[]): TrackUpdate {
  const tracks = seen.map(
    ({ id = '1', at, className = 'person', sigmaM = 0.3, score = 0.8 }): Track => ({
      id: `cam:${id}`,
      cameraId: 'cam',
      className,
      score,
      box: { x: 0, y: 0, width: 10, height: 30 },
      firstSeenMs: 0,
      lastSeenMs: atMs,
      world: { eastM: at[0], northM: at[1], sigmaM },
    }),
  )
  return { cameraId: 'cam', capturedAtMs: atMs, tracks }
}

/** Looks four times a second, or as often as it is told, at what `seenAt` says. */
function watch(
  site: SiteFile,
  seconds: number,
  seenAt: (timeS: number) => readonly Seen[],
  { everyS = 0.25, fromMs = 0 } = {},
): RuleEvent[] {
  const events = new ZoneEvents({ site })
  const said: RuleEvent[] = []
  for (let t = 0; t <= seconds; t += everyS) said.push(...events.observe(look(fromMs + t * 1000, seenAt(t))))
  return said
}

const peopleInARow = (count: number): Seen[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${i}`, at: [2 + 2 * i, 5] as const }))

const told = (events: readonly RuleEvent[]) => events.map(({ type, phase }) => `${type} ${phase}`)

describe('rules of place', () => {
  it('tells a dwell once the limit is over, repeats it while it lasts and ends it', () => {
    const events = watch(siteWith({ dwell: [{ zone: 'square', afterS: 10 }] }), 60, (t) =>
      t < 30 ? [{ at: [5 + Math.sin(t), 5] }] : [],
    )
    expect(told(events).slice(0, 2)).toEqual(['dwell began', 'dwell holds'])
    expect(told(events).at(-1)).toBe('dwell ended')
    expect(told(events).filter((one) => one.endsWith('began'))).toHaveLength(1)
    expect(events[0]?.atMs).toBeGreaterThanOrEqual(10_000)
    expect(events[0]?.values).toMatchObject({ limitS: 10, className: 'person' })
  })

  it('tells of some among very many', () => {
    const spread = Array.from({ length: 400 }, (_, i) => ({
      id: `${i}`,
      at: [(i % 20) / 2, Math.floor(i / 20) / 2] as const,
    }))
    const events = watch(siteWith({ dwell: [{ zone: 'square', afterS: 10 }] }), 20, () => spread, { everyS: 1 })
    expect(told(events)).toContain('dwell began')
  })

  it('carries a stay over to the track that takes up a broken one', () => {
    const events = watch(siteWith({ dwell: [{ zone: 'square', afterS: 10 }] }), 14, (t) =>
      t > 5 && t < 6.5 ? [] : [{ id: t < 6 ? '1' : '2', at: [5, 5] }],
    )
    expect(told(events)).toEqual(['dwell began'])
  })

  it('knows the direction in which a line is crossed', () => {
    const line = (forbidden: 'leftToRight' | 'rightToLeft' | 'both') =>
      siteWith({ lines: [{ id: 'l', from: [5, 0], to: [5, 10], forbidden, classes: ['person'] }] })
    const eastward = (t: number): Seen[] => [{ at: [1 + t, 5] }]
    // Who looks north along the line has the west at the left hand.
    expect(told(watch(line('leftToRight'), 8, eastward))).toEqual(['lineCrossed began'])
    expect(told(watch(line('both'), 8, eastward))).toEqual(['lineCrossed began'])
    expect(told(watch(line('rightToLeft'), 8, eastward))).toEqual([])
    expect(told(watch(line('both'), 8, (t) => [{ at: [1 + t, 14] }]))).toEqual([])
    expect(told(watch(line('both'), 8, (t) => [{ at: [1 + t, 5], className: 'car' }]))).toEqual([])
  })

  it('counts a crowd through moments in which somebody is hidden', () => {
    const crowd = siteWith({ crowds: [{ zone: 'square', people: 3, afterS: 4 }] })
    const events = watch(crowd, 12, (t) => peopleInARow(Math.round(t * 4) % 5 === 0 ? 2 : 3))
    expect(told(events)[0]).toBe('crowd began')
    expect(events[0]?.values).toMatchObject({ people: 3, limit: 3 })
    expect(watch(crowd, 12, () => peopleInARow(2))).toEqual([])
    expect(watch(crowd, 3, () => peopleInARow(3))).toEqual([])
  })

  it('counts those once whom two cameras see under one name, though one of them looks a little late', () => {
    const crowd = siteWith({
      crowds: [{ zone: 'square', people: 3, afterS: 4 }],
      dwell: [{ zone: 'square', afterS: 5 }],
    })
    const through = (cameraId: string, update: TrackUpdate): TrackUpdate => ({
      ...update,
      cameraId,
      tracks: update.tracks.map((track) => ({ ...track, cameraId })),
    })
    const events = new ZoneEvents({ site: crowd })
    const said: RuleEvent[] = []
    for (let t = 0; t <= 12; t += 0.25) {
      const two = [0, 1].map((i) => ({ id: `${i}`, at: [3 + 2 * i, 5] as const }))
      said.push(...events.observe(through('west', look(t * 1000, two))))
      said.push(...events.observe(through('east', look(t * 1000 - 90, two))))
    }
    // Company that stays together is one matter.
    expect(told(said).filter((word) => word === 'dwell began')).toHaveLength(1)
    expect(told(said)).not.toContain('crowd began')
  })

  it('tells who drives against a one-way, not who follows or crosses it', () => {
    const way = siteWith({}, true)
    const drive = (from: readonly [number, number], v: readonly [number, number], className = 'car') =>
      told(watch(way, 5, (t) => [{ at: [from[0] + v[0] * t, from[1] + v[1] * t], className }]))
    expect(drive([30, 5], [-4, 0])).toEqual(['wrongWay began'])
    expect(drive([10, 5], [4, 0])).toEqual([])
    expect(drive([20, -5], [-0.5, 4])).toEqual([])
    expect(drive([30, 5], [-4, 0], 'person')).toEqual([])
  })

  it('tells a vehicle that stands where it may not, and leaves bays and short stops alone', () => {
    const rule = siteWith({ parking: [{ zone: 'square', allowed: false, afterS: 20 }] })
    const stands = (at: readonly [number, number], seconds: number, className = 'car') =>
      told(watch(rule, 40, (t) => [{ at: t < seconds ? at : [at[0] + 3 * (t - seconds), at[1]], className }]))
    expect(stands([5, 5], 30)).toContain('wrongParking began')
    expect(stands([5, 5], 12)).toEqual([])
    expect(stands([30, 5], 40)).toEqual([])
    expect(stands([5, 5], 40, 'person')).toEqual([])
  })

  it('tells a bicycle that nobody stays with', () => {
    const rule = siteWith({ leftObjects: [{ zone: 'square', afterS: 15 }] })
    const events = watch(rule, 40, (t) => [
      { id: 'bike', at: [5, 5], className: 'bicycle' },
      { id: 'rider', at: t < 10 ? [5.5, 5] : [5.5 + 1.4 * (t - 10), 5] },
    ])
    expect(told(events)[0]).toBe('leftObject began')
    expect(events[0]?.atMs).toBeGreaterThan(24_000)
    expect(watch(rule, 40, () => [{ id: 'bike', at: [5, 5], className: 'bicycle' }, { id: 'rider', at: [6, 5] }])).toEqual([]) // biome-ignore format: a row
  })

  it('tells an empty post, and says nothing while the camera is silent', () => {
    const post = siteWith({ posts: [{ zone: 'square', people: 1, afterS: 20, hours: undefined }] })
    const events = watch(post, 60, (t) => (t < 10 ? [{ at: [5, 5] }] : []))
    expect(told(events)[0]).toBe('unmanned began')
    expect(events[0]?.atMs).toBeGreaterThanOrEqual(30_000)
    expect(watch(post, 60, () => [{ at: [5, 5] }])).toEqual([])
    const silent = new ZoneEvents({ site: post })
    expect([0, 15, 30, 45].flatMap((t) => silent.observe(look(t * 1000, [])))).toEqual([])
  })

  it('tells crowds and empty posts as well where a camera looks rarely, or a clock runs so fast that it seems to', () => {
    const crowd = siteWith({ crowds: [{ zone: 'square', people: 3, afterS: 20 }] })
    const post = siteWith({ posts: [{ zone: 'square', people: 1, afterS: 600, hours: undefined }] })
    for (const everyS of [2.1, 10.1, 108]) {
      const nth = (t: number) => Math.round(t / everyS)
      // In every sixth look somebody is missed; after the sixtieth all have left.
      const seenAt = (t: number) => peopleInARow(nth(t) > 60 ? 0 : nth(t) % 6 === 5 ? 2 : 3)
      const came = watch(crowd, 80 * everyS, seenAt, { everyS }).filter(({ phase }) => phase !== 'holds')
      expect(told(came)).toEqual(['crowd began', 'crowd ended'])
      expect(came[0]?.values).toMatchObject({ people: 3 })
      expect(came[1]?.atMs).toBeGreaterThan(60_000 * everyS)
      expect(watch(crowd, 80 * everyS, (t) => peopleInARow(nth(t) % 6 === 5 ? 3 : 2), { everyS })).toEqual([])

      const empty = watch(post, 600 + 20 * everyS, () => [], { everyS })
      expect(told(empty)[0]).toBe('unmanned began')
      expect(empty[0]?.atMs).toBeGreaterThanOrEqual(600_000)
    }
  })

  it('follows somebody who walks about, where a camera looks rarely and misses them in one look', () => {
    const site = siteWith({ dwell: [{ zone: 'square', afterS: 60 }] })
    // Every fourth look misses them; their track breaks there, and another one begins.
    const pacing = (everyS: number) => (t: number) => {
      const at = Math.round(t / everyS)
      return at % 4 === 3 ? [] : [{ id: `${Math.floor(at / 4)}`, at: [4 + 1.5 * (at % 3), 5] as const }]
    }
    // Sure of somebody after four looks, and from then on; the look at 140 s misses them.
    for (const [everyS, beganS] of [[1, 64], [5, 80], [20, 160]] as const) // biome-ignore format: a row
      expect(watch(site, beganS, pacing(everyS), { everyS })).toMatchObject([{ phase: 'began', atMs: beganS * 1000 }])
    // Who stays away for longer has left.
    const left = watch(site, 220, (t) => (t >= 60 && t < 120 ? [] : [{ at: [4 + (t % 30) / 10, 5] }]), { everyS: 10 })
    expect(left.map(({ atMs, phase }) => [atMs / 1000, phase])).toEqual([
      [210, 'began'],
      [220, 'holds'],
    ])
  })

  it('says nothing of a crowd or a post for the time in which its camera was silent', () => {
    const both = siteWith({
      crowds: [{ zone: 'square', people: 3, afterS: 30 }],
      posts: [{ zone: 'square', people: 4, afterS: 30, hours: undefined }],
    })
    const events = new ZoneEvents({ site: both })
    const three = (fromMs: number) =>
      Array.from({ length: 80 }, (_, i) => events.observe(look(fromMs + i * 250, peopleInARow(3)))).flat()
    expect([...three(0), ...three(60_000), ...three(3_600_000)]).toEqual([])
  })

  it('asks for somebody at a post over midnight until the morning after the day that is named', () => {
    const nights = siteWith({
      posts: [{ zone: 'square', people: 1, afterS: 20, hours: { fromH: 22, toH: 6, days: [5] } }],
    })
    // The 1st is a Monday.
    const isAskedAt = (day: number, hour: number) =>
      watch(nights, 30, () => [], { fromMs: Date.UTC(2026, 5, day, hour) - campus.geo.utcOffsetMinutes * 60_000 })
        .length > 0
    expect([isAskedAt(5, 2), isAskedAt(5, 12), isAskedAt(5, 23)]).toEqual([false, false, true])
    expect([isAskedAt(6, 2), isAskedAt(6, 7), isAskedAt(6, 23)]).toEqual([true, false, false])
  })

  it('takes a parked car or a left bicycle for the same one when its broken track is taken up under a new name', () => {
    const rule = siteWith({
      parking: [{ zone: 'square', allowed: false, afterS: 10 }],
      leftObjects: [{ zone: 'square', afterS: 10 }],
    })
    const name = (t: number) => (t < 15 ? '1' : '2')
    const events = watch(rule, 60, (t) =>
      (t > 14 && t < 16) || t > 40
        ? []
        : [
            { id: `car-${name(t)}`, at: [3, 3], className: 'car' },
            { id: `bike-${name(t)}`, at: [7, 7], className: 'bicycle' },
          ],
    ).filter(({ phase }) => phase !== 'holds')
    const [parked, left] = ['wrongParking', 'leftObject'].map((type) => events.filter((event) => event.type === type))
    expect([told(parked ?? []), told(left ?? [])]).toEqual([
      ['wrongParking began', 'wrongParking ended'],
      ['leftObject began', 'leftObject ended'],
    ])
    for (const ended of [parked?.[1], left?.[1]]) expect(ended?.atMs).toBeGreaterThan(40_000)
  })

  it('decides nothing where the position is less sure than its distance to the border', () => {
    const rule = siteWith({ dwell: [{ zone: 'square', afterS: 5 }] })
    expect(watch(rule, 30, () => [{ at: [0.4, 5], sigmaM: 1.2 }])).toEqual([])
    expect(told(watch(rule, 30, () => [{ at: [5, 5], sigmaM: 1.2 }]))).toContain('dwell began')
  })

  it('does not flicker for somebody who jitters along a border', () => {
    const site = siteWith({
      dwell: [{ zone: 'square', afterS: 1 }],
      lines: [{ id: 'l', from: [5, 0], to: [5, 10], forbidden: 'both', classes: ['person'] }],
    })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -25, max: 25 }), { minLength: 40, maxLength: 160 }), (jitterCm) => {
        const along = watch(site, jitterCm.length / 4, (t) => [{ at: [(jitterCm[Math.floor(t * 4)] ?? 0) / 100, 5] }])
        const onLine = watch(site, jitterCm.length / 4, (t) => [
          { at: [5 + (jitterCm[Math.floor(t * 4)] ?? 0) / 100, 5] },
        ])
        expect(along).toEqual([])
        expect(onLine.filter(({ type }) => type === 'lineCrossed')).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('lets every condition begin and end in turn, whatever is seen and however time runs', () => {
    const site = siteWith({
      dwell: [{ zone: 'square', afterS: 3 }],
      crowds: [{ zone: 'square', people: 2, afterS: 2 }],
      parking: [{ zone: 'square', allowed: false, afterS: 3 }],
      posts: [{ zone: 'square', people: 1, afterS: 4, hours: undefined }],
    })
    const step = fc.record({
      gapMs: fc.oneof(
        { arbitrary: fc.integer({ min: 50, max: 4000 }), weight: 12 },
        fc.integer({ min: -60_000, max: 90_000 }),
      ),
      seen: fc.array(
        fc.record({
          id: fc.constantFrom('1', '2', '3'),
          at: fc.tuple(fc.integer({ min: -3, max: 13 }), fc.integer({ min: -3, max: 13 })),
          className: fc.constantFrom('person', 'car', 'bicycle'),
        }),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const events = new ZoneEvents({ site })
        const open = new Map<string, number>()
        let atMs = 1e9
        for (const { gapMs, seen } of steps) {
          atMs += gapMs
          const unique = seen.filter((one, i) => seen.findIndex(({ id }) => id === one.id) === i)
          for (const event of events.observe(look(atMs, unique))) {
            const key = `${event.type}:${event.rule}`
            const before = open.get(key) ?? 0
            const now = before + { began: 1, holds: 0, ended: -1 }[event.phase]
            // Several vehicles may stand at once, each by itself; the rest is one matter.
            if (event.type === 'wrongParking') expect(now).toBeGreaterThanOrEqual(event.phase === 'ended' ? 0 : 1)
            else expect(before).toBe(event.phase === 'began' ? 0 : 1)
            open.set(key, now)
          }
        }
      }),
      { numRuns: 80 },
    )
  })
})

describe('a camera that was silent for an hour', () => {
  it('does not say that somebody dwelt or a vehicle stood all that time, though their tracks go on', () => {
    const site = siteWith({
      dwell: [{ zone: 'square', afterS: 60 }],
      parking: [{ zone: 'square', allowed: false, afterS: 60 }],
    })
    for (const laterMs of [3_600_000, -3_600_000]) {
      const events = new ZoneEvents({ site })
      const said: RuleEvent[] = []
      const both: Seen[] = [{ at: [5, 5] }, { id: '2', at: [3, 3], className: 'car' }]
      for (let atMs = 0; atMs <= 10_000; atMs += 250) said.push(...events.observe(look(atMs, both)))
      for (let atMs = 10_250; atMs <= 30_000; atMs += 250) said.push(...events.observe(look(laterMs + atMs, both)))
      expect(said).toEqual([])
    }
  })
})
