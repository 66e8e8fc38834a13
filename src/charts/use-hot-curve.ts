import { useEffect, useState } from 'react'
import type { Clock } from '../platform/clock.ts'
import type { Twin } from '../twin/twin.ts'
import { type CurvePoint, downsample } from './downsample.ts'

const mostPoints = 300
const leastPeriodMs = 500

/** Recent samples of one point; re-read after hot values changed, at most twice a second. */
export function useHotCurve(twin: Twin, clock: Clock, index: number): readonly CurvePoint[] {
  const [curve, setCurve] = useState<readonly CurvePoint[]>([])
  useEffect(() => {
    let readAtMs = Number.NEGATIVE_INFINITY
    let version = -1
    const read = () => {
      const { hotVersion } = twin.store.getState()
      if (hotVersion === version || clock.monotonicMs() - readAtMs < leastPeriodMs) return
      version = hotVersion
      readAtMs = clock.monotonicMs()
      const series = twin.hot.history(index)
      setCurve(series ? downsample(series, mostPoints) : [])
    }
    read()
    return twin.store.subscribe(read)
  }, [twin, clock, index])
  return curve
}
