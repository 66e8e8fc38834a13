/** Which layout a detector's outputs have, judged by their shapes, names and ranges on a blank picture. */
import { err, ok, type Result } from '../platform/result.ts'
import type { DetectionLayout } from './detector-manifest.ts'
import type { TensorOut, TensorsOut } from './engine-backend.ts'
import type { GuessedInput } from './model-guess.ts'
import type { ModelError } from './model-manifest.ts'

export interface FoundOutput {
  readonly layout: DetectionLayout
  /** The family whose pictures it takes, where that is not the layout's own. */
  readonly style?: DetectionLayout
  /** The `output` of a manifest, not yet checked. */
  readonly output: Record<string, unknown>
  readonly classCount: number
  readonly notes: readonly string[]
}

interface Named {
  readonly name: string
  readonly tensor: TensorOut
  /** Without the batch. */
  readonly dims: readonly number[]
}

type Found = FoundOutput | undefined

export function guessOutput(
  outputs: TensorsOut,
  input: GuessedInput,
  knownClasses: number | undefined,
): Result<FoundOutput, ModelError> {
  const named: Named[] = Object.entries(outputs).map(([name, tensor]) => ({
    name,
    tensor,
    dims: withoutBatch(tensor.dims),
  }))
  const [only] = named
  const found: Found =
    named.length === 1 && only
      ? single(only, input, knownClasses)
      : (detr(named, input, knownClasses) ?? perStride(named, input) ?? besideRawHeads(named, input, knownClasses))
  if (found) return ok(found)
  const seen = named.map(({ name, tensor }) => `${name} [${tensor.dims.join(',')}]`).join(', ')
  return err({
    code: 'badOutput',
    message: `no known layout has outputs ${seen.slice(0, 400)}; write a model.json for it`,
  })
}

function withoutBatch(dims: readonly number[]): readonly number[] {
  const bare = [...dims]
  while (bare.length > 2 && bare[0] === 1) bare.shift()
  return bare
}

function pictureSize({ picture }: GuessedInput): readonly [height: number, width: number] {
  const [, a = 0, b = 0, c = 0] = picture.shape
  return picture.layout === 'NCHW' ? [b, c] : [a, b]
}

const strideSets: readonly (readonly number[])[] = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [4, 8, 16, 32],
  [16, 32],
  [8, 16],
  [4, 8, 16],
  [8, 16, 32, 64, 128],
  ...[[8], [16], [32], [64]],
]

function cellsOf(input: GuessedInput, strides: readonly number[]): number {
  const [height, width] = pictureSize(input)
  return strides.reduce((sum, stride) => sum + Math.ceil(height / stride) * Math.ceil(width / stride), 0)
}

/** Of NanoDet, YOLOv8's raw heads and most GFL models: distances of up to 7 strides. */
const usualBins = 8

/** Of several strides: of one alone, too many numbers would pass. */
const isRowPerCell = (rows: number, input: GuessedInput) =>
  strideSets.some((set) => set.length > 1 && cellsOf(input, set) === rows)

/** YOLOv5 as it was exported first: what its heads give, per stride, beside the rows that are made of it. */
function besideRawHeads(named: readonly Named[], input: GuessedInput, known: number | undefined): Found {
  const [rows, ...more] = named.filter(({ dims }) => dims.length === 2)
  const heads = named.filter((output) => output !== rows)
  const same = heads.every(({ dims }) => dims.length > 2 && dims.at(-1) === rows?.dims[1])
  const found = rows && more.length === 0 && same ? single(rows, input, known) : undefined
  return found && { ...found, notes: [...found.notes, `${heads.length} raw outputs are left aside`] }
}

function single(output: Named, input: GuessedInput, told: number | undefined): Found {
  const [first, last] = output.dims
  if (output.dims.length !== 2 || first === undefined || last === undefined) return undefined
  const { name } = output
  const isGrid = first === cellsOf(input, [8, 16, 32])
  // Of one or two classes, six columns may as well be those of another layout.
  if (last === 6 && ((told ?? 1) > 2 || (first <= 1000 && !isGrid))) return endToEnd(output, told)
  if (last === (told ?? 80) + 4 && first <= 1000 && !isRowPerCell(first, input)) return queries(output, last - 4)
  const stridesOf = (rows: number, anchors: number) =>
    strideSets.find((set) => anchors * cellsOf(input, set) === rows && (anchors === 1 || set.length > 1))
  // The side that has a row for each cell of some strides' grids tells which way round it lies.
  const transposed = !stridesOf(first, 1) && !stridesOf(first, 3) && stridesOf(last, 1) !== undefined
  const columns = transposed ? first : last
  const strides = stridesOf(transposed ? last : first, 1)
  const anchored = stridesOf(first, 3)
  if (!transposed && anchored && columns > 5)
    return {
      layout: 'yolov5',
      output: { layout: 'yolov5', name, ...boxUnit(output, columns), ...activation(output, columns) },
      classCount: columns - 5,
      notes: [],
    }
  if (!strides || columns < 5) return undefined
  const fits = [4, 5, 4 * usualBins].some((more) => columns === (told ?? 0) + more)
  const known = fits ? told : undefined
  const isGfl = columns === (known ?? 80) + 4 * usualBins || (known === undefined && hasDistances(output, columns))
  if (!transposed && isGfl) {
    const classCount = columns - 4 * usualBins
    return {
      layout: 'gfl',
      output: { layout: 'gfl', name, strides, cellOffset: 0 },
      classCount,
      notes: ['NanoDet-Plus cells'],
    }
  }
  const withObjectness = !transposed && (known === undefined ? columns !== 84 && columns > 5 : columns === known + 5)
  if (!withObjectness)
    return {
      layout: 'yolov8',
      output: { layout: 'yolov8', name, ...boxUnit(output, columns), ...activation(output, columns) },
      classCount: columns - 4,
      notes: [],
    }
  return yolox(output, strides, columns - 5)
}

/** Beyond 0…1 the scores are logits: the export stopped before its last step. */
function activation({ tensor, dims }: Named, columns: number): Record<string, unknown> {
  const rows = tensor.data.length / columns
  const isScore = dims[0] === columns ? (i: number) => i >= 4 * rows : (i: number) => i % columns >= 4
  return tensor.data.some((value, i) => (value < -0.001 || value > 1.001) && isScore(i)) ? { activated: false } : {}
}

/** Rows begin with a score; what stands for distances is on no such scale. */
function hasDistances({ tensor }: Named, columns: number): boolean {
  const beyond = (value: number) => value < 0 || value > 1
  const startsWithScore = !tensor.data.some((value, i) => i % columns === 0 && beyond(value))
  return columns > 4 * usualBins && startsWithScore && tensor.data.some((value, i) => i % columns >= 4 && beyond(value))
}

/** RT-DETR as Ultralytics exports it: a box and a score per class for each query. */
function queries(output: Named, classCount: number): FoundOutput {
  const unit = boxUnit(output, classCount + 4)
  const spec = { layout: 'decoded', name: output.name, objectness: false, nmsIou: null, ...unit }
  return { layout: 'decoded', style: 'detr', output: spec, classCount, notes: ['a row for each query'] }
}

/** Raw offsets are a few strides at most; decoded centres reach across the picture. */
function yolox({ name, tensor }: Named, strides: readonly number[], classCount: number): FoundOutput {
  const columns = classCount + 5
  let largest = 0
  for (let at = 0; at < tensor.data.length; at += columns) largest = Math.max(largest, tensor.data[at] as number)
  if (largest <= strides.length * 16)
    return {
      layout: 'yolox-grid',
      output: { layout: 'yolox-grid', name, strides },
      classCount,
      notes: ['its grid is not decoded'],
    }
  const output = { layout: 'decoded', name, boxFormat: 'cxcywh', objectness: true }
  return { layout: 'decoded', output, classCount, notes: ['its grid is decoded already'] }
}

function endToEnd(output: Named, known: number | undefined): FoundOutput {
  const { data } = output.tensor
  let largest = 0
  let highestClass = 0
  for (let at = 0; at < data.length; at += 6) {
    largest = Math.max(largest, data[at + 2] as number, data[at + 3] as number)
    highestClass = Math.max(highestClass, data[at + 5] as number)
  }
  const boxUnit = largest > 0 && largest <= 2 ? 'normalised' : 'input'
  const classCount = known ?? (highestClass >= 80 ? 91 : 80)
  const spec = { layout: 'end-to-end', name: output.name, boxUnit }
  return {
    layout: 'end-to-end',
    output: spec,
    classCount,
    notes: [`boxes in ${boxUnit === 'input' ? 'input pixels' : 'shares'}`],
  }
}

/** Exports without scaling give shares of the picture: no centre is beyond 1 then. */
function boxUnit({ tensor, dims }: Named, columns: number): Record<string, unknown> {
  const [first] = dims
  const step = first === columns ? 1 : columns
  const count = tensor.data.length / columns
  let largest = 0
  for (let i = 0; i < count; i++) largest = Math.max(largest, tensor.data[i * step] as number)
  return largest > 0 && largest <= 1.5 ? { boxUnit: 'normalised' } : {}
}

function detr(named: readonly Named[], input: GuessedInput, known: number | undefined): Found {
  const ofTensorFlow = named.find(({ name }) => /^detection_boxes\b/.test(name))
  const fours = named.filter(({ dims, name }) => dims.length === 2 && dims[1] === 4 && !/mask/i.test(name))
  // Three classes and “nothing” are four columns too.
  const boxes = ofTensorFlow ?? fours.find(({ name }) => /box/i.test(name)) ?? fours[0]
  if (!boxes) return undefined
  const rows = boxes.dims[0] as number
  const others = named.filter((output) => output !== boxes)
  const lists = others.filter(({ dims }) => dims.at(-1) === rows && dims.slice(0, -1).every((dim) => dim === 1))
  const labels = lists.find(({ name }) => /label|class/i.test(name))
  const scores = lists.find(({ name }) => /score|conf/i.test(name))
  if (labels && scores && ofTensorFlow) return tensorFlow(boxes.name, scores.name, labels.name, known)
  const format = boxRange(boxes)
  if (labels && scores) {
    const classCount = known ?? (Math.max(...labels.tensor.data) >= 80 ? 91 : 80)
    const spec = {
      layout: 'detr',
      boxes: boxes.name,
      scores: scores.name,
      labels: labels.name,
      boxFormat: 'xyxy',
      boxUnit: input.sizes !== undefined || format > 2 ? 'input' : 'normalised',
      ...(input.sizes !== undefined && { sizes: input.sizes }),
    }
    return { layout: 'detr', output: spec, classCount, notes: ['a label and a score for each box'] }
  }
  const table = others.find(({ dims }) => dims.length === 2 && dims[0] === rows)
  if (!table || input.sizes !== undefined) return undefined
  const columns = table.dims[1] as number
  const logits = table.tensor.data.some((value) => value < 0 || value > 1)
  // DETR's own column for “nothing” comes after its 91, or after the names given; RF-DETR's spare one is no such thing.
  const softmax = logits && columns === (known ?? 91) + 1 && !/label/i.test(table.name)
  const spec = {
    layout: 'detr',
    boxes: boxes.name,
    scores: table.name,
    boxFormat: areCorners(boxes) ? 'xyxy' : 'cxcywh',
    boxUnit: format > 2 ? 'input' : 'normalised',
    // Queries see to it that each thing is told once; a row per cell does not.
    ...((rows > 1000 || isRowPerCell(rows, input)) && { nmsIou: 0.45 }),
    activation: softmax ? 'softmax' : logits ? 'sigmoid' : 'none',
  }
  return {
    layout: 'detr',
    output: spec,
    classCount: softmax ? columns - 1 : columns,
    notes: ['a score per class for each box', ...(softmax ? ['the last for “nothing”'] : [])],
  }
}

/** Every box ends right of and below where it begins: widths and heights are not always beyond their centres. */
function areCorners({ tensor: { data } }: Named): boolean {
  for (let at = 0; at < data.length; at += 4)
    if (!((data[at + 2] as number) > (data[at] as number) && (data[at + 3] as number) > (data[at + 1] as number)))
      return false
  return data.length > 0
}

/** Of TensorFlow's Object Detection API: top before left, in shares of the picture; classes are counted from 1. */
function tensorFlow(boxes: string, scores: string, labels: string, known: number | undefined): FoundOutput {
  const spec = { layout: 'detr', boxes, scores, labels, boxFormat: 'yxyx', boxUnit: 'normalised' }
  return {
    layout: 'detr',
    // COCO's own numbers begin at 1 too: their names have a place 0.
    output: { ...spec, labelOffset: known === undefined ? 0 : 1 },
    classCount: known ?? 91,
    notes: ['a label and a score for each box, as TensorFlow orders them'],
  }
}

function boxRange({ tensor }: Named): number {
  return tensor.data.reduce((largest, value) => Math.max(largest, value), 0)
}

/** NanoDet's first form: scores and distances of each stride as outputs of their own, in any order and by any name. */
function perStride(named: readonly Named[], input: GuessedInput): Found {
  const strides = [8, 16, 32, 64].filter((stride) => named.some(({ dims }) => dims[0] === cellsOf(input, [stride])))
  if (strides.length === 0 || named.length !== 2 * strides.length) return undefined
  const levels: { scores: string; boxes: string }[] = []
  let classCount = 0
  for (const stride of strides) {
    const pair = named.filter(({ dims }) => dims.length === 2 && dims[0] === cellsOf(input, [stride]))
    const boxes = pair.find(({ dims }) => dims[1] === 4 * usualBins)
    const scores = pair.find((output) => output !== boxes)
    if (!boxes || !scores || pair.length !== 2) return undefined
    classCount = scores.dims[1] as number
    levels.push({ scores: scores.name, boxes: boxes.name })
  }
  const activated = named.every(({ name, tensor }) =>
    levels.every(({ scores }) => scores !== name || tensor.data.every((value) => value >= 0 && value <= 1)),
  )
  const output = { layout: 'gfl', levels, strides, cellOffset: 0.5, activated }
  return {
    layout: 'gfl',
    output,
    classCount,
    notes: [`${strides.length} strides, an output each for scores and distances`],
  }
}
