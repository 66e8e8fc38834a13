import { qualityCode } from '../../contract/bus.ts'
import type { HotPoints } from '../../twin/hot-points.ts'

export interface PointState {
  readonly value: number
  /** Site time; 0 where nothing was reported yet. */
  readonly atMs: number
  readonly quality: 'good' | 'uncertain' | 'bad'
}

export function pointState(hot: HotPoints, index: number): PointState {
  const code = hot.quality[index]
  return {
    value: hot.value[index] ?? Number.NaN,
    atMs: hot.atMs[index] ?? 0,
    quality: code === qualityCode.bad ? 'bad' : code === qualityCode.uncertain ? 'uncertain' : 'good',
  }
}

/** Live sensors report every few seconds to minutes; a reading older than this is marked. */
const staleAfterMs = 300_000

/** Reported state of a setting is retained and does not age; a measured value does, as fast as the site's clock runs. */
export function isStale(state: Pick<PointState, 'atMs'>, nowMs: number, speed: number, writable: boolean): boolean {
  return !writable && state.atMs > 0 && nowMs - state.atMs > staleAfterMs * Math.max(1, speed)
}
