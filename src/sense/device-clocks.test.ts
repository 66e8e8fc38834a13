import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { DeviceClocks } from './device-clocks.ts'

const minuteMs = 60_000
const year2099Ms = Date.UTC(2099, 0, 1)

function setUp() {
  const clock = new FakeClock()
  const clocks = new DeviceClocks(clock)
  /** A report every ten seconds with this skew. */
  const live = (device: string, skewMs: (elapsedMs: number) => number, forMs: number) => {
    for (let elapsedMs = 0; elapsedMs <= forMs; elapsedMs += 10_000) {
      clocks.heard(device, clock.nowMs() + skewMs(elapsedMs))
      clock.advance(10_000)
    }
  }
  return { clock, clocks, live, said: () => clocks.report()?.detail }
}

describe('clocks of devices', () => {
  it('that are ahead are named with how far, until they are right or silent for long', () => {
    const { clock, clocks, said } = setUp()
    clocks.heard('m1', year2099Ms)
    expect(said()).toBeUndefined()
    clock.advance(5000)
    expect(clocks.report()).toMatchObject({
      severity: 'warning',
      code: 'sense.clockSkew',
      detail: 'm1: 73 years ahead',
    })
    clocks.heard('m2', clock.nowMs() + 90 * minuteMs)
    clock.advance(5000)
    expect(said()).toBe('m1: 73 years ahead; m2: 90 min ahead')
    clocks.heard('m1', clock.nowMs() - 1000)
    expect(said()).toBe('m2: 90 min ahead')
    clock.advance(16 * minuteMs)
    expect(said()).toBeUndefined()
    for (let i = 0; i < 8; i++) clocks.heard(`d${i}`, year2099Ms)
    clock.advance(5000)
    expect(said()).toMatch(/^(d\d: 73 years ahead; ){5}3 more$/)
    for (let i = 0; i < 8; i++) clocks.gone(`d${i}`)
    expect(said()).toBeUndefined()
  })

  it('that stay behind are named; what catches up after a lost connection is not', () => {
    const { clocks, live, said } = setUp()
    live('slow', () => -12 * minuteMs, 30_000)
    expect(said()).toBeUndefined()
    live('slow', () => -12 * minuteMs, 30_000)
    expect(said()).toBe('slow: 12 min behind')
    live('slow', () => -90_000, 0)
    expect(said()).toBeUndefined()
    live('backlog', (elapsedMs) => -60 * minuteMs + elapsedMs * 10, 5 * minuteMs)
    expect(said()).toBeUndefined()
    clocks.heard('once', 1_000_000_000_000)
    expect(said()).toBeUndefined()
  })

  it('are held against the site’s time, however fast it runs and whenever its clock speaks', () => {
    const { clock, clocks, said } = setUp()
    const siteMs = Date.UTC(2027, 0, 1)
    clocks.heard('m1', siteMs)
    clocks.told({ siteMs, speed: 300, jump: 0 })
    clock.advance(5000)
    expect(said()).toBeUndefined()
    for (let s = 0; s < 120; s += 10) {
      clocks.heard('m1', siteMs + (5 + s) * 300_000 + 4 * 60 * minuteMs)
      clocks.heard('m2', siteMs + (5 + s) * 300_000 - 9 * 60 * minuteMs)
      clock.advance(10_000)
    }
    expect(said()).toBeUndefined()
    const jumpedMs = siteMs + 30 * 86_400_000
    clocks.heard('m1', jumpedMs)
    clocks.told({ siteMs: jumpedMs, speed: 300, jump: 1 })
    clock.advance(5000)
    expect(said()).toBeUndefined()
  })
})
