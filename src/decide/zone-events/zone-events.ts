/**
 * Rules of place, watched in tracks: dwell, lines, crowds, wrong way, wrong parking, left objects, posts. Pure but for
 * its own books: time comes with every look, nothing is decided where a position's uncertainty straddles a border, and
 * each event begins once, is repeated while it lasts and ends once.
 */
import type { TrackUpdate } from '../../contract/perception.ts'
import type { SiteFile } from '../../site/schema.ts'
import { CameraSilence, type Look } from '../camera-silence.ts'
import { isInside } from './border.ts'
import { type Condition, Conditions } from './conditions.ts'
import { type Followed, FollowedTracks, isVehicle, scoreOf, sigmaOf, stillMsAt } from './followed.ts'
import { attendedWithinM, LeftThings } from './left-things.ts'
import { crossings } from './line-crossing.ts'
import { Posts } from './posts.ts'
import type { RuleEvent } from './rule-event.ts'
import { type AreaRule, type ParkingRule, type PlaceRules, placeRules } from './rules.ts'
import { againstTheWay } from './wrong-way.ts'

/** Too few looks or too doubtful a track decides nothing. */
const leastLooks = 4
const leastScore = 0.3
/** A camera silent for longer cannot say that nobody came or went. */
const longestGapMs = 10_000

export class ZoneEvents {
  readonly #rules: PlaceRules
  /** Asked at each look: summer time may have begun. */
  readonly #view: { readonly site: SiteFile }
  readonly #followed = new FollowedTracks()
  readonly #conditions = new Conditions()
  readonly #posts = new Posts()
  readonly #silence = new CameraSilence(longestGapMs)
  readonly #things = new LeftThings()

  constructor(view: { readonly site: SiteFile }) {
    this.#view = view
    this.#rules = placeRules(view.site)
  }

  observe(update: TrackUpdate): RuleEvent[] {
    const { cameraId, capturedAtMs: atMs } = update
    const look = this.#silence.look(cameraId, atMs)
    const seen = this.#followed.observe(update).filter(isSure)
    const inSight = this.#followed.inSight(cameraId, atMs).filter(isSure)
    for (const one of seen) this.#settleInside(one, atMs)
    const about = this.#followed.about(atMs).filter(isSure)
    const events = seen.flatMap((one) => crossings(one, this.#rules.lines))
    const standing = [
      ...this.#dwelling(inSight, atMs),
      ...this.#crowds(inSight, look),
      ...seen.flatMap((one) => againstTheWay(one, this.#rules.ways)),
      ...this.#parked(inSight, atMs),
      ...this.#leftBehind(inSight, about, atMs),
      ...this.#things.observe(this.#rules.leftObjects, update, seen, about),
      ...this.#posts.observe(this.#rules.posts, this.#view.site, look, inSight),
    ]
    return [...events, ...this.#conditions.settle(look, standing)]
  }

  /** Whether what a rule forbids still goes on, as far as cameras tell that saw it at `sinceMs` or later. */
  isGoingOn(type: RuleEvent['type'], rule: string, sinceMs: number): boolean {
    return this.#conditions.isGoingOn(type, rule, sinceMs)
  }

  /** After a jump of the site's clock nothing seen before tells of now. */
  clear(): void {
    this.#followed.clear()
    this.#conditions.clear()
    this.#posts.clear()
    this.#silence.clear()
    this.#things.clear()
  }

  #settleInside(one: Followed, atMs: number): void {
    const { dwell, crowds, posts, noParking, leftObjects } = this.#rules
    for (const { id, polygon } of [...dwell, ...crowds, ...posts, ...noParking, ...leftObjects]) {
      const inside = isInside(one.place, polygon)
      if (inside === false) one.insideSinceMs.delete(id)
      else if (inside && !one.insideSinceMs.has(id)) one.insideSinceMs.set(id, atMs)
    }
  }

  #dwelling(inSight: readonly Followed[], atMs: number): Condition[] {
    return this.#rules.dwell.flatMap((rule) =>
      inSight.flatMap((one) => {
        const sinceMs = one.className === 'person' ? one.insideSinceMs.get(rule.id) : undefined
        if (sinceMs === undefined || atMs - sinceMs < rule.afterMs) return []
        const values = { stayedS: seconds(atMs - sinceMs), ...limit(rule) }
        // By the place, not by the track: company that stays together is one matter.
        return [{ ...conditionOf('dwell', rule, one, sinceMs, values), key: `${rule.id}/${one.cameraId}` }]
      }),
    )
  }

  #crowds(inSight: readonly Followed[], look: Look): Condition[] {
    const { cameraId, atMs } = look
    return this.#rules.crowds.flatMap((rule) => {
      const people = inSight.filter((one) => one.className === 'person' && one.insideSinceMs.has(rule.id))
      const key = `${cameraId}/${rule.id}`
      const isCrowd = people.length >= rule.people
      const sinceMs = this.#conditions.steadySince(key, isCrowd, look)
      const [first] = people
      if (sinceMs === undefined || !isCrowd || !first || atMs - sinceMs < rule.afterMs) return []
      const score = people.reduce((sum, one) => sum + scoreOf(one), 0) / people.length
      const values = { people: people.length, limit: rule.people, lastedS: seconds(atMs - sinceMs), ...limit(rule) }
      return [{ ...conditionOf('crowd', rule, first, sinceMs, values), key, trackId: undefined, score }]
    })
  }

  #parked(inSight: readonly Followed[], atMs: number): Condition[] {
    return this.#rules.noParking.flatMap((rule) =>
      inSight.flatMap((one) => {
        if (!isVehicle(one) || one.className === 'forklift' || !one.insideSinceMs.has(rule.id)) return []
        const stillMs = stillMsAt(one, atMs)
        if (stillMs < rule.afterMs || mayStandHere(one, rule)) return []
        return [conditionOf('wrongParking', rule, one, one.stillAt.atMs, { stoodS: seconds(stillMs), ...limit(rule) })]
      }),
    )
  }

  /** `about`: whom any camera sees; the owner may stand where this one does not look. */
  #leftBehind(inSight: readonly Followed[], about: readonly Followed[], atMs: number): Condition[] {
    const things = inSight.filter(({ className }) => className === 'bicycle' || className === 'forklift')
    const people = about.filter(({ className }) => className === 'person')
    for (const thing of things) if (people.some((one) => isClose(one, thing))) thing.attendedMs = atMs
    return this.#rules.leftObjects.flatMap((rule) =>
      things.flatMap((thing) => {
        if (!thing.insideSinceMs.has(rule.id)) return []
        const sinceMs = Math.max(thing.stillAt.atMs, thing.attendedMs)
        if (atMs - sinceMs < rule.afterMs) return []
        const values = { leftS: seconds(atMs - sinceMs), nobodyWithinM: attendedWithinM, ...limit(rule) }
        return [conditionOf('leftObject', rule, thing, sinceMs, values)]
      }),
    )
  }
}

const isSure = (one: Followed) => one.looks >= leastLooks && scoreOf(one) >= leastScore
const seconds = (ms: number) => Math.round(ms / 100) / 10
const limit = ({ afterMs }: AreaRule) => ({ limitS: seconds(afterMs) })

/** In doubt a bay counts as used rightly. */
function mayStandHere({ place }: Followed, { except }: ParkingRule): boolean {
  return except.some((polygon) => isInside(place, polygon) !== false)
}

function isClose(a: Followed, b: Followed): boolean {
  const awayM = Math.hypot(a.place.eastM - b.place.eastM, a.place.northM - b.place.northM)
  return awayM <= attendedWithinM + Math.min(2, sigmaOf(a) + sigmaOf(b))
}

function conditionOf(
  type: RuleEvent['type'],
  rule: AreaRule,
  one: Followed,
  sinceMs: number,
  values: RuleEvent['values'],
): Condition {
  return {
    type,
    key: `${rule.id}/${one.serial}`,
    rule: rule.id,
    zone: rule.zone,
    cameraId: one.cameraId,
    trackId: one.trackId,
    sinceMs,
    score: scoreOf(one),
    values: { ...values, className: one.className, sigmaM: Math.round(sigmaOf(one) * 100) / 100 },
  }
}
