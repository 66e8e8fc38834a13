import { describe, expect, it } from 'vitest'
import type { BirthMessage } from '../contract/messages.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Twin } from './twin.ts'

const atMs = Date.UTC(2026, 5, 1, 4)

function meter(id: string, gateway?: string): BirthMessage {
  return {
    id,
    name: id,
    class: 'Electrical_Meter',
    points: [{ id: 'power', kind: 'power', unit: 'kW' }],
    at: atMs,
    ...(gateway === undefined ? {} : { gateway }),
  }
}

function block(rows: readonly (readonly [index: number, value: number, atMs: number])[]) {
  return {
    count: rows.length,
    indices: Uint32Array.from(rows, (r) => r[0]),
    values: Float64Array.from(rows, (r) => r[1]),
    atMs: Float64Array.from(rows, (r) => r[2]),
    quality: new Uint8Array(rows.length),
  }
}

describe('the twin', () => {
  it('holds live values at once and tells the stores only at the beat', () => {
    const twin = new Twin(new FakeClock(atMs))
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    twin.apply({ type: 'readings', block: block([[0, 12.5, atMs]]) })
    expect(twin.hot.value[0]).toBe(12.5)
    expect(twin.store.getState().devices.size).toBe(0)
    twin.beat()
    expect(twin.store.getState().devices.get('m1')?.points).toEqual({ power: 0 })
    expect(twin.store.getState().hotVersion).toBe(1)
  })

  it('copies what changed once a beat, however many were born', () => {
    const twin = new Twin(new FakeClock(atMs))
    for (let i = 0; i < 500; i++) twin.apply({ type: 'device', birth: meter(`m${i}`), points: [i] })
    const before = twin.store.getState().devices
    expect(before.size).toBe(0)
    twin.beat()
    const after = twin.store.getState().devices
    expect(after.size).toBe(500)
    twin.beat()
    expect(twin.store.getState().devices).toBe(after)
    twin.apply({ type: 'deviceGone', device: 'm7' })
    expect(after.size).toBe(500)
    twin.beat()
    expect(twin.store.getState().devices.size).toBe(499)
  })

  it('does not let a late reading overwrite a newer one', () => {
    const twin = new Twin(new FakeClock(atMs))
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    twin.apply({
      type: 'readings',
      block: block([
        [0, 2, atMs + 1000],
        [0, 1, atMs],
      ]),
    })
    expect(twin.hot.value[0]).toBe(2)
    expect(twin.hot.history(0)?.length).toBe(1)
  })

  describe('holds against wrong clocks of devices', () => {
    const hourMs = 3_600_000
    const year2099Ms = Date.UTC(2099, 0, 1)

    function park(clock = new FakeClock(atMs)) {
      const twin = new Twin(clock)
      twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
      const read = (value: number, stampMs: number, quality = 0) => {
        const one = block([[0, value, stampMs]])
        one.quality[0] = quality
        twin.apply({ type: 'readings', block: one })
        return { value: twin.hot.value[0], ageMs: twin.siteClock.nowMs() - (twin.hot.atMs[0] ?? 0) }
      }
      return { clock, twin, read }
    }

    it('a report of the far future counts as of its arrival, and what comes after it is taken', () => {
      const { clock, twin, read } = park()
      expect(read(1, year2099Ms)).toEqual({ value: 1, ageMs: 0 })
      clock.advance(20 * 60_000)
      expect(twin.siteClock.nowMs() - (twin.hot.atMs[0] ?? 0)).toBe(20 * 60_000)
      expect(read(2, year2099Ms + 20 * 60_000)).toEqual({ value: 2, ageMs: 0 })
      clock.advance(1000)
      expect(read(3, clock.nowMs() - 2000)).toEqual({ value: 3, ageMs: 2000 })
      expect(twin.hot.history(0)?.length).toBe(1)
    })

    it('a clock that is put back mutes nothing for long, whereas a backlog overwrites nothing', () => {
      const { clock, read } = park()
      read(1, atMs + 50_000)
      clock.advance(10_000)
      expect(read(2, atMs + 10_000).value).toBe(2)
      expect(read(3, atMs - 8 * hourMs).value).toBe(2)
      expect(read(4, atMs - 8 * hourMs + 1000).value).toBe(2)
      clock.advance(20_000)
      read(5, clock.nowMs())
      for (let report = 0; report < 6; report++) {
        expect(read(100 + report, clock.nowMs() - 8 * hourMs).value).toBe(5)
        clock.advance(10_000)
      }
      expect(read(200, clock.nowMs() - 8 * hourMs)).toEqual({ value: 200, ageMs: 8 * hourMs })
      clock.advance(1000)
      expect(read(201, clock.nowMs() - 8 * hourMs).value).toBe(201)
    })

    it('of a fast simulated park as well, whose clock may speak after its devices', () => {
      const { clock, twin, read } = park()
      const laterMs = atMs + 90 * 24 * hourMs
      read(1, laterMs)
      twin.apply({ type: 'clock', clock: { siteMs: laterMs + 1000, speed: 300, jump: 0 } })
      expect(twin.hot.atMs[0]).toBe(laterMs)
      clock.advance(1000)
      expect(read(2, laterMs + 301_000 + 4 * hourMs).value).toBe(2)
      expect(read(3, year2099Ms)).toEqual({ value: 3, ageMs: 0 })
      clock.advance(1000)
      expect(read(4, twin.siteClock.nowMs())).toEqual({ value: 4, ageMs: 0 })

      const past = park()
      past.read(1, atMs)
      past.twin.apply({ type: 'clock', clock: { siteMs: atMs - 24 * hourMs, speed: 1, jump: 0 } })
      expect(past.read(2, atMs - 24 * hourMs)).toEqual({ value: 2, ageMs: 0 })
    })
  })

  it('keeps bad samples out of what models read, not out of the curve', () => {
    const twin = new Twin(new FakeClock(atMs))
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    const rows = block([
      [0, 20, atMs - 2000],
      [0, 850, atMs - 1000],
      [0, 21, atMs],
    ])
    rows.quality[1] = 2
    twin.apply({ type: 'readings', block: rows })
    const trusted = twin.hot.trusted(0)
    expect(twin.hot.history(0)?.length).toBe(3)
    expect([trusted?.length, trusted?.value(1), trusted?.atMs(1)]).toEqual([2, 21, atMs])
  })

  it('forgets what belongs to a device that is gone, and remembers only so many that nobody bore', () => {
    const twin = new Twin(new FakeClock(atMs))
    const profile = { point: 'power', intervalMs: 900_000, startMs: atMs, values: [1] }
    const tell = (device: string) => {
      twin.apply({ type: 'profile', device, profile })
      twin.apply({ type: 'text', device, point: 'power', value: 'note', atMs })
    }
    tell('stranger')
    twin.apply({ type: 'availability', device: 'm1', online: false })
    for (let i = 0; i < 3000; i++) twin.apply({ type: 'availability', device: `console-${i}`, online: true })
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    for (let i = 0; i < 9000; i++) twin.apply({ type: 'availability', device: `console-${i}`, online: false })
    expect(twin.device('m1')?.online).toBe(false)
    tell('m1')
    twin.beat()
    const before = twin.store.getState()
    expect([[...before.profiles.keys()], [...before.texts.keys()]]).toEqual([['m1'], ['m1/power']])
    twin.apply({ type: 'deviceGone', device: 'm1' })
    twin.beat()
    const after = twin.store.getState()
    expect([after.profiles.size, after.texts.size, after.devices.size]).toEqual([0, 0, 0])
    for (let i = 0; i < 9000; i++) twin.apply({ type: 'availability', device: `later-${i}`, online: true })
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    expect(twin.device('m1')?.online).toBeUndefined()
  })

  it('takes a device for offline when its gateway is, whatever came first', () => {
    const twin = new Twin(new FakeClock(atMs))
    twin.apply({ type: 'availability', device: 'gw', online: true })
    twin.apply({ type: 'device', birth: meter('m1', 'gw'), points: [0] })
    expect(twin.device('m1')?.online).toBe(true)
    twin.apply({ type: 'availability', device: 'gw', online: false })
    expect(twin.device('m1')?.online).toBe(false)
    twin.apply({ type: 'availability', device: 'gw', online: true })
    twin.apply({ type: 'availability', device: 'm1', online: false })
    expect(twin.device('m1')?.online).toBe(false)
  })

  it('lives in simulated time where a clock is announced and starts curves anew when time jumps', () => {
    const wall = new FakeClock(atMs)
    const twin = new Twin(wall)
    expect(twin.siteClock.nowMs()).toBe(atMs)
    twin.apply({ type: 'clock', clock: { siteMs: atMs + 3_600_000, speed: 60, jump: 0 } })
    wall.advance(1000)
    expect(twin.siteClock.nowMs()).toBe(atMs + 3_600_000 + 60_000)
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    twin.apply({ type: 'readings', block: block([[0, 5, atMs + 3_600_000]]) })
    twin.apply({ type: 'clock', clock: { siteMs: atMs, speed: 60, jump: 1 } })
    expect(twin.hot.history(0)).toBeUndefined()
    expect(twin.hot.value[0]).toBe(5)
    twin.apply({ type: 'readings', block: block([[0, 6, atMs]]) })
    expect(twin.hot.value[0]).toBe(6)
  })

  it('shows the story that runs, also one that came and went between two beats', () => {
    const twin = new Twin(new FakeClock(atMs))
    const shown = () => {
      twin.beat()
      return twin.store.getState().clock.story
    }
    const hear = (story?: string | null) => {
      const clock = { siteMs: atMs, speed: 1, jump: 0, ...(story !== undefined && { story }) }
      twin.apply({ type: 'clock', clock })
    }
    hear()
    expect(shown()).toBeUndefined()
    hear(null)
    expect(shown()).toBeNull()
    hear('room-on-fire')
    expect(shown()).toBe('room-on-fire')
    hear(null)
    hear('room-on-fire')
    hear(null)
    expect(shown()).toBeNull()
    hear('room-on-fire')
    hear(null)
    expect(shown()).toBeNull()
  })

  it('keeps a reading of the new time that overtook the word of the jump', () => {
    const twin = new Twin(new FakeClock(atMs))
    twin.apply({ type: 'clock', clock: { siteMs: atMs, speed: 1, jump: 0 } })
    twin.apply({ type: 'device', birth: meter('m1'), points: [0] })
    twin.apply({ type: 'device', birth: meter('m2'), points: [1] })
    const laterMs = atMs + 16 * 3_600_000
    twin.apply({
      type: 'readings',
      block: block([
        [1, 7, atMs],
        [0, 5, laterMs],
      ]),
    })
    twin.apply({ type: 'clock', clock: { siteMs: laterMs + 200, speed: 1, jump: 1 } })
    expect([twin.hot.atMs[0], twin.hot.atMs[1]]).toEqual([laterMs, 0])
  })
})
