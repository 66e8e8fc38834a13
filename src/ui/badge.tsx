import type { ReactNode } from 'react'

export type Priority = 'critical' | 'high' | 'medium' | 'low'

/** One shape per priority, so that colour is never alone: octagon, triangle, diamond, circle. */
export const priorityPaths: Readonly<Record<Priority, string>> = {
  critical: 'M5 1.500h6L14.5 5v6L11 14.500H5L1.5 11V5z',
  high: 'M8 1.800L15 14H1z',
  medium: 'M8 1.200L14.8 8 8 14.8 1.2 8z',
  low: 'M8 2.500a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z',
}

interface PriorityMarkProps {
  readonly priority: Priority
  /** Hollow once somebody took it up or it is over. */
  readonly filled?: boolean
  readonly size?: number
}

export function PriorityMark({ priority, filled = true, size = 16 }: PriorityMarkProps) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} className={`mark mark-${priority}`} aria-hidden="true">
      <path
        d={priorityPaths[priority]}
        fill={filled ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  )
}

export type ChipTone = 'neutral' | 'accent' | 'good' | 'low' | 'medium' | 'high' | 'critical'

export function Chip({ tone = 'neutral', children }: { readonly tone?: ChipTone; readonly children: ReactNode }) {
  return <span className={`chip chip-${tone}`}>{children}</span>
}
