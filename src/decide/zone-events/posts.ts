/** Where somebody must be: nobody was seen there over looks enough, by a camera that sees the place. */
import type { TrackUpdate } from '../../contract/perception.ts'
import type { SiteFile } from '../../site/schema.ts'
import { localTime } from '../../site/tariff.ts'
import type { Condition } from './conditions.ts'
import type { Followed } from './followed.ts'
import type { PostRule } from './rules.ts'

interface Watch {
  sinceMs: number
  lastLookMs: number
  emptyLooks: number
}

const leastLooks = 4
/** A camera silent for longer cannot say that nobody came. */
const longestGapMs = 10_000

export class Posts {
  readonly #watches = new Map<string, Watch>()

  observe(
    rules: readonly PostRule[],
    site: SiteFile,
    { cameraId, capturedAtMs: atMs }: TrackUpdate,
    inSight: readonly Followed[],
  ): Condition[] {
    return rules.flatMap((rule) => {
      if (!rule.cameras.has(cameraId)) return []
      const key = `${cameraId}/${rule.id}`
      const known = this.#watches.get(key)
      const people = inSight.filter((one) => one.className === 'person' && one.insideSinceMs.has(rule.id)).length
      const broken = known && (atMs - known.lastLookMs > longestGapMs || atMs < known.lastLookMs)
      const manned = people >= rule.people || !isDue(rule, site, atMs)
      const watch = known && !broken && !manned ? known : { sinceMs: atMs, lastLookMs: atMs, emptyLooks: 0 }
      watch.lastLookMs = atMs
      watch.emptyLooks += manned ? 0 : 1
      this.#watches.set(key, watch)
      if (manned || atMs - watch.sinceMs < rule.afterMs || watch.emptyLooks < leastLooks) return []
      const emptyS = Math.round((atMs - watch.sinceMs) / 100) / 10
      return [
        {
          type: 'unmanned',
          key,
          rule: rule.id,
          zone: rule.zone,
          cameraId,
          trackId: undefined,
          sinceMs: watch.sinceMs,
          score: 1,
          values: { people, needed: rule.people, emptyS, limitS: rule.afterMs / 1000, looks: watch.emptyLooks },
        },
      ]
    })
  }

  clear(): void {
    this.#watches.clear()
  }
}

function isDue({ hours }: PostRule, site: SiteFile, atMs: number): boolean {
  if (!hours) return true
  const { weekday, hour } = localTime(atMs, site.geo.utcOffsetMinutes)
  const inHours =
    hours.fromH <= hours.toH ? hour >= hours.fromH && hour < hours.toH : hour >= hours.fromH || hour < hours.toH
  return inHours && hours.days.includes(weekday)
}
