import { qualityCode } from '../../contract/bus.ts'
import type { HotPoints } from '../../twin/hot-points.ts'

/** Wall time up to which a reading counts as fresh, and from which as stale; the panels mark the same age. */
const freshMs = 90_000
const staleMs = 300_000

/** 1 fresh and good … 0 stale, bad or from a device that is offline. Ages run as fast as the site's clock. */
export function readingTrust(atMs: number, quality: number, online: boolean | undefined, now: SiteMoment): number {
  if (online === false || quality === qualityCode.bad || atMs <= 0) return 0
  const ageMs = (now.siteMs - atMs) / Math.max(1, now.speed)
  const byAge = Math.max(0, Math.min(1, (staleMs - ageMs) / (staleMs - freshMs)))
  return quality === qualityCode.uncertain ? byAge * 0.5 : byAge
}

export interface SiteMoment {
  readonly siteMs: number
  readonly speed: number
}

/** Below this a value is shown as stale: hatched, hollow. */
export const staleTrust = 0.12

export function trustOf(hot: HotPoints, index: number, online: boolean | undefined, now: SiteMoment): number {
  return readingTrust(hot.atMs[index] ?? 0, hot.quality[index] ?? 0, online, now)
}
