import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CameraFault } from '../../contract/camera.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { type HlsTrouble, hlsFault, hlsSource, SegmentPatience } from './hls-source.ts'
import type { HttpPlace } from './http-request.ts'
import type { MediaNeeds } from './media-needs.ts'
import type { RawPicture } from './raw-picture.ts'
import { elementFault, fileFault, isFilm, watchVideo } from './video-frames.ts'
import { webcamSource } from './webcam-source.ts'
import { whepSource } from './whep-source.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const target = { url: 'https://cam.example/film?token=hush', authorization: 'Basic abc' }
const signal = new AbortController().signal
const mp4 = Uint8Array.of(0, 0, 0, 32, ...new TextEncoder().encode('ftypisom'))
const html = new TextEncoder().encode('<html>log in first</html>')

function placeOf(answer: () => Response, more: Partial<HttpPlace> = {}) {
  const asked: { url: string; init: RequestInit }[] = []
  const place: HttpPlace = {
    secure: false,
    someoneAnswers: async () => true,
    fetch: async (url, init) => {
      asked.push({ url, init })
      return answer()
    },
    ...more,
  }
  return { place, asked }
}

const refused = () => {
  throw new TypeError('Failed to fetch')
}

const mediaError = { MEDIA_ERR_NETWORK: 2, MEDIA_ERR_DECODE: 3, MEDIA_ERR_SRC_NOT_SUPPORTED: 4 }
const failedWith = (code: number, message: string) => ({ error: { code, message } }) as unknown as HTMLVideoElement
const noOpen = 'DEMUXER_ERROR_COULD_NOT_OPEN: FFmpegDemuxer: open context failed'
const noStream = 'DEMUXER_ERROR_NO_SUPPORTED_STREAMS'

afterEach(() => vi.unstubAllGlobals())

describe('why a media element gave up', () => {
  it('is told by its error, by how the film begins, and by what the address answers', async () => {
    vi.stubGlobal('MediaError', mediaError)
    const cases: readonly [number, string, () => Response, string][] = [
      [4, noStream, () => new Response(mp4), 'camera.codec'],
      [4, noOpen, () => new Response(mp4), 'camera.corruptFrame'],
      [4, noOpen, () => new Response(html), 'camera.wrongType'],
      [4, noOpen, () => new Response(''), 'camera.wrongType'],
      [4, 'Format error', () => new Response(mp4), 'camera.ended'],
      [4, 'Format error', () => new Response('', { status: 404 }), 'camera.notFound'],
      [4, 'Format error', refused, 'camera.cors'],
      [2, '', () => new Response(mp4), 'camera.ended'],
      [3, '', refused, 'camera.corruptFrame'],
    ]
    for (const [code, message, answer, expected] of cases) {
      const { place } = placeOf(answer)
      const fault = await elementFault(failedWith(code, message), place, target, signal)
      expect(fault.code, `${code} ${message}`).toBe(expected)
      expect(fault.detail).not.toContain('hush')
    }
  })

  it('is asked with the camera’s own credentials, and no more than the beginning is taken', async () => {
    vi.stubGlobal('MediaError', mediaError)
    let cancelled = false
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(mp4),
      cancel: () => {
        cancelled = true
      },
    })
    const { place, asked } = placeOf(() => new Response(endless))
    await elementFault(failedWith(4, noStream), place, target, signal)
    expect(asked[0]?.init.headers).toEqual({ range: 'bytes=0-15', authorization: 'Basic abc' })
    expect(cancelled).toBe(true)
  })

  it('is told for a picked file too: no film, a broken one, another codec, one that is gone', async () => {
    vi.stubGlobal('MediaError', mediaError)
    const fault = async (bytes: Uint8Array<ArrayBuffer>, message: string) =>
      (await fileFault({ code: 4, message } as MediaError, new File([bytes], 'f'))).code
    expect(await fault(html, noOpen)).toBe('camera.wrongType')
    expect(await fault(new Uint8Array(0), noOpen)).toBe('camera.wrongType')
    expect(await fault(mp4, noOpen)).toBe('camera.corruptFrame')
    expect(await fault(mp4, noStream)).toBe('camera.codec')
    const gone = { name: 'f', slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) }
    expect((await fileFault(null, gone as unknown as File)).code).toBe('camera.filePick')
  })

  it('takes films for films by their first bytes', () => {
    expect(isFilm(mp4)).toBe(true)
    expect(isFilm(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3))).toBe(true)
    expect(isFilm(new TextEncoder().encode('#EXTM3U\n'))).toBe(true)
    for (const other of [html, new Uint8Array(0), Uint8Array.of(0xff, 0xd8, 0xff), new TextEncoder().encode('GIF89a')])
      expect(isFilm(other)).toBe(false)
  })
})

describe('an HLS player’s trouble', () => {
  const trouble = (details: string, more: Partial<HlsTrouble> = {}) =>
    ({ type: 'networkError', details, ...more }) as HlsTrouble
  const status = (code: number) => ({ response: { url: '', code } })

  it('has its name: what answers, what is no playlist, what this page may not read', async () => {
    const readable = placeOf(() => new Response('#EXTM3U')).place
    const forbidden = placeOf(refused).place
    const nobody = placeOf(refused, { someoneAnswers: async () => false }).place
    const cases: readonly [HlsTrouble, HttpPlace, boolean, string][] = [
      [trouble('fragLoadError', status(404)), readable, true, 'camera.notFound'],
      [trouble('manifestLoadError', status(401)), readable, false, 'camera.unauthorized'],
      [trouble('fragLoadError', status(500)), readable, true, 'camera.httpStatus'],
      [trouble('levelParsingError', status(200)), readable, false, 'camera.wrongType'],
      [trouble('manifestParsingError'), readable, false, 'camera.wrongType'],
      [trouble('manifestLoadError', status(0)), forbidden, false, 'camera.cors'],
      [trouble('manifestLoadError', status(0)), nobody, false, 'camera.unreachable'],
      [trouble('manifestLoadError', status(0)), readable, false, 'camera.ended'],
      [trouble('fragLoadTimeOut'), forbidden, true, 'camera.stalled'],
      [trouble('fragParsingError', { type: 'mediaError' as never }), readable, false, 'camera.corruptFrame'],
      [trouble('bufferAddCodecError', { type: 'mediaError' as never }), readable, false, 'camera.codec'],
    ]
    for (const [data, place, pictured, expected] of cases)
      expect((await hlsFault(data, place, target, signal, pictured)).code, data.details).toBe(expected)
  })

  it('with segments in no known codec is the codec, unless pictures came before', async () => {
    const { place } = placeOf(() => new Response(''))
    const data = trouble('fragParsingError', { type: 'mediaError' as never, reason: 'Found no media in msn 0' })
    expect((await hlsFault(data, place, target, signal, false)).code).toBe('camera.codec')
    expect((await hlsFault(data, place, target, signal, true)).code).toBe('camera.corruptFrame')
  })

  it('is enough once three segments in a row failed, however patient the player is', () => {
    const patience = new SegmentPatience()
    const failing = trouble('fragLoadError', status(500))
    expect([patience.endedBy(failing), patience.endedBy(failing)]).toEqual([false, false])
    patience.reset()
    expect([1, 2, 3].map(() => patience.endedBy(failing))).toEqual([false, false, true])
    const other = new SegmentPatience()
    expect([1, 2, 3, 4].map(() => other.endedBy(trouble('bufferStalledError')))).toEqual([false, false, false, false])
  })
})

describe('an HLS player', () => {
  it('takes the camera’s credentials to its own host only, whatever a playlist names', async () => {
    let setUp: ((request: { setRequestHeader: (name: string, value: string) => void }, url: string) => void) | undefined
    class FakePlayer {
      static readonly Events = {}
      static readonly isSupported = () => true
      constructor(config: { xhrSetup?: typeof setUp }) {
        setUp = config.xhrSetup
      }
      on = () => {}
      loadSource = () => {}
      attachMedia = () => {}
      destroy = () => {}
    }
    vi.doMock('hls.js/light', () => ({ default: FakePlayer }))
    vi.stubGlobal('document', { createElement: () => new FakeVideo() })
    const { place, asked } = placeOf(() => new Response(''))
    const connection = hlsSource(target, needsOf(new FakeClock(), place)).open(listen())
    const segments = [
      ['https://cam.example/live/7.ts', 'Basic abc'],
      ['https://cam.example:8443/7.ts', undefined],
      ['http://cam.example/7.ts', undefined],
      ['https://cam.example.elsewhere.example/7.ts', undefined],
    ] as const
    await vi.waitFor(() => expect(setUp).toBeDefined())
    for (const [url, expected] of segments) {
      const sent = new Headers()
      setUp?.({ setRequestHeader: (name, value) => sent.set(name, value) }, url)
      expect(sent.get('authorization') ?? undefined, url).toBe(expected)
      // Asking again for the reason of a failure is a request as well.
      const data = { type: 'networkError', details: 'fragLoadError', frag: { url } } as HlsTrouble
      await hlsFault(data, place, target, signal, true)
      expect(asked.at(-1)?.url).toBe(url)
      expect(new Headers(asked.at(-1)?.init.headers).get('authorization') ?? undefined, url).toBe(expected)
    }
    connection.dispose()
    vi.doUnmock('hls.js/light')
  })
})

describe('frames of an element', () => {
  it('never seem to overtake the next where one comes without its time of exposure', async () => {
    const video = new FakeVideo()
    let frame: (nowMs: number, told: { captureTime?: number }) => void = () => {}
    const peer = Object.assign(video, {
      requestVideoFrameCallback: (heard: typeof frame) => {
        frame = heard
        return 1
      },
      cancelVideoFrameCallback: () => {},
    })
    vi.stubGlobal('VideoFrame', class {})
    const clock = new FakeClock()
    const ages: (number | undefined)[] = []
    const picture = (raw: RawPicture) => ages.push(raw.kind === 'drawn' ? raw.ageMs : undefined)
    const watch = watchVideo(peer as unknown as HTMLVideoElement, { clock, fps: 10 }, { ...listen(), picture })
    clock.advance(200)
    frame(1000, { captureTime: 700 })
    // Shown, but its callback is still to come: the look at the element finds it first.
    video.currentTime = 5
    clock.advance(400)
    frame(1400, {})
    await settle()
    expect(ages).toEqual([300, 300, 300])
    watch.dispose()
  })
})

describe('a live HLS playlist', () => {
  type Heard = (event: string, data: unknown) => void
  class FakePlayer {
    static readonly Events = {
      LEVEL_LOADED: 'levelLoaded',
      BUFFER_CODECS: 'bufferCodecs',
      ERROR: 'error',
      MANIFEST_PARSED: 'manifestParsed',
    }
    static readonly isSupported = () => true
    static readonly all: FakePlayer[] = []
    readonly heard = new Map<string, Heard>()
    constructor() {
      FakePlayer.all.push(this)
    }
    on = (event: string, heard: Heard) => void this.heard.set(event, heard)
    loadSource = () => {}
    attachMedia = () => {}
    destroy = () => {}
  }

  function setUp() {
    const video = new FakeVideo()
    vi.doMock('hls.js/light', () => ({ default: FakePlayer }))
    vi.stubGlobal('document', { createElement: () => video })
    vi.stubGlobal(
      'VideoFrame',
      class {
        close = () => void closed.push(1)
      },
    )
    const closed: number[] = []
    const clock = new FakeClock()
    const source = hlsSource(target, needsOf(clock, placeOf(() => new Response('')).place))
    const connect = async () => {
      const before = FakePlayer.all.length
      const sink = listen()
      const connection = source.open(sink)
      await vi.waitFor(() => expect(FakePlayer.all.length).toBe(before + 1))
      const player = FakePlayer.all[before]
      const tell = (event: string, data: unknown) => player?.heard.get(event)?.(event, data)
      const list = (live: boolean, endSN: number, lastPartIndex = -1, level = 0) =>
        tell('levelLoaded', { level, details: { live, endSN, lastPartIndex } })
      const show = async () => {
        video.currentTime += 1
        clock.advance(500)
        await settle()
      }
      return { sink, list, show, tell, connection }
    }
    return { connect, video, closed }
  }
  afterEach(() => vi.doUnmock('hls.js/light'))

  it('that stands still is a recording: its pictures are held back until it moves on', async () => {
    const { connect, closed } = setUp()
    const one = await connect()
    one.list(true, 41)
    await one.show()
    expect([one.sink.said, closed.length]).toEqual([[], 1])
    one.list(true, 42)
    await one.show()
    expect(one.sink.said).toEqual(['picture'])
    one.connection.dispose()
    // The encoder died meanwhile; what it left is offered on.
    const two = await connect()
    two.list(true, 42)
    two.list(true, 42)
    await two.show()
    expect(two.sink.said).toEqual([])
    two.connection.dispose()
    const three = await connect()
    three.list(true, 0)
    await three.show()
    expect(three.sink.said).toEqual(['picture'])
    three.connection.dispose()
  })

  it('of several heights, each counted for itself, is no newer for being another', async () => {
    const { connect } = setUp()
    const one = await connect()
    one.list(true, 41)
    one.list(true, 7, -1, 1)
    await one.show()
    expect(one.sink.said).toEqual([])
    one.list(true, 8, -1, 1)
    await one.show()
    expect(one.sink.said).toEqual(['picture'])
    one.connection.dispose()
  })

  it('whose last segment came with its end between two connections is not played from its start', async () => {
    const { connect } = setUp()
    const one = await connect()
    one.list(true, 7)
    one.connection.dispose()
    const two = await connect()
    two.list(false, 8)
    await two.show()
    expect(two.sink.said).toEqual(['camera.ended'])
    two.connection.dispose()
  })

  it('that gets an end is played to it once and not over and over, as a film is', async () => {
    const { connect, video } = setUp()
    const one = await connect()
    one.list(true, 7)
    one.list(true, 8)
    one.list(false, 8)
    await one.show()
    expect([one.sink.said, video.loop]).toEqual([['picture'], false])
    video.dispatchEvent(new Event('ended'))
    expect(one.sink.said).toEqual(['picture', 'camera.ended'])
    one.connection.dispose()
    const two = await connect()
    two.list(false, 8)
    expect(two.sink.said).toEqual(['camera.ended'])
    two.connection.dispose()
    const film = await setUp().connect()
    film.list(false, 8)
    await film.show()
    expect(film.sink.said).toEqual(['picture'])
    film.connection.dispose()
  })

  it('with sound beside pictures in H.265 names the codec, not another kind of source', async () => {
    const one = await setUp().connect()
    const reason = 'Unsupported HEVC in M2TS found'
    one.tell('error', { type: 'mediaError', details: 'fragParsingError', fatal: false, reason })
    one.tell('bufferCodecs', { audio: {} })
    expect(one.sink.said).toEqual(['camera.codec'])
    one.connection.dispose()
    const radio = await setUp().connect()
    radio.tell('bufferCodecs', { audio: {} })
    expect(radio.sink.said).toEqual(['camera.wrongType'])
    radio.connection.dispose()
  })
})

function needsOf(clock: FakeClock, place: HttpPlace): MediaNeeds {
  return { clock, place, fps: 10, file: undefined, lens: { widthPx: 640, heightPx: 360 } as MediaNeeds['lens'] }
}

function listen() {
  const said: string[] = []
  return {
    said,
    picture: () => said.push('picture'),
    failed: ({ code }: CameraFault) => void said.push(code),
    asks: (fault: CameraFault | undefined) => void said.push(fault?.code ?? 'answered'),
  }
}

/** As much of an element as a source touches. */
class FakeVideo extends EventTarget {
  currentTime = 0
  loop = false
  readyState = 4
  srcObject: unknown
  play = async () => {}
  pause = () => {}
  load = () => {}
  removeAttribute = () => {}
}

describe('a webcam', () => {
  function setUp(permission: PermissionState) {
    let answer: { give: (stream: MediaStream) => void; refuse: (error: Error) => void } | undefined
    vi.stubGlobal('document', { createElement: () => new FakeVideo() })
    vi.stubGlobal('navigator', {
      permissions: { query: async () => ({ state: permission }) },
      mediaDevices: {
        getUserMedia: () =>
          new Promise<MediaStream>((give, refuse) => {
            answer = { give, refuse }
          }),
      },
    })
    const clock = new FakeClock()
    const sink = listen()
    const connection = webcamSource(needsOf(clock, placeOf(refused).place)).open(sink)
    return { clock, sink, connection, answer: () => answer ?? expect.fail('nobody was asked') }
  }

  it('says that the browser asks while it asks, and what the answer was', async () => {
    const { clock, sink, answer, connection } = setUp('prompt')
    clock.advance(3000)
    await settle()
    expect(sink.said).toEqual(['camera.permissionAsked'])
    answer().refuse(Object.assign(new Error('no'), { name: 'NotAllowedError' }))
    await settle()
    expect(sink.said).toEqual(['camera.permissionAsked', 'camera.permissionRefused'])
    connection.dispose()
    expect(clock.pendingCount).toBe(0)
  })

  it('does not say so of a camera that is only slow, and gives it back where it comes too late', async () => {
    const { clock, sink, answer, connection } = setUp('granted')
    clock.advance(5000)
    await settle()
    expect(sink.said).toEqual([])
    connection.dispose()
    const stop = vi.fn()
    answer().give({ getTracks: () => [{ stop }], getVideoTracks: () => [] } as unknown as MediaStream)
    await settle()
    expect(stop).toHaveBeenCalledTimes(1)
    expect(sink.said).toEqual([])
    expect(clock.pendingCount).toBe(0)
  })
})

describe('WHEP', () => {
  class FakePeer extends EventTarget {
    static direction: string | null = 'recvonly'
    iceGatheringState = 'complete'
    connectionState = 'new'
    localDescription = { sdp: 'offer' }
    closed = false
    static readonly all: FakePeer[] = []
    constructor() {
      super()
      FakePeer.all.push(this)
    }
    addTransceiver = () => ({ currentDirection: FakePeer.direction })
    createOffer = async () => ({})
    setLocalDescription = async () => {}
    setRemoteDescription = async () => {}
    close() {
      this.closed = true
    }
  }

  function setUp(answer: () => Response, direction: string | null = 'recvonly') {
    FakePeer.direction = direction
    vi.stubGlobal('document', { createElement: () => new FakeVideo() })
    vi.stubGlobal('RTCPeerConnection', FakePeer)
    const clock = new FakeClock()
    const sink = listen()
    const { place, asked } = placeOf(answer)
    const connection = whepSource(target, needsOf(clock, place)).open(sink)
    return { clock, sink, connection, asked }
  }

  const session = () => new Response('answer', { status: 201, headers: { location: '/session/7' } })

  it('names a server that sends no picture in a coding that the browser has', async () => {
    const { sink } = setUp(session, 'inactive')
    await settle()
    await settle()
    expect(sink.said).toEqual(['camera.codec'])
  })

  it('ends its session at the server, also where it was closed while the answer came', async () => {
    for (const wait of [true, false]) {
      const { connection, asked, clock, sink } = setUp(session)
      if (wait) for (let i = 0; i < 3; i++) await settle()
      else await Promise.resolve()
      connection.dispose()
      for (let i = 0; i < 3; i++) await settle()
      const methods = asked.map(({ init }) => init.method)
      expect(methods.filter((method) => method === 'POST').length).toBe(
        methods.filter((method) => method === 'DELETE').length,
      )
      expect(FakePeer.all.at(-1)?.closed).toBe(true)
      expect(clock.pendingCount).toBe(0)
      expect(sink.said).toEqual([])
    }
  })

  it('is ended where it was answered: a redirect leads elsewhere, and no password goes there', async () => {
    const { connection, asked } = setUp(() => {
      const answer = new Response('answer', { status: 201, headers: { location: 'session/7' } })
      return Object.defineProperty(answer, 'url', { value: 'https://edge.example/dock/whep' })
    })
    for (let i = 0; i < 3; i++) await settle()
    connection.dispose()
    const ends = asked.filter(({ init }) => init.method === 'DELETE')
    expect(ends.map(({ url }) => url)).toEqual(['https://edge.example/dock/session/7'])
    expect(ends[0]?.init.headers).toEqual({})
  })

  it('is said to be missing where the browser has no peers', () => {
    const sink = listen()
    const place = placeOf(refused).place
    whepSource(target, needsOf(new FakeClock(), place)).open(sink)
    expect(sink.said).toEqual(['camera.unsupported'])
  })
})
