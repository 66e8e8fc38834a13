import { describe, expect, it } from 'vitest'
import { buildCampus } from '../site/campus/campus.ts'
import { bandRows, outsideBand, tariffSpans } from './band-rows.ts'
import { timeTicks } from './chart-style.ts'

const quarterMs = 15 * 60_000
const startMs = Date.UTC(2026, 5, 1, 0)

const profile = { point: 'power', intervalMs: quarterMs, startMs, values: [10, null, 30, 50] }
const forecast = {
  meterId: 'm',
  startMs: startMs + 2 * quarterMs,
  intervalMs: quarterMs,
  low: [20, 22, 24],
  median: [28, 30, 32],
  high: [35, 38, 40],
  madeAtMs: startMs,
  engine: 'wasm',
} as const

describe('bandRows', () => {
  it('joins actual and expected values on one time axis and leaves gaps where nothing was metered', () => {
    const rows = bandRows(profile, forecast, startMs, startMs + 10 * quarterMs)
    expect(rows.map((row) => (row.atMs - startMs) / quarterMs)).toEqual([0, 2, 3, 4])
    expect(rows[1]).toEqual({ atMs: startMs + 2 * quarterMs, actual: 30, median: 28, band: [20, 35] })
    expect(rows[3]?.actual).toBeUndefined()
  })

  it('finds where the curve left the band', () => {
    const rows = bandRows(profile, forecast, startMs, startMs + 10 * quarterMs)
    expect(outsideBand(rows).map((row) => row.actual)).toEqual([50])
  })

  it('cuts to the window asked for', () => {
    expect(bandRows(profile, undefined, startMs + quarterMs, startMs + 2 * quarterMs)).toHaveLength(1)
  })
})

describe('tariffSpans', () => {
  it('tiles the window with the bands of the site, in local time', () => {
    const site = buildCampus()
    // Monday 00:00–24:00 local.
    const fromMs = startMs - site.geo.utcOffsetMinutes * 60_000
    const spans = tariffSpans(site, fromMs, fromMs + 24 * 3_600_000)
    expect(spans[0]).toEqual({ name: 'valley', fromMs, toMs: fromMs + 7 * 3_600_000 })
    expect(spans.map((span) => span.name)).toContain('sharp')
    expect(spans.every((span, i) => i === 0 || span.fromMs === spans[i - 1]?.toMs)).toBe(true)
    expect(spans.at(-1)?.toMs).toBe(fromMs + 24 * 3_600_000)
  })
})

describe('timeTicks', () => {
  it('falls on round local times', () => {
    const ticks = timeTicks(startMs + 60_000, startMs + 6 * 3_600_000, 330, 6)
    expect(ticks.length).toBeLessThanOrEqual(7)
    expect(ticks.every((at) => (at + 330 * 60_000) % 3_600_000 === 0)).toBe(true)
    expect(timeTicks(5, 5, 0, 4)).toEqual([])
  })
})
