import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { importFiles } from './site-import.ts'
import { validateSites } from './site-validate.ts'

const footprint = [
  [465_000, 5_249_000],
  [465_040, 5_249_000],
  [465_040, 5_249_020],
  [465_000, 5_249_020],
]
const house = {
  type: 'Feature',
  properties: { building: 'yes' },
  geometry: { type: 'Polygon', coordinates: [footprint] },
}
const inChengdu = {
  type: 'Polygon',
  coordinates: [footprint.map(([x = 0, y = 0]) => [104.06 + (x - 465_000) / 1e5, 30.66 + (y - 5_249_000) / 1e5])],
}

let folder = ''
let said = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parkloop-import-'))
  said = ''
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  writeFileSync(join(folder, 'house.geojson'), JSON.stringify(house))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})
const importHouse = (...more: string[]) => importFiles([join(folder, 'house.geojson'), ...more])

it('writes a whole site file in the coordinate system that it is told', () => {
  const out = join(folder, 'park.site.json')
  expect(importHouse('--crs', 'EPSG:25832', '--out', out)).toBe(0)
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ geo: { latitudeDeg: 47.393_608 } })
  expect(validateSites([out])).toBe(0)
})

it('says which clock and which prices it guessed, and takes those that it is told', () => {
  const out = join(folder, 'park.site.json')
  const written = () => JSON.parse(readFileSync(out, 'utf8'))
  writeFileSync(join(folder, 'house.geojson'), JSON.stringify({ ...house, geometry: inChengdu }))
  expect(importHouse('--out', out)).toBe(0)
  expect(written()).toMatchObject({ geo: { utcOffsetMinutes: 420 }, tariff: { currency: 'EUR' } })
  expect(said).toMatch(/^note: the clock is guessed from the longitude, UTC\+7: --time-zone or --utc-offset/m)
  expect(said).toMatch(/^note: a flat 0\.25 EUR a kWh is assumed: --currency/m)
  said = ''
  expect(importHouse('--out', out, '--utc-offset', '480', '--currency', 'cny')).toBe(0)
  expect(written()).toMatchObject({ geo: { utcOffsetMinutes: 480 }, tariff: { currency: 'CNY' } })
  expect(said).not.toMatch(/guessed|--currency/)
  expect(said).toMatch(/^note: a flat 0\.25 CNY a kWh is assumed/m)
  for (const [timeZone, utcOffsetMinutes] of [
    ['Asia/Kolkata', 330],
    ['Australia/Adelaide', 570],
  ] as const) {
    expect(importHouse('--out', out, '--time-zone', timeZone)).toBe(0)
    expect(written()).toMatchObject({ geo: { timeZone, utcOffsetMinutes } })
  }
  expect(said).not.toMatch(/guessed/)
})

it('leaves what was there before, and nothing half-written, where it fails', () => {
  const out = join(folder, 'park.site.json')
  writeFileSync(out, 'before')
  expect(importHouse('--out', out)).toBe(1)
  expect(said).toMatch(/house\.geojson: features\.0: 465000, 5249000 is no place on Earth/)
  expect(readFileSync(out, 'utf8')).toBe('before')
  mkdirSync(join(folder, 'taken'))
  for (const place of ['taken', 'nowhere/park.json']) {
    said = ''
    expect(importHouse('--crs', '25832', '--out', join(folder, place))).toBe(1)
    expect(said).toContain(join(folder, place))
  }
  expect(readdirSync(folder).sort()).toEqual(['house.geojson', 'park.site.json', 'taken'])
})

it('refuses what it does not understand of the command', () => {
  expect(importHouse('--crs', 'EPSG:9999')).toBe(2)
  expect(said).toMatch(/--crs must be an EPSG code that is known here, not “EPSG:9999”/)
  for (const at of ['', '91,0', '0,181', '1', '1,x', ',']) expect(importHouse('--at', at)).toBe(2)
  expect(importHouse('--time-zone', 'Sichuan')).toBe(2)
  expect(importHouse('--time-zone', 'Asia/Shanghai', '--utc-offset', '480')).toBe(2)
  for (const code of ['', 'yuan', '¥']) expect(importHouse('--currency', code)).toBe(2)
  for (const offset of ['', '9999', '1.5']) expect(importHouse('--utc-offset', offset)).toBe(2)
})

it('names a glTF that is no GLB', () => {
  writeFileSync(join(folder, 'tank.gltf'), '{"asset":{"version":"2.0"}}')
  expect(validateSites([join(folder, 'tank.gltf')])).toBe(1)
  expect(said).toMatch(/a \.gltf must be packed into one/)
})
