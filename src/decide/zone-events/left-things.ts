/**
 * Things that nobody recognised and somebody left: one stands where nothing stood before, a person was beside it when it
 * appeared, and nobody has been near it since. What appears with nobody about (a shade, a leaf, a puddle) is none.
 */
import type { GroundPlace, StandingThing, TrackUpdate } from '../../contract/perception.ts'
import { isInside } from './border.ts'
import type { Condition } from './conditions.ts'
import type { Followed } from './followed.ts'
import type { AreaRule } from './rules.ts'

/** A person so close looks after a thing. */
export const attendedWithinM = 3
/** Who came so close around the time when it appeared may have put it down. */
const broughtWithinM = 1.8
const brought = { beforeMs: 6000, afterMs: 1500 }
/** Where people were is remembered for so long; a thing shows only when they step aside. */
const stepsMs = 30_000
/** A camera may be silent for a while; whose thing it is must outlast that. */
const forgetMs = 600_000
const mostSteps = 10_000

interface Step {
  readonly atMs: number
  readonly place: GroundPlace
}

interface Known {
  owned: boolean
  attendedMs: number
  lastSeenMs: number
  /** Rules in whose area it was surely seen. */
  readonly inside: Set<string>
}

export class LeftThings {
  #steps: Step[] = []
  readonly #known = new Map<string, Known>()

  /** `seen`: those whom this look found; `about`: whom any camera sees. */
  observe(
    rules: readonly AreaRule[],
    update: TrackUpdate,
    seen: readonly Followed[],
    about: readonly Followed[],
  ): Condition[] {
    if (rules.length === 0) return []
    const { cameraId, capturedAtMs: atMs, things = [] } = update
    const isPerson = ({ className }: Followed) => className === 'person'
    const people = about.filter(isPerson)
    this.#steps.push(...seen.filter(isPerson).map(({ place }) => ({ atMs, place })))
    this.#steps = this.#steps.filter((step) => Math.abs(atMs - step.atMs) <= stepsMs).slice(-mostSteps)
    const standing = things.map((thing) => [thing, this.#know(thing, people, rules, atMs)] as const)
    for (const [id, { lastSeenMs }] of this.#known) if (Math.abs(atMs - lastSeenMs) > forgetMs) this.#known.delete(id)
    return rules.flatMap((rule) =>
      standing.flatMap(([thing, known]) => {
        const sinceMs = Math.max(thing.sinceMs, known.attendedMs)
        if (!known.owned || !known.inside.has(rule.id) || atMs - sinceMs < rule.afterMs) return []
        return [conditionOf(rule, thing, cameraId, sinceMs, atMs)]
      }),
    )
  }

  clear(): void {
    this.#steps = []
    this.#known.clear()
  }

  #know(thing: StandingThing, people: readonly Followed[], rules: readonly AreaRule[], atMs: number): Known {
    const known = this.#known.get(thing.id) ?? {
      owned: false,
      attendedMs: Number.NEGATIVE_INFINITY,
      lastSeenMs: atMs,
      inside: new Set<string>(),
    }
    this.#known.set(thing.id, known)
    known.lastSeenMs = atMs
    known.owned ||= this.#steps.some((step) => broughtBy(step, thing))
    if (people.some((one) => isWithin(thing.world, one.place, attendedWithinM, 2))) known.attendedMs = atMs
    for (const { id, polygon } of rules) if (isInside(thing.world, polygon)) known.inside.add(id)
    return known
  }
}

function broughtBy({ atMs, place }: Step, { sinceMs, world }: StandingThing): boolean {
  return (
    atMs >= sinceMs - brought.beforeMs &&
    atMs <= sinceMs + brought.afterMs &&
    isWithin(world, place, broughtWithinM, 1.2)
  )
}

/** Places are as far apart as they seem, or nearer by what both are unsure, up to `mostSlackM`. */
function isWithin(a: GroundPlace, b: GroundPlace, withinM: number, mostSlackM: number): boolean {
  const awayM = Math.hypot(a.eastM - b.eastM, a.northM - b.northM)
  return awayM <= withinM + Math.min(mostSlackM, a.sigmaM + b.sigmaM)
}

function conditionOf(
  rule: AreaRule,
  { id, score, world }: StandingThing,
  cameraId: string,
  sinceMs: number,
  atMs: number,
): Condition {
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  return {
    type: 'leftObject',
    // By the place, not by the thing: what was left together, or seems to be in pieces, is one matter.
    key: `${rule.id}/${cameraId}`,
    rule: rule.id,
    zone: rule.zone,
    cameraId,
    trackId: id,
    sinceMs,
    score,
    values: {
      leftS: seconds(atMs - sinceMs),
      nobodyWithinM: attendedWithinM,
      limitS: seconds(rule.afterMs),
      className: 'thing',
      sigmaM: Math.round(world.sigmaM * 100) / 100,
    },
  }
}
