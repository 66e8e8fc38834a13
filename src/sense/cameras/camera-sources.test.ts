import { describe, expect, it } from 'vitest'
import type { CameraHealth, CameraSink } from '../../contract/camera.ts'
import type { SiteFile } from '../../site/schema.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { tinySite } from '../../testing/tiny-site.ts'
import type { CameraTopic } from '../camera-bus.ts'
import { CameraMemory, type KeyValue } from './camera-memory.ts'
import { CameraSources } from './camera-sources.ts'
import type { DeskCommand, DeskEvent } from './desk-protocol.ts'
import type { RawPicture } from './raw-picture.ts'

class Shelf implements KeyValue {
  readonly kept = new Map<string, string>()
  getItem = (key: string) => this.kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.kept.set(key, value)
  removeItem = (key: string) => void this.kept.delete(key)
}

const triangle = [
  [0, 0],
  [1, 0],
  [0, 1],
] as const

function withCameras(...sources: string[]): SiteFile {
  const site = tinySite()
  const camera = site.cameras[0]
  if (!camera) throw new Error('the tiny site has a camera')
  return { ...site, cameras: sources.map((source, i) => ({ ...camera, id: `cam-${i}`, source })) }
}

function setUp(simulated = true) {
  const clock = new FakeClock()
  const commands: DeskCommand[] = []
  const shelves = { lasting: new Shelf(), session: new Shelf() }
  const media: { sink: CameraSink<RawPicture>; open: boolean }[] = []
  let topics: readonly CameraTopic[] = []
  let drawn: readonly string[] = []
  let health: readonly CameraHealth[] = []
  let tell: (event: DeskEvent) => void = () => {}
  const sources = new CameraSources({
    clock,
    random: () => 0.5,
    desk: {
      send: (command) => void commands.push(command),
      subscribe: (listener) => {
        tell = listener
        return () => {}
      },
    },
    bus: { followCameras: (feeds) => (topics = feeds) },
    drawVirtual: simulated ? (ids) => (drawn = ids) : undefined,
    mediaSource: () => ({
      open: (sink) => {
        const one = { sink, open: true }
        media.push(one)
        return { dispose: () => (one.open = false) }
      },
    }),
    memory: new CameraMemory(shelves.lasting, shelves.session),
    onHealth: (all) => (health = all),
  })
  const opened = () => commands.flatMap((command) => (command.type === 'camera' ? [command.camera] : []))
  const healthOf = (cameraId: string) => {
    clock.advance(1000)
    return health.find((one) => one.cameraId === cameraId)
  }
  const faultOf = (cameraId: string) => healthOf(cameraId)?.fault?.code
  const now = () => ({ topics, drawn })
  return {
    clock,
    sources,
    commands,
    media,
    shelves,
    opened,
    faultOf,
    healthOf,
    now,
    tell: (event: DeskEvent) => tell(event),
  }
}

describe('camera sources', () => {
  it('give every camera of the site its source', () => {
    const { sources, opened, now, media } = setUp()
    sources.enter(
      withCameras('virtual:', 'mqtt:', 'mqtt:frigate/dock', 'mjpeg:http://cam/stream', 'whep:http://cam/whep'),
    )
    expect(opened().map(({ feed }) => feed.kind)).toEqual(['virtual', 'pushed', 'pushed', 'mjpeg', 'drawn'])
    expect(now()).toEqual({
      drawn: ['cam-0'],
      topics: [
        { cameraId: 'cam-1', topic: 'parkloop/v1/tiny/camera/cam-1/frame' },
        { cameraId: 'cam-2', topic: 'frigate/dock' },
      ],
    })
    expect(media).toHaveLength(1)
  })

  it('name what cannot even begin', () => {
    const { sources, opened, faultOf } = setUp(false)
    sources.enter(withCameras('virtual:', 'rtsp://cam/1'))
    expect(opened()).toEqual([])
    expect([faultOf('cam-0'), faultOf('cam-1')]).toEqual(['camera.noWorld', 'camera.badAddress'])
  })

  it('follow a person’s choice, remember it, and go back to the site file’s', () => {
    const { sources, opened, now, shelves } = setUp()
    sources.enter(withCameras('virtual:'))
    sources.chooseSource('cam-0', 'mqtt:a/b')
    expect(now()).toEqual({ drawn: [], topics: [{ cameraId: 'cam-0', topic: 'a/b' }] })
    expect(sources.setups().get('cam-0')).toMatchObject({ kind: 'mqtt', chosenHere: true, siteShown: 'virtual:' })
    expect([...shelves.lasting.kept.values()]).toEqual(['{"source":"mqtt:a/b"}'])
    sources.chooseSource('cam-0', undefined)
    expect(now().drawn).toEqual(['cam-0'])
    expect(opened().at(-1)?.feed.kind).toBe('virtual')
    expect(shelves.lasting.kept.size).toBe(0)
  })

  it('keep an address with a password in this tab only', () => {
    const { sources, shelves } = setUp()
    sources.enter(withCameras('virtual:'))
    sources.chooseSource('cam-0', 'mjpeg:http://guard:s3cret@cam/stream')
    expect(JSON.stringify([...shelves.lasting.kept])).not.toContain('s3cret')
    expect(JSON.stringify([...shelves.session.kept])).toContain('s3cret')
    expect(sources.setups().get('cam-0')?.shown).toBe('mjpeg:http://cam/stream')
  })

  it('leave running what a new site file does not touch', () => {
    const { sources, commands, media } = setUp()
    sources.enter(withCameras('hls:http://cam/a.m3u8', 'virtual:'))
    const before = commands.length
    sources.enter(withCameras('hls:http://cam/a.m3u8', 'mqtt:'))
    expect(media).toHaveLength(1)
    expect(commands.slice(before).map(({ type }) => type)).toEqual(['remove', 'camera'])
    sources.enter(withCameras())
    expect(media[0]?.open).toBe(false)
  })

  it('add masks to those of the site file and tell the desk without beginning anew', () => {
    const { sources, commands, media } = setUp()
    const site = withCameras('webcam:')
    sources.enter({ ...site, cameras: site.cameras.map((camera) => ({ ...camera, masks: [[...triangle]] as never })) })
    sources.setMasks('cam-0', [triangle])
    expect(commands.at(-1)).toEqual({ type: 'masks', cameraId: 'cam-0', masks: [triangle, triangle] })
    expect(media).toHaveLength(1)
    sources.setMasks('cam-0', [])
    expect(commands.at(-1)).toEqual({ type: 'masks', cameraId: 'cam-0', masks: [triangle] })
  })

  it('report a media element’s fault until it delivers again', () => {
    const { sources, media, faultOf, tell, clock } = setUp()
    sources.enter(withCameras('webcam:'))
    tell({ type: 'health', cameras: [] })
    media[0]?.sink.failed({ code: 'camera.deviceBusy', detail: '' })
    expect(faultOf('cam-0')).toBe('camera.deviceBusy')
    clock.advance(2000)
    media[1]?.sink.picture({ kind: 'encoded', bytes: Uint8Array.of(1) })
    expect(faultOf('cam-0')).toBeUndefined()
  })

  it('take no picture of a topic that the camera no longer has', () => {
    const { sources, commands } = setUp()
    const taken = () => commands.filter(({ type }) => type === 'picture').length
    sources.enter(withCameras('mqtt:old/topic', 'mqtt:'))
    sources.jpeg('cam-0', 'old/topic', Uint8Array.of(1))
    sources.jpeg('cam-1', 'parkloop/v1/tiny/camera/cam-1/frame', Uint8Array.of(1))
    expect(taken()).toBe(2)
    sources.enter(withCameras('mqtt:new/topic', 'virtual:'))
    sources.jpeg('cam-0', 'old/topic', Uint8Array.of(1))
    sources.jpeg('cam-1', 'parkloop/v1/tiny/camera/cam-1/frame', Uint8Array.of(1))
    expect(taken()).toBe(2)
    sources.jpeg('cam-0', 'new/topic', Uint8Array.of(1))
    expect(taken()).toBe(3)
  })

  it('say of every camera that the worker for their pictures did not start', () => {
    const { sources, tell, faultOf } = setUp()
    sources.enter(withCameras('virtual:', 'mjpeg:http://cam/stream'))
    expect(faultOf('cam-1')).toBeUndefined()
    tell({ type: 'failed' })
    expect([faultOf('cam-0'), faultOf('cam-1')]).toEqual(['camera.workerFailed', 'camera.workerFailed'])
  })

  it('do not tell of a source that was closed as if it still ran', () => {
    const { sources, tell, healthOf } = setUp()
    sources.enter(withCameras('mqtt:'))
    sources.enter(withCameras('rtsp://cam/1'))
    const late = { cameraId: 'cam-0', fps: 9, width: 4, height: 3, lastFrameAtMs: 1, framesTotal: 7, framesDropped: 0 }
    tell({ type: 'health', cameras: [late] })
    expect(healthOf('cam-0')).toMatchObject({ fps: 0, framesTotal: 0, fault: { code: 'camera.badAddress' } })
  })

  it('take the same film once more where a person picks it again', () => {
    const { sources, media, faultOf } = setUp()
    sources.enter(withCameras('virtual:'))
    const film = () => new File(['film'], 'film.mp4', { lastModified: 5 })
    sources.chooseFile('cam-0', film())
    media[0]?.sink.failed({ code: 'camera.filePick', detail: '' })
    expect(faultOf('cam-0')).toBe('camera.filePick')
    sources.chooseFile('cam-0', film())
    expect(media.map(({ open }) => open)).toEqual([false, true])
    expect(faultOf('cam-0')).toBeUndefined()
  })

  it('mask at once also where the browser can store nothing more', () => {
    const { sources, commands, shelves } = setUp()
    shelves.lasting.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    sources.enter(withCameras('webcam:'))
    sources.setMasks('cam-0', [triangle])
    expect(commands.at(-1)).toEqual({ type: 'masks', cameraId: 'cam-0', masks: [triangle] })
    expect(sources.setups().get('cam-0')?.ownMasks).toEqual([triangle])
  })

  it('forget a choice that another version wrote', () => {
    const { sources, shelves, now } = setUp()
    shelves.lasting.kept.set('parkloop.camera.tiny.cam-0', '{"source": 7}')
    sources.enter(withCameras('virtual:'))
    expect(now().drawn).toEqual(['cam-0'])
  })
})
