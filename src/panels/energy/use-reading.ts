import { useCallback } from 'react'
import { usePorts } from '../ports.tsx'
import { useTwin } from '../use-twin.ts'
import type { ReadPoint } from './energy-model.ts'

/** Reads hot values; the component renders again when any of them has changed at a beat. */
export function useReading(): {
  readonly read: ReadPoint
  /** Site time of what `read` says. */
  readonly readAt: ReadPoint
  readonly version: number
} {
  const { twin } = usePorts()
  const version = useTwin((state) => state.hotVersion)
  const read = useCallback<ReadPoint>(
    (device, point) => {
      const index = twin.device(device)?.points[point]
      const value = index === undefined ? Number.NaN : (twin.hot.value[index] ?? Number.NaN)
      return Number.isNaN(value) ? undefined : value
    },
    [twin],
  )
  const readAt = useCallback<ReadPoint>(
    (device, point) => {
      const index = twin.device(device)?.points[point]
      return index === undefined ? undefined : twin.hot.atMs[index]
    },
    [twin],
  )
  return { read, readAt, version }
}
