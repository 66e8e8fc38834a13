import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserDecoder } from './browser-pictures.ts'

afterEach(() => vi.unstubAllGlobals())

/** One pixel's worth of a canvas: what is transparent leaves what was there, unless the picture replaces it. */
class OnePixelCanvas {
  getContext(_: string, { alpha = true }: { alpha?: boolean }) {
    let pixel = [0, 0, 0, 0]
    return {
      globalCompositeOperation: 'source-over',
      drawImage({ rgba: [r, g, b, a] }: { rgba: readonly [number, number, number, number] }) {
        if (a > 0 || this.globalCompositeOperation === 'copy') pixel = [r, g, b, a]
        if (!alpha) pixel[3] = 255
      },
      getImageData: () => ({ data: Uint8ClampedArray.from(pixel) }),
    }
  }
}

describe('decoding in the browser', () => {
  it('shows nothing of the picture before, which may be another camera’s, through a transparent one', async () => {
    vi.stubGlobal('OffscreenCanvas', OnePixelCanvas)
    const decode = browserDecoder()
    const drawn = (...rgba: number[]) =>
      ({ kind: 'drawn', picture: { width: 1, height: 1, rgba, close: () => {} } as unknown as ImageBitmap }) as const
    const most = { width: 1, height: 1 }
    const pixel = async (...rgba: number[]) => {
      const decoded = await decode(drawn(...rgba), most)
      return decoded.ok ? [...new Uint8Array(decoded.value.rgba)] : decoded.error
    }
    expect(await pixel(200, 150, 100, 255)).toEqual([200, 150, 100, 255])
    expect(await pixel(0, 0, 0, 0)).toEqual([0, 0, 0, 255])
  })
})
