import { describe, expect, it } from 'vitest'
import type { CameraFault } from '../../contract/camera.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { HttpPlace } from './http-request.ts'
import { mjpegSource } from './mjpeg-source.ts'
import type { RawPicture } from './raw-picture.ts'
import { snapshotSource } from './snapshot-source.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const target = { url: 'http://cam.example/stream?token=hush' }

function place(answer: (url: string, init: RequestInit) => Response, more: Partial<HttpPlace> = {}) {
  const asked: { url: string; headers: RequestInit['headers'] }[] = []
  const it: HttpPlace = {
    secure: false,
    someoneAnswers: async () => false,
    fetch: async (url, init) => {
      asked.push({ url, headers: init.headers })
      return answer(url, init)
    },
    ...more,
  }
  return { place: it, asked }
}

function listen() {
  const pictures: number[][] = []
  const faults: CameraFault[] = []
  return {
    pictures,
    faults,
    picture: (raw: RawPicture) => raw.kind === 'encoded' && pictures.push([...raw.bytes]),
    failed: (fault: CameraFault) => void faults.push(fault),
    asks: () => {},
  }
}

const refused = () => {
  throw new TypeError('Failed to fetch')
}

describe('an MJPEG stream', () => {
  it('gives its parts and says when the camera ends it', async () => {
    const body = '--x\r\nContent-Length: 2\r\n\r\nab\r\n--x\r\nContent-Length: 2\r\n\r\ncd\r\n--x'
    const { place: at, asked } = place(
      () => new Response(body, { headers: { 'content-type': 'multipart/x-mixed-replace; boundary=x' } }),
    )
    const sink = listen()
    mjpegSource(at, { ...target, authorization: 'Basic abc' }).open(sink)
    await settle()
    await settle()
    expect(sink.pictures).toEqual([
      [97, 98],
      [99, 100],
    ])
    expect(sink.faults.map(({ code }) => code)).toEqual(['camera.ended'])
    expect(asked[0]?.headers).toEqual({ authorization: 'Basic abc' })
  })

  it('fails by name and never shows the token', async () => {
    const cases: readonly [ReturnType<typeof place>, string][] = [
      [place(() => new Response('', { status: 404 })), 'camera.notFound'],
      [place(() => new Response('', { status: 401 })), 'camera.unauthorized'],
      [place(() => new Response('', { status: 503 })), 'camera.httpStatus'],
      [place(() => new Response('<p>', { headers: { 'content-type': 'text/html' } })), 'camera.wrongType'],
      [place(refused), 'camera.unreachable'],
      [place(refused, { someoneAnswers: async () => true }), 'camera.cors'],
      [place(() => new Response(''), { secure: true }), 'camera.mixedContent'],
    ]
    for (const [{ place: at }, code] of cases) {
      const sink = listen()
      mjpegSource(at, target).open(sink)
      await settle()
      await settle()
      expect(sink.faults.map((fault) => fault.code)).toEqual([code])
      expect(sink.faults[0]?.detail).not.toContain('hush')
    }
  })
})

describe('single pictures', () => {
  it('are asked for at their pace, never before the last answer, and no more once closed', async () => {
    const clock = new FakeClock()
    const { place: at, asked } = place(
      () => new Response(Uint8Array.of(1, 2), { headers: { 'content-type': 'image/jpeg' } }),
    )
    const sink = listen()
    const connection = snapshotSource(at, target, clock, 500).open(sink)
    for (let i = 0; i < 4; i++) {
      await settle()
      await settle()
      clock.advance(500)
    }
    await settle()
    expect(asked.length).toBe(5)
    connection.dispose()
    clock.advance(5000)
    await settle()
    expect(asked.length).toBe(5)
    expect(clock.pendingCount).toBe(0)
  })

  it('larger than allowed are refused without being taken in whole', async () => {
    const huge = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) })
    const { place: at } = place(() => new Response(huge, { headers: { 'content-type': 'image/jpeg' } }))
    const sink = listen()
    snapshotSource(at, target, new FakeClock(), 500).open(sink)
    for (let i = 0; i < 30 && sink.faults.length === 0; i++) await settle()
    expect(sink.faults.map(({ code }) => code)).toEqual(['camera.tooLarge'])
  })
})
