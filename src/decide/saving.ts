/** Energy and money over a stretch of time, by the tariff's bands. */
import { type Baseline, mostBaselineIntervals } from '../contract/decision.ts'
import type { Forecast } from '../contract/perception.ts'
import type { SiteFile } from '../site/schema.ts'
import { isInHours, localTime, tariffAt } from '../site/tariff.ts'

const sliceMs = 900_000
const dayMs = 86_400_000

export interface Amount {
  readonly kwh: number
  readonly cost: number
}

/** Integrates `kwAt` in quarter hours, each at the price in force at its start. */
export function integrate(site: SiteFile, fromMs: number, toMs: number, kwAt: (atMs: number) => number): Amount {
  let kwh = 0
  let cost = 0
  for (let atMs = fromMs; atMs < toMs; ) {
    const endMs = Math.min(toMs, (Math.floor(atMs / sliceMs) + 1) * sliceMs)
    const sliceKwh = (kwAt(atMs) * (endMs - atMs)) / 3_600_000
    kwh += sliceKwh
    cost += sliceKwh * tariffAt(site, atMs).pricePerKwh
    atMs = endMs
  }
  return { kwh, cost }
}

/** Median of the forecast at a time; undefined where it does not reach. */
export function medianAt(forecast: Forecast | undefined, atMs: number): number | undefined {
  if (!forecast) return undefined
  return forecast.median[Math.floor((atMs - forecast.startMs) / forecast.intervalMs)]
}

/** The forecast with the last known value carried on where it ends. A copy: later forecasts do not change it. */
export function frozenMedian(forecast: Forecast | undefined, otherwiseKw: number): (atMs: number) => number {
  return (atMs) => medianAt(forecast, atMs) ?? otherwiseKw
}

/** From now on at least `leastKw`, more where the forecast says so; `otherwiseKw` stands where it does not reach. */
export function frozenBaseline(
  meter: string,
  forecast: Forecast | undefined,
  nowMs: number,
  { leastKw, otherwiseKw }: { readonly leastKw: number; readonly otherwiseKw: number },
): Baseline {
  const intervalMs = forecast?.intervalMs ?? sliceMs
  const passed = forecast ? Math.max(0, Math.floor((nowMs - forecast.startMs) / intervalMs)) : 0
  const ahead = forecast?.median.slice(passed, passed + mostBaselineIntervals - 1) ?? []
  const kw = [...ahead, otherwiseKw].map((value) => Math.round(Math.max(leastKw, value) * 100) / 100)
  return { meter, startMs: forecast ? forecast.startMs + passed * intervalMs : nowMs, intervalMs, kw }
}

/** The baseline at a time; its ends stand for what lies beyond. */
export function baselineKwAt({ startMs, intervalMs, kw }: Baseline, atMs: number): number {
  const index = Math.floor((atMs - startMs) / intervalMs)
  return kw[Math.min(kw.length - 1, Math.max(0, index))] ?? 0
}

const usualHours = { fromH: 7, toH: 20, days: [1, 2, 3, 4, 5] }

/** When the zones that plant serves next begin their hours of use; working days at 7 where no zone says. */
export function nextScheduledStart(site: SiteFile, zones: readonly string[], nowMs: number): number {
  const served = site.zones.filter((zone) => (zones.length > 0 ? zones.includes(zone.id) : zone.conditioned))
  const hours = served.flatMap((zone) => (zone.hours ? [zone.hours] : []))
  const offsetMs = site.geo.utcOffsetMinutes * 60_000
  const midnightMs = Math.floor((nowMs + offsetMs) / dayMs) * dayMs - offsetMs
  let best = Number.POSITIVE_INFINITY
  for (const { fromH, days } of hours.length > 0 ? hours : [usualHours]) {
    for (let day = 0; day <= 7; day++) {
      const startMs = midnightMs + day * dayMs + fromH * 3_600_000
      if (startMs <= nowMs || !days.includes(localTime(startMs, site.geo.utcOffsetMinutes).weekday)) continue
      best = Math.min(best, startMs)
      break
    }
  }
  return Number.isFinite(best) ? best : nowMs + dayMs
}

export function isScheduledNow(site: SiteFile, zones: readonly string[], nowMs: number): boolean {
  const served = site.zones.filter((zone) => (zones.length > 0 ? zones.includes(zone.id) : zone.conditioned))
  const hours = served.flatMap((zone) => (zone.hours ? [zone.hours] : []))
  const local = localTime(nowMs, site.geo.utcOffsetMinutes)
  return (hours.length > 0 ? hours : [usualHours]).some((one) => isInHours(one, local))
}

/** The least price of the tariff: what energy costs that can be moved to another hour. */
export function lowestPrice(site: SiteFile): number {
  return Math.min(...site.tariff.bands.map((band) => band.pricePerKwh))
}

export function isHighPrice(site: SiteFile, atMs: number): boolean {
  const { name, pricePerKwh } = tariffAt(site, atMs)
  const highest = Math.max(...site.tariff.bands.map((band) => band.pricePerKwh))
  return name === 'peak' || name === 'sharp' || (pricePerKwh >= highest && highest > lowestPrice(site))
}

/** End of the stretch of high prices that `atMs` lies in; three hours at most. */
export function highPriceEnd(site: SiteFile, atMs: number): number {
  const lastMs = atMs + 3 * 3_600_000
  let endMs = (Math.floor(atMs / sliceMs) + 1) * sliceMs
  while (endMs < lastMs && isHighPrice(site, endMs)) endMs += sliceMs
  return Math.min(endMs, lastMs)
}

export function clockText(site: SiteFile, atMs: number): { readonly en: string; readonly zh: string } {
  const { weekday, hour } = localTime(atMs, site.geo.utcOffsetMinutes)
  const time = `${String(Math.floor(hour)).padStart(2, '0')}:${String(Math.floor((hour % 1) * 60 + 1e-6)).padStart(2, '0')}`
  const en = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekday - 1] ?? ''
  const zh = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'][weekday - 1] ?? ''
  return { en: `${en} ${time}`, zh: `${zh} ${time}` }
}
