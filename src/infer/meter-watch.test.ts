import { describe, expect, it } from 'vitest'
import type { ProfileMessage } from '../contract/messages.ts'
import type { BandBreak, Forecast } from '../contract/perception.ts'
import { byLocalTime, forecastInput, forecastShape, historyBefore } from './forecaster-input.ts'
import { advanceMeterWatch, type MeterNews, newMeterWatch, newsOf } from './meter-watch.ts'

const intervalMs = 900_000
const startMs = Date.UTC(2026, 5, 1)

/** Says what the same time yesterday was, ±10 kW. */
async function yesterday(history: Float32Array, fromMs: number): Promise<Forecast> {
  const median = Array.from(history.subarray(history.length - 96))
  return {
    meterId: 'm1',
    startMs: fromMs,
    intervalMs,
    low: median.map((value) => value - 10),
    median,
    high: median.map((value) => value + 10),
    madeAtMs: fromMs,
    engine: 'wasm',
  }
}

const profileOf = (values: (number | null)[]): ProfileMessage => ({ point: 'power', intervalMs, startMs, values })

/** A week of `base`, then `tail`, fed interval by interval as a meter would. */
async function feed(tail: readonly (number | null)[], base = 100): Promise<{ breaks: BandBreak[]; news: MeterNews }> {
  const values: (number | null)[] = Array.from({ length: 672 }, () => base)
  let news: MeterNews = await advanceMeterWatch(newMeterWatch, 'm1', profileOf(values), yesterday)
  const breaks: BandBreak[] = [...news.breaks]
  for (const value of tail) {
    values.push(value)
    news = await advanceMeterWatch(news.watch, 'm1', profileOf(values), yesterday)
    breaks.push(...news.breaks)
  }
  return { breaks, news }
}

describe('meter watch', () => {
  it('says nothing of a short excursion', async () => {
    expect((await feed([100, 145, 145, 145, 100, 300, 100])).breaks).toEqual([])
  })

  it('reports a slight excursion after an hour and a heavy one after half, with what it cost since the first', async () => {
    const slight = await feed([100, 145, 145, 145, 145])
    const sinceMs = startMs + 673 * intervalMs
    expect(slight.breaks).toMatchObject([{ direction: 'above', sinceMs, untilMs: sinceMs + 4 * intervalMs }])
    const heavy = await feed([100, 180, 180])
    expect(heavy.breaks).toMatchObject([
      { sinceMs, untilMs: sinceMs + 2 * intervalMs, expectedKw: 100, actualKw: 180, excessKwh: 40 },
    ])
  })

  it('goes on expecting the level from before, however long the fault lasts', async () => {
    const { breaks } = await feed(Array.from({ length: 300 }, () => 180))
    expect(breaks.at(-1)).toMatchObject({ expectedKw: 100, excessKwh: 6000 })
    expect(breaks.every(({ returnedAtMs }) => returnedAtMs === undefined)).toBe(true)
  })

  it('tells the return, and knows the old level afterwards', async () => {
    const { breaks, news } = await feed([...Array.from({ length: 120 }, () => 180), 100, 100, 100])
    expect(breaks.at(-1)).toMatchObject({ returnedAtMs: startMs + (672 + 122) * intervalMs })
    expect(news.watch.broken).toBe(false)
    const later = await feed([...Array.from({ length: 120 }, () => 180), ...Array.from({ length: 200 }, () => 100)])
    expect(later.breaks.at(-1)?.returnedAtMs).toBe(startMs + (672 + 122) * intervalMs)
  })

  it('skips missing intervals without breaking the row', async () => {
    expect((await feed([180, null, null, 180])).breaks).toHaveLength(1)
  })

  it('finds a fault that was under way before it looked', async () => {
    const values = [...Array.from({ length: 720 }, () => 100), ...Array.from({ length: 20 }, () => 180)]
    const { breaks } = await advanceMeterWatch(newMeterWatch, 'm1', profileOf(values), yesterday)
    expect(breaks.at(-1)).toMatchObject({ expectedKw: 100, sinceMs: startMs + 720 * intervalMs })
  })

  it('tells the newest of a break under way, and nothing of one that came and went unseen', async () => {
    const calm = Array.from({ length: 720 }, () => 100)
    const fault = Array.from({ length: 10 }, () => 180)
    const look = async (values: number[]) => {
      const news = await advanceMeterWatch(newMeterWatch, 'm1', profileOf(values), yesterday)
      return newsOf(newMeterWatch, news.breaks)
    }
    expect(await look([...calm, ...fault])).toMatchObject([{ untilMs: startMs + 730 * intervalMs, excessKwh: 200 }])
    expect(await look([...calm, ...fault, 100, 100, 100])).toEqual([])
  })

  it('takes a level that lasts a week for the new normal', async () => {
    const { news } = await feed(Array.from({ length: 800 }, () => 180))
    expect(news.watch.broken).toBe(false)
  })
})

describe('history', () => {
  it('fills a gap from the same time of another day', () => {
    const values = Array.from({ length: 672 }, (_, i): number | null => i % 96)
    for (let i = 300; i < 420; i++) values[i] = null
    const input = forecastInput(historyBefore(profileOf(values), startMs + 672 * intervalMs), startMs, 0)
    const { centre = 0, scale = 1 } = input?.meterScale ?? {}
    expect((input?.history[310] ?? Number.NaN) * scale + centre).toBeCloseTo(310 % 96, 3)
  })

  it('fills a gap from a day of its kind: a working day says nothing of a Sunday', () => {
    // From a Monday on, 100 kW on working days and 10 kW on days off; Saturday is missing.
    const kwOf = (day: number): number | null => (day === 5 ? null : day === 6 ? 10 : 100)
    const values = Array.from({ length: 672 }, (_, i) => kwOf(Math.floor(i / 96)))
    const input = forecastInput(
      historyBefore(profileOf(values), startMs + 672 * intervalMs),
      startMs + 672 * intervalMs,
      0,
    )
    const { centre = 0, scale = 1 } = input?.meterScale ?? {}
    const kwAt = (day: number) => (input?.history[day * 96 + 40] ?? Number.NaN) * scale + centre
    expect(kwAt(5)).toBeCloseTo(10)
  })

  it('says nothing of the first day of a kind, working or off, that a meter lives through', () => {
    const { horizonIntervals, historyIntervals } = forecastShape
    const stepsAt = (day: number, knownDays: number): number | undefined => {
      const history = new Float32Array(historyIntervals).fill(Number.NaN).fill(50, historyIntervals - 96 * knownDays)
      return forecastInput(history, startMs + (day * 96 + 48) * intervalMs, 0)?.familiarSteps
    }
    // At noon of a day, the 0th a Monday: Sunday, Monday and Tuesday after a Saturday, Friday after a Wednesday; a week on.
    expect([stepsAt(6, 1), stepsAt(7, 2), stepsAt(8, 2)]).toEqual([48, undefined, horizonIntervals])
    expect([stepsAt(4, 2), stepsAt(11, 7)]).toEqual([48, horizonIntervals])
  })

  it('moves with the clock: what people did at eight before summer time began they do at eight', () => {
    const beganMs = Date.UTC(2026, 2, 29, 1)
    const atMs = beganMs + 2 * 86_400_000
    const offsetAt = (ms: number) => (ms < beganMs ? 60 : 120)
    const hourBefore = (i: number) =>
      ((atMs - (672 - i) * intervalMs + offsetAt(atMs - (672 - i) * intervalMs) * 60_000) / 3_600_000) % 24
    const history = Float32Array.from({ length: 672 }, (_, i) => hourBefore(i))
    const aligned = byLocalTime(history, atMs, offsetAt)
    const localNow = (i: number) => ((atMs - (672 - i) * intervalMs + 120 * 60_000) / 3_600_000) % 24
    const moved = [...aligned].filter((hour, i) => Number.isFinite(hour) && hour !== Math.fround(localNow(i)))
    // The hour that the change left out has no values of its own.
    expect(moved.length).toBeLessThanOrEqual(4)
    expect(byLocalTime(history, atMs, () => 120)).toBe(history)
  })

  it('refuses to forecast from less than a day', () => {
    const profile = profileOf(Array.from({ length: 90 }, () => 1))
    expect(forecastInput(historyBefore(profile, startMs + 90 * intervalMs), startMs, 0)).toBeUndefined()
  })
})
