/** Where somebody must be: nobody was seen there over looks enough, by a camera that sees the place. */
import type { SiteFile } from '../../site/schema.ts'
import { isInHours, localTime } from '../../site/tariff.ts'
import type { Look } from '../camera-silence.ts'
import type { Condition } from './conditions.ts'
import type { Followed } from './followed.ts'
import type { PostRule } from './rules.ts'

interface Watch {
  readonly sinceMs: number
  emptyLooks: number
}

const leastLooks = 4

export class Posts {
  readonly #watches = new Map<string, Watch>()

  observe(
    rules: readonly PostRule[],
    site: SiteFile,
    { cameraId, atMs, wasSilent }: Look,
    inSight: readonly Followed[],
  ): Condition[] {
    return rules.flatMap((rule) => {
      if (!rule.cameras.has(cameraId)) return []
      const key = `${cameraId}/${rule.id}`
      const known = this.#watches.get(key)
      const people = inSight.filter((one) => one.className === 'person' && one.insideSinceMs.has(rule.id)).length
      const manned = people >= rule.people || !isDue(rule, site, atMs)
      const watch = known && !wasSilent && !manned ? known : { sinceMs: atMs, emptyLooks: 0 }
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
  return hours === undefined || isInHours(hours, localTime(atMs, site.geo.utcOffsetMinutes))
}
