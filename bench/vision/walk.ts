/** Ways of people and vehicles through a clip: corners with times, and where somebody is in between. */
import type { ActorKind, WorldActor } from '../../src/contract/sim-world.ts'
import type { Random } from '../../src/platform/random.ts'
import type { Point2 } from '../../src/site/geometry.ts'

export interface Corner {
  readonly atS: number
  readonly at: Point2
}

export interface Walk {
  readonly id: string
  readonly kind: ActorKind
  readonly look: number
  readonly corners: readonly Corner[]
}

/** Corners reached one after the other at a steady speed, from `fromS` on; `pauseS` at each. */
export function steady(points: readonly Point2[], mps: number, fromS: number, pauseS = 0): Corner[] {
  const corners: Corner[] = []
  let atS = fromS
  for (const [i, at] of points.entries()) {
    const before = points[i - 1]
    if (before) atS += Math.hypot(at[0] - before[0], at[1] - before[1]) / mps
    corners.push({ atS, at })
    if (pauseS > 0) {
      atS += pauseS
      corners.push({ atS, at })
    }
  }
  return corners
}

/** Undefined before the first corner; who has arrived stays. */
export function actorAt({ id, kind, look, corners }: Walk, timeS: number): WorldActor | undefined {
  const first = corners[0]
  if (!first || timeS < first.atS) return undefined
  let gone = 0
  for (let i = 1; i < corners.length; i++) {
    const [a, b] = [corners[i - 1] as Corner, corners[i] as Corner]
    const lengthM = Math.hypot(b.at[0] - a.at[0], b.at[1] - a.at[1])
    if (timeS <= b.atS && b.atS > a.atS) {
      const share = (timeS - a.atS) / (b.atS - a.atS)
      const at: Point2 = [a.at[0] + (b.at[0] - a.at[0]) * share, a.at[1] + (b.at[1] - a.at[1]) * share]
      return made(at, headingAt(corners, i), lengthM / (b.atS - a.atS), gone + lengthM * share)
    }
    gone += lengthM
  }
  const last = corners.at(-1) as Corner
  return made(last.at, headingAt(corners, corners.length - 1), 0, gone)

  function made(at: Point2, headingDeg: number, speedMps: number, goneM: number): WorldActor {
    const perMetre = kind === 'person' ? (2 * Math.PI) / 1.5 : 1 / 0.33
    const phase = (goneM * perMetre + (look % 628) / 100) % (2 * Math.PI)
    return { id, kind, at: [at[0], at[1], 0], headingDeg, speedMps, phase, look }
  }
}

/** The way of the newest leg that leads anywhere. */
function headingAt(corners: readonly Corner[], upTo: number): number {
  for (let i = upTo; i > 0; i--) {
    const [a, b] = [corners[i - 1] as Corner, corners[i] as Corner]
    const [e, n] = [b.at[0] - a.at[0], b.at[1] - a.at[1]]
    if (Math.hypot(e, n) > 0.05) return (Math.atan2(e, n) * 180) / Math.PI
  }
  return ((corners[0]?.at[0] ?? 0) * 97) % 360
}

/** When, from `fromS` on, a walk along `corners` first is at a point of its way where `reached` holds; found by steps of 20 ms. */
export function firstTime(walk: Walk, untilS: number, reached: (at: Point2) => boolean, fromS = 0): number | undefined {
  for (let t = fromS; t <= untilS; t += 0.02) {
    const actor = actorAt(walk, t)
    if (actor && reached([actor.at[0], actor.at[1]])) return t
  }
  return undefined
}

export const lookOf = (random: Random) => random.integer(200_000, 900_000)
