import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testManifest } from './detector.fixture.ts'
import type { DetectionLayout, DetectionManifest } from './detector-manifest.ts'
import { DetectionDecoder } from './detector-output.ts'
import type { TensorOut } from './engine-backend.ts'

const whole = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }
const picture = { width: 32, height: 16 }

const tensor = (values: readonly number[], ...dims: number[]): TensorOut => ({ data: new Float32Array(values), dims })

function decode(manifest: DetectionManifest, outputs: Record<string, TensorOut>, fit = whole, size = picture) {
  const decoded = new DetectionDecoder(manifest).decode(outputs, fit, size)
  if (!decoded.ok) throw new Error(decoded.error.message)
  return decoded.value
}

/** A detection as `class score x y width height`, rounded to what a hand can work out. */
const told = (found: ReturnType<typeof decode>) =>
  found.map(({ className, score, box }) =>
    [className, ...[score, box.x, box.y, box.width, box.height].map((x) => Math.round(x * 100) / 100)].join(' '),
  )

const failure = (manifest: DetectionManifest, outputs: Record<string, TensorOut>) => {
  const decoded = new DetectionDecoder(manifest).decode(outputs, whole, picture)
  return decoded.ok ? '' : decoded.error.message
}

describe('decoded rows', () => {
  it('multiply objectness by the class probability', () => {
    const out = tensor([10, 8, 4, 6, 0.9, 0.2, 0.8], 1, 1, 7)
    expect(told(decode(testManifest({}), { out }))).toEqual(['car 0.72 8 5 4 6'])
  })

  it('may be transposed corners without objectness', () => {
    const out = tensor([1, 4, 2, 5, 9, 12, 10, 13, 0.6, 0.05, 0.1, 0.01], 1, 6, 2)
    const manifest = testManifest({ boxFormat: 'xyxy', objectness: false, transposed: true })
    expect(told(decode(manifest, { out }))).toEqual(['person 0.6 1 2 8 8'])
  })

  it('return to picture pixels and are cut at the edge', () => {
    const out = tensor([0, 8, 8, 4, 1, 1, 0], 1, 1, 7)
    const fit = { scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 2 }
    expect(told(decode(testManifest({}), { out }, fit, { width: 64, height: 24 }))).toEqual(['person 1 0 8 8 8'])
  })
})

describe('YOLOX', () => {
  it('grid cells of all strides, from logits', () => {
    const rows = 8 + 2
    const out = tensor(new Array<number>(rows * 7).fill(-9), 1, rows, 7)
    // Row 9: second cell of stride 16.
    out.data.set([0.5, 0.5, 0, Math.log(0.5), 4, 3, -3], 9 * 7)
    const manifest = testManifest({ layout: 'yolox-grid', strides: [8, 16], activated: false })
    expect(told(decode(manifest, { out }))).toEqual(['person 0.94 16 4 16 8'])
    expect(failure(manifest, { out: tensor(new Array<number>(63).fill(0), 1, 9, 7) })).toBe(
      'output “out” has 9 rows; [1,10,7] (yolox-grid of strides 8, 16, 2 classes) was expected',
    )
  })
})

describe('YOLOv5, v8 and v11', () => {
  const five = [10, 8, 4, 6, 0.5, 0.1, 0.9]
  const eight = [10, 8, 4, 6, 0.1, 0.9]
  const other = [20, 8, 4, 6, 0.7, 0.1]

  it('v5 has objectness', () => {
    expect(told(decode(testManifest({ layout: 'yolov5' }), { out: tensor(five, 1, 1, 7) }))).toEqual([
      'car 0.45 8 5 4 6',
    ])
  })

  it('v8 comes either way round', () => {
    const want = ['car 0.9 8 5 4 6', 'person 0.7 18 5 4 6']
    const rows = tensor([...eight, ...other], 1, 2, 6)
    const columns = tensor(
      eight.flatMap((value, i) => [value, other[i] as number]),
      1,
      6,
      2,
    )
    expect(told(decode(testManifest({ layout: 'yolov8' }), { out: rows }))).toEqual(want)
    expect(told(decode(testManifest({ layout: 'yolov8' }), { out: columns }))).toEqual(want)
  })

  it('boxes may be shares of the input', () => {
    const out = tensor([0.5, 0.5, 0.25, 0.5, 0.9, 0], 1, 6, 1)
    expect(told(decode(testManifest({ layout: 'yolov8', boxUnit: 'normalised' }), { out }))).toEqual([
      'person 0.9 12 4 8 8',
    ])
  })

  it('say what was seen and what was expected', () => {
    expect(failure(testManifest({ layout: 'yolov8' }), { out: tensor(five, 1, 1, 7) })).toBe(
      'output “out” is [1,1,7]; [1,6,N] or [1,N,6] (yolov8, 2 classes) was expected',
    )
    expect(failure(testManifest({ layout: 'yolov5' }), { other: tensor(five, 1, 1, 7) })).toBe(
      'there is no output “out”; the model has other',
    )
  })
})

describe('end to end', () => {
  const rows = [2, 3, 12, 13, 0.8, 1, 2, 3, 12, 13, 0.7, 1, 0, 0, 0, 0, 0, -1, 1, 1, 5, 5, 0.9, 7]
  it('takes rows as they are, without suppression, and leaves out padding and unknown classes', () => {
    const out = tensor(rows, 1, 4, 6)
    expect(told(decode(testManifest({ layout: 'end-to-end' }), { out }))).toEqual([
      'car 0.8 2 3 10 10',
      'car 0.7 2 3 10 10',
    ])
    expect(told(decode(testManifest({ layout: 'end-to-end', nmsIou: 0.5 }), { out }))).toEqual(['car 0.8 2 3 10 10'])
  })

  it('takes other columns, and refuses seven of them and scores that are none, unless told', () => {
    const seven = [0, 2, 3, 12, 13, 1, 0.8]
    const manifest = (more: object) => testManifest({ layout: 'end-to-end', ...more })
    const order = { boxColumn: 1, scoreColumn: 6, classColumn: 5 }
    expect(told(decode(manifest(order), { out: tensor([...seven, ...seven], 2, 7) }))).toHaveLength(2)
    expect(told(decode(manifest(order), { out: tensor(seven, 1, 7) }))).toEqual(['car 0.8 2 3 10 10'])
    expect(failure(manifest({}), { out: tensor([], 0, 7) })).toContain('say boxColumn')
    expect(failure(manifest({}), { out: tensor(seven, 1, 1, 7) })).toBe(
      'output “out” has 13 in column 4, which is no score',
    )
    expect(failure(manifest(order), { out: tensor([], 1, 0, 6) })).toContain('[1,N,7]')
  })

  it('reads shares of the picture', () => {
    const out = tensor([0.25, 0.25, 0.5, 0.5, 0.8, 0], 1, 1, 6)
    expect(told(decode(testManifest({ layout: 'end-to-end', boxUnit: 'normalised' }), { out }))).toEqual([
      'person 0.8 8 4 8 4',
    ])
  })
})

describe('NanoDet (GFL)', () => {
  // Stride 8 has 4 × 2 cells; regMax 1: a side is the share of its second bin, in strides.
  const scores = new Array<number>(16).fill(0)
  scores[2 * 5] = 0.9
  const sides = new Array<number>(8 * 8).fill(0)
  // Cell 5 (column 1, row 1): left certain 1, top half, right 0, bottom half.
  sides.splice(5 * 8, 8, -50, 50, 0, 0, 50, -50, 0, 0)
  const spec = { layout: 'gfl', strides: [8], regMax: 1, cellOffset: 0.5 }
  const want = ['person 0.9 4 8 8 8']

  it('reads an output per stride', () => {
    const manifest = testManifest({ ...spec, levels: [{ scores: 's', boxes: 'b' }] })
    expect(told(decode(manifest, { s: tensor(scores, 8, 2), b: tensor(sides, 1, 8, 8) }))).toEqual(want)
    expect(failure(manifest, { s: tensor(scores, 8, 2), b: tensor(sides, 1, 16, 4) })).toContain(
      '[1,8,8] (gfl, strides 8, 2 classes, regMax 1) was expected',
    )
  })

  it('reads planes as a convolution leaves them, though there be as many cells as columns', () => {
    const manifest = testManifest({ ...spec, levels: [{ scores: 's', boxes: 'b' }] })
    const planes = (rows: readonly number[], columns: number) =>
      tensor(
        rows.map((_, i) => rows[(i % 8) * columns + Math.floor(i / 8)] as number),
        1,
        columns,
        2,
        4,
      )
    expect(told(decode(manifest, { s: planes(scores, 2), b: planes(sides, 8) }))).toEqual(want)
    expect(told(decode(manifest, { s: tensor(scores, 8, 2), b: planes(sides, 8) }))).toEqual(want)
  })

  it('reads one output of scores and sides', () => {
    const rows = Array.from({ length: 8 }, (_, i) => [
      ...scores.slice(2 * i, 2 * i + 2),
      ...sides.slice(8 * i, 8 * i + 8),
    ])
    expect(told(decode(testManifest(spec), { out: tensor(rows.flat(), 1, 8, 10) }))).toEqual(want)
  })
})

describe('DETR and its kin', () => {
  const boxes = tensor([0.5, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5], 1, 2, 4)
  const spec = { layout: 'detr', boxes: 'boxes', scores: 'scores', boxFormat: 'cxcywh', boxUnit: 'normalised' }

  it('reads labels and scores, with or without a batch', () => {
    const manifest = testManifest({ ...spec, labels: 'labels' })
    const outputs = { boxes, labels: tensor([1, 0], 1, 2), scores: tensor([0.9, 0.05], 2) }
    expect(told(decode(manifest, outputs))).toEqual(['car 0.9 12 4 8 8'])
    expect(failure(manifest, { ...outputs, labels: tensor([1], 1) })).toContain('as many scores as labels [1]')
  })

  it('reads scores behind the boxes, as mmdeploy writes them, and lists with a column of their own', () => {
    const boxes = testManifest({ layout: 'detr', boxes: 'dets', labels: 'labels' })
    const dets = tensor([2, 3, 12, 13, 0.8, 2, 3, 12, 13, 0.05], 1, 2, 5)
    expect(told(decode(boxes, { dets, labels: tensor([1, 0], 1, 2) }))).toEqual(['car 0.8 2 3 10 10'])
    expect(failure(boxes, { dets: tensor([], 1, 0, 4), labels: tensor([], 1, 0) })).toContain('[1,N,5]')
    const lists = testManifest({ layout: 'detr', boxes: 'b', scores: 's', labels: 'l' })
    const of = (values: number[]) => tensor(values, 1, 2, 1)
    expect(
      told(decode(lists, { b: tensor([2, 3, 12, 13, 1, 1, 2, 2], 1, 2, 4), s: of([0.8, 0]), l: of([1, 0]) })),
    ).toEqual(['car 0.8 2 3 10 10'])
  })

  it('counts classes from 1 where the network does', () => {
    const manifest = testManifest({ ...spec, labels: 'labels', labelOffset: 1 })
    const outputs = { boxes, labels: tensor([1, 0], 1, 2), scores: tensor([0.9, 0.9], 2) }
    expect(told(decode(manifest, outputs))).toEqual(['person 0.9 12 4 8 8'])
  })

  it('reads a logit per class, and a softmax with “nothing” last', () => {
    const sigmoid = testManifest({ ...spec, activation: 'sigmoid' })
    expect(told(decode(sigmoid, { boxes, scores: tensor([-5, 0, -5, -5], 1, 2, 2) }))).toEqual(['car 0.5 12 4 8 8'])
    const softmax = testManifest({ ...spec, activation: 'softmax' })
    expect(told(decode(softmax, { boxes, scores: tensor([0, 3, 0, 0, 0, 9], 1, 2, 3) }))).toEqual(['car 0.91 12 4 8 8'])
  })

  it('leaves “nothing” out wherever it stands', () => {
    const found = (rest: Record<string, unknown>, ...scores: number[]) =>
      told(decode(testManifest({ ...spec, ...rest }), { boxes, scores: tensor(scores, 1, 2, scores.length / 2) }))
    // SSD: sums to one, and the background before all classes is higher than what is found.
    expect(found({ nothing: 'first' }, 0.6, 0.1, 0.3, 0.98, 0.01, 0.01)).toEqual(['car 0.3 12 4 8 8'])
    expect(found({ nothing: 'last' }, 0.3, 0.1, 0.6, 0.01, 0.01, 0.98)).toEqual(['person 0.3 12 4 8 8'])
    expect(found({ nothing: 'first', activation: 'softmax' }, 0, 0, 3, 9, 0, 0)).toEqual(['car 0.91 12 4 8 8'])
    expect(found({ nothing: 'none', activation: 'softmax' }, 0, 3, -9, -9.1)).toEqual([
      'car 0.95 12 4 8 8',
      'person 0.52 4 4 8 8',
    ])
    expect(failure(testManifest({ ...spec, nothing: 'first' }), { boxes, scores: tensor([1, 0, 1, 0], 1, 2, 2) })).toBe(
      'output “scores” is [1,2,2]; [1,N,3] (detr, 2 classes and “nothing” first) was expected',
    )
  })
})

describe('a box of several classes', () => {
  const row = [10, 8, 4, 6, 0.5, 0.6, 0.8]
  it.each([
    ['yolov5', { out: tensor(row, 1, 1, 7) }, {}, ['car 0.4 8 5 4 6', 'person 0.3 8 5 4 6']],
    ['yolov8', { out: tensor([10, 8, 4, 6, 0.05, 0.8], 1, 1, 6) }, {}, ['car 0.8 8 5 4 6']],
    [
      'gfl',
      {
        out: tensor(
          Array<number[]>(2)
            .fill([0.6, 0.8, ...Array<number>(8).fill(0)])
            .flat(),
          1,
          2,
          10,
        ),
      },
      { strides: [16], regMax: 1 },
      ['car 0.8 0 0 8 8', 'car 0.8 8 0 16 8', 'person 0.6 0 0 8 8', 'person 0.6 8 0 16 8'],
    ],
    [
      'detr',
      { boxes: tensor([4, 4, 12, 12], 1, 1, 4), scores: tensor([0.6, 0.8, 0.9], 1, 1, 3) },
      { boxes: 'boxes', scores: 'scores', nothing: 'last' },
      ['car 0.8 4 4 8 8', 'person 0.6 4 4 8 8'],
    ],
  ])('counts for each that reaches its floor, of %s, where the manifest says so', (layout, outputs, more, each) => {
    const found = (multiLabel?: boolean) => told(decode(testManifest({ layout, ...more, multiLabel }), outputs))
    expect(found(true)).toEqual(each)
    expect(found()).toEqual(each.filter((line) => line.startsWith('car')))
  })
})

describe('suppression', () => {
  const one = [10, 8, 8, 8, 1, 0.9, 0]
  const out = tensor([...one, 10.5, 8, 8, 8, 1, 0.8, 0, 10, 8, 8, 8, 1, 0, 0.7], 1, 3, 7)
  const classes = (manifest: DetectionManifest) => decode(manifest, { out }).map(({ className }) => className)

  it('works within a class, or over all', () => {
    expect(classes(testManifest({}))).toEqual(['person', 'car'])
    expect(classes(testManifest({ classAware: false }))).toEqual(['person'])
  })

  it('works within one of our classes where the model has several for it', () => {
    expect(classes(testManifest({}, { classMap: { person: 'truck', car: 'truck' } }))).toEqual(['truck'])
  })

  it('lets no more through than the manifest allows', () => {
    expect(classes(testManifest({ nmsIou: null, maxDetections: 2 }))).toEqual(['person', 'person'])
  })
})

describe('class map', () => {
  const out = tensor([10, 8, 4, 6, 1, 0.6, 0, 20, 8, 4, 6, 1, 0, 0.7], 1, 2, 7)
  it('renames, drops, and drops or keeps what it does not mention', () => {
    const found = (rest: Record<string, unknown>) => told(decode(testManifest({}, rest), { out }))
    expect(found({ classMap: { car: 'truck' } })).toEqual(['truck 0.7 18 5 4 6', 'person 0.6 8 5 4 6'])
    expect(found({ classMap: { car: null } })).toEqual(['person 0.6 8 5 4 6'])
    expect(found({ classMap: { car: 'car' }, unmapped: 'drop' })).toEqual(['car 0.7 18 5 4 6'])
  })

  it('holds floors by our name', () => {
    const manifest = testManifest({ classFloors: { truck: 0.9 } }, { classMap: { car: 'truck' } })
    expect(told(decode(manifest, { out }))).toEqual(['person 0.6 8 5 4 6'])
  })
})

describe('hostile outputs', () => {
  const anyValue = fc.oneof(
    fc.float(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38, 0, 1),
  )
  const specs: Record<DetectionLayout, Record<string, unknown>> = {
    decoded: { layout: 'decoded' },
    'yolox-grid': { layout: 'yolox-grid', strides: [8, 16] },
    yolov5: { layout: 'yolov5' },
    yolov8: { layout: 'yolov8', activated: false },
    'end-to-end': { layout: 'end-to-end' },
    gfl: { layout: 'gfl', strides: [16], regMax: 1 },
    detr: { layout: 'detr', boxes: 'out', scores: 'out2', activation: 'softmax' },
  }
  const dims = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 4 })
  const anyTensor = dims.chain((shape) => {
    const length = shape.reduce((product, dim) => product * dim, 1)
    return fc
      .tuple(fc.array(anyValue, { minLength: length % 997, maxLength: length % 997 }), fc.boolean())
      .map(([values, honest]) => tensor(values, ...(honest ? shape : [...shape, 3])))
  })
  const fitting = (columns: number) =>
    fc
      .array(anyValue, { minLength: columns * 10, maxLength: columns * 10 })
      .map((values) => tensor(values, 1, 10, columns))

  it.each(Object.values(specs))('of any shape and value give sane boxes or a reason ($layout)', (spec) => {
    const manifest = testManifest(spec)
    const decoder = new DetectionDecoder(manifest)
    const out = fc.oneof(anyTensor, fitting(4), fitting(6), fitting(7), fitting(10))
    fc.assert(
      fc.property(out, anyTensor, (first, second) => {
        const decoded = decoder.decode({ out: first, out2: second }, whole, picture)
        if (!decoded.ok) return decoded.error.message.length > 20
        return decoded.value.every(
          ({ score, box: { x, y, width, height } }) =>
            score >= 0.1 - 1e-6 &&
            score <= 1 &&
            x >= 0 &&
            y >= 0 &&
            width > 0 &&
            height > 0 &&
            x + width <= 32.001 &&
            y + height <= 16.001,
        )
      }),
      { numRuns: 300 },
    )
  })
})
