import { describe, expect, it } from 'vitest'
import { createFormat } from './format.ts'
import { humanise, localText, wordText } from './language.ts'

const atMs = Date.UTC(2026, 5, 1, 18, 5, 9)

describe('createFormat', () => {
  it('shows times in the local time of the site, not of the browser', () => {
    expect(createFormat('en', 480).clock(atMs)).toBe('02:05:09')
    expect(createFormat('en', -300).time(atMs)).toBe('13:05')
    expect(createFormat('en', 480).date(atMs)).toContain('2 Jun')
    expect(createFormat('zh', 480).date(atMs)).toContain('6月2日')
  })

  it('shows each time by the offset in force then', () => {
    const changeMs = Date.UTC(2026, 2, 29, 1)
    const format = createFormat('en', (at) => (at < changeMs ? 60 : 120))
    expect([format.clock(changeMs - 1000), format.clock(changeMs)]).toEqual(['01:59:59', '03:00:00'])
    const zoned = createFormat('en', (at) => (Number.isFinite(new Date(at).getTime()) ? 0 : Number.NaN))
    expect(zoned.time(Number.NaN)).toBe('–')
  })

  it('shows what is no date as a dash', () => {
    const format = createFormat('en', 480)
    for (const never of [1e17, -1e17, 8.64e15, Number.NaN, Number.POSITIVE_INFINITY])
      expect([format.clock(never), format.dateTime(never)], String(never)).toEqual(['–', '–'])
    expect(createFormat('en', 0).date(8.64e15)).not.toBe('–')
  })

  it('keeps as many places as a reading deserves', () => {
    const format = createFormat('en', 0)
    expect(format.reading(0.4217)).toBe('0.42')
    expect(format.reading(18.44)).toBe('18.4')
    expect(format.reading(1240.4)).toBe('1,240')
    expect(format.reading(-3.5)).toBe('−3.50')
    expect(format.reading(Number.NaN)).toBe('–')
    expect(format.quantity(55, '%')).toBe('55%')
    expect(format.quantity(21.5, '°C')).toBe('21.5 °C')
  })

  it('reads durations and ages in the words of the language', () => {
    expect(createFormat('en', 0).duration(420)).toBe('420 ms')
    expect(createFormat('en', 0).duration(4200)).toBe('4.2 s')
    expect(createFormat('en', 0).duration(200_000)).toBe('3 min 20 s')
    expect(createFormat('zh', 0).duration(7_500_000)).toBe('2 小时 5 分')
    expect(createFormat('en', 0).age(95_000)).toBe('1 min')
    expect(createFormat('en', 0).age(-5)).toBe('0 s')
  })

  it('writes money with the symbol, and an unknown currency as it is named', () => {
    expect(createFormat('zh', 0).money(12.5, 'CNY')).toContain('¥12.50')
    expect(createFormat('en', 0).money(1234.5, 'EUR')).toMatch(/1,23[45]/)
    expect(createFormat('en', 0).money(3, 'credits')).toBe('3.00 credits')
  })
})

describe('texts from the wire', () => {
  it('are read in the language of the reader', () => {
    expect(localText({ en: 'Gate', zh: '闸门' }, 'zh')).toBe('闸门')
    expect(localText('G-7', 'zh')).toBe('G-7')
  })

  it('stay readable when the catalogue lacks a word', () => {
    expect(humanise('personInZone')).toBe('Person in zone')
    expect(humanise('CO2_Sensor')).toBe('CO2 sensor')
    expect(wordText({ a: 'b' }, 'a')).toBe('b')
    expect(wordText({ a: 'b' }, 'toString')).toBe('To string')
  })
})
