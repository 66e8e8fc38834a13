/** What happens in a clip, and which events are true of it. Positions are those of the stage (`view-ground.ts`). */
import type { ActorKind, Distractor, SimWorldMessage } from '../../src/contract/sim-world.ts'
import { attendedWithinM } from '../../src/decide/zone-events/left-things.ts'
import type { RuleEventType } from '../../src/decide/zone-events/rule-event.ts'
import type { Random } from '../../src/platform/random.ts'
import { type Point2, pointInPolygon } from '../../src/site/geometry.ts'
import type { SiteFile } from '../../src/site/schema.ts'
import type { ViewGround } from './view-ground.ts'
import { firstTime, lookOf, steady, type Walk } from './walk.ts'

export type EventType = RuleEventType | 'intrusion' | 'leave' | 'fire' | 'smoke'

export interface TruthEvent {
  readonly type: EventType
  /** When it became true, with the time that the rule grants; seconds of the clip. */
  readonly atS: number
}

/** What a clip adds to its site, and who moves in it. */
export interface Script {
  readonly durationS: number
  readonly zone: Partial<SiteFile['zones'][number]>
  readonly rules: Partial<SiteFile['rules']>
  /** A one-way along which vehicles must go. */
  readonly way?: readonly [Point2, Point2]
  readonly walks: readonly Walk[]
  readonly fires: (timeS: number) => SimWorldMessage['fires']
  /** What people put down. */
  readonly things?: (timeS: number) => readonly Distractor[]
  /** Who leaves the stage is told. */
  readonly tellsLeaving?: boolean
  readonly truth: readonly TruthEvent[]
  /** Neither wanted nor wrong here: a fire that may or may not be said to smoke. */
  readonly neutral: readonly EventType[]
}

export const stageZone = 'stage'
export const stageLine = 'stage-line'

type Make = (random: Random, ground: ViewGround) => Script

/** The watch of the clips tells sooner than the product's that somebody is gone. */
export const leaveAfterS = 3

const calm: Omit<Script, 'walks' | 'truth'> = { durationS: 11, zone: { access: 'public' }, rules: {}, fires: () => [], neutral: [] } // biome-ignore format: a row

export function outlineOf({ at, halfAcrossM: w, halfAwayM: d }: ViewGround): Point2[] {
  const corners: Point2[] = [at(-w, -d), at(w, -d), at(w, d), at(-w, d)]
  const [a, b, c] = corners as unknown as [Point2, Point2, Point2]
  const turnsLeft = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0
  return turnsLeft ? corners : corners.reverse()
}

const inStage = (ground: ViewGround) => {
  const outline = outlineOf(ground)
  return (at: Point2) => pointInPolygon(at[0], at[1], outline)
}

function somebody(random: Random, kind: ActorKind, id: string, corners: Walk['corners']): Walk {
  return { id, kind, look: lookOf(random), corners }
}

/** A place well inside the stage. */
const within = (random: Random, g: ViewGround, share = 0.55): Point2 =>
  g.at(random.between(-share, share) * g.halfAcrossM, random.between(-share, share) * g.halfAwayM)

/** Outside, on one of three sides: left, right or behind. */
function outside(random: Random, g: ViewGround): Point2 {
  const side = random.integer(0, 2)
  if (side === 2) return g.at(random.between(-1, 1) * g.halfAcrossM, g.halfAwayM + 3.2)
  return g.at((side === 0 ? -1 : 1) * (g.halfAcrossM + 3.2), random.between(-0.8, 0.8) * g.halfAwayM)
}

const walkMps = (random: Random) => random.between(0.9, 1.7)

/** In from outside, about inside, and there until the end. */
function comesIn(random: Random, g: ViewGround, id: string, fromS: number): Walk {
  const points = [outside(random, g), within(random, g), within(random, g), within(random, g), within(random, g)]
  return somebody(random, 'person', id, steady(points, walkMps(random), fromS, random.between(0, 1.2)))
}

/** Along the stage outside of it, never nearer than a metre and a half. */
function passesBy(random: Random, g: ViewGround, id: string, kind: ActorKind = 'person'): Walk {
  const behind = random.next() < 0.5
  const off = random.between(1.6, 3.2)
  const half = g.viewHalfM * 0.9
  const points = behind
    ? [g.at(-half, g.halfAwayM + off), g.at(half, g.halfAwayM + off)]
    : [g.at(g.halfAcrossM + off, g.halfAwayM + 3), g.at(g.halfAcrossM + off, -g.halfAwayM - 1)]
  if (random.next() < 0.5) points.reverse()
  const mps = kind === 'person' ? walkMps(random) : random.between(2.5, 5)
  return somebody(random, kind, id, steady(points, mps, random.between(0, 3)))
}

export const scripts: Readonly<Record<string, Make>> = {
  intrusion(random, g) {
    const walks = [comesIn(random, g, 'a', random.between(0.5, 2.5))]
    if (random.next() < 0.25) walks.push(comesIn(random, g, 'b', random.between(1, 3)))
    return { ...calm, zone: { access: 'restricted' }, walks, truth: firstOf('intrusion', walks, g) }
  },
  intrusionNot(random, g) {
    const walks = [passesBy(random, g, 'a')]
    if (random.next() < 0.4) walks.push(passesBy(random, g, 'b'))
    return { ...calm, zone: { access: 'restricted' }, walks, truth: [] }
  },
  line: (random, g) => crossing(random, g, true),
  lineNot: (random, g) => crossing(random, g, false),
  dwell(random, g) {
    const afterS = 4
    const walk = comesIn(random, g, 'a', random.between(0.5, 2))
    const sinceS = firstTime(walk, 18, inStage(g)) ?? 0
    const rules = { dwell: [{ zone: stageZone, afterS }] }
    return { ...calm, durationS: 14, rules, walks: [walk], truth: [{ type: 'dwell', atS: sinceS + afterS }] }
  },
  dwellNot(random, g) {
    const through = [outside(random, g), within(random, g, 0.3), g.at(-g.halfAcrossM - 3.2, 0)]
    const walk = somebody(random, 'person', 'a', steady(through, random.between(1.5, 2), random.between(0.5, 3)))
    return { ...calm, rules: { dwell: [{ zone: stageZone, afterS: 9 }] }, walks: [walk], truth: [] }
  },
  crowd(random, g) {
    const limit = random.integer(3, 4)
    const afterS = 2
    const walks = gathering(random, g, limit + random.integer(0, 1))
    const entered = walks.map((walk) => firstTime(walk, 18, inStage(g)) ?? 99).sort((a, b) => a - b)
    const rules = { crowds: [{ zone: stageZone, people: limit, afterS }] }
    const atS = (entered[limit - 1] ?? 99) + afterS
    return { ...calm, durationS: 14, rules, walks, truth: [{ type: 'crowd', atS }] }
  },
  crowdNot(random, g) {
    const walks = gathering(random, g, 3)
    return { ...calm, rules: { crowds: [{ zone: stageZone, people: 5, afterS: 2 }] }, walks, truth: [] }
  },
  wrongWay: (random, g) => driving(random, g, true),
  wrongWayNot: (random, g) => driving(random, g, false),
  wrongParking(random, g) {
    const afterS = 4
    const [walk, stopsS] = parks(random, g)
    const rules = { parking: [{ zone: stageZone, allowed: false, afterS }] }
    return { ...calm, durationS: 14, rules, walks: [walk], truth: [{ type: 'wrongParking', atS: stopsS + afterS }] }
  },
  wrongParkingNot(random, g) {
    const [walk] = random.next() < 0.5 ? parks(random, g) : [passesThrough(random, g)]
    const allowed = random.next() < 0.5
    return {
      ...calm,
      rules: { parking: [{ zone: stageZone, allowed, afterS: allowed ? 2 : 14 }] },
      walks: [walk],
      truth: [],
    }
  },
  unmanned(random, g) {
    const afterS = 4
    const leaveS = random.between(2, 4)
    const post = within(random, g, 0.3)
    const out = g.at((random.next() < 0.5 ? -1 : 1) * (g.halfAcrossM + 3), random.between(-0.5, 0.5) * g.halfAwayM)
    const corners = [{ atS: 0, at: post }, ...steady([post, out], random.between(1.2, 1.7), leaveS)]
    const walk = somebody(random, 'person', 'a', corners)
    const goneS = (firstTime(walk, 18, (at) => !inStage(g)(at)) ?? leaveS) + afterS
    const rules = { posts: [{ zone: stageZone, people: 1, afterS, hours: undefined }] }
    return { ...calm, durationS: 13, rules, walks: [walk], truth: [{ type: 'unmanned', atS: goneS }] }
  },
  unmannedNot(random, g) {
    const post = within(random, g, 0.4)
    const walk = somebody(random, 'person', 'a', [
      { atS: 0, at: post },
      ...steady([post, within(random, g, 0.4)], 0.8, 4),
    ])
    return {
      ...calm,
      rules: { posts: [{ zone: stageZone, people: 1, afterS: 4, hours: undefined }] },
      walks: [walk],
      truth: [],
    }
  },
  leave(random, g) {
    const post = within(random, g, 0.4)
    const fromS = random.between(3, 5)
    const corners = [{ atS: 0, at: post }, ...steady([post, outside(random, g)], walkMps(random), fromS)]
    const walk = somebody(random, 'person', 'a', corners)
    const outS = firstTime(walk, 18, (at) => !inStage(g)(at)) ?? fromS
    return { ...calm, tellsLeaving: true, walks: [walk], truth: [{ type: 'leave', atS: outS + leaveAfterS }] }
  },
  leaveNot(random, g) {
    return { ...calm, tellsLeaving: true, walks: [comesIn(random, g, 'a', random.between(0.5, 2))], truth: [] }
  },
  leftObject: (random, g) => putsDown(random, g, 'goes'),
  leftObjectNot: (random, g) => putsDown(random, g, random.pick(['stays', 'comesBack', 'nothing'] as const)),
  fire(random, g) {
    const [at, fromS, peak] = [within(random, g, 0.8), random.between(1, 4), random.between(0.35, 1)]
    const smokes = random.next() < 0.5
    const fires = (t: number) => {
      const grown = Math.max(0, Math.min(1, (t - fromS) / 3))
      return grown <= 0 ? [] : [{ zone: stageZone, at: [at[0], at[1], 0] as [number, number, number], intensity: peak * grown, smoke: smokes ? 0.5 * grown : 0 }] // biome-ignore format: one fire
    }
    return { ...calm, fires, walks: [], truth: [{ type: 'fire', atS: fromS + 1 }], neutral: ['smoke'] }
  },
  smoke(random, g) {
    const [at, fromS, peak] = [within(random, g, 0.8), random.between(1, 3), random.between(0.5, 1)]
    const fires = (t: number) => {
      const grown = Math.max(0, Math.min(1, (t - fromS) / 3))
      return grown <= 0 ? [] : [{ zone: stageZone, at: [at[0], at[1], 0] as [number, number, number], intensity: 0, smoke: peak * grown }] // biome-ignore format: one plume
    }
    return { ...calm, durationS: 12, fires, walks: [], truth: [{ type: 'smoke', atS: fromS + 1.5 }] }
  },
  nothing: (_, g) => ({ ...calm, ...everyRule(g), walks: [], truth: [] }),
}

/** All rules at once over an empty stage: whatever is said is wrong. */
function everyRule(g: ViewGround): Pick<Script, 'zone' | 'rules' | 'way'> {
  return {
    zone: { access: 'restricted' },
    rules: {
      lines: [lineAcross(g, 0, 'both')],
      dwell: [{ zone: stageZone, afterS: 4 }],
      crowds: [{ zone: stageZone, people: 3, afterS: 2 }],
      parking: [{ zone: stageZone, allowed: false, afterS: 4 }],
      leftObjects: [{ zone: stageZone, afterS: 4 }],
    },
    way: [g.at(-g.viewHalfM * 0.9, 0), g.at(g.viewHalfM * 0.9, 0)],
  }
}

function firstOf(type: EventType, walks: readonly Walk[], g: ViewGround): TruthEvent[] {
  const times = walks.flatMap((walk) => firstTime(walk, 18, inStage(g)) ?? [])
  return times.length > 0 ? [{ type, atS: Math.min(...times) }] : []
}

function lineAcross(g: ViewGround, shiftM: number, forbidden: 'leftToRight' | 'rightToLeft' | 'both') {
  const all = ['person', 'bicycle', 'car', 'truck', 'forklift'] as const
  return { id: stageLine, name: undefined, from: g.at(shiftM, -g.halfAwayM - 1.5), to: g.at(shiftM, g.halfAwayM + 3), forbidden, classes: [...all] } // biome-ignore format: a row
}

/** Across a line that leads away from the camera, in the forbidden or in the allowed direction. */
function crossing(random: Random, g: ViewGround, wrong: boolean): Script {
  const kind = random.pick(['person', 'person', 'person', 'bicycle', 'car'] as const)
  const fromLeft = random.next() < 0.5
  const forbidden = fromLeft === wrong ? 'leftToRight' : 'rightToLeft'
  const line = lineAcross(g, random.between(-0.3, 0.3) * g.halfAcrossM, forbidden)
  const half = Math.min(g.viewHalfM * 0.9, kind === 'person' ? g.halfAcrossM + 3.2 : 12)
  const away = () => random.between(-0.7, 0.7) * g.halfAwayM
  const points = [g.at(-half, away()), g.at(half, away())]
  if (!fromLeft) points.reverse()
  const mps = kind === 'person' ? walkMps(random) : random.between(2, 4.5)
  const walk = somebody(random, kind, 'a', steady(points, mps, random.between(0.5, 2)))
  const before = leftOf(line.from, line.to, points[0] as Point2)
  const atS = firstTime(walk, 14, (at) => leftOf(line.from, line.to, at) !== before) ?? 99
  return { ...calm, rules: { lines: [line] }, walks: [walk], truth: wrong ? [{ type: 'lineCrossed', atS }] : [] }
}

function leftOf(from: Point2, to: Point2, at: Point2): boolean {
  return (to[0] - from[0]) * (at[1] - from[1]) - (to[1] - from[1]) * (at[0] - from[0]) > 0
}

/** People come from all sides and stand apart. */
function gathering(random: Random, g: ViewGround, count: number): Walk[] {
  const spots: Point2[] = []
  for (let i = 0; i < 400 && spots.length < count; i++) {
    const spot = within(random, g, 0.72)
    const apartM = i < 300 ? 1.4 : 0.9
    if (spots.every((other) => Math.hypot(other[0] - spot[0], other[1] - spot[1]) > apartM)) spots.push(spot)
  }
  return spots.map((spot, i) =>
    somebody(random, 'person', `p${i}`, steady([outside(random, g), spot], walkMps(random), random.between(0, 3))),
  )
}

const driverOf = (random: Random) => random.pick(['car', 'car', 'truck', 'bicycle'] as const)

function driving(random: Random, g: ViewGround, wrong: boolean): Script {
  const half = g.viewHalfM * 0.95
  const away = random.between(-0.4, 0.4) * g.halfAwayM
  const way: [Point2, Point2] = [g.at(-half - 4, away), g.at(half + 4, away)]
  if (random.next() < 0.5) way.reverse()
  const [from, to] = wrong ? [way[1], way[0]] : way
  const kind = driverOf(random)
  const mps = random.between(1.8, kind === 'bicycle' ? 4 : 5)
  const fromS = random.between(0.5, 2)
  const walk = somebody(random, kind, 'a', steady([from, to], mps, fromS))
  // True once it has gone two and a half metres in the picture.
  const inS = firstTime(walk, 14, ([e, n]) => Math.hypot(e - g.middle[0], n - g.middle[1]) < half * 0.95) ?? fromS
  return {
    ...calm,
    way,
    walks: [walk],
    truth: wrong ? [{ type: 'wrongWay', atS: inS + Math.max(0.9, 2.5 / mps) }] : [],
  }
}

function parks(random: Random, g: ViewGround): [Walk, number] {
  const side = random.next() < 0.5 ? -1 : 1
  const kind = random.next() < 0.8 ? ('car' as const) : ('truck' as const)
  const stop = within(random, g, 0.3)
  const corners = steady([g.at(side * (g.viewHalfM + 3), 0), stop], random.between(2, 4), random.between(0, 1))
  return [somebody(random, kind, 'a', corners), corners.at(-1)?.atS ?? 0]
}

function passesThrough(random: Random, g: ViewGround): Walk {
  const half = g.viewHalfM + 3
  return somebody(
    random,
    'car',
    'a',
    steady([g.at(-half, 0), g.at(half, 0)], random.between(2, 4), random.between(0, 2)),
  )
}

/** Somebody comes, puts luggage down and goes; or stays with it, comes back for it, or has none. */
function putsDown(random: Random, g: ViewGround, then: 'goes' | 'stays' | 'comesBack' | 'nothing'): Script {
  const afterS = then === 'comesBack' ? 8 : 4
  const spot = within(random, g, 0.5)
  const bearing = random.between(0, 2 * Math.PI)
  const thing: Point2 = [spot[0] + 0.6 * Math.sin(bearing), spot[1] + 0.6 * Math.cos(bearing)]
  const mps = walkMps(random)
  const comes = steady([outside(random, g), spot], mps, random.between(0.5, 1.5))
  const hereS = comes.at(-1)?.atS ?? 0
  const leavesS = hereS + random.between(1, 2)
  const away = farOut(random, g)
  const goes = then === 'stays' ? [] : steady([spot, away], mps, leavesS)
  const returns = then === 'comesBack' ? steady([away, spot], mps, (goes.at(-1)?.atS ?? leavesS) + 0.5) : []
  const walk = somebody(random, 'person', 'a', [...comes, ...goes, ...returns])
  const [fromS, untilS] = [hereS + 0.5, then === 'comesBack' ? (returns.at(-1)?.atS ?? 99) + 0.5 : 99]
  const [look, sizeM, headingDeg] = [lookOf(random), random.between(0.5, 0.8), random.between(0, 360)]
  const luggage: Distractor = { kind: 'luggage', at: [thing[0], thing[1], 0], headingDeg, phase: 0, sizeM, strength: 1, look } // biome-ignore format: a row
  const things = (timeS: number) => (then !== 'nothing' && timeS >= fromS && timeS < untilS ? [luggage] : [])
  const aloneS = firstTime(walk, 30, (at) => Math.hypot(at[0] - thing[0], at[1] - thing[1]) > attendedWithinM, leavesS)
  const truth = then === 'goes' && aloneS !== undefined ? [{ type: 'leftObject' as const, atS: aloneS + afterS }] : []
  return { ...calm, durationS: 14, rules: { leftObjects: [{ zone: stageZone, afterS }] }, walks: [walk], things, truth }
}

/** Well away from the stage, and mostly out of the picture. */
const farOut = (random: Random, g: ViewGround): Point2 =>
  g.at(
    (random.next() < 0.5 ? -1 : 1) * Math.max(g.viewHalfM + 2, g.halfAcrossM + 5),
    random.between(-0.5, 0.8) * g.halfAwayM,
  )
