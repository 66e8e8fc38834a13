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
