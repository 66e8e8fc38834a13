/** Which layout a detector's outputs have, judged by their shapes, names and ranges in one run. */
import { err, ok, type Result } from '../platform/result.ts'
import type { TensorsOut } from './engine-backend.ts'
import type { GuessedInput } from './model-guess.ts'
import { detr } from './model-guess-detr.ts'
import {
  asNamed,
  cellsOf,
  type Found,
  type FoundOutput,
  isRowPerCell,
  type Named,
  strideSets,
} from './model-guess-shapes.ts'
import type { ModelError } from './model-manifest.ts'
import type { OnnxTensorInfo } from './model-onnx.ts'

export function guessOutput(
  outputs: TensorsOut,
  input: GuessedInput,
  classes: readonly string[] | undefined,
  declared: readonly OnnxTensorInfo[],
): Result<FoundOutput, ModelError> {
  const named = Object.entries(outputs).map((output) => asNamed(output, declared))
  const [only] = named
  const known = classes?.length
  const found: Found =
    named.length === 1 && only
      ? single(only, input, known)
      : (detr(named, input, classes) ?? perStride(named, input, known) ?? besideRawHeads(named, input, known))
  if (found) return ok(found)
  const seen = named.map(({ name, tensor }) => `${name} [${tensor.dims.join(',')}]`).join(', ')
  return err({
    code: 'badOutput',
    message: `no known layout has outputs ${seen.slice(0, 400)}; export it otherwise, or write a model.json where one of its layouts fits`,
  })
}

/** Of NanoDet, PicoDet and most GFL models, and of GFL itself: distances of up to 7 or 16 strides. */
const usualBins = [8, 17]
const usualDistances = usualBins.map((bins) => 4 * bins)
/** Of YOLOv8 and its heirs, cut off before their boxes are put together. */
const yolov8Bins = 16

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
  const stridesOf = (rows: number, anchors: number) =>
    strideSets.find((set) => anchors * cellsOf(input, set) === rows && (anchors === 1 || set.length > 1))
  const isGrid = first === cellsOf(input, [8, 16, 32])
  // Of one or two classes, six columns may as well be those of another layout.
  if (last === 6 && hasWholeClasses(output) && ((told ?? 1) > 2 || (first <= 1000 && !isGrid)))
    return endToEnd(output, told)
  if (last === 7 && first <= 1000 && !isRowPerCell(first, input) && !stridesOf(first, 3)) {
    const order = sevens.find((one) => fitsOrder(output, one))
    if (order) return endToEnd(output, told, order)
  }
  if (last === (told ?? 80) + 4 && first <= 1000 && !isRowPerCell(first, input)) return queries(output, last - 4)
  const isRows = (side: number) =>
    stridesOf(side, 1) !== undefined || (side === first && stridesOf(side, 3) !== undefined)
  const transposed = liesSideways(first, last, told, isRows)
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
  const known = [4, 5].some((more) => columns === (told ?? 0) + more) ? told : undefined
  const bins = known === undefined ? binsOf(output, columns, transposed, told) : undefined
  if (bins !== undefined) {
    const classCount = columns - 4 * bins
    const activated = sharesIn(output, columns, transposed) >= classCount
    return {
      layout: 'gfl',
      output: { layout: 'gfl', name, strides, regMax: bins - 1, cellOffset: 0, activated },
      classCount,
      notes: [`NanoDet-Plus cells, distances up to ${bins - 1} strides`],
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

/**
 * Whether the columns come first. Names tell it; else the longer side that has a row for each cell of some strides' grids:
 * a few classes are easily as many as one coarse stride has cells.
 */
function liesSideways(
  first: number,
  last: number,
  told: number | undefined,
  isRows: (side: number) => boolean,
): boolean {
  const isColumns = (side: number, ...more: readonly number[]) => more.some((one) => side - one === told)
  const sideways = isColumns(first, 4, ...usualDistances)
  if (sideways !== isColumns(last, 4, 5, ...usualDistances)) return sideways
  const rows = [Math.max(first, last), Math.min(first, last)].find(isRows)
  return rows !== undefined && rows !== first
}

/** Beyond 0…1 the scores are logits: the export stopped before its last step. */
function activation({ tensor, dims }: Named, columns: number): Record<string, unknown> {
  const rows = tensor.data.length / columns
  const isScore = dims[0] === columns ? (i: number) => i >= 4 * rows : (i: number) => i % columns >= 4
  return tensor.data.some((value, i) => (value < -0.001 || value > 1.001) && isScore(i)) ? { activated: false } : {}
}

/** In how many bins each of four distances comes behind the scores, if any: by their number, or by their values. */
function binsOf(output: Named, columns: number, transposed: boolean, told: number | undefined): number | undefined {
  const [few = 0] = usualBins
  const ofTold = usualBins.find((bins) => columns - 4 * bins === told)
  if (!transposed && (ofTold !== undefined || columns - 4 * few === 80)) return ofTold ?? few
  const shares = sharesIn(output, columns, transposed)
  // Last comes a distance; a score there means that boxes come first. Four may as well be a box in shares of the picture.
  if (shares === columns || !isBeyond(output, columns, transposed, columns - 1)) return undefined
  if (shares === 4 && transposed && told === undefined) return undefined
  const classCounts = [...(told === undefined ? [] : [told]), ...(shares === 4 ? [] : [shares])]
  const bins = [...classCounts.map((count) => (columns - count) / 4), ...usualBins]
  const isFit = (one: number) => one > 2 && one <= 65 && columns > 4 * one && columns - 4 * one <= shares
  return bins.find((one) => Number.isInteger(one) && isFit(one))
}

/** Columns before the first that holds anything beyond 0…1: rows that begin with scores go on with what is on no such scale. */
function sharesIn(output: Named, columns: number, transposed: boolean): number {
  for (let column = 0; column < columns; column++) if (isBeyond(output, columns, transposed, column)) return column
  return columns
}

function isBeyond({ tensor: { data } }: Named, columns: number, transposed: boolean, column: number): boolean {
  const rows = data.length / columns
  const [from, step] = transposed ? [column * rows, 1] : [column, columns]
  for (let row = 0; row < rows; row++) {
    const value = data[from + row * step] as number
    if (value < 0 || value > 1) return true
  }
  return false
}

/** The sixth number of each row is a class; a score is none. */
const hasWholeClasses = ({ tensor: { data } }: Named) =>
  data.every((value, i) => i % 6 !== 5 || Number.isInteger(value))

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
  let certain = true
  for (let at = 0; at < tensor.data.length; at += columns) {
    largest = Math.max(largest, tensor.data[at] as number)
    certain &&= tensor.data[at + 4] === 1
  }
  if (largest <= strides.length * 16)
    return {
      layout: 'yolox-grid',
      output: { layout: 'yolox-grid', name, strides },
      classCount,
      notes: ['its grid is not decoded'],
    }
  const output = { layout: 'decoded', name, boxFormat: 'cxcywh', objectness: true }
  // YOLOv6 has no objectness and exports ones in its place; its pictures are as Ultralytics' are.
  if (certain) return { layout: 'decoded', output, classCount, notes: ['an objectness of 1 throughout, as YOLOv6 has'] }
  return { layout: 'decoded', style: 'yolox-grid', output, classCount, notes: ['its grid is decoded already'] }
}

interface Order {
  readonly boxColumn: number
  readonly scoreColumn: number
  readonly classColumn: number
}

/** Seven columns, the picture's number first: of YOLOv7, of YOLO-NAS, of SSD as Caffe and OpenVINO write it. */
const sevens: readonly Order[] = [
  { boxColumn: 1, scoreColumn: 6, classColumn: 5 },
  { boxColumn: 1, scoreColumn: 5, classColumn: 6 },
  { boxColumn: 3, scoreColumn: 2, classColumn: 1 },
]

function fitsOrder({ tensor: { data } }: Named, { boxColumn, scoreColumn, classColumn }: Order): boolean {
  for (let at = 0; at < data.length; at += 7) {
    const [picture = 0, score = 0, label = 0] = [data[at], data[at + scoreColumn], data[at + classColumn]]
    const isWide = (data[at + boxColumn + 2] as number) >= (data[at + boxColumn] as number)
    if (picture > 0 || score < 0 || score > 1 || !Number.isInteger(label) || !isWide) return false
  }
  return true
}

function endToEnd(output: Named, known: number | undefined, order?: Order): FoundOutput {
  const { data } = output.tensor
  const { boxColumn = 0, classColumn = 5 } = order ?? {}
  let largest = 0
  let highestClass = 0
  for (let at = 0; at < data.length; at += order ? 7 : 6) {
    largest = Math.max(largest, data[at + boxColumn + 2] as number, data[at + boxColumn + 3] as number)
    highestClass = Math.max(highestClass, data[at + classColumn] as number)
  }
  const boxUnit = largest > 0 && largest <= 2 ? 'normalised' : 'input'
  const classCount = known !== undefined && highestClass < known ? known : highestClass >= 80 ? 91 : 80
  const spec = { layout: 'end-to-end', name: output.name, boxUnit, ...order }
  return {
    layout: 'end-to-end',
    output: spec,
    classCount,
    notes: [
      ...(order ? [`box, class and score from columns ${boxColumn}, ${classColumn}, ${order.scoreColumn}`] : []),
      `boxes in ${boxUnit === 'input' ? 'input pixels' : 'shares'}${largest > 0 ? '' : ' (uncertain: it found nothing)'}`,
    ],
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

/** NanoDet’s first form and GFL’s own: scores and distances of each stride as outputs of their own, in any order and by any name. */
function perStride(named: readonly Named[], input: GuessedInput, told: number | undefined): Found {
  const columnsAt = (stride: number) =>
    named.flatMap((output) => {
      const columns = perCell(output, cellsOf(input, [stride]))
      return columns === undefined ? [] : [{ output, columns }]
    })
  const strides = [8, 16, 32, 64, 128].filter((stride) => columnsAt(stride).length > 0)
  if (strides.length === 0 || named.length !== 2 * strides.length) return undefined
  const levels: { scores: string; boxes: string }[] = []
  let classCount = 0
  let bins = 0
  let activated = true
  for (const stride of strides) {
    const pair = columnsAt(stride)
    const isUsual = ({ columns }: { readonly columns: number }) => usualDistances.includes(columns)
    // Anchors' heads have numbers of any kind: unusual distances are believed beside as many scores as expected only.
    const expected = told ?? 80
    const besideScores = pair.some(({ columns }) => columns === expected)
    const boxes =
      pair.find((one) => isUsual(one) && one.columns !== told) ??
      pair.find(({ columns }) => besideScores && columns !== expected && columns % 4 === 0 && columns > 8) ??
      // As many classes as distances.
      pair.find(isUsual)
    const scores = pair.find((one) => one !== boxes)
    if (!boxes || !scores || pair.length !== 2) return undefined
    classCount = scores.columns
    bins = boxes.columns / 4
    activated &&= scores.output.tensor.data.every((value) => value >= 0 && value <= 1)
    levels.push({ scores: scores.output.name, boxes: boxes.output.name })
  }
  // NanoDet’s points lie in the middle of their cells, GFL’s in the corner.
  const cellOffset = bins === usualBins[1] ? 0 : 0.5
  return {
    layout: 'gfl',
    ...(bins === yolov8Bins && { style: 'yolov8' as const }),
    output: { layout: 'gfl', levels, strides, regMax: bins - 1, cellOffset, activated },
    classCount,
    notes: [`${strides.length} strides, an output each for scores and distances of up to ${bins - 1} strides`],
  }
}

/** How many numbers an output has a cell: rows of them, or planes as a convolution leaves them. */
function perCell({ tensor, dims }: Named, cells: number): number | undefined {
  const [, channels, height = 0, width = 0] = tensor.dims
  if (tensor.dims.length === 4) return height * width === cells ? channels : undefined
  return dims.length === 2 && dims[0] === cells ? dims[1] : undefined
}
