import { describe, expect, it } from 'vitest'
import { testManifest } from './detector.fixture.ts'
import { fillImageTensor, fitPicture, imageTensor } from './detector-input.ts'
import { halfBits, halfValue } from './half-float.ts'

const manifest = (input: Record<string, unknown>) => testManifest({}, { input })

describe('picture to tensor', () => {
  it('puts channels in planes, in the order and scale asked for', () => {
    const { input } = manifest({
      shape: [1, 3, 1, 2],
      channelOrder: 'BGR',
      scale: 1,
      mean: [1, 2, 3],
      std: [1, 2, 1],
    })
    const tensor = new Float32Array(6)
    const rgba = new Uint8Array([10, 20, 30, 255, 40, 50, 60, 255]).buffer
    fillImageTensor({ width: 2, height: 1, rgba }, input, fitPicture(2, 1, input), tensor)
    expect([...tensor]).toEqual([29, 59, 9, 24, 7, 37])
  })

  it('keeps the aspect and pads with grey', () => {
    const { input } = manifest({ shape: [1, 3, 4, 4], scale: 1, letterbox: { fill: 114 } })
    const fit = fitPicture(8, 4, input)
    expect(fit).toEqual({ scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 0 })
    const tensor = new Float32Array(48)
    fillImageTensor({ width: 8, height: 4, rgba: new Uint8Array(8 * 4 * 4).fill(200).buffer }, input, fit, tensor)
    expect(tensor[0]).toBe(200)
    expect(tensor[7]).toBe(200)
    expect(tensor[8]).toBe(114)
  })

  it('centres the picture where the model was trained so', () => {
    const { input } = manifest({ shape: [1, 3, 4, 4], letterbox: { fill: 0, align: 'centre' } })
    expect(fitPicture(8, 4, input)).toMatchObject({ offsetX: 0, offsetY: 1 })
  })

  it('stretches where the model was trained so, as OpenCV samples it', () => {
    const { input } = manifest({ shape: [1, 3, 1, 4], scale: 1, letterbox: null })
    const tensor = new Float32Array(12)
    const rgba = new Uint8Array([0, 0, 0, 255, 100, 0, 0, 255]).buffer
    fillImageTensor({ width: 2, height: 1, rgba }, input, fitPicture(2, 1, input), tensor)
    expect([...tensor.subarray(0, 4)]).toEqual([0, 25, 75, 100])
  })

  it('interleaves the channels in NHWC, in bytes where the model takes bytes', () => {
    const { input } = manifest({ shape: [1, 2, 1, 3], layout: 'NHWC', type: 'uint8', scale: 1 })
    const tensor = imageTensor(input)
    const rgba = new Uint8Array([10, 20, 30, 255, 40, 50, 60, 255]).buffer
    fillImageTensor({ width: 1, height: 2, rgba }, input, fitPicture(1, 2, input), tensor)
    expect(tensor).toEqual(new Uint8Array([10, 20, 30, 40, 50, 60]))
  })

  it('writes halves as their bits', () => {
    const { input } = manifest({ shape: [1, 3, 1, 1], type: 'float16', scale: 1 / 128 })
    const tensor = imageTensor(input)
    fillImageTensor(
      { width: 1, height: 1, rgba: new Uint8Array([128, 64, 0, 255]).buffer },
      input,
      fitPicture(1, 1, input),
      tensor,
    )
    expect([...tensor]).toEqual([0x3c00, 0x3800, 0])
  })
})

describe('half floats', () => {
  it('come back as they went for every half that is a number', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfValue(bits)
      if (Number.isNaN(value)) expect(halfBits(value) & 0x7c00).toBe(0x7c00)
      else if (halfBits(value) !== bits)
        expect.fail(`0x${bits.toString(16)} came back as 0x${halfBits(value).toString(16)}`)
    }
  })

  it('round to the nearest', () => {
    expect(halfValue(halfBits(0.1))).toBeCloseTo(0.1, 4)
    expect(halfValue(halfBits(65_519))).toBe(65_504)
    expect(halfValue(halfBits(70_000))).toBe(Number.POSITIVE_INFINITY)
    expect(halfValue(halfBits(2 ** -24 * 0.6))).toBe(2 ** -24)
  })
})
