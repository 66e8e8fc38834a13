import { describe, expect, it } from 'vitest'
import { buildCampus } from '../site/campus/campus.ts'
import type { SiteFile } from '../site/schema.ts'
import { tariffAt } from '../site/tariff.ts'
import { campusTime, flatForecast } from './decide.fixture.ts'
import { measureEffect } from './measure-effect.ts'
import {
  baselineKwAt,
  frozenBaseline,
  highPriceEnd,
  integrate,
  isHighPrice,
  isScheduledNow,
  nextScheduledStart,
} from './saving.ts'

const site = buildCampus()
const hourMs = 3_600_000

describe('money over time', () => {
  it('prices each quarter hour by its own band', () => {
    const [fromMs, toMs] = [campusTime(3, 6), campusTime(3, 8)]
    const price = (hour: number) => tariffAt(site, campusTime(3, hour)).pricePerKwh
    const { kwh, cost } = integrate(site, fromMs, toMs, () => 10)
    expect(kwh).toBeCloseTo(20)
    expect(cost).toBeCloseTo(10 * price(6) + 10 * price(7))
  })

  it('takes partial quarters for what they are', () => {
    expect(integrate(site, campusTime(3, 6, 10), campusTime(3, 6, 50), () => 60).kwh).toBeCloseTo(40)
  })

  it('knows when plant is next due: over a weekend, that is Monday', () => {
    expect(nextScheduledStart(site, [], campusTime(6, 22))).toBe(campusTime(8, 7))
    expect(nextScheduledStart(site, ['a2-west'], campusTime(3, 5))).toBe(campusTime(3, 7))
    expect(nextScheduledStart(site, ['dock'], campusTime(5, 23))).toBe(campusTime(6, 6))
  })

  it('lets hours and prices run over midnight: the morning belongs to the evening before', () => {
    const night = { fromH: 22, toH: 6, days: [5] }
    const [band] = site.tariff.bands
    if (!band) throw new Error('no band')
    const late: SiteFile = {
      ...site,
      zones: site.zones.map((zone) => (zone.id === 'dock' ? { ...zone, hours: night } : zone)),
      tariff: {
        ...site.tariff,
        bands: [
          { ...band, pricePerKwh: 0.1, windows: [night] },
          { ...band, pricePerKwh: 1, windows: [] },
        ],
      },
    }
    for (const [atMs, inside] of [
      [campusTime(5, 23), true],
      [campusTime(6, 2), true],
      [campusTime(5, 2), false],
      [campusTime(6, 23), false],
    ] as const) {
      expect(isScheduledNow(late, ['dock'], atMs)).toBe(inside)
      expect(tariffAt(late, atMs).pricePerKwh).toBe(inside ? 0.1 : 1)
    }
  })

  it('ends a dear stretch where the price falls, three hours ahead at most', () => {
    expect(isHighPrice(site, campusTime(3, 14))).toBe(true)
    expect(highPriceEnd(site, campusTime(3, 15, 50))).toBe(campusTime(3, 17))
    expect(highPriceEnd(site, campusTime(3, 13))).toBe(campusTime(3, 16))
  })
})

describe('the measured effect', () => {
  const startMs = campusTime(6, 22)
  const forecast = flatForecast('meter', startMs, 80)
  const baseline = frozenBaseline('meter', forecast, startMs, { leastKw: 0, otherwiseKw: 80 })
  const readings = (kw: number, minutes: readonly number[]) =>
    minutes.map((minute) => ({ atMs: startMs + minute * 60_000, kw }))

  it('is the frozen expectation of doing nothing, minus what the meter reported', () => {
    const measured = measureEffect(site, baseline, startMs, readings(5, [0, 15, 30, 45, 60]))
    expect(measured.energySavedKwh).toBeCloseTo(75)
    expect(measured.costSaved).toBeCloseTo(75 * tariffAt(site, startMs).pricePerKwh)
    expect(measured.toMs - measured.fromMs).toBe(hourMs)
  })

  it('holds a plan against at least what was drawn, and its last value once the forecast ends', () => {
    const later = startMs + 23 * hourMs
    const frozen = frozenBaseline('meter', forecast, later, { leastKw: 53, otherwiseKw: 20 })
    expect(frozen.kw).toEqual([80, 80, 80, 80, 53])
    expect(
      [later - hourMs, later, later + 59 * 60_000, later + 5 * hourMs].map((at) => baselineKwAt(frozen, at)),
    ).toEqual([80, 80, 80, 53])
    expect(frozenBaseline('meter', undefined, later, { leastKw: 0, otherwiseKw: 20 }).kw).toEqual([20])
  })

  it('loses nothing of meters that report each half hour or hour, a little early or late', () => {
    expect(measureEffect(site, baseline, startMs, readings(0, [0, 30.2, 59.9, 90.1, 120])).energySavedKwh).toBeCloseTo(
      160,
    )
    expect(measureEffect(site, baseline, startMs, readings(0, [0, 60.2, 119.9, 180])).energySavedKwh).toBeCloseTo(240)
  })

  it('is negative when it got worse, and leaves out what nobody saw', () => {
    expect(measureEffect(site, baseline, startMs, readings(100, [0, 30])).energySavedKwh).toBeCloseTo(-10)
    expect(measureEffect(site, baseline, startMs, readings(5, [0, 10, 300, 310])).energySavedKwh).toBeCloseTo(25)
  })
})
