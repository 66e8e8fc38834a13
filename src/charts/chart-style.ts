/** Shared look of axes and tips; all colours are design tokens. */
export const axisStyle = {
  stroke: 'var(--line-strong)',
  tick: { fill: 'var(--text-3)', fontSize: 11 },
  tickLine: false,
} as const

export const gridStyle = { stroke: 'var(--line)', strokeDasharray: '2 4', vertical: false } as const

export const bandColours = {
  sharp: 'var(--critical)',
  peak: 'var(--high)',
  flat: 'var(--low)',
  valley: 'var(--good)',
} as const

/** Round times for ticks: whole steps of 1, 2, 5, 10, 15, 30 minutes, then hours, in local time. */
export function timeTicks(fromMs: number, toMs: number, utcOffsetMinutes: number, most: number): number[] {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440]
  const span = toMs - fromMs
  if (!(span > 0)) return []
  const stepMs = (minutes.find((step) => span / (step * 60_000) <= most) ?? 2880) * 60_000
  const shiftMs = utcOffsetMinutes * 60_000
  const ticks: number[] = []
  for (let at = Math.ceil((fromMs + shiftMs) / stepMs) * stepMs - shiftMs; at <= toMs; at += stepMs) ticks.push(at)
  return ticks
}
