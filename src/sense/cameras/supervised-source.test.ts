import { describe, expect, it } from 'vitest'
import type { CameraFault, CameraSink } from '../../contract/camera.ts'
import type { Clock } from '../../platform/clock.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { SupervisedSource } from './supervised-source.ts'

function setUp(onOpen: (sink: CameraSink<number>, count: number) => unknown = () => {}) {
  const clock = new FakeClock()
  const sinks: CameraSink<number>[] = []
  const openedAtMs: number[] = []
  const told: (CameraFault | undefined)[] = []
  const pictures: number[] = []
  const released: number[] = []
  let open = 0
  const source = new SupervisedSource<number>({
    clock,
    random: () => 1,
    stallMs: 3000,
    source: {
      open: (sink) => {
        sinks.push(sink)
        openedAtMs.push(clock.monotonicMs())
        open++
        onOpen(sink, sinks.length)
        return { dispose: () => open-- }
      },
    },
    onPicture: (picture) => pictures.push(picture),
    release: (picture) => released.push(picture),
    onFault: (fault) => told.push(fault),
  })
  return { clock, sinks, openedAtMs, told, pictures, released, source, open: () => open }
}

const clockOf = (clock: FakeClock): Clock => ({
  nowMs: () => clock.nowMs(),
  monotonicMs: () => clock.monotonicMs(),
  after: (delayMs, run) => clock.after(delayMs, run),
  every: (periodMs, run) => clock.every(periodMs, run),
})

const gone: CameraFault = { code: 'camera.unreachable', detail: '' }

describe('supervised source', () => {
  it('connects again with waits that double up to half a minute', () => {
    const { clock, openedAtMs } = setUp((sink) => sink.failed(gone))
    clock.advance(200_000)
    const waits = openedAtMs.slice(1).map((atMs, i) => atMs - (openedAtMs[i] as number))
    expect(waits.slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('names a stall, connects anew, and says when pictures come again', () => {
    const { clock, sinks, told, pictures, open } = setUp()
    sinks[0]?.picture(1)
    clock.advance(3500)
    expect(told.map((fault) => fault?.code)).toEqual(['camera.stalled'])
    clock.advance(1000)
    expect(sinks).toHaveLength(2)
    expect(open()).toBe(1)
    sinks[1]?.picture(2)
    expect(told.at(-1)).toBeUndefined()
    expect(told).toHaveLength(2)
    expect(pictures).toEqual([1, 2])
  })

  it('gives pictures of a connection that is over back, unused', () => {
    const { clock, sinks, pictures, released, told } = setUp()
    sinks[0]?.failed(gone)
    sinks[0]?.picture(7)
    sinks[0]?.failed(gone)
    clock.advance(1500)
    expect(pictures).toEqual([])
    expect(released).toEqual([7])
    expect(told).toHaveLength(1)
    expect(sinks).toHaveLength(2)
  })

  it('begins with short waits again once a source ran for a while', () => {
    const { clock, sinks, openedAtMs } = setUp((sink, count) => count <= 4 && sink.failed(gone))
    clock.advance(15_000)
    expect(sinks).toHaveLength(5)
    for (let i = 0; i < 12; i++) {
      sinks.at(-1)?.picture(i)
      clock.advance(1000)
    }
    const failedMs = clock.monotonicMs()
    sinks.at(-1)?.failed(gone)
    clock.advance(60_000)
    expect((openedAtMs.find((atMs) => atMs > failedMs) ?? 0) - failedMs).toBe(1000)
  })

  it('waits for a person where trying again would pester, and tries at once when told to', () => {
    const { clock, sinks, source } = setUp((sink, count) => {
      if (count === 1) sink.failed({ code: 'camera.permissionRefused', detail: '' })
    })
    clock.advance(600_000)
    expect(sinks).toHaveLength(1)
    source.retry()
    expect(sinks).toHaveLength(2)
  })

  it('takes the gaps of a throttled tab for no silence, and notices a real one there all the same', () => {
    const clock = new FakeClock()
    // A hidden tab's timers run once a minute.
    const throttled = { ...clockOf(clock), every: (_: number, run: () => void) => clock.every(60_000, run) }
    const told: (string | undefined)[] = []
    let sink: CameraSink<number> | undefined
    const source = new SupervisedSource<number>({
      clock: throttled,
      random: () => 1,
      stallMs: 15_000,
      source: {
        open: (it) => {
          sink = it
          return { dispose: () => {} }
        },
      },
      onPicture: () => {},
      release: () => {},
      onFault: (fault) => told.push(fault?.code),
    })
    clock.advance(1000)
    for (let minute = 0; minute < 30; minute++) {
      clock.advance(60_000)
      sink?.picture(minute)
    }
    expect(told).toEqual([])
    clock.advance(600_000)
    expect(told[0]).toBe('camera.stalled')
    source.dispose()
  })

  it('waits without end while a person is asked, and only so long', () => {
    const asked: CameraFault = { code: 'camera.permissionAsked', detail: '' }
    const { clock, sinks, told } = setUp()
    sinks[0]?.asks(asked)
    clock.advance(600_000)
    expect(sinks).toHaveLength(1)
    sinks[0]?.asks(undefined)
    clock.advance(2500)
    expect(told).toEqual([asked])
    clock.advance(1000)
    expect(told.at(-1)?.code).toBe('camera.stalled')
  })

  it('says the same of a silence that lasts, however long, where it cannot connect anew', () => {
    const clock = new FakeClock()
    const told = new Set<string | undefined>()
    const source = new SupervisedSource<number>({
      clock,
      random: () => 1,
      pushed: true,
      stallMs: 3000,
      source: { open: () => ({ dispose: () => {} }) },
      onPicture: () => {},
      release: () => {},
      onFault: (fault) => told.add(fault?.detail),
    })
    clock.advance(60_000)
    expect([...told]).toEqual(['no picture since connecting, 3 s'])
    source.dispose()
  })

  it('leaves neither connection nor timer behind', () => {
    const { clock, source, open } = setUp()
    source.dispose()
    source.retry()
    expect(open()).toBe(0)
    expect(clock.pendingCount).toBe(0)
  })
})
