import { useMemo } from 'react'
import type { CurvePoint } from './downsample.ts'

interface SparklineProps {
  readonly points: readonly CurvePoint[]
  readonly widthPx?: number
  readonly heightPx?: number
}

/** A word-sized curve without axes; decorative beside the figure it belongs to. */
export function Sparkline({ points, widthPx = 72, heightPx = 20 }: SparklineProps) {
  const path = useMemo(() => sparkPath(points, widthPx, heightPx), [points, widthPx, heightPx])
  return (
    <svg width={widthPx} height={heightPx} className="sparkline" aria-hidden="true">
      <path d={path} fill="none" stroke="var(--accent)" strokeWidth="1.3" strokeLinejoin="round" />
    </svg>
  )
}

function sparkPath(points: readonly CurvePoint[], widthPx: number, heightPx: number): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || last.atMs === first.atMs) return ''
  const values = points.map((p) => p.value)
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const usable = heightPx - 3
  return points
    .map((p, i) => {
      const x = ((p.atMs - first.atMs) / (last.atMs - first.atMs)) * widthPx
      const y = 1.5 + usable - ((p.value - low) / range) * usable
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
