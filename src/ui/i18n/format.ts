import type { Language } from './language.ts'

/** Numbers, money and times as people of one language read them, in the site's local time. */
export interface Format {
  /** `14:05:09` */
  clock(atMs: number): string
  /** `14:05` */
  time(atMs: number): string
  /** `Mon 2 Jun` */
  date(atMs: number): string
  /** `2 Jun 14:05:09` */
  dateTime(atMs: number): string
  number(value: number, digits?: number): string
  /** Three significant places at most, as suits a live reading: `0.42`, `18.4`, `1,240`. */
  reading(value: number): string
  /** `18.4 kW` */
  quantity(value: number, unit: string): string
  money(value: number, currency: string): string
  percent(fraction: number): string
  /** `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min` */
  duration(ms: number): string
  /** Coarse: `12 s`, `3 min`, `2 h`, `4 d` */
  age(ms: number): string
}

/** No date is further from 1970 (ECMA-262). */
const furthestMs = 8.64e15

const locales: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' }

/** `utcOffset`: minutes by which local time is ahead of UTC, always or by time: a record of March is read in July. */
export function createFormat(language: Language, utcOffset: number | ((atMs: number) => number)): Format {
  const locale = locales[language]
  const offsetAt = typeof utcOffset === 'number' ? () => utcOffset : utcOffset
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', hourCycle: 'h23', ...options })
    return (atMs: number) => {
      // nor is it asked of a zone what the time was when there was none
      const localMs = Math.abs(atMs) <= furthestMs ? atMs + offsetAt(atMs) * 60_000 : Number.NaN
      return Math.abs(localMs) <= furthestMs ? formatter.format(localMs) : '–'
    }
  }
  const numbers = new Map<number, Intl.NumberFormat>()
  const number = (value: number, digits = 0): string => {
    if (!Number.isFinite(value)) return '–'
    let formatter = numbers.get(digits)
    if (!formatter) {
      formatter = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
      numbers.set(digits, formatter)
    }
    return withMinus(formatter.format(value === 0 ? 0 : value))
  }
  const reading = (value: number): string => number(value, digitsOf(value))
  const units = durationUnits[language]
  return {
    clock: dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    time: dates({ hour: '2-digit', minute: '2-digit' }),
    date: dates({ weekday: 'short', day: 'numeric', month: 'short' }),
    dateTime: dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    number,
    reading,
    quantity: (value, unit) => (unit === '' ? reading(value) : `${reading(value)}${unit === '%' ? '' : ' '}${unit}`),
    money: (value, currency) => money(locale, value, currency),
    percent: (fraction) => `${number(fraction * 100)}%`,
    duration: (ms) => duration(ms, number, units),
    age: (ms) => age(ms, number, units),
  }
}

/** A typographic minus is as wide as a figure. */
function withMinus(text: string): string {
  return text.replace('-', '−')
}

function digitsOf(value: number): number {
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 100) return 0
  return size >= 10 ? 1 : 2
}

function money(locale: string, value: number, currency: string): string {
  const digits = Math.abs(value) >= 1000 ? 0 : 2
  try {
    const formatter = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    return withMinus(formatter.format(value))
  } catch {
    // A site may name a currency outside ISO 4217; it is shown as it was written.
    return `${withMinus(value.toFixed(digits))} ${currency}`
  }
}

interface DurationUnits {
  readonly ms: string
  readonly s: string
  readonly min: string
  readonly h: string
  readonly d: string
}

const durationUnits: Record<Language, DurationUnits> = {
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' },
  zh: { ms: '毫秒', s: '秒', min: '分', h: '小时', d: '天' },
}

type FormatNumber = (value: number, digits?: number) => string

function duration(ms: number, number: FormatNumber, units: DurationUnits): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms < 1000) return `${number(ms)} ${units.ms}`
  if (ms < 10_000) return `${number(ms / 1000, 1)} ${units.s}`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} ${units.s}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return join(minutes, units.min, seconds % 60, units.s)
  return join(Math.floor(minutes / 60), units.h, minutes % 60, units.min)
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

function age(ms: number, number: FormatNumber, units: DurationUnits): string {
  if (!Number.isFinite(ms)) return '–'
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} ${units.s}`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${units.min}`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} ${units.h}`
  return `${number(Math.floor(seconds / 86_400))} ${units.d}`
}
