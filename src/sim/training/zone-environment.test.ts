import { describe, expect, it } from 'vitest'
import { simulateZoneEnvironment } from './zone-environment.ts'

describe('simulateZoneEnvironment', () => {
  it('gives the same series for the same seed', () => {
    const a = simulateZoneEnvironment({ seed: 7, minutes: 300 })
    const b = simulateZoneEnvironment({ seed: 7, minutes: 300 })
    expect([...a.co2Ppm]).toEqual([...b.co2Ppm])
    expect([...simulateZoneEnvironment({ seed: 8, minutes: 300 }).co2Ppm]).not.toEqual([...a.co2Ppm])
  })

  it('breathes: CO₂ stands higher with people than without', () => {
    let full = 0
    let fullCount = 0
    let empty = 0
    let emptyCount = 0
    for (let seed = 0; seed < 20; seed++) {
      const s = simulateZoneEnvironment({ seed, kind: 'office', withFire: false })
      for (let i = 0; i < s.people.length; i++) {
        if ((s.people[i] ?? 0) > s.capacity / 2) {
          full += s.co2Ppm[i] ?? 0
          fullCount++
        } else if (s.people[i] === 0) {
          empty += s.co2Ppm[i] ?? 0
          emptyCount++
        }
      }
    }
    expect(full / fullCount).toBeGreaterThan(empty / emptyCount + 120)
    expect(full / fullCount).toBeLessThan(1600)
  })

  it('burns: dust and temperature rise after ignition', () => {
    for (let seed = 100; seed < 110; seed++) {
      const s = simulateZoneEnvironment({ seed, kind: 'storage', withFire: true })
      const from = s.fire.indexOf(1)
      const to = s.fire.lastIndexOf(1)
      expect(from).toBeGreaterThanOrEqual(0)
      if (from === 0 || to - from < 4) continue
      expect(s.pm25[to] ?? 0).toBeGreaterThan((s.pm25[from - 1] ?? 0) + 40)
      expect(s.temperatureC[to] ?? 0).toBeGreaterThan(s.temperatureC[from - 1] ?? 0)
    }
  })

  it('stays within what a room can be', () => {
    for (let seed = 200; seed < 215; seed++) {
      const s = simulateZoneEnvironment({ seed, withFire: false })
      for (let i = 0; i < s.people.length; i++) {
        expect(s.temperatureC[i]).toBeGreaterThan(-6)
        expect(s.temperatureC[i]).toBeLessThan(50)
        expect(s.humidityPct[i]).toBeLessThanOrEqual(100)
      }
    }
  })
})
