import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { delay } from './clock.ts'
import { Disposables } from './disposables.ts'
import { FaultList } from './faults.ts'
import { LatestWins } from './latest-wins.ts'
import { createRandom } from './random.ts'
import { RingSeries } from './ring-buffer.ts'

describe('latest wins', () => {
  it('keeps one in flight, replaces the one waiting and counts what it dropped', async () => {
    const done: number[] = []
    const released: number[] = []
    const gates: (() => void)[] = []
    const queue = new LatestWins<number>(
      (item) => new Promise((resolve) => gates.push(() => resolve(void done.push(item)))),
      (item) => released.push(item),
    )
    for (const item of [1, 2, 3, 4]) queue.offer(item)
    gates.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
    gates.shift()?.()
    await Promise.resolve()
    expect(done).toEqual([1, 4])
    expect(released).toEqual([2, 3])
    expect(queue.droppedCount).toBe(2)
  })

  it('releases everything that comes after it was closed', () => {
    const released: number[] = []
    const queue = new LatestWins<number>(
      () => Promise.resolve(),
      (item) => released.push(item),
    )
    queue.close()
    queue.offer(7)
    expect(released).toEqual([7])
  })

  it('goes on after work that failed', async () => {
    const failures: unknown[] = []
    const done: number[] = []
    const queue = new LatestWins<number>(
      async (item) => {
        if (item === 1) throw new Error('bad frame')
        done.push(item)
      },
      () => {},
      (error) => failures.push(error),
    )
    queue.offer(1)
    queue.offer(2)
    await new Promise((resolve) => setImmediate(resolve))
    queue.offer(3)
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual([2, 3])
    expect(failures).toHaveLength(1)
  })
})

describe('ring series', () => {
  it('holds the newest samples in order, whatever was pushed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer(), { maxLength: 60 }), (capacity, values) => {
        const series = new RingSeries(capacity)
        values.forEach((value, at) => {
          series.push(at, value)
        })
        const kept = Array.from({ length: series.length }, (_, i) => series.atMs(i))
        expect(kept).toEqual(values.map((_, at) => at).slice(-capacity))
      }),
    )
  })
})

describe('faults', () => {
  it('remembers since when and how often, and never grows without bound', () => {
    let nowMs = 1000
    const faults = new FaultList(() => nowMs)
    faults.set('link', { severity: 'error', code: 'linkDown', detail: 'refused' })
    nowMs = 5000
    faults.set('link', { severity: 'error', code: 'linkDown', detail: 'refused' })
    expect(faults.list()[0]).toMatchObject({ sinceMs: 1000, lastMs: 5000, count: 2 })
    for (let i = 0; i < 500; i++) faults.set(`k${i}`, { severity: 'info', code: 'x', detail: '' })
    expect(faults.list()).toHaveLength(200)
    expect(faults.evictedCount).toBe(301)
  })
})

describe('what opens, closes', () => {
  it('cleans up once, last opened first, and at once when already closed', () => {
    const log: string[] = []
    const open = new Disposables()
    open.add(() => log.push('first'))
    open.add({ dispose: () => log.push('second') })
    open.dispose()
    open.dispose()
    open.add(() => log.push('late'))
    expect(log).toEqual(['second', 'first', 'late'])
  })
})

describe('seeded randomness', () => {
  it('repeats itself, and a fork does not disturb its parent', () => {
    const one = createRandom(42)
    const two = createRandom(42)
    two.fork('weather').next()
    expect([one.next(), one.next()]).toEqual([two.next(), two.next()])
  })
})

describe('fake clock', () => {
  it('runs timers in due order and none after they were cancelled', async () => {
    const clock = new FakeClock()
    const log: string[] = []
    clock.after(20, () => log.push('b'))
    clock.after(10, () => log.push('a'))
    const cancel = clock.every(15, () => log.push('tick'))
    const waited = delay(clock, 25)
    clock.advance(31)
    await waited
    cancel()
    clock.advance(100)
    expect(log).toEqual(['a', 'tick', 'b', 'tick'])
    expect(clock.pendingCount).toBe(0)
  })
})
