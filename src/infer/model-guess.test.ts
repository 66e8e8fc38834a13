import { describe, expect, it } from 'vitest'
import type { TensorOut } from './engine-backend.ts'
import { guessInput, guessManifest } from './model-guess.ts'
import type { OnnxHeader, OnnxTensorInfo } from './model-onnx.ts'

const facts = { name: 'foreign', file: 'foreign.onnx', bytes: 1, sha256: '0'.repeat(64) }

const header = (inputs: OnnxTensorInfo[], metadata: Record<string, string> = {}): OnnxHeader => ({
  irVersion: 8,
  producer: 'pytorch',
  opsets: [{ domain: '', version: 13 }],
  inputs,
  outputs: [],
  operators: {},
  metadata,
})
const picture = (side: number | string = 96): OnnxTensorInfo => ({
  name: 'images',
  type: 'float32',
  dims: [1, 3, side, side],
})

const output = (dims: number[], at: (i: number) => number = () => 0): TensorOut => ({
  dims,
  data: Float32Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, (_, i) => at(i)),
})

function guess(
  outputs: Record<string, TensorOut>,
  inputs: OnnxTensorInfo[] = [picture()],
  metadata: Record<string, string> = {},
) {
  const file = header(inputs, metadata)
  const input = guessInput(file)
  if (!input.ok) throw new Error(input.error.message)
  return guessManifest(file, input.value, outputs, facts)
}

// A picture of 96 pixels has 144 + 36 + 9 cells.
const cells = 189

describe('a guessed description', () => {
  it.each([
    ['YOLOX, raw', [1, cells, 85], { layout: 'yolox-grid', strides: [8, 16, 32] }, { channelOrder: 'BGR', scale: 1 }],
    ['YOLOv5', [1, 3 * cells, 85], { layout: 'yolov5' }, { channelOrder: 'RGB', letterbox: { align: 'centre' } }],
    ['YOLOv8', [1, 84, cells], { layout: 'yolov8' }, { scale: 1 / 255 }],
    ['end to end', [1, 300, 6], { layout: 'end-to-end', nmsIou: null }, { letterbox: { fill: 114 } }],
    ['NanoDet-Plus', [1, cells, 112], { layout: 'gfl', strides: [8, 16, 32], regMax: 7 }, { letterbox: null }],
  ])('of %s', (_, dims, spec, input) => {
    const guessed = guess({ out: output(dims) })
    expect(guessed).toMatchObject({ ok: true, value: { manifest: { output: { name: 'out', ...spec }, input } } })
    expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(80)
    expect(guessed.ok && guessed.value.manifest.classMap.bus).toBe('truck')
  })

  it('tells a decoded grid from a raw one by how far its centres reach', () => {
    const decoded = output([1, cells, 85], (i) => (i % 85 === 0 ? 60 : 0))
    expect(guess({ out: decoded })).toMatchObject({
      value: { manifest: { output: { layout: 'decoded', objectness: true } } },
    })
  })

  it('takes the class names that the exporter noted', () => {
    const guessed = guess({ out: output([1, 6, cells]) }, [picture('height')], {
      names: "{0: 'person', 1: 'forklift'}",
      imgsz: '[96, 96]',
    })
    expect(guessed).toMatchObject({
      value: {
        manifest: { classes: ['person', 'forklift'], output: { layout: 'yolov8' }, input: { shape: [1, 3, 96, 96] } },
      },
    })
  })

  it('of DETR’s kin, with labels and sizes or a logit per class', () => {
    const sizes: OnnxTensorInfo = { name: 'orig_target_sizes', type: 'int64', dims: [1, 2] }
    const lists = { labels: output([1, 300]), scores: output([1, 300]), boxes: output([1, 300, 4]) }
    expect(guess(lists, [picture(), sizes])).toMatchObject({
      value: { manifest: { output: { layout: 'detr', boxUnit: 'input', sizes: { name: 'orig_target_sizes' } } } },
    })
    const logits = { dets: output([1, 300, 4], () => 0.5), labels: output([1, 300, 91], () => -3) }
    expect(guess(logits)).toMatchObject({
      value: {
        manifest: {
          output: {
            boxes: 'dets',
            scores: 'labels',
            boxFormat: 'cxcywh',
            boxUnit: 'normalised',
            activation: 'sigmoid',
          },
          input: { mean: [0.485, 0.456, 0.406] },
        },
      },
    })
  })

  it('of NanoDet with outputs per stride, whatever their names', () => {
    const outputs = {
      cls0: output([144, 80]),
      box0: output([36, 80]),
      cls1: output([9, 80]),
      box1: output([144, 32]),
      cls2: output([36, 32]),
      box2: output([9, 32]),
    }
    expect(guess(outputs)).toMatchObject({
      value: {
        manifest: {
          output: {
            layout: 'gfl',
            cellOffset: 0.5,
            levels: [
              { scores: 'cls0', boxes: 'box1' },
              { scores: 'box0', boxes: 'cls2' },
              { scores: 'cls1', boxes: 'box2' },
            ],
          },
        },
      },
    })
  })

  it('is refused with a reason where nothing fits', () => {
    expect(guess({ out: output([1, 1000]) })).toMatchObject({
      error: { code: 'badOutput', message: expect.stringContaining('out [1,1000]') },
    })
    expect(guessInput(header([{ name: 'text', type: 'int64', dims: [1, 77] }]))).toMatchObject({
      error: { message: expect.stringContaining('text [1,77]') },
    })
  })
})
