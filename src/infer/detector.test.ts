import { describe, expect, it } from 'vitest'
import { fillImageTensor, fitPicture } from './detector-input.ts'
import { decodeDetections } from './detector-output.ts'
import { checkManifest, type DetectionManifest } from './model-manifest.ts'

function manifest(output: Record<string, unknown> = {}, input: Record<string, unknown> = {}): DetectionManifest {
  const checked = checkManifest({
    name: 'test',
    version: '1',
    task: 'detection',
    file: 'test.onnx',
    bytes: 1,
    sha256: '0'.repeat(64),
    licence: 'MIT',
    input: { name: 'images', shape: [1, 3, 16, 32], ...input },
    output: { name: 'out', layout: 'decoded', ...output },
    classes: ['person', 'car'],
  })
  if (!checked.ok || checked.value.task !== 'detection') throw new Error('the test manifest is invalid')
  return checked.value
}

const whole = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }
const picture = { width: 32, height: 16 }

describe('picture to tensor', () => {
  it('puts channels in planes, in the order and scale asked for', () => {
    const { input } = manifest(
      {},
      { shape: [1, 3, 1, 2], channelOrder: 'BGR', scale: 1, mean: [1, 2, 3], std: [1, 2, 1] },
    )
    const tensor = new Float32Array(6)
    const rgba = new Uint8Array([10, 20, 30, 255, 40, 50, 60, 255]).buffer
    fillImageTensor({ width: 2, height: 1, rgba }, input, fitPicture(2, 1, input), tensor)
    expect([...tensor]).toEqual([29, 59, 9, 24, 7, 37])
  })

  it('keeps the aspect and pads with grey', () => {
    const { input } = manifest({}, { shape: [1, 3, 4, 4], scale: 1, letterbox: { fill: 114 } })
    const fit = fitPicture(8, 4, input)
    expect(fit).toEqual({ scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 0 })
    const tensor = new Float32Array(48)
    fillImageTensor({ width: 8, height: 4, rgba: new Uint8Array(8 * 4 * 4).fill(200).buffer }, input, fit, tensor)
    expect(tensor[0]).toBe(200)
    expect(tensor[7]).toBe(200)
    expect(tensor[8]).toBe(114)
  })

  it('centres the picture where the model was trained so', () => {
    const { input } = manifest({}, { shape: [1, 3, 4, 4], letterbox: { fill: 0, align: 'centre' } })
    expect(fitPicture(8, 4, input)).toMatchObject({ offsetX: 0, offsetY: 1 })
  })
})

describe('output to detections', () => {
  it('decodes rows and multiplies objectness by the class probability', () => {
    const data = new Float32Array([10, 8, 4, 6, 0.9, 0.2, 0.8])
    expect(decodeDetections({ data, dims: [1, 1, 7] }, manifest(), whole, picture)).toEqual([
      { classId: 1, className: 'car', score: expect.closeTo(0.72), box: { x: 8, y: 5, width: 4, height: 6 } },
    ])
  })

  it('reads transposed rows of corners without objectness', () => {
    const data = new Float32Array([1, 4, 2, 5, 9, 12, 10, 13, 0.6, 0.05, 0.1, 0.01])
    const spec = manifest({ boxFormat: 'xyxy', objectness: false, transposed: true })
    expect(decodeDetections({ data, dims: [1, 6, 2] }, spec, whole, picture)).toEqual([
      { classId: 0, className: 'person', score: expect.closeTo(0.6), box: { x: 1, y: 2, width: 8, height: 8 } },
    ])
  })

  it('decodes the YOLOX grid over all strides, from logits', () => {
    const rows = (32 / 8) * (16 / 8) + (32 / 16) * (16 / 16)
    const data = new Float32Array(rows * 7).fill(-9)
    // Row 9: second cell of stride 16.
    data.set([0.5, 0.5, 0, Math.log(0.5), 4, 3, -3], 9 * 7)
    const spec = manifest({ layout: 'yolox-grid', strides: [8, 16], activated: false })
    const [found, ...rest] = decodeDetections({ data, dims: [1, rows, 7] }, spec, whole, picture)
    expect(rest).toEqual([])
    expect(found).toMatchObject({ className: 'person', box: { x: 16, width: 16 } })
    expect(found?.box.y).toBeCloseTo(4, 5)
    expect(found?.box.height).toBeCloseTo(8, 5)
  })

  it('suppresses overlapping boxes of one class only', () => {
    const one = [10, 8, 8, 8, 1, 0.9, 0]
    const data = new Float32Array([...one, 10.5, 8, 8, 8, 1, 0.8, 0, 10, 8, 8, 8, 1, 0, 0.7])
    const found = decodeDetections({ data, dims: [1, 3, 7] }, manifest(), whole, picture)
    expect(found.map(({ className, score }) => [className, Math.round(score * 10)])).toEqual([
      ['person', 9],
      ['car', 7],
    ])
  })

  it('returns to picture pixels and cuts at the edge', () => {
    const data = new Float32Array([0, 8, 8, 4, 1, 1, 0])
    const fit = { scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 2 }
    expect(decodeDetections({ data, dims: [1, 1, 7] }, manifest(), fit, { width: 64, height: 24 })[0]?.box).toEqual({
      x: 0,
      y: 8,
      width: 8,
      height: 8,
    })
  })

  it('drops boxes that are not numbers and refuses an output of the wrong size', () => {
    const broken = new Float32Array([Number.NaN, 8, 8, 4, 1, 1, 0])
    expect(decodeDetections({ data: broken, dims: [1, 1, 7] }, manifest(), whole, picture)).toEqual([])
    expect(() => decodeDetections({ data: new Float32Array(8), dims: [1, 8] }, manifest(), whole, picture)).toThrow(
      /not rows of 7/,
    )
  })
})
