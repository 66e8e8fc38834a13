import { expect, test } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { FaultThrottle } from './fault-throttle.ts'

function setUp() {
  const clock = new FakeClock()
  const standing = new Set<string>()
  const throttle = new FaultThrottle(
    () => clock.monotonicMs(),
    (key, report) => (report ? standing.add(key) : standing.delete(key)),
  )
  const report = () => ({ severity: 'warning', code: 'codec.invalid', detail: '' }) as const
  const pass = (ms: number) => {
    clock.advance(ms)
    throttle.sweep()
    return [...standing]
  }
  return { throttle, report, pass }
}

test('a fading fault ends after ten quiet minutes, another one stays', () => {
  const { throttle, report, pass } = setUp()
  throttle.report('sense:disconnected', report)
  throttle.reportFading('codec:site', report)
  expect(pass(9 * 60_000)).toEqual(['sense:disconnected', 'codec:site'])
  throttle.reportFading('codec:site', report)
  expect(pass(9 * 60_000)).toHaveLength(2)
  expect(pass(60_000)).toEqual(['sense:disconnected'])
})

test('a fading fault that was mended ends soon, unless it comes again', () => {
  const { throttle, report, pass } = setUp()
  throttle.reportFading('codec:site', report)
  throttle.mended('codec:site')
  expect(pass(9000)).toEqual(['codec:site'])
  throttle.reportFading('codec:site', report)
  expect(pass(60_000)).toEqual(['codec:site'])
  throttle.mended('codec:site')
  expect(pass(0)).toEqual([])
})

test('so many fading faults are remembered, and none outlives its memory', () => {
  const { throttle, report, pass } = setUp()
  for (let i = 0; i < 3000; i++) {
    throttle.reportFading(`codec:${i}`, report)
    if (i % 50 === 49) pass(1000)
  }
  expect(pass(0)).toHaveLength(150)
  expect(pass(10 * 60_000)).toEqual([])
})

test('a fault about what the broker keeps lasts until it is mended, or a new connection does not tell it again', () => {
  const { throttle, report, pass } = setUp()
  for (const key of ['codec:site', 'codec:device/m1/birth', 'sense:full']) throttle.reportFading(key, report, true)
  expect(pass(86_400_000)).toHaveLength(3)
  throttle.mended('codec:site')
  expect(pass(0)).toEqual(['codec:device/m1/birth', 'sense:full'])
  throttle.heardAnew()
  pass(5000)
  throttle.reportFading('sense:full', report, true)
  expect(pass(9 * 60_000)).toHaveLength(2)
  expect(pass(86_400_000)).toEqual(['sense:full'])
})

test('what was held back in a flood is told after it, in its newest words: the broker tells what it keeps only once', () => {
  const clock = new FakeClock()
  const standing = new Map<string, string>()
  const throttle = new FaultThrottle(
    () => clock.monotonicMs(),
    (key, fault) => (fault ? standing.set(key, fault.detail) : standing.delete(key)),
  )
  let refused = 0
  for (let i = 0; i < 120; i++) {
    const fault = (detail: () => string) => () => ({ severity: 'warning', code: 'c', detail: detail() }) as const
    throttle.reportFading('sense:full', fault(() => `${++refused} refused`), true) // biome-ignore format: a row
    throttle.reportFading(`codec:device/m${i}/birth`, fault(() => ''), true) // biome-ignore format: a row
  }
  throttle.mended('codec:device/m119/birth')
  expect(standing.size).toBe(50)
  for (let i = 0; i < 15; i++) {
    clock.advance(1000)
    throttle.sweep()
  }
  expect(standing.size).toBe(120)
  expect(standing.get('sense:full')).toBe('2 refused')
})
