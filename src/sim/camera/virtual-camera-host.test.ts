import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../../contract/camera.ts'
import type { SimWorldMessage } from '../../contract/sim-world.ts'
import { parseSite } from '../../site/load.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { type VirtualCameraEvent, VirtualCameraHost } from './virtual-camera-host.ts'

const lens = { widthPx: 64, heightPx: 64, hfovDeg: 60 }

function openSite() {
  const parsed = parseSite({
    format: 'parkloop-site',
    version: 1,
    id: 'yard',
    name: 'Yard',
    geo: { latitudeDeg: 31, longitudeDeg: 121, utcOffsetMinutes: 480 },
    ground: {
      boundary: [
        [-40, -40],
        [40, -40],
        [40, 40],
        [-40, 40],
      ],
    },
    cameras: [
      { id: 'one', name: 'One', at: [0, 0, 4], headingDeg: 0, pitchDeg: -12, lens, fps: 10 },
      { id: 'two', name: 'Two', at: [0, 0, 4], headingDeg: 90, pitchDeg: -12, lens, fps: 5 },
      { id: 'real', name: 'Real', at: [0, 0, 4], headingDeg: 90, pitchDeg: -12, lens, source: 'https://example.org/a' },
    ],
    tariff: { currency: 'CNY', bands: [{ name: 'flat', pricePerKwh: 1, windows: [{ fromH: 0, toH: 24 }] }] },
  })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

const world = (at: number): SimWorldMessage => ({
  at,
  sun: [0, -0.6, 0.8],
  cloud: 0,
  rainMmPerH: 0,
  actors: [],
  openings: {},
  lights: {},
  fires: [],
})

function setUp() {
  const clock = new FakeClock()
  const events: VirtualCameraEvent[] = []
  const host = new VirtualCameraHost({ clock, post: (event) => events.push(event) })
  host.handle({ type: 'site', site: openSite() })
  const frames: CameraFrame[] = []
  const port = { postMessage: (frame: CameraFrame) => frames.push(frame), close: () => {} }
  host.handle({ type: 'connectFrames', port: port as unknown as MessagePort })
  const pictures = (cameraId: string) => frames.filter((frame) => frame.cameraId === cameraId)
  return { clock, host, events, pictures }
}

describe('virtual camera host', () => {
  it('draws each virtual camera at its own rate while the world moves, and no other camera', () => {
    const { clock, host, pictures } = setUp()
    for (let i = 0; i < 100; i++) {
      host.handle({ type: 'world', world: world(i) })
      clock.advance(10)
    }
    expect(pictures('one').length).toBeGreaterThanOrEqual(9)
    expect(pictures('one').length).toBeLessThanOrEqual(11)
    expect(pictures('two').length).toBeGreaterThanOrEqual(4)
    expect(pictures('two').length).toBeLessThanOrEqual(6)
    expect(pictures('real')).toEqual([])
    const numbers = pictures('one').map((frame) => frame.frameId)
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
    expect(pictures('one')[0]?.rgba.byteLength).toBe(64 * 64 * 4)
  })

  it('draws nothing again while the world stands still', () => {
    const { clock, host, pictures } = setUp()
    host.handle({ type: 'world', world: world(5) })
    clock.advance(2000)
    expect(pictures('one').map((frame) => frame.capturedAtMs)).toEqual([5])
  })

  it('draws other cameras once told to, without beginning anew with those that stay', () => {
    const { clock, host, pictures } = setUp()
    host.handle({ type: 'world', world: world(5) })
    clock.advance(300)
    host.handle({ type: 'draw', cameraIds: ['one', 'real'] })
    for (let i = 6; i < 100; i++) {
      host.handle({ type: 'world', world: world(i) })
      clock.advance(10)
    }
    expect(pictures('two')).toHaveLength(1)
    expect(pictures('real').length).toBeGreaterThan(3)
    const numbers = pictures('one').map((frame) => frame.frameId)
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  })

  it('hands out no pixel of what the site file masks', () => {
    const { clock, host, pictures } = setUp()
    const site = openSite()
    const masks: [number, number][][] = [
      [
        [0, 0],
        [1, 0],
        [1, 0.5],
        [0, 0.5],
      ],
    ]
    host.handle({ type: 'site', site: { ...site, cameras: site.cameras.map((camera) => ({ ...camera, masks })) } })
    host.handle({ type: 'world', world: world(5) })
    clock.advance(300)
    const pixels = new Uint32Array(pictures('one')[0]?.rgba ?? new ArrayBuffer(0))
    expect(new Set(pixels.subarray(0, 64 * 32))).toEqual(new Set([0xff000000]))
    expect(new Set(pixels.subarray(64 * 40)).size).toBeGreaterThan(3)
  })

  it('says how it fares, and that the world fell silent', () => {
    const { clock, host, events } = setUp()
    host.handle({ type: 'world', world: world(5) })
    clock.advance(1100)
    const health = () => {
      const last = events.filter((event) => event.type === 'health').at(-1)
      return last?.type === 'health' ? last.cameras.find((camera) => camera.cameraId === 'one') : undefined
    }
    expect(health()).toMatchObject({ framesTotal: 1, lastFrameAtMs: 5, width: 64 })
    expect(health()?.fault).toBeUndefined()
    clock.advance(6000)
    expect(health()?.fault?.code).toBe('camera.stalled')
  })

  it('falls silent when disposed', () => {
    const { clock, host, events, pictures } = setUp()
    host.handle({ type: 'world', world: world(5) })
    host.dispose()
    clock.advance(3000)
    expect(events).toEqual([])
    expect(pictures('one')).toEqual([])
  })
})
