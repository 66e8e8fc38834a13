import { describe, expect, it, vi } from 'vitest'
import { tinySite } from '../testing/tiny-site.ts'
import { parseSite } from './load.ts'
import { isInHours, localTime, tariffAt } from './tariff.ts'
import { atLocalTime, localOffset } from './time-zone.ts'

const site = tinySite()
const inZone = (timeZone: string, utcOffsetMinutes: number) => ({
  ...site,
  geo: { ...site.geo, timeZone, utcOffsetMinutes },
})
const noonMs = (month: number) => Date.UTC(2026, month - 1, 15, 12)

describe('local time', () => {
  it.each([
    ['Europe/Berlin', 60, [60, 120]],
    ['America/New_York', -300, [-300, -240]],
    ['Europe/London', 0, [0, 60]],
    ['Australia/Lord_Howe', 630, [660, 630]],
    ['Asia/Shanghai', 480, [480, 480]],
    ['Asia/Kolkata', 330, [330, 330]],
    ['America/St_Johns', -210, [-210, -150]],
    // No zone is named: the stated offset stands.
    ['UTC', 480, [480, 480]],
    ['Etc/UTC', 480, [480, 480]],
    ['etc/utc', 480, [480, 480]],
    ['GMT', 480, [480, 480]],
    ['Zulu', 480, [480, 480]],
    ['Etc/GMT', 480, [480, 480]],
    ['Etc/Universal', 480, [480, 480]],
    // A zone of its own, though its name begins alike.
    ['Etc/GMT-3', 480, [180, 180]],
  ])('in %s is ahead of UTC by what its rules say in January and in July', (timeZone, stated, expected) => {
    const offset = localOffset({ timeZone, utcOffsetMinutes: stated })
    expect([offset(noonMs(1)), offset(noonMs(7))]).toEqual(expected)
  })

  it('changes at the minute at which the zone does', () => {
    const offset = localOffset({ timeZone: 'Europe/Berlin', utcOffsetMinutes: 60 })
    const changeMs = Date.UTC(2026, 2, 29, 1)
    expect([offset(changeMs - 1), offset(changeMs)]).toEqual([60, 120])
  })

  it('makes prices and hours of use right all year, whatever the file states', () => {
    const peakUntil15Ms = Date.UTC(2026, 6, 15, 12, 59)
    const berlin = atLocalTime(inZone('Europe/Berlin', 60), peakUntil15Ms)
    expect(localTime(peakUntil15Ms, berlin.geo.utcOffsetMinutes).hour).toBeCloseTo(14.983, 2)
    expect(tariffAt(berlin, peakUntil15Ms).name).toBe('peak')
    expect(tariffAt(berlin, peakUntil15Ms + 60_000).name).toBe('flat')
    const winter = inZone('Europe/Berlin', 60)
    expect(atLocalTime(winter, noonMs(1))).toBe(winter)
  })

  it('asks the zone once for what is written a hundred times, and anew where summer time begins', () => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
    const offset = localOffset({ timeZone: 'Europe/Berlin', utcOffsetMinutes: 60 })
    const changeMs = Date.UTC(2026, 2, 29, 1)
    for (let i = 0; i < 100; i++) expect([offset(changeMs - 1), offset(changeMs)]).toEqual([60, 120])
    expect(asked).toHaveBeenCalledTimes(2)
    asked.mockRestore()
  })

  it('keeps hours over midnight at their place on the day that summer time begins', () => {
    const saturdayNight = { fromH: 22, toH: 6, days: [6] }
    const berlin = inZone('Europe/Berlin', 60)
    const due = (atMs: number) =>
      isInHours(saturdayNight, localTime(atMs, atLocalTime(berlin, atMs).geo.utcOffsetMinutes))
    // 05:59 and 06:00 of summer time on Sunday 29 March 2026, and the same of winter time a week before
    expect([due(Date.UTC(2026, 2, 29, 3, 59)), due(Date.UTC(2026, 2, 29, 4))]).toEqual([true, false])
    expect([due(Date.UTC(2026, 2, 22, 4, 59)), due(Date.UTC(2026, 2, 22, 5))]).toEqual([true, false])
  })

  it('needs a zone that there is', () => {
    const problem = (timeZone: string) => {
      const parsed = parseSite({ ...site, geo: { ...site.geo, timeZone } })
      return parsed.ok ? 'valid' : `${parsed.error.path}: ${parsed.error.message}`
    }
    expect(problem('Europe/Berlin')).toBe('valid')
    expect(problem('Europe/Atlantis')).toMatch(/^geo\.timeZone: “Europe\/Atlantis” is no time zone/)
    expect(problem('')).toMatch(/^geo\.timeZone: /)
  })
})
