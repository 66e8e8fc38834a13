import { describe, expect, it, vi } from 'vitest'
import type { CameraFrame } from '../../contract/camera.ts'
import { ok } from '../../platform/result.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { DeskCamera, DeskEvent } from './desk-protocol.ts'
import { FrameDesk } from './frame-desk.ts'
import type { RawPicture } from './raw-picture.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

const leftHalf = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
] as const

function camera(more: Partial<DeskCamera> = {}): DeskCamera {
  return { cameraId: 'a', widthPx: 40, heightPx: 20, fps: 10, masks: [], feed: { kind: 'pushed' }, ...more }
}

/** A picture that "decodes" to white; its first byte 0 stands for a corrupt one. */
const picture = (good = true): RawPicture => ({ kind: 'encoded', bytes: Uint8Array.of(good ? 1 : 0) })

const anyBitmap = async (frame: CameraFrame) => ({ of: frame.frameId }) as unknown as ImageBitmap

const anyFile = async (frame: CameraFrame, caption: string) => new Blob([new Uint8Array(frame.rgba), caption])

function setUp(decoding: () => Promise<void> = async () => {}, bitmapOf = anyBitmap, encode = anyFile) {
  const clock = new FakeClock()
  const events: DeskEvent[] = []
  const looked: CameraFrame[] = []
  const desk = new FrameDesk({
    clock,
    random: () => 0.5,
    place: { fetch: () => Promise.reject(new Error('no network')), secure: false, someoneAnswers: async () => false },
    decode: async (raw) => {
      await decoding()
      if (raw.kind === 'encoded' && raw.bytes[0] === 0)
        return { ok: false, error: { code: 'camera.corruptFrame', detail: '' } }
      const rgba = new Uint8Array(40 * 20 * 4).fill(255).buffer
      return ok({ width: 40, height: 20, rgba, from: { width: 400, height: 200 } })
    },
    bitmapOf,
    encode,
    post: (event) => events.push(event),
  })
  const port = { postMessage: (frame: CameraFrame) => looked.push(frame), close: () => {} }
  desk.handle({ type: 'connectInference', port: port as unknown as MessagePort })
  const virtualPort: { onmessage?: (event: { data: CameraFrame }) => void; close(): void } = { close: () => {} }
  desk.handle({ type: 'connectVirtual', port: virtualPort as unknown as MessagePort })
  const give = async (good = true, cameraId = 'a') => {
    desk.handle({ type: 'picture', cameraId, picture: picture(good) })
    await settle()
  }
  const health = () => {
    clock.advance(1000)
    const last = events.filter((event) => event.type === 'health').at(-1)
    return last?.cameras.find(({ cameraId }) => cameraId === 'a')
  }
  return {
    clock,
    events,
    looked,
    desk,
    give,
    health,
    virtual: (data: CameraFrame) => virtualPort.onmessage?.({ data }),
  }
}

const black = (frame: CameraFrame | undefined, x: number) => new Uint8Array(frame?.rgba ?? [])[(10 * 40 + x) * 4] === 0

describe('frame desk', () => {
  it('stamps frames with the site’s time, at its speed', async () => {
    const { clock, desk, looked, give } = setUp()
    const siteMs = Date.UTC(2030, 0, 1)
    desk.handle({ type: 'clock', clock: { siteMs, speed: 60, jump: 0 } })
    desk.handle({ type: 'camera', camera: camera() })
    clock.advance(2000)
    await give()
    expect(looked[0]).toMatchObject({ cameraId: 'a', frameId: 1, capturedAtMs: siteMs + 120_000 })
  })

  it('lets nothing pass unmasked: to models, to people, to exports; drawn later, a mask holds at once', async () => {
    const { desk, clock, looked, events, give } = setUp()
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    desk.handle({ type: 'camera', camera: camera({ masks: [leftHalf] }) })
    await give()
    expect([black(looked[0], 10), black(looked[0], 30)]).toEqual([true, false])
    desk.handle({ type: 'take', requestId: 1, cameraId: 'a' })
    const taken = () => events.flatMap((event) => (event.type === 'taken' ? [event.frame] : [])).at(-1)
    expect([black(taken(), 10), black(taken(), 30)]).toEqual([true, false])
    const rightHalf = leftHalf.map(([x, y]) => [1 - x, y] as const)
    desk.handle({ type: 'masks', cameraId: 'a', masks: [leftHalf, rightHalf] })
    desk.handle({ type: 'take', requestId: 2, cameraId: 'a' })
    expect([black(taken(), 10), black(taken(), 30)]).toEqual([true, true])
    clock.advance(200)
    await give()
    expect(black(looked[1], 30)).toBe(true)
  })

  it('keeps a mask black in an export where something is blurred across its edge', async () => {
    const { desk, events, give } = setUp()
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    desk.handle({ type: 'camera', camera: camera({ masks: [leftHalf] }) })
    await give()
    desk.handle({ type: 'take', requestId: 1, cameraId: 'a' })
    const frame = events.flatMap((event) => (event.type === 'taken' && event.frame ? [event.frame] : []))[0]
    if (!frame) throw new Error('no picture was taken')
    const regions = [{ x0: 5, y0: 2, x1: 35, y1: 18 }]
    desk.handle({ type: 'encode', requestId: 2, frame, regions, caption: '', format: 'png' })
    await settle()
    const blob = events.flatMap((event) => (event.type === 'encoded' && event.blob ? [event.blob] : []))[0]
    const exported = { ...frame, rgba: (await blob?.arrayBuffer()) ?? new ArrayBuffer(0) }
    expect([black(exported, 18), black(exported, 30)]).toEqual([true, false])
  })

  it('passes frames of virtual cameras on, masked, and drops those it has no mask to go by', async () => {
    const { desk, looked, virtual } = setUp()
    const drawn = (): CameraFrame => ({
      cameraId: 'a',
      frameId: 7,
      capturedAtMs: 5,
      width: 40,
      height: 20,
      rgba: new Uint8Array(40 * 20 * 4).fill(255).buffer,
    })
    virtual(drawn())
    expect(looked).toEqual([])
    desk.handle({ type: 'camera', camera: camera({ feed: { kind: 'virtual' }, masks: [leftHalf] }) })
    virtual(drawn())
    expect(looked).toHaveLength(1)
    expect(looked[0]).toMatchObject({ frameId: 7, capturedAtMs: 5 })
    expect(black(looked[0], 10)).toBe(true)
  })

  it('keeps the newest picture while one is decoded, counts what it replaced, and lets go what comes too fast', async () => {
    let finish = () => {}
    const { clock, desk, looked, give, health } = setUp(() => new Promise((resolve) => (finish = resolve)))
    desk.handle({ type: 'camera', camera: camera() })
    for (let i = 0; i < 4; i++) {
      await give()
      clock.advance(100)
    }
    for (let i = 0; i < 3; i++) await give()
    finish()
    await settle()
    finish()
    await settle()
    expect(looked).toHaveLength(2)
    expect(health()).toMatchObject({ framesTotal: 2, framesDropped: 3, width: 400, height: 200 })
  })

  it('names corrupt pictures while they come and for a moment after, and goes on with the good ones', async () => {
    const { clock, desk, looked, give, health } = setUp()
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    clock.advance(100)
    await give(false)
    expect(health()).toMatchObject({ framesTotal: 1, framesDropped: 1, fault: { code: 'camera.corruptFrame' } })
    clock.advance(3000)
    await give()
    expect(looked).toHaveLength(2)
    expect(health()?.fault).toBeUndefined()
  })

  it('takes the first good pushed picture after many that could not be decoded', async () => {
    const { clock, desk, looked, give, health } = setUp()
    desk.handle({ type: 'camera', camera: camera() })
    for (let i = 0; i < 10; i++) {
      await give(false)
      clock.advance(100)
    }
    expect(health()?.fault?.code).toBe('camera.corruptFrame')
    clock.advance(3000)
    await give()
    expect(looked).toHaveLength(1)
    expect(health()).toMatchObject({ framesTotal: 1, framesDropped: 10 })
    expect(health()?.fault).toBeUndefined()
  })

  it('goes on after a picture for which the memory did not suffice', async () => {
    let full = true
    const { clock, desk, looked, give, health } = setUp(async () => {
      if (full) throw new RangeError('Array buffer allocation failed')
    })
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    expect(health()).toMatchObject({ framesDropped: 1, fault: { code: 'camera.corruptFrame' } })
    full = false
    clock.advance(3000)
    await give()
    expect(looked).toHaveLength(1)
    expect(health()?.fault).toBeUndefined()
  })

  it('names the silence of pushed pictures as a stall, and takes each that comes all the same', async () => {
    const { clock, desk, looked, give, health } = setUp()
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    expect(health()?.fault).toBeUndefined()
    // One picture in minutes, whenever it comes.
    for (const silentMs of [7000, 60_000, 61_700, 180_300]) {
      clock.advance(silentMs)
      expect(health()?.fault?.code).toBe('camera.stalled')
      const before = looked.length
      await give()
      expect(looked).toHaveLength(before + 1)
      expect(health()?.fault).toBeUndefined()
    }
    expect(health()).toMatchObject({ framesTotal: 5, framesDropped: 0 })
    desk.handle({ type: 'retry', cameraId: 'a' })
    await give()
    expect(looked).toHaveLength(6)
  })

  it('shows and keeps only what somebody watches', async () => {
    const { clock, desk, events, give } = setUp()
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    expect(events.filter(({ type }) => type === 'picture')).toEqual([])
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    clock.advance(200)
    await give()
    expect(events.filter(({ type }) => type === 'picture')).toHaveLength(1)
    desk.handle({ type: 'watch', cameraIds: [] })
    desk.handle({ type: 'take', requestId: 1, cameraId: 'a' })
    expect(events).toContainEqual({ type: 'taken', requestId: 1, frame: undefined })
  })

  it('shows no picture that was on its way when the source changed or a mask was drawn', async () => {
    const makes: ((bitmap: ImageBitmap) => void)[] = []
    const { clock, desk, events, give } = setUp(undefined, () => new Promise((resolve) => makes.push(resolve)))
    const close = vi.fn()
    const shown = () => events.filter(({ type }) => type === 'picture').length
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    desk.handle({ type: 'masks', cameraId: 'a', masks: [leftHalf] })
    makes[0]?.({ close } as unknown as ImageBitmap)
    await settle()
    expect([shown(), close.mock.calls.length]).toEqual([0, 1])
    clock.advance(200)
    await give()
    desk.handle({ type: 'camera', camera: camera() })
    for (const make of makes.slice(1)) make({ close } as unknown as ImageBitmap)
    await settle()
    expect([shown(), close.mock.calls.length]).toEqual([0, 3])
    await give()
    makes.at(-1)?.({ close } as unknown as ImageBitmap)
    await settle()
    expect([shown(), close.mock.calls.length]).toEqual([1, 3])
  })

  it('masks what people see at once, also where no other picture comes', async () => {
    const seen: boolean[] = []
    const { desk, give } = setUp(undefined, async (frame) => {
      seen.push(black(frame, 10))
      return anyBitmap(frame)
    })
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    desk.handle({ type: 'masks', cameraId: 'a', masks: [leftHalf] })
    expect(seen).toEqual([false, true])
  })

  it('answers whoever exports also where the browser cannot encode, and lives on where it cannot show', async () => {
    const cannot = async () => {
      throw new Error('out of memory')
    }
    const { desk, events, give, looked } = setUp(undefined, cannot, cannot)
    desk.handle({ type: 'watch', cameraIds: ['a'] })
    desk.handle({ type: 'camera', camera: camera() })
    await give()
    const [frame] = looked
    if (!frame) throw new Error('no frame')
    desk.handle({ type: 'encode', requestId: 3, frame, regions: [], caption: '', format: 'png' })
    await settle()
    expect(events).toContainEqual({ type: 'encoded', requestId: 3, blob: undefined })
    expect(events.filter(({ type }) => type === 'picture')).toEqual([])
  })

  it('tells the rate of slow cameras from frame to frame, and less once one falls silent', async () => {
    const { desk, give, health } = setUp()
    desk.handle({ type: 'camera', camera: camera({ fps: 0.5 }) })
    const rates: (number | undefined)[] = []
    for (let second = 0; second < 8; second++) {
      if (second % 2 === 1) await give()
      rates.push(health()?.fps)
    }
    expect(rates.slice(3)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5])
    for (let second = 0; second < 10; second++) health()
    expect(health()?.fps).toBeLessThan(0.1)
    for (let second = 0; second < 12; second++) health()
    expect(health()).toMatchObject({ fps: 0, fault: { code: 'camera.stalled' } })
  })

  it('leaves no timer behind', async () => {
    const { clock, desk } = setUp()
    desk.handle({ type: 'camera', camera: camera() })
    desk.handle({ type: 'camera', camera: camera({ cameraId: 'b', feed: { kind: 'snapshot', url: 'http://b/' } }) })
    await settle()
    desk.dispose()
    await settle()
    expect(clock.pendingCount).toBe(0)
  })
})
