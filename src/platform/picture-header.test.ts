import fc from 'fast-check'
import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { fitWithin, pictureSize } from './picture-header.ts'

const encoded = (width: number, height: number) =>
  new Uint8Array(jpeg.encode({ width, height, data: Buffer.alloc(width * height * 4, 90) }, 60).data)

describe('size of an encoded picture', () => {
  it('is read from a JPEG without decoding it', () => {
    expect(pictureSize(encoded(48, 32))).toEqual({ width: 48, height: 32 })
  })

  it('is read from a PNG', () => {
    const head = Buffer.from('89504e470d0a1a0a0000000d494844520000028000000168', 'hex')
    expect(pictureSize(new Uint8Array(head))).toEqual({ width: 640, height: 360 })
  })

  it('is unknown for anything else, cut off or garbled, and never throws', () => {
    const good = encoded(16, 16)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        pictureSize(bytes)
        pictureSize(Uint8Array.from([0xff, 0xd8, ...bytes]))
      }),
    )
    expect(pictureSize(good.subarray(0, 30))).toBeUndefined()
    expect(pictureSize(new TextEncoder().encode('<html>'))).toBeUndefined()
  })

  it('shrinks into the lens in shape and never grows', () => {
    expect(fitWithin({ width: 1920, height: 1080 }, { width: 384, height: 216 })).toEqual({ width: 384, height: 216 })
    expect(fitWithin({ width: 1024, height: 768 }, { width: 384, height: 216 })).toEqual({ width: 288, height: 216 })
    expect(fitWithin({ width: 160, height: 90 }, { width: 384, height: 216 })).toEqual({ width: 160, height: 90 })
  })
})
