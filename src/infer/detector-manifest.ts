/** The part of `model.json` that says how a detector is fed and how its outputs are read. */
import * as v from 'valibot'
import { common, count, name, only, size, unit } from './model-fields.ts'

const triple = v.tuple([v.number(), v.number(), v.number()])
const notZero = v.pipe(
  triple,
  v.check((values) => values.every((value) => value !== 0), 'must not be 0'),
)
const side = v.pipe(size, v.maxValue(4096))

/** A picture, as the network wants it: `(pixel × scale − mean) ÷ std` on 0…255 values. */
const imageInput = v.pipe(
  only({
    name,
    /** `[1, 3, height, width]`, or `[1, height, width, 3]` where the layout is NHWC. */
    shape: v.tuple([v.literal(1), side, side, side]),
    layout: v.optional(v.picklist(['NCHW', 'NHWC']), 'NCHW'),
    type: v.optional(v.picklist(['float32', 'float16', 'uint8']), 'float32'),
    channelOrder: v.optional(v.picklist(['RGB', 'BGR']), 'RGB'),
    scale: v.optional(v.number(), 1 / 255),
    mean: v.optional(triple, [0, 0, 0]),
    std: v.optional(notZero, [1, 1, 1]),
    /** Pictures of another size keep their aspect and are padded with this grey; null: they are stretched. */
    letterbox: v.optional(
      v.nullable(
        only({
          fill: v.pipe(v.number(), v.minValue(0), v.maxValue(255)),
          align: v.optional(v.picklist(['topLeft', 'centre']), 'topLeft'),
        }),
      ),
      { fill: 114, align: 'topLeft' },
    ),
  }),
  v.forward(
    v.check(
      ({ shape, layout }) => shape[layout === 'NCHW' ? 1 : 3] === 3,
      'must have 3 channels: [1,3,height,width] in NCHW, [1,height,width,3] in NHWC',
    ),
    ['shape'],
  ),
)
export type ImageInput = v.InferOutput<typeof imageInput>

/** Height and width of the network's picture. */
export function imageSize({ shape, layout }: ImageInput): { readonly height: number; readonly width: number } {
  return layout === 'NCHW' ? { height: shape[2], width: shape[3] } : { height: shape[1], width: shape[2] }
}

const boxFormat = v.picklist(['cxcywh', 'xyxy', 'yxyx'])
/** `input`: pixels of the network's picture; `normalised`: shares of its width and height. */
const boxUnit = v.optional(v.picklist(['input', 'normalised']), 'input')
const strides = v.pipe(v.array(v.pipe(size, v.maxValue(1024))), v.minLength(1), v.maxLength(6))
/** Scores are probabilities already; otherwise logits. */
const activated = v.optional(v.boolean(), true)
const nullableUnit = v.nullable(unit)
const column = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000))

/** What happens to boxes once they are read, whatever the layout. */
const judgement = {
  scoreFloor: v.optional(unit, 0.1),
  /** From here on a detection is sure enough to start a track; between the floor and this it only extends one. */
  sureScore: v.optional(unit, 0.5),
  /** Least score per class for a detection that counts, by its class's name; others use `scoreFloor`. */
  classFloors: v.optional(v.record(v.string(), unit), {}),
  /** Suppression works within each class; otherwise a box hides weaker ones of any class. */
  classAware: v.optional(v.boolean(), true),
  /** A box counts for every class that reaches its floor, not only for the best: what most published figures are made of. */
  multiLabel: v.optional(v.boolean()),
  /** Best candidates that enter suppression, and detections that leave it, at most. */
  maxCandidates: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(30_000)), 1000),
  maxDetections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 200),
}
/** Overlap (IoU) above which the weaker of two boxes is hidden; null: the network has seen to it. */
const suppressed = { nmsIou: v.optional(nullableUnit, 0.45) }
const unsuppressed = { nmsIou: v.optional(nullableUnit, null) }

/** Rows already in input pixels, `[1,N,K]`, or `[1,K,N]` where `transposed`. The shipped model's layout. */
const decoded = v.object({
  layout: v.literal('decoded'),
  name,
  boxFormat: v.optional(boxFormat, 'cxcywh'),
  boxUnit,
  objectness: v.optional(v.boolean(), true),
  transposed: v.optional(v.boolean(), false),
  activated,
  ...judgement,
  ...suppressed,
})

/** YOLOX before decoding: one row per cell of each stride's grid, row by row, `[dx, dy, log w, log h, …]` in strides. */
const yoloxGrid = v.object({
  layout: v.literal('yolox-grid'),
  name,
  strides: v.optional(strides, [8, 16, 32]),
  objectness: v.optional(v.boolean(), true),
  activated,
  ...judgement,
  ...suppressed,
})

/** YOLOv5: `[1, N, 5 + classes]`, centre and size in input pixels, objectness; either orientation. */
const yolov5 = v.object({
  layout: v.literal('yolov5'),
  name,
  boxUnit,
  activated,
  ...judgement,
  ...suppressed,
})

/** YOLOv8 and v11: `[1, 4 + classes, N]` or `[1, N, 4 + classes]`, centre and size in input pixels. */
const yolov8 = v.object({
  layout: v.literal('yolov8'),
  name,
  boxUnit,
  activated,
  ...judgement,
  ...suppressed,
})

/**
 * End to end, `[1, N, 6]`: left, top, right, bottom, score, class. YOLOv10, YOLO26, exports with suppression inside. The
 * columns tell other orders: `[N, 7]` of YOLOv7 has 1, 6 and 5 for them, and the picture's number before.
 */
const endToEnd = v.object({
  layout: v.literal('end-to-end'),
  name,
  boxFormat: v.optional(boxFormat, 'xyxy'),
  boxUnit,
  /** Where the four numbers of the box begin, the score and the class, counted from 0. */
  boxColumn: v.optional(column, 0),
  scoreColumn: v.optional(column, 4),
  classColumn: v.optional(column, 5),
  ...judgement,
  ...unsuppressed,
})

/**
 * NanoDet and others of Generalized Focal Loss: per cell a score per class and four distributions over 0…`regMax`
 * strides. One output `[1, N, classes + 4 × (regMax + 1)]` under `name`, or two per stride under `levels`, rows of cells or
 * `[1, C, height, width]`.
 */
const gfl = v.pipe(
  v.object({
    layout: v.literal('gfl'),
    name: v.optional(name),
    levels: v.optional(v.pipe(v.array(only({ scores: name, boxes: name })), v.minLength(1), v.maxLength(6))),
    strides: v.optional(strides, [8, 16, 32]),
    regMax: v.optional(v.pipe(count, v.maxValue(64)), 7),
    /** Where in its cell a point lies, in strides: 0.5 for NanoDet and PicoDet, 0 for NanoDet-Plus and GFL. */
    cellOffset: v.optional(unit, 0),
    activated,
    ...judgement,
    ...suppressed,
  }),
  v.check(
    ({ name: single, levels, strides: steps }) =>
      (single === undefined) !== (levels === undefined) && (levels === undefined || levels.length === steps.length),
    'output must name one output, or levels with scores and boxes for each stride',
  ),
)

export const sizesTypes = ['int64', 'int32', 'float32'] as const
export type SizesType = (typeof sizesTypes)[number]

/**
 * DETR and its kin: boxes `[1,N,4]` with either one score and label each, or a score for every class. Where the network
 * asks for the picture's size (`sizes`), it gets its own, so that all boxes come in input pixels.
 */
const detr = v.pipe(
  v.object({
    layout: v.literal('detr'),
    boxes: name,
    /** Without it each box has its score as a fifth number, `[1,N,5]`, as mmdeploy's `dets` beside `labels`. */
    scores: v.optional(name),
    /** Output of class numbers, one a box; without it `scores` has a column per class. */
    labels: v.optional(name),
    /** Subtracted from the labels: 1 where the network counts classes from 1. */
    labelOffset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)), 0),
    boxFormat: v.optional(boxFormat, 'xyxy'),
    boxUnit,
    activation: v.optional(v.picklist(['none', 'sigmoid', 'softmax']), 'none'),
    /** Which column of the scores is “nothing” and no class: the last where not said and `activation` is `softmax`. */
    nothing: v.optional(v.picklist(['first', 'last', 'none'])),
    sizes: v.optional(
      only({
        name,
        type: v.optional(v.picklist(sizesTypes), 'int64'),
        order: v.optional(v.picklist(['wh', 'hw']), 'wh'),
      }),
    ),
    ...judgement,
    ...unsuppressed,
  }),
  v.check(({ scores, labels }) => (scores ?? labels) !== undefined, 'output must name scores, labels or both'),
)

const layouts = [decoded, yoloxGrid, yolov5, yolov8, endToEnd, gfl, detr] as const
/** A field of another layout stays without effect, so that a layout can be changed alone; one of none is a mistake. */
const outputFields = new Set(layouts.flatMap(({ entries }) => Object.keys(entries)))
const unknownOf = (output: Record<string, unknown>) => Object.keys(output).filter((field) => !outputFields.has(field))

const detectionOutput = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check(
    (output) => unknownOf(output).length === 0,
    ({ input }) => `has ${unknownOf(input).join(', ')}, which no layout reads`,
  ),
  v.variant('layout', layouts),
)
export type DetectionOutput = v.InferOutput<typeof detectionOutput>
export type DetectionLayout = DetectionOutput['layout']
export type OutputOf<L extends DetectionLayout> = Extract<DetectionOutput, { layout: L }>

/** LVIS has 1203. */
export const mostClasses = 5000

export const detectionManifest = only({
  ...common,
  task: v.literal('detection'),
  input: imageInput,
  output: detectionOutput,
  /** The model's own names, in the order of its columns. */
  classes: v.pipe(v.array(name), v.minLength(1), v.maxLength(mostClasses)),
  /** The model's name → ours; null: such boxes are dropped. Names that are not mentioned: see `unmapped`. */
  classMap: v.optional(v.record(v.string(), v.nullable(name)), {}),
  unmapped: v.optional(v.picklist(['keep', 'drop']), 'keep'),
})
export type DetectionManifest = v.InferOutput<typeof detectionManifest>
