import type { SiteFile } from './schema.ts'

export interface LocalTime {
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number
  /** Hours since local midnight, fractional. */
  readonly hour: number
}

export function localTime(atMs: number, utcOffsetMinutes: number): LocalTime {
  const local = new Date(atMs + utcOffsetMinutes * 60_000)
  return {
    weekday: ((local.getUTCDay() + 6) % 7) + 1,
    hour: local.getUTCHours() + local.getUTCMinutes() / 60 + local.getUTCSeconds() / 3600,
  }
}

/** Hours of local days, `[fromH, toH)`. */
export interface WeekHours {
  readonly fromH: number
  readonly toH: number
  /** 1 Monday … 7 Sunday. */
  readonly days: readonly number[]
}

/** Over midnight, the morning belongs to the day before. */
export function isInHours({ fromH, toH, days }: WeekHours, { weekday, hour }: LocalTime): boolean {
  if (fromH <= toH) return days.includes(weekday) && hour >= fromH && hour < toH
  const dayBefore = weekday === 1 ? 7 : weekday - 1
  return (days.includes(weekday) && hour >= fromH) || (days.includes(dayBefore) && hour < toH)
}

export type TariffBandName = SiteFile['tariff']['bands'][number]['name']

/** The band in force; the last band where none fits, so that a price always exists. */
export function tariffAt(
  site: SiteFile,
  atMs: number,
): { readonly name: TariffBandName; readonly pricePerKwh: number } {
  const local = localTime(atMs, site.geo.utcOffsetMinutes)
  const { bands } = site.tariff
  const fits = bands.find((band) => band.windows.some((window) => isInHours(window, local)))
  const band = fits ?? bands[bands.length - 1]
  if (!band) throw new Error('a tariff has at least one band')
  return { name: band.name, pricePerKwh: band.pricePerKwh }
}
