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
  classes?: readonly string[],
) {
  const file = header(inputs, metadata)
  const input = guessInput(file)
  if (!input.ok) throw new Error(input.error.message)
  return guessManifest(file, input.value, outputs, { ...facts, ...(classes && { classes }) })
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

  it('tells a decoded grid from a raw one by how far its centres reach, and YOLOX’s from YOLOv6’s by its objectness', () => {
    const decoded = (objectness: number) =>
      output([1, cells, 85], (i) => (i % 85 === 0 ? 60 : i % 85 === 4 ? objectness : 0))
    const rows = { layout: 'decoded', objectness: true }
    expect(guess({ out: decoded(0.01) })).toMatchObject({
      value: {
        manifest: { output: rows, input: { channelOrder: 'BGR', scale: 1, letterbox: { align: 'topLeft' } } },
        notes: expect.arrayContaining([expect.stringContaining('0…255 BGR')]),
      },
    })
    expect(guess({ out: decoded(1) })).toMatchObject({
      value: {
        manifest: { output: rows, input: { channelOrder: 'RGB', scale: 1 / 255, letterbox: { align: 'centre' } } },
      },
    })
  })

  it.each([
    [320, 21, 2100],
    [640, 96, 8400],
    [416, 45, 3549],
  ])('of YOLOv8 at %i pixels with %i classes, as many and four as one stride has cells', (side, count, rows) => {
    const names = `[${Array.from({ length: count }, (_, i) => `'thing ${i}'`).join(', ')}]`
    for (const metadata of [{ names }, {}]) {
      const guessed = guess({ out: output([1, count + 4, rows]) }, [picture(side)], metadata)
      expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'yolov8' } } } })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(count)
    }
  })

  it('takes whichever names fit, those in the file first', () => {
    const inner = { names: "{0: 'person', 1: 'dog', 2: 'car'}" }
    const told = (metadata: Record<string, string>, classes: readonly string[]) => {
      const guessed = guess({ out: output([1, 7, cells]) }, [picture()], metadata, classes)
      return guessed.ok ? [guessed.value.manifest.classes.join(' '), ...guessed.value.notes] : []
    }
    for (const classes of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ])
      expect(told(inner, classes)).toEqual(
        expect.arrayContaining(['person dog car', '3 classes, their names from the file']),
      )
    expect(told({ names: "['person']" }, ['a', 'b', 'c'])).toEqual(
      expect.arrayContaining(['a b c', '3 classes, their names given']),
    )
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

  it.each([
    ["{2: 'car', 0: 'person', 1: 'dog'}", ['person', 'dog', 'car']],
    ["['person', 'dog', 'car']", ['person', 'dog', 'car']],
    ['{"0": "person", "1": "dog", "2": "car"}', ['person', 'dog', 'car']],
    [`{0: "driver's seat", 1: 'a \\'b\\'', 2: 'car'}`, ["driver's seat", "a 'b'", 'car']],
    ["{0: 'person', 2: 'car'}", ['person', 'class-1', 'car']],
  ])('reads class names noted as %s', (names, classes) => {
    expect(guess({ out: output([1, 7, cells]) }, [picture()], { names })).toMatchObject({
      value: { manifest: { classes, output: { layout: 'yolov8' } } },
    })
  })

  it('says where noted names do not fit, and does not let them lead it astray', () => {
    const names = "{0: 'person', 1: 'dog'}"
    const guessed = guess({ out: output([1, cells, 8]) }, [picture()], { names })
    expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'yolox-grid' } } } })
    expect(guessed.ok && guessed.value.notes).toContain('the 2 names given do not fit')
  })

  it('takes as many classes as LVIS has', () => {
    const names = Array.from({ length: 1203 }, (_, i) => `${i}: 'thing ${i}'`).join(', ')
    const guessed = guess({ out: output([1, 1207, cells]) }, [picture()], { names: `{${names}}` })
    expect(guessed.ok && guessed.value.manifest.classes[1202]).toBe('thing 1202')
  })

  it('takes height and width that the exporter noted where the file leaves them open', () => {
    for (const [imgsz, shape] of [
      ['[64, 96]', [1, 3, 64, 96]],
      ['96', [1, 3, 96, 96]],
      ['[0, 96]', [1, 3, 640, 640]],
    ] as const)
      expect(guessInput(header([picture('side')], { imgsz }))).toMatchObject({ value: { picture: { shape } } })
  })

  it('of YOLOv8 with strides from 4 on, and with scores that are logits', () => {
    expect(guess({ out: output([1, 84, 576 + cells]) })).toMatchObject({
      value: { manifest: { output: { layout: 'yolov8', activated: true } } },
    })
    const sideways = output([1, 84, cells], (i) => (i < 4 * cells ? 50 : -6))
    expect(guess({ out: sideways })).toMatchObject({ value: { manifest: { output: { activated: false } } } })
    const upright = output([1, cells, 84], (i) => (i % 84 < 4 ? 50 : -6))
    expect(guess({ out: upright })).toMatchObject({ value: { manifest: { output: { activated: false } } } })
  })

  it('of YOLO-NAS, whose boxes are corners of a row per cell, and want suppression', () => {
    const corners = output([1, cells, 4], (i) => (i % 4 < 2 ? 10 : 30))
    expect(guess({ boxes: corners, scores: output([1, cells, 80]) })).toMatchObject({
      value: {
        manifest: {
          output: { layout: 'detr', boxFormat: 'xyxy', boxUnit: 'input', activation: 'none', nmsIou: 0.45 },
        },
      },
    })
  })

  it('of one class in rows without an objectness', () => {
    expect(guess({ out: output([1, cells, 5]) })).toMatchObject({
      value: { manifest: { output: { layout: 'yolov8' }, classes: ['class-0'] } },
    })
  })

  it('of NanoDet-Plus with classes nobody named, by its distances', () => {
    const distances = output([1, cells, 35], (i) => (i % 35 < 3 ? 0.01 : -2))
    expect(guess({ out: distances })).toMatchObject({
      value: { manifest: { output: { layout: 'gfl' }, classes: ['class-0', 'class-1', 'class-2'] } },
    })
  })

  it.each([
    ['GFL’s bins', 80, 16, {}],
    ['GFL’s bins', 2, 16, {}],
    ['unusual bins', 80, 10, {}],
    ['unusual bins, and names', 2, 11, { names: "['person', 'car']" }],
    ['scores that are logits', 80, 7, { logits: true }],
    ['scores that are logits, and names', 2, 16, { logits: true, names: "['person', 'car']" }],
    ['columns first', 80, 7, { sideways: true }],
    ['columns first, and names', 2, 7, { sideways: true, names: "['person', 'car']" }],
  ])(
    'of NanoDet-Plus with %s: %i classes, distances up to %i',
    (_, count, regMax, { names, logits, sideways }: { names?: string; logits?: boolean; sideways?: boolean }) => {
      const columns = count + 4 * (regMax + 1)
      const column = (i: number) => (sideways ? Math.floor(i / cells) : i % columns)
      const rows = output(sideways ? [1, columns, cells] : [1, cells, columns], (i) =>
        column(i) < count ? (logits ? -6 : 0.01) : (i % 7) - 3,
      )
      const guessed = guess({ out: rows }, [picture()], names === undefined ? {} : { names })
      expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'gfl', regMax, activated: !logits } } } })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(count)
    },
  )

  it.each([
    [7, 0.5],
    [10, 0.5],
    [16, 0],
  ])('of heads per stride as a convolution leaves them, distances up to %i', (regMax, cellOffset) => {
    const sides = [12, 6, 3]
    for (const [count, metadata] of [
      [80, {}],
      [1, { names: "['person']" }],
      [32, { names: JSON.stringify(Array.from({ length: 32 }, (_, i) => `thing ${i}`)) }],
    ] as const) {
      const heads = sides.flatMap((side) => [
        [`box${side}`, output([1, 4 * (regMax + 1), side, side], () => -2)] as const,
        [`cls${side}`, output([1, count, side, side], () => -6)] as const,
      ])
      const guessed = guess(Object.fromEntries(heads), [picture()], metadata)
      expect(guessed).toMatchObject({
        value: {
          manifest: {
            output: {
              layout: 'gfl',
              strides: [8, 16, 32],
              regMax,
              cellOffset,
              activated: false,
              levels: sides.map((side) => ({ scores: `cls${side}`, boxes: `box${side}` })),
            },
          },
        },
      })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(count)
    }
  })

  it('of YOLOv8’s own heads has its pictures, and heads of anchors are nobody’s distances', () => {
    const heads = (scores: number, boxes: number) =>
      Object.fromEntries(
        [12, 6, 3].flatMap((side) => [
          [`cls${side}`, output([1, scores, side, side], () => -6)],
          [`box${side}`, output([1, boxes, side, side], () => -2)],
        ]),
      )
    expect(guess(heads(80, 64))).toMatchObject({
      value: {
        manifest: {
          output: { layout: 'gfl', regMax: 15, cellOffset: 0.5 },
          input: { channelOrder: 'RGB', scale: 1 / 255, letterbox: { align: 'centre' } },
        },
        notes: expect.arrayContaining(['picture 0…1 RGB, letterbox centred']),
      },
    })
    const names = JSON.stringify(Array.from({ length: 20 }, (_, i) => `thing ${i}`))
    for (const [scores, boxes] of [[720, 36], [126, 24], [60, 12]] as const) // biome-ignore format: a row
      for (const metadata of [{}, { names }])
        expect(guess(heads(scores, boxes), [picture()], metadata)).toMatchObject({
          error: { message: expect.stringContaining('no known layout') },
        })
  })

  it.each([9, 13, 29])('of YOLOX with %i nameless classes, whose offsets all lie within their cells', (count) => {
    const columns = count + 5
    const rows = output([1, cells, columns], (i) => [0.4, 0.4, -1, -1][i % columns] ?? 0.01)
    const guessed = guess({ out: rows })
    expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'yolox-grid' } } } })
    expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(count)
  })

  it.each([-5, 0.01])('of YOLOv8 with 29 nameless classes and boxes in shares of the picture, scores %d', (score) => {
    const rows = output([1, 33, cells], (i) => (i < 3 * cells ? 0.4 : i < 4 * cells ? (score < 0 ? 0.4 : 1.01) : score))
    const guessed = guess({ out: rows })
    expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'yolov8', activated: score > 0 } } } })
  })

  it('of RT-DETR with two classes, whose six columns end in a score, not in a class', () => {
    const names = "['person', 'car']"
    const rows = (last: (row: number) => number) =>
      output([1, 300, 6], (i) => (i % 6 === 5 ? last(Math.floor(i / 6)) : 0.3))
    expect(guess({ out: rows(() => 0.02) }, [picture()], { names })).toMatchObject({
      value: {
        manifest: { output: { layout: 'decoded', objectness: false, nmsIou: null }, input: { letterbox: null } },
      },
    })
    expect(guess({ out: rows((row) => row % 2) }, [picture()], { names })).toMatchObject({
      value: { manifest: { output: { layout: 'end-to-end' } } },
    })
  })

  it('of names as other sets write them: what a park knows is kept under its own words, all else dropped', () => {
    const mapped = (...names: string[]) => {
      const guessed = guess({ out: output([1, names.length + 4, cells]) }, [picture()], {
        names: JSON.stringify(names),
      })
      return guessed.ok && [guessed.value.manifest.classMap, guessed.value.manifest.unmapped]
    }
    expect(mapped('Person', 'motorbike', 'pottedplant', 'bus')).toEqual([
      { Person: 'person', motorbike: 'bicycle', bus: 'truck' },
      'drop',
    ])
    expect(mapped('pedestrian', 'van', 'fire')).toEqual([{ pedestrian: 'person', van: 'car', fire: 'fire' }, 'drop'])
    expect(mapped('rider', 'motor', 'Cyclist', 'Person_sitting', 'Tram')).toEqual([
      { rider: 'person', motor: 'bicycle', Cyclist: 'bicycle', Person_sitting: 'person' },
      'drop',
    ])
    expect(mapped('helmet', 'constructor')).toEqual([{}, 'keep'])
  })

  it('of many suppressed rows, where six columns cannot be a grid of so many classes', () => {
    const names = "{0: 'person', 1: 'dog', 2: 'car'}"
    expect(guess({ out: output([1, 3000, 6]) }, [picture()], { names })).toMatchObject({
      value: { manifest: { output: { layout: 'end-to-end' } } },
    })
  })

  it('of RT-DETR in one output, though three anchors of one stride would have as many rows', () => {
    expect(guess({ out: output([1, 300, 84], () => 0.2) }, [picture(320)])).toMatchObject({
      value: {
        manifest: {
          output: { layout: 'decoded', objectness: false, boxUnit: 'normalised', nmsIou: null },
          input: { letterbox: null },
        },
      },
    })
  })

  it('leaves YOLOv5’s raw heads aside', () => {
    const heads = { 301: output([1, 3, 12, 12, 85]), 302: output([1, 3, 6, 6, 85]), 303: output([1, 3, 3, 3, 85]) }
    expect(guess({ out: output([1, 3 * cells, 85]), ...heads })).toMatchObject({
      value: { manifest: { output: { layout: 'yolov5', name: 'out' } } },
    })
  })

  it.each([
    [92, {}, 91],
    [4, { names: "{0: 'person', 1: 'dog', 2: 'car'}" }, 3],
  ])('of DETR with “nothing” as the last of %i columns', (columns, metadata, classCount) => {
    const outputs = { logits: output([1, 100, columns], () => -3), pred_boxes: output([1, 100, 4], () => 0.5) }
    const guessed = guess(outputs, [picture()], metadata)
    expect(guessed).toMatchObject({
      value: {
        manifest: {
          output: { boxes: 'pred_boxes', scores: 'logits', activation: 'softmax' },
          input: { mean: [0.485, 0.456, 0.406] },
        },
      },
    })
    expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(classCount)
  })

  it('of SSD, whose first column is “nothing” and wins everywhere', () => {
    const boxes = output([1, 3000, 4], (i) => (i % 4 < 2 ? 0.1 : 0.3))
    const shares = (columns: number) =>
      output([1, 3000, columns], (i) => (i % columns === 0 ? 0.9 : 0.1 / (columns - 1)))
    const spec = { layout: 'detr', boxFormat: 'xyxy', boxUnit: 'normalised', nothing: 'first', nmsIou: 0.45 }
    for (const [columns, classCount, metadata] of [
      [4, 3, { names: "{0: 'person', 1: 'dog', 2: 'car'}" }],
      [21, 20, {}],
      [91, 90, {}],
    ] as const) {
      const guessed = guess({ scores: shares(columns), boxes }, [picture()], metadata)
      expect(guessed).toMatchObject({
        value: { manifest: { output: { ...spec, activation: 'none' }, input: { scale: 1, mean: [127, 127, 127] } } },
      })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(classCount)
    }
    const logits = output([1, 3000, 81], (i) => (i % 81 === 0 ? 4 : -2))
    expect(guess({ scores: logits, boxes })).toMatchObject({
      value: { manifest: { output: { ...spec, activation: 'softmax' }, classMap: { bus: 'truck' } } },
    })
  })

  it('of torchvision’s kin by what was found: unit and label base, and their likeliest where nothing was', () => {
    const found = (labels: readonly number[], boxes: readonly number[]) => ({
      boxes: output([labels.length, 4], (i) => boxes[i % 4] as number),
      labels: output([labels.length], (i) => labels[i] as number),
      scores: output([labels.length], () => 0.1),
    })
    const pixels = [5, 5, 50, 60]
    const names = (...list: string[]) => ({ names: JSON.stringify(list) })
    for (const [outputs, metadata, classCount, labelOffset, boxUnit] of [
      [found([], []), {}, 91, 0, 'input'],
      [found([1, 17], pixels), {}, 91, 0, 'input'],
      [found([0, 17], [0.1, 0.1, 0.3, 0.9]), {}, 80, 0, 'normalised'],
      [found([1, 3], pixels), names('person', 'dog', 'car'), 3, 1, 'input'],
      [found([1, 2], pixels), names('__background__', 'dog', 'car'), 3, 0, 'input'],
      [found([0, 2], pixels), names('person', 'dog', 'car'), 3, 0, 'input'],
      [found([1, 50], pixels), names('person', 'dog'), 91, 0, 'input'],
    ] as const) {
      const guessed = guess(outputs, [picture()], metadata)
      expect(guessed).toMatchObject({
        value: {
          manifest: { output: { layout: 'detr', labelOffset, boxUnit }, input: { mean: [0, 0, 0] } },
          notes: expect.arrayContaining([expect.stringContaining('uncertain: ')]),
        },
      })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(classCount)
    }
    expect(guess({ out: output([0, 6]) })).toMatchObject({
      value: { notes: expect.arrayContaining([expect.stringContaining('uncertain')]) },
    })
  })

  it('of TensorFlow’s detection API, which puts top before left and takes bytes', () => {
    const outputs = {
      raw_detection_boxes: output([1, 500, 4]),
      detection_boxes: output([1, 100, 4], () => 0.5),
      detection_classes: output([1, 100], () => 1),
      detection_scores: output([1, 100]),
      num_detections: output([1]),
    }
    const bytes: OnnxTensorInfo = { name: 'input_tensor', type: 'uint8', dims: [1, 320, 320, 3] }
    const guessed = guess(outputs, [bytes])
    expect(guessed).toMatchObject({
      value: {
        manifest: {
          output: { layout: 'detr', boxes: 'detection_boxes', boxFormat: 'yxyx', boxUnit: 'normalised' },
          input: { layout: 'NHWC', type: 'uint8', scale: 1, mean: [0, 0, 0] },
        },
      },
    })
    expect(guessed.ok && guessed.value.manifest.classes[1]).toBe('person')
  })

  it.each(['int64', 'int32', 'float32'])('gives the picture’s sizes as %s where they are asked for so', (type) => {
    const sizes: OnnxTensorInfo = { name: 'sizes', type, dims: ['N', 2] }
    const lists = { labels: output([1, 300]), scores: output([1, 300]), boxes: output([1, 300, 4]) }
    expect(guessInput(header([picture(), sizes]))).toMatchObject({
      value: { feeds: { sizes: { type, dims: [1, 2] } } },
    })
    expect(guess(lists, [picture(), sizes])).toMatchObject({
      value: { manifest: { output: { sizes: { name: 'sizes', type } } } },
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

  it('of rows that begin with the number of the picture, in the order that their numbers tell', () => {
    const yolov7 = [0, 10, 20, 60, 70, 2, 0.9]
    const orders: readonly (readonly [readonly number[], number[], object])[] = [
      [[...yolov7, ...yolov7], [2, 7], { boxColumn: 1, scoreColumn: 6, classColumn: 5 }],
      [[], [0, 7], { boxColumn: 1, scoreColumn: 6, classColumn: 5 }],
      [[0, 10, 20, 60, 70, 0.9, 2], [1, 7], { boxColumn: 1, scoreColumn: 5, classColumn: 6 }],
      [
        [0, 2, 0.9, 0.1, 0.2, 0.6, 0.7],
        [1, 1, 1, 7],
        { boxColumn: 3, scoreColumn: 2, classColumn: 1, boxUnit: 'normalised' },
      ],
    ]
    for (const [values, dims, spec] of orders) {
      const guessed = guess({ output: output(dims, (i) => values[i] ?? 0) })
      expect(guessed).toMatchObject({ value: { manifest: { output: { layout: 'end-to-end', ...spec } } } })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(80)
    }
    expect(guess({ output: output([1, 3 * cells, 7]) })).toMatchObject({
      value: { manifest: { output: { layout: 'yolov5' } } },
    })
  })

  it('of mmdeploy’s boxes with scores behind them, even where there are as many as a box has numbers', () => {
    for (const count of [0, 2, 4]) {
      const dets = output([1, count, 5], (i) => [10, 20, 60, 70, 0.9][i % 5] as number)
      const guessed = guess({ labels: output([1, count], () => 3), dets }, [picture()])
      expect(guessed).toMatchObject({
        value: {
          manifest: {
            output: { layout: 'detr', boxes: 'dets', labels: 'labels', labelOffset: 0 },
            input: { channelOrder: 'BGR', scale: 1, letterbox: { align: 'topLeft' } },
          },
        },
      })
      expect(guessed.ok && guessed.value.manifest.classes).toHaveLength(80)
    }
  })

  it('of torchvision’s outputs without names, and of lists with a column of their own', () => {
    const boxes = output([3, 4], (i) => (i % 4 < 2 ? 10 : 40))
    const spec = { layout: 'detr', boxes: '2774', labels: '2775', scores: '2776' }
    const found = { '2774': boxes, '2775': output([3], () => 7), '2776': output([3], () => 0.5) }
    expect(guess(found)).toMatchObject({ value: { manifest: { output: spec } } })
    const column = { boxes: output([1, 3, 4], (i) => (i % 4 < 2 ? 10 : 40)) }
    expect(
      guess({ ...column, labels: output([1, 3, 1], () => 7), scores: output([1, 3, 1], () => 0.5) }),
    ).toMatchObject({ value: { manifest: { output: { boxes: 'boxes', labels: 'labels', scores: 'scores' } } } })
  })

  it('is refused with a reason where nothing fits', () => {
    expect(guess({ out: output([1, 1000]) })).toMatchObject({
      error: { code: 'badOutput', message: expect.stringContaining('out [1,1000]') },
    })
    expect(guessInput(header([{ name: 'text', type: 'int64', dims: [1, 77] }]))).toMatchObject({
      error: { message: expect.stringContaining('text [1,77]') },
    })
    const four: OnnxTensorInfo = { ...picture(), dims: [4, 3, 96, 96] }
    expect(guessInput(header([four]))).toMatchObject({ error: { message: expect.stringContaining('batch of 1') } })
    for (const task of ['segment', 'pose', 'obb', 'classify'])
      expect(guessInput(header([picture()], { task }))).toMatchObject({
        error: { message: expect.stringContaining(`the task “${task}”`) },
      })
    expect(guessInput(header([picture()], { task: 'detect' }))).toMatchObject({ ok: true })
  })
})
