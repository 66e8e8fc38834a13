import { qualityCode } from '../../contract/bus.ts'
import type { HotPoints } from '../../twin/hot-points.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { readingTrust, type SiteMoment, staleTrust } from './reading-trust.ts'

/** From well to bad; each has a colour and a shape of its own. */
export const healthStates = ['online', 'quiet', 'stale', 'faulty', 'offline'] as const
export type HealthState = (typeof healthStates)[number]

/**
 * `offline`: its own last will or its gateway's says so. `faulty`: it marks a reading as bad itself. `stale`: it is
 * said to be there, but its newest reading is too old. `quiet`: it has measured points and never reported one.
 */
export function deviceHealth(device: TwinDevice, hot: HotPoints, now: SiteMoment): HealthState {
  if (device.online === false) return 'offline'
  let newestMs = 0
  let measured = 0
  for (const point of device.birth.points) {
    const index = device.points[point.id]
    if (index === undefined || point.writable === true) continue
    measured++
    const atMs = hot.atMs[index] ?? 0
    if (atMs > 0 && hot.quality[index] === qualityCode.bad) return 'faulty'
    newestMs = Math.max(newestMs, atMs)
  }
  if (measured === 0) return 'online'
  if (newestMs === 0) return 'quiet'
  return readingTrust(newestMs, qualityCode.good, device.online, now) < staleTrust ? 'stale' : 'online'
}

export interface LinkQuality {
  /** Wall seconds since the newest reading of the device. */
  readonly ageS: number
  /** Wall seconds between readings, the median of those that are kept; undefined with fewer than three. */
  readonly intervalS: number | undefined
  /** Spread of the intervals against their median: 0 like a clock. */
  readonly jitter: number | undefined
  /** Share of the readings one would expect at that rhythm which did not come, 0…1. */
  readonly lost: number | undefined
}

const mostIntervals = 32

/** What can be measured from here of how a device gets through: age, rhythm and gaps of its most talkative point. */
export function linkQuality(device: TwinDevice, hot: HotPoints, now: SiteMoment): LinkQuality | undefined {
  let best: number | undefined
  let newestMs = 0
  let longest = 0
  for (const point of device.birth.points) {
    const index = device.points[point.id]
    if (index === undefined || point.writable === true) continue
    newestMs = Math.max(newestMs, hot.atMs[index] ?? 0)
    const length = hot.history(index)?.length ?? 0
    if (length > longest) {
      longest = length
      best = index
    }
  }
  if (newestMs === 0) return undefined
  const wallS = (ms: number) => ms / 1000 / Math.max(1, now.speed)
  const intervals = best === undefined ? [] : recentIntervals(hot, best)
  const ageS = Math.max(0, wallS(now.siteMs - newestMs))
  if (intervals.length < 3) return { ageS, intervalS: undefined, jitter: undefined, lost: undefined }
  return { ageS, ...rhythm(intervals.map(wallS)) }
}

function recentIntervals(hot: HotPoints, index: number): number[] {
  const series = hot.history(index)
  if (!series) return []
  const from = Math.max(1, series.length - mostIntervals)
  const intervals: number[] = []
  for (let i = from; i < series.length; i++) {
    const gap = series.atMs(i) - series.atMs(i - 1)
    if (gap > 0) intervals.push(gap)
  }
  return intervals
}

/** Median interval, spread by median absolute deviation (one long gap is loss, not jitter), and what is missing in long gaps. */
export function rhythm(intervals: readonly number[]): {
  readonly intervalS: number
  readonly jitter: number
  readonly lost: number
} {
  const intervalS = median(intervals)
  const jitter = median(intervals.map((gap) => Math.abs(gap - intervalS))) / Math.max(1e-9, intervalS)
  const missed = intervals.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / Math.max(1e-9, intervalS)) - 1), 0)
  return { intervalS, jitter, lost: missed / (missed + intervals.length) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
