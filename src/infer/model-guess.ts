/** A detector's `model.json` guessed from the file itself and one run. Every guess is said. */
import { err, ok, type Result } from '../platform/result.ts'
import { cocoClasses, cocoNumbered, parkWord } from './coco-classes.ts'
import { type ImageTensor, sizesTensor } from './detector-input.ts'
import { type DetectionManifest, mostClasses, type SizesType, sizesTypes } from './detector-manifest.ts'
import type { TensorsIn, TensorsOut } from './engine-backend.ts'
import { guessOutput } from './model-guess-output.ts'
import type { FoundOutput, PictureStyle } from './model-guess-shapes.ts'
import { checkManifest, type ModelError } from './model-manifest.ts'
import type { OnnxHeader, OnnxTensorInfo } from './model-onnx.ts'

export interface ModelFacts {
  readonly name: string
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly licence?: string
  /** Class names where somebody gave them; otherwise the file's metadata or their number tells. */
  readonly classes?: readonly string[]
}

/** How to feed one blank picture, known before anything ran. */
export interface GuessedInput {
  readonly picture: { readonly name: string; readonly layout: 'NCHW' | 'NHWC'; readonly shape: readonly number[] }
  readonly type: 'float32' | 'float16' | 'uint8'
  /** Second input, which takes the picture's width and height. */
  readonly sizes?: { readonly name: string; readonly type: SizesType }
  readonly feeds: TensorsIn
}

export interface Guess {
  readonly manifest: DetectionManifest
  /** What was assumed, for people; the manifest is theirs to correct. */
  readonly notes: readonly string[]
}

/** What Ultralytics notes for models whose rows carry more than boxes and scores, or no boxes at all. */
const otherTasks = new Set(['segment', 'pose', 'obb', 'classify'])

/** Side of the picture where the file leaves it open; what most exporters train at. */
const usualSidePx = 640

export function guessInput(header: OnnxHeader): Result<GuessedInput, ModelError> {
  const { task } = header.metadata
  if (task !== undefined && otherTasks.has(task))
    return cannot(`its exporter notes the task “${task}”; export a model for detection`)
  const pictures = header.inputs.filter(({ dims }) => dims.length === 4)
  const [picture] = pictures
  const shapes = header.inputs.map(({ name, dims }) => `${name} [${dims.join(',')}]`).join(', ')
  const second = header.inputs.find((input) => input !== picture)
  const sizes = second && asSizes(second)
  const understood = picture && pictures.length === 1 && header.inputs.length <= 2 && (!second || sizes)
  if (!understood) return cannot(`one picture [1,3,height,width] was expected as input, not ${shapes}`)
  const layout = picture.dims[3] === 3 && picture.dims[1] !== 3 ? 'NHWC' : 'NCHW'
  const channels = picture.dims[layout === 'NCHW' ? 1 : 3]
  if (channels !== 3 && typeof channels === 'number')
    return cannot(`a picture of 3 channels was expected, not ${shapes}`)
  if (typeof picture.dims[0] === 'number' && picture.dims[0] !== 1)
    return cannot(`it takes ${picture.dims[0]} pictures at once; export it with a batch of 1`)
  const type = picture.type
  if (type !== 'float32' && type !== 'float16' && type !== 'uint8')
    return cannot(`its picture is ${type}; float32, float16 or uint8 was expected`)
  const [usualHeight, usualWidth] = metadataSides(header) ?? [usualSidePx, usualSidePx]
  const side = (at: number, usual: number) =>
    typeof picture.dims[at] === 'number' ? (picture.dims[at] as number) : usual
  const shape =
    layout === 'NCHW'
      ? [1, 3, side(2, usualHeight), side(3, usualWidth)]
      : [1, side(1, usualHeight), side(2, usualWidth), 3]
  const length = shape.reduce((product, dim) => product * dim, 1)
  if (length > 3 * 4096 * 4096 || length === 0) return cannot(`its picture is ${shape.join(' × ')}`)
  const data = emptyPicture(type, length)
  const [height, width] = layout === 'NCHW' ? [shape[2], shape[3]] : [shape[1], shape[2]]
  return ok({
    picture: { name: picture.name, layout, shape },
    type,
    feeds: {
      [picture.name]: { type, data, dims: shape },
      ...(sizes && { [sizes.name]: sizesTensor(sizes.type, [width as number, height as number]) }),
    },
    ...(sizes && { sizes: { name: sizes.name, type: sizes.type } }),
  })
}

/** Black; float16 as its bits. */
export function emptyPicture(type: GuessedInput['type'], length: number): ImageTensor {
  if (type === 'uint8') return new Uint8Array(length)
  return type === 'float16' ? new Uint16Array(length) : new Float32Array(length)
}

function asSizes({ name, type, dims }: OnnxTensorInfo): GuessedInput['sizes'] {
  const known = sizesTypes.find((one) => one === type)
  const fits = dims.length === 2 && (dims[1] === 2 || typeof dims[1] === 'string')
  return known && fits ? { name, type: known } : undefined
}

const cannot = (message: string): Result<never, ModelError> =>
  err({ code: 'badManifest', message: `this file is no detector that can be guessed: ${message}` })

/** Ultralytics notes `imgsz` as `[384, 640]`, the height first; some tools as one number. */
function metadataSides({ metadata }: OnnxHeader): readonly [height: number, width: number] | undefined {
  const [height = Number.NaN, width = height] = (metadata.imgsz ?? '').match(/\d+/g)?.map(Number) ?? []
  return [height, width].every((side) => side >= 32 && side <= 4096) ? [height, width] : undefined
}

const notedName = /(?:["']?(\d{1,6})["']?\s*:\s*)?(?:'((?:[^'\\]|\\.){1,80})'|"((?:[^"\\]|\\.){1,80})")/g

/** Ultralytics notes its classes as a Python dictionary, `{0: 'person', 1: 'car'}`; others as a list, or in JSON. */
function metadataClasses({ metadata }: OnnxHeader): string[] | undefined {
  const names: string[] = []
  for (const [, number, single, double] of (metadata.names ?? '').matchAll(notedName)) {
    const at = number === undefined ? names.length : Number(number)
    if (at < mostClasses) names[at] = (single ?? double ?? '').replace(/\\(.)/g, '$1')
  }
  return names.length > 0 ? Array.from(names, (name, i) => name ?? `class-${i}`) : undefined
}

/** `outputs` come from a run on `input.feeds`; their shapes and ranges are what is judged. */
export function guessManifest(
  header: OnnxHeader,
  input: GuessedInput,
  outputs: TensorsOut,
  facts: ModelFacts,
): Result<Guess, ModelError> {
  const lists = [metadataClasses(header), facts.classes].filter((list) => list !== undefined)
  const { found, names } = fitting(outputs, input, lists, header.outputs)
  if (!found.ok) return found
  const { classCount, notes, style = found.value.layout } = found.value
  const classes = names ?? classNames(classCount)
  const ours = classes.flatMap((name) => {
    const word = parkWord(name)
    return word === undefined ? [] : [[name, word]]
  })
  const manifest = {
    name: facts.name,
    version: '',
    task: 'detection',
    file: facts.file,
    bytes: facts.bytes,
    sha256: facts.sha256,
    licence: facts.licence ?? (header.metadata.license || 'not stated'),
    input: { ...input.picture, type: input.type, ...pictureStyle(found.value, input) },
    output: found.value.output,
    classes,
    // What a park has no word for would be followed for nothing.
    ...(ours.length > 0 && { classMap: Object.fromEntries(ours), unmapped: 'drop' }),
  }
  const checked = checkManifest(manifest)
  if (!checked.ok) return checked
  if (checked.value.task !== 'detection') return cannot('it is no detector')
  const fromCoco = classes.includes('toothbrush')
  const named = names && (names === facts.classes ? 'their names given' : 'their names from the file')
  const scaling = styleNotes[style]
  return ok({
    manifest: checked.value,
    notes: [
      `layout ${found.value.layout}`,
      ...notes,
      `${classCount} classes, ${named || (fromCoco ? 'COCO’s' : 'without names')}`,
      ...(ours.length > 0 && ours.length < classCount
        ? [`the console keeps ${ours.length} of them and drops the rest`]
        : []),
      ...(named ? [] : lists.map(({ length }) => `the ${length} names given do not fit`)),
      ...(scaling ? [scaling] : []),
    ],
  })
}

/** The outputs as the first list of names that fits them says, or as they look without names. */
function fitting(
  outputs: TensorsOut,
  input: GuessedInput,
  lists: readonly (readonly string[])[],
  declared: readonly OnnxTensorInfo[],
) {
  for (const names of lists) {
    const found = guessOutput(outputs, input, names, declared)
    if (found.ok && found.value.classCount === names.length) return { found, names }
  }
  return { found: guessOutput(outputs, input, undefined, declared), names: undefined }
}

function classNames(count: number): readonly string[] {
  if (count === 80) return cocoClasses
  if (count === 91) return cocoNumbered
  if (count === 90) return cocoNumbered.slice(1)
  return Array.from({ length: count }, (_, i) => `class-${i}`)
}

const styleNotes: Readonly<Record<PictureStyle, string>> = {
  decoded: 'picture 0…1 RGB, letterbox centred',
  'yolox-grid': 'picture 0…255 BGR, letterbox top left (releases before 0.1.1 used mean and deviation)',
  yolov5: 'picture 0…1 RGB, letterbox centred',
  yolov8: 'picture 0…1 RGB, letterbox centred',
  'end-to-end': 'picture 0…1 RGB, letterbox centred',
  gfl: 'picture BGR with NanoDet’s mean and deviation, stretched',
  detr: 'picture 0…1 RGB, stretched',
  rtmdet: 'uncertain: picture BGR with RTMDet’s mean and deviation, letterbox top left',
  ssd: 'picture RGB, (value − 127) ÷ 128 as pytorch-ssd, stretched',
}

/** How each family trains: from their published training and demo code. */
function pictureStyle(found: FoundOutput, input: GuessedInput): Record<string, unknown> {
  const style = familyStyle(found, input)
  // Whole bytes have no room for fractions: such files scale within.
  return input.type === 'uint8' ? { ...style, scale: 1, mean: [0, 0, 0], std: [1, 1, 1] } : style
}

const familyMeans = {
  channelOrder: 'BGR',
  scale: 1,
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
}

function familyStyle({ layout, style, classCount, output }: FoundOutput, input: GuessedInput): Record<string, unknown> {
  switch (style ?? layout) {
    case 'yolox-grid':
      return { channelOrder: 'BGR', scale: 1, letterbox: { fill: 114, align: 'topLeft' } }
    case 'gfl':
      return { ...familyMeans, letterbox: null }
    case 'rtmdet':
      return { ...familyMeans, letterbox: { fill: 114, align: 'topLeft' } }
    case 'ssd':
      return { scale: 1, mean: [127, 127, 127], std: [128, 128, 128], letterbox: null }
    case 'detr': {
      // RF-DETR and DETR count 91 classes and want ImageNet's mean and deviation; torchvision's, which give labels, hold
      // theirs within; D-FINE, DEIM and RT-DETR have none. Tried on a DEIMv2-Atto with 8-bit weights, 12 COCO pictures:
      // AP50 11.9 like this, 3.8 with ImageNet's, 9.4 in BGR, 11.3 letterboxed, 10.2 whatever the class. It is the
      // weights: with all else in 32 bits they give 13.5.
      const ownScores = input.sizes === undefined && output.labels === undefined
      const imageNet = ownScores && (classCount === 91 || output.activation === 'softmax')
      return { letterbox: null, ...(imageNet && { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }) }
    }
    default:
      return { letterbox: { fill: 114, align: 'centre' } }
  }
}
