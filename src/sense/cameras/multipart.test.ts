import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, MultipartParser } from './multipart.ts'

const text = new TextEncoder()

interface Part {
  readonly body: Uint8Array
  readonly counted: boolean
}

function stream(parts: readonly Part[], lineBreak = '\r\n'): Uint8Array {
  const pieces: Uint8Array[] = [text.encode(`a preamble${lineBreak}`)]
  for (const { body, counted } of parts) {
    const length = counted ? `Content-Length: ${body.byteLength}${lineBreak}` : ''
    pieces.push(text.encode(`--frame${lineBreak}Content-Type: image/jpeg${lineBreak}${length}${lineBreak}`), body)
    pieces.push(text.encode(lineBreak))
  }
  pieces.push(text.encode(`--frame--${lineBreak}`))
  return Uint8Array.from(Buffer.concat(pieces))
}

function parse(bytes: Uint8Array, cuts: readonly number[], maxPartBytes = 4096) {
  const bodies: number[][] = []
  let tooLarge = 0
  const parser = new MultipartParser({
    boundary: 'frame',
    maxPartBytes,
    onPart: (body) => bodies.push([...body]),
    onTooLarge: () => tooLarge++,
  })
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    parser.push(bytes.subarray(from, cut))
    from = cut
  }
  parser.push(bytes.subarray(from))
  return { bodies, tooLarge }
}

/** Bytes as of a picture: anything but something that reads as the boundary. */
const part = fc.record({
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => bytes.map((byte) => (byte === 45 ? 46 : byte))),
  counted: fc.boolean(),
})

describe('multipart parser', () => {
  it('gives the same pictures however the network cuts the stream', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.array(fc.nat(1500), { maxLength: 20 }), (parts, cuts) => {
        // A body that ends in a line break and tells no length cannot be told from its boundary's own break.
        const clear = parts.map((it) => ({
          ...it,
          counted: it.counted || it.body.at(-1) === 10 || it.body.at(-1) === 13,
        }))
        const bytes = stream(clear)
        const { bodies } = parse(
          bytes,
          cuts.map((cut) => cut % bytes.byteLength),
        )
        expect(bodies).toEqual(clear.map(({ body }) => [...body]))
      }),
    )
  })

  it('takes bare line feeds and streams cut into single bytes', () => {
    const parts = [
      { body: text.encode('first'), counted: false },
      { body: text.encode('second'), counted: true },
    ]
    const bytes = stream(parts, '\n')
    const everywhere = Array.from({ length: bytes.byteLength }, (_, i) => i)
    expect(parse(bytes, everywhere).bodies).toEqual(parts.map(({ body }) => [...body]))
  })

  it('skips a part that is too large and goes on with the next, counted or not', () => {
    for (const counted of [true, false]) {
      const huge = { body: new Uint8Array(300_000).fill(7), counted }
      const small = { body: Uint8Array.of(1, 2, 3), counted }
      const { bodies, tooLarge } = parse(stream([huge, small]), [10, 70_000, 200_000])
      expect(bodies).toEqual([[1, 2, 3]])
      expect(tooLarge).toBe(1)
    }
  })

  const jpeg = (...scan: number[]) => [
    0xff,
    0xd8,
    0xff,
    0xc0,
    0,
    8,
    8,
    0,
    9,
    0,
    16,
    1,
    0xff,
    0xda,
    0,
    2,
    ...scan,
    0xff,
    0xd9,
  ]

  function parserOf() {
    const bodies: number[][] = []
    const onTooLarge = () => {}
    const parser = new MultipartParser({
      boundary: 'frame',
      maxPartBytes: 4096,
      onPart: (body) => bodies.push([...body]),
      onTooLarge,
    })
    return {
      bodies,
      push: (...pieces: (string | number[])[]) => {
        for (const piece of pieces) parser.push(typeof piece === 'string' ? text.encode(piece) : Uint8Array.from(piece))
      },
    }
  }

  it('gives a picture that is all there at once, though its boundary comes with the next one', () => {
    const { bodies, push } = parserOf()
    // A thumbnail in the head has an end of its own.
    const thumbnail = [0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]
    push('--frame\r\nContent-Type: image/jpeg\r\n\r\n', thumbnail)
    expect(bodies).toEqual([])
    push(jpeg(1, 2).slice(2))
    const first = [...thumbnail, ...jpeg(1, 2).slice(2)]
    expect(bodies).toEqual([first])
    push('\r\n--frame\r\n\r\n', jpeg(3), '\r\n')
    expect(bodies).toEqual([first, jpeg(3)])
  })

  it('leaves out sound and events between the pictures, and no picture that is called by another name', () => {
    const { bodies, push } = parserOf()
    const part = (type: string, body: number[]) =>
      push(`--frame\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nX-Seq: 7\r\n\r\n`, body, '\r\n')
    part('audio/basic', [1, 2, 3])
    part('image/jpeg', jpeg(1))
    part('application/xml; charset=utf-8', [...text.encode('<event/>')])
    part('text/plain', jpeg(2))
    part('application/octet-stream', [9])
    expect(bodies).toEqual([jpeg(1), jpeg(2), [9]])
  })

  it('survives a head without an end', () => {
    const endless = Uint8Array.from(Buffer.concat([text.encode('--frame'), new Uint8Array(50_000).fill(65)]))
    const parser: number[][] = []
    const it = new MultipartParser({
      boundary: 'frame',
      maxPartBytes: 4096,
      onPart: (body) => parser.push([...body]),
      onTooLarge: () => {},
    })
    it.push(endless)
    it.push(stream([{ body: Uint8Array.of(9), counted: true }]))
    expect(parser).toEqual([[9]])
  })
})

describe('boundary of a content type', () => {
  it('is read bare, quoted, and with the dashes that some cameras put in it', () => {
    expect(boundaryOf('multipart/x-mixed-replace; boundary=frame')).toBe('frame')
    expect(boundaryOf('multipart/x-mixed-replace;boundary="--my boundary"')).toBe('my boundary')
    expect(boundaryOf('image/jpeg')).toBeUndefined()
    expect(boundaryOf('multipart/x-mixed-replace')).toBeUndefined()
  })
})
