/** Local time by the rules of a time zone, where summer time begins and ends. */
import type { SiteFile } from './schema.ts'

/** What some machines and people write for `UTC`. */
const alsoUtc = /^(utc|gmt|zulu|universal|etc\/(utc|gmt|zulu|universal|uct))$/i

/** Every zone of today changes its offset at a quarter of an hour. */
const quarterMs = 900_000
/** Ten days of quarters: what a view of records asks for, over and over. */
const mostRemembered = 1000

type Zoned = Pick<SiteFile['geo'], 'timeZone' | 'utcOffsetMinutes'>

/** Whether this machine knows a time zone (IANA) by that name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/**
 * Minutes by which local time is ahead of UTC, by time (epoch ms). Of a site that names no zone but `UTC` the stated offset,
 * always. Throws a RangeError for an unknown zone; checked site files have none.
 */
export function localOffset({ timeZone, utcOffsetMinutes }: Zoned): (atMs: number) => number {
  if (alsoUtc.test(timeZone)) return () => utcOffsetMinutes
  const words = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  // To ask the zone takes as long as to write dozens of times.
  const remembered = new Map<number, number>()
  return (atMs) => {
    const quarter = Math.floor(atMs / quarterMs)
    const known = remembered.get(quarter)
    if (known !== undefined) return known
    const offset = offsetAt(words, atMs)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(quarter, offset)
    return offset
  }
}

function offsetAt(words: Intl.DateTimeFormat, atMs: number): number {
  const told = words.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value
  // `GMT+05:30`, and `GMT` alone for no offset
  const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(told ?? '') ?? []
  return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
}

/** The site with the offset in force at a time (epoch ms); the same object where it says so already. */
export function atLocalTime(site: SiteFile, atMs: number): SiteFile {
  const utcOffsetMinutes = localOffset(site.geo)(atMs)
  return utcOffsetMinutes === site.geo.utcOffsetMinutes ? site : { ...site, geo: { ...site.geo, utcOffsetMinutes } }
}
