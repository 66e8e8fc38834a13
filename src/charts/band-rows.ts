import type { ProfileMessage } from '../contract/messages.ts'
import type { Forecast } from '../contract/perception.ts'
import type { SiteFile } from '../site/schema.ts'
import { type TariffBandName, tariffAt } from '../site/tariff.ts'

export interface BandRow {
  /** Start of the interval, site time. */
  readonly atMs: number
  readonly actual?: number
  readonly median?: number
  /** Low and high quantile. */
  readonly band?: readonly [number, number]
}

/** Merges what a meter reported with what the model expects, on one time axis, within [fromMs, toMs]. */
export function bandRows(
  profile: ProfileMessage | undefined,
  forecast: Forecast | undefined,
  fromMs: number,
  toMs: number,
): BandRow[] {
  const rows = new Map<number, BandRow>()
  const inRange = (atMs: number) => atMs >= fromMs && atMs <= toMs
  for (const [i, value] of (profile?.values ?? []).entries()) {
    const atMs = (profile?.startMs ?? 0) + i * (profile?.intervalMs ?? 0)
    if (value !== null && inRange(atMs)) rows.set(atMs, { atMs, actual: value })
  }
  for (const [i, median] of (forecast?.median ?? []).entries()) {
    const atMs = (forecast?.startMs ?? 0) + i * (forecast?.intervalMs ?? 0)
    const low = forecast?.low[i]
    const high = forecast?.high[i]
    if (!inRange(atMs) || low === undefined || high === undefined) continue
    rows.set(atMs, { ...rows.get(atMs), atMs, median, band: [low, high] })
  }
  return [...rows.values()].sort((a, b) => a.atMs - b.atMs)
}

export interface TariffSpan {
  readonly name: TariffBandName
  readonly fromMs: number
  readonly toMs: number
}

const stepMs = 15 * 60_000

/** Spans of one tariff band within [fromMs, toMs]; bands change on quarter hours at the finest. */
export function tariffSpans(site: SiteFile, fromMs: number, toMs: number): TariffSpan[] {
  const spans: TariffSpan[] = []
  for (let atMs = fromMs; atMs < toMs; ) {
    const nextMs = Math.min(toMs, (Math.floor(atMs / stepMs) + 1) * stepMs)
    const { name } = tariffAt(site, atMs)
    const last = spans.at(-1)
    if (last?.name === name) spans[spans.length - 1] = { ...last, toMs: nextMs }
    else spans.push({ name, fromMs: atMs, toMs: nextMs })
    atMs = nextMs
  }
  return spans
}

/** Rows where the actual value lies outside the band. */
export function outsideBand(rows: readonly BandRow[]): BandRow[] {
  return rows.filter(
    ({ actual, band }) => actual !== undefined && band !== undefined && (actual < band[0] || actual > band[1]),
  )
}
