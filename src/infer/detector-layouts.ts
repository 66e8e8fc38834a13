/** One reader per output layout: raw tensors → candidates in input pixels. Layouts are told in `detector-manifest.ts`. */
import { ok, type Result } from '../platform/result.ts'
import { type DetectionManifest, imageSize, type OutputOf } from './detector-manifest.ts'
import {
  badOutput,
  type Candidate,
  type ClassRules,
  type Edges,
  edgesAt,
  keep,
  keepEach,
  listOf,
  type Matrix,
  matrixOf,
  outputNamed,
  type ScoredClass,
  scoredClasses,
  shapeText,
  sigmoid,
} from './detector-matrix.ts'
import type { TensorsOut } from './engine-backend.ts'
import type { ModelError } from './model-manifest.ts'

type Candidates = Result<Candidate[], ModelError>

/** Every box that reaches its class's floor, in no order. */
export function readCandidates(outputs: TensorsOut, manifest: DetectionManifest, rules: ClassRules): Candidates {
  const spec = manifest.output
  switch (spec.layout) {
    case 'decoded':
      return readDecoded(outputs, manifest, spec, rules)
    case 'yolov5':
      return readDecoded(outputs, manifest, { ...spec, objectness: true, boxFormat: 'cxcywh' }, rules)
    case 'yolov8':
      return readDecoded(outputs, manifest, { ...spec, objectness: false, boxFormat: 'cxcywh' }, rules)
    case 'yolox-grid':
      return readYoloxGrid(outputs, manifest, spec, rules)
    case 'end-to-end':
      return readEndToEnd(outputs, manifest, spec, rules)
    case 'gfl':
      return readGfl(outputs, manifest, spec, rules)
    case 'detr':
      return readDetr(outputs, manifest, spec, rules)
  }
}

type DecodedSpec = Omit<OutputOf<'decoded'>, 'layout' | 'transposed'> & {
  readonly layout: string
  readonly transposed?: boolean
}

function readDecoded(
  outputs: TensorsOut,
  manifest: DetectionManifest,
  spec: DecodedSpec,
  rules: ClassRules,
): Candidates {
  const columns = rules.count + (spec.objectness ? 5 : 4)
  const orientation = spec.transposed === undefined ? 'either' : spec.transposed ? 'columns' : 'rows'
  const shapes = {
    either: `[1,${columns},N] or [1,N,${columns}]`,
    rows: `[1,N,${columns}]`,
    columns: `[1,${columns},N]`,
  }
  const expected = `${shapes[orientation]} (${spec.layout}, ${rules.count} classes)`
  const matrix = matrixOf(outputs, spec.name, columns, orientation, expected)
  if (!matrix.ok) return matrix
  const [scaleX, scaleY] = unitScale(manifest, spec.boxUnit)
  return ok(readRows(matrix.value, spec, rules, (row) => edgesAt(matrix.value, row, spec.boxFormat, scaleX, scaleY)))
}

function unitScale(manifest: DetectionManifest, unit: 'input' | 'normalised'): readonly [x: number, y: number] {
  const { width, height } = imageSize(manifest.input)
  return unit === 'normalised' ? [width, height] : [1, 1]
}

/** Rows of four box numbers, an objectness where there is one, and a score per class. */
function readRows(
  matrix: Matrix,
  spec: { readonly objectness: boolean; readonly activated: boolean },
  rules: ClassRules,
  edgesOf: (row: number) => Edges,
): Candidate[] {
  const { data, rows, rowStep, columnStep } = matrix
  const probability = spec.activated ? (x: number) => x : sigmoid
  const first = spec.objectness ? 5 : 4
  const found: Candidate[] = []
  for (let row = 0; row < rows; row++) {
    const objectness = spec.objectness ? probability(data[row * rowStep + 4 * columnStep] as number) : 1
    if (!(objectness >= rules.lowestFloor)) continue
    const classes = scoredClasses(matrix, row, first, rules, (raw) => objectness * probability(raw))
    if (classes.length > 0) keepEach(found, edgesOf(row), classes)
  }
  return found
}

/** Cells of all strides' grids, each grid row by row, as [column, row, stride]; the last cell of a stride may be cut. */
function* cells(
  manifest: DetectionManifest,
  strides: readonly number[],
): Generator<readonly [column: number, row: number, stride: number]> {
  const { width, height } = imageSize(manifest.input)
  for (const stride of strides)
    for (let row = 0; row < Math.ceil(height / stride); row++)
      for (let column = 0; column < Math.ceil(width / stride); column++) yield [column, row, stride]
}

function cellCount(manifest: DetectionManifest, strides: readonly number[]): number {
  const { width, height } = imageSize(manifest.input)
  return strides.reduce((sum, stride) => sum + Math.ceil(height / stride) * Math.ceil(width / stride), 0)
}

/** Ge et al. 2021, “YOLOX”: offsets from the cell's corner and logarithms of the size, all in strides. */
function readYoloxGrid(
  outputs: TensorsOut,
  manifest: DetectionManifest,
  spec: OutputOf<'yolox-grid'>,
  rules: ClassRules,
): Candidates {
  const columns = rules.count + (spec.objectness ? 5 : 4)
  const rows = cellCount(manifest, spec.strides)
  const expected = `[1,${rows},${columns}] (yolox-grid of strides ${spec.strides.join(', ')}, ${rules.count} classes)`
  const matrix = matrixOf(outputs, spec.name, columns, 'rows', expected)
  if (!matrix.ok) return matrix
  if (matrix.value.rows !== rows)
    return badOutput(`output “${spec.name}” has ${matrix.value.rows} rows; ${expected} was expected`)
  const grid = [...cells(manifest, spec.strides)]
  const { data, rowStep } = matrix.value
  return ok(
    readRows(matrix.value, spec, rules, (row) => {
      const [column, line, stride] = grid[row] as readonly [number, number, number]
      const at = row * rowStep
      const x = ((data[at] as number) + column) * stride
      const y = ((data[at + 1] as number) + line) * stride
      const halfWidth = (Math.exp(data[at + 2] as number) * stride) / 2
      const halfHeight = (Math.exp(data[at + 3] as number) * stride) / 2
      return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]
    }),
  )
}

/** Padding rows have a score of 0 or a class that does not exist. */
function readEndToEnd(
  outputs: TensorsOut,
  manifest: DetectionManifest,
  spec: OutputOf<'end-to-end'>,
  rules: ClassRules,
): Candidates {
  const { name, boxColumn, scoreColumn, classColumn } = spec
  const columns = Math.max(boxColumn + 4, scoreColumn + 1, classColumn + 1)
  const expected = `[1,N,${columns}] (end-to-end, box, score and class from columns ${boxColumn}, ${scoreColumn}, ${classColumn})`
  const matrix = matrixOf(outputs, name, columns, 'rows', expected, true)
  if (!matrix.ok) return matrix
  const { data, rows, rowStep } = matrix.value
  // Rows of a whole batch begin with the picture's number.
  if (outputs[name]?.dims.length === 2 && rowStep === 7 && columns === 6)
    return badOutput(`output “${name}” is [N,7]; ${expected} was expected: say boxColumn, scoreColumn and classColumn`)
  const boxes = { ...matrix.value, data: data.subarray(boxColumn) }
  const [scaleX, scaleY] = unitScale(manifest, spec.boxUnit)
  const found: Candidate[] = []
  for (let row = 0; row < rows; row++) {
    const score = data[row * rowStep + scoreColumn] as number
    const classId = Math.round(data[row * rowStep + classColumn] as number)
    if (score > 1.01) return badOutput(`output “${name}” has ${score} in column ${scoreColumn}, which is no score`)
    if (score >= (rules.floors[classId] ?? Number.POSITIVE_INFINITY))
      keep(found, edgesAt(boxes, row, spec.boxFormat, scaleX, scaleY), classId, score)
  }
  return ok(found)
}

/** Li et al. 2020, “Generalized Focal Loss”: each side's distance is the mean of a learnt distribution. */
function readGfl(
  outputs: TensorsOut,
  manifest: DetectionManifest,
  spec: OutputOf<'gfl'>,
  rules: ClassRules,
): Candidates {
  const bins = spec.regMax + 1
  const score = spec.activated ? (x: number) => x : sigmoid
  const found: Candidate[] = []
  const read = (classes: Matrix, boxes: Matrix, firstBin: number, strides: readonly number[]): void => {
    let row = -1
    for (const [column, line, stride] of cells(manifest, strides)) {
      row++
      const scored = scoredClasses(classes, row, 0, rules, score)
      if (scored.length === 0) continue
      const x = (column + spec.cellOffset) * stride
      const y = (line + spec.cellOffset) * stride
      const reach = (side: number) => meanBin(boxes, row, firstBin + side * bins, bins) * stride
      keepEach(found, [x - reach(0), y - reach(1), x + reach(2), y + reach(3)], scored)
    }
  }
  const parts = spec.levels
    ? spec.levels.map((level, i) => ({ level, strides: [spec.strides[i] as number] }))
    : [{ level: undefined, strides: spec.strides }]
  for (const { level, strides } of parts) {
    const rows = cellCount(manifest, strides)
    const width = level ? rules.count : rules.count + 4 * bins
    const about = `(gfl, strides ${strides.join(', ')}, ${rules.count} classes, regMax ${spec.regMax})`
    const expected = `[1,${rows},${width}] ${about}`
    const classes = cellsIn(outputs, level?.scores ?? spec.name ?? '', width, expected)
    if (!classes.ok) return classes
    const boxes = level ? cellsIn(outputs, level.boxes, 4 * bins, `[1,${rows},${4 * bins}] ${about}`) : classes
    if (!boxes.ok) return boxes
    if (classes.value.rows !== rows || boxes.value.rows !== rows)
      return badOutput(`the outputs have ${classes.value.rows} and ${boxes.value.rows} rows; ${expected} was expected`)
    read(classes.value, boxes.value, level ? 0 : rules.count, strides)
  }
  return ok(found)
}

/** A row per cell: `[1, N, columns]`, `[1, columns, N]` or, as a convolution leaves it, `[1, columns, height, width]`. */
function cellsIn(outputs: TensorsOut, name: string, columns: number, expected: string): Result<Matrix, ModelError> {
  const output = outputs[name]
  if (output?.dims.length !== 4) return matrixOf(outputs, name, columns, 'either', expected)
  const [batch = 0, channels = 0, height = 0, width = 0] = output.dims
  const flat = { [name]: { data: output.data, dims: [batch, channels, height * width] } }
  return matrixOf(flat, name, columns, 'columns', expected)
}

/** Mean of the softmax over `bins` columns from `first`, in bins. */
function meanBin({ data, rowStep, columnStep }: Matrix, row: number, first: number, bins: number): number {
  const start = row * rowStep + first * columnStep
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < bins; i++) largest = Math.max(largest, data[start + i * columnStep] as number)
  let sum = 0
  let weighted = 0
  for (let i = 0; i < bins; i++) {
    const weight = Math.exp((data[start + i * columnStep] as number) - largest)
    sum += weight
    weighted += weight * i
  }
  return weighted / sum
}

function readDetr(
  outputs: TensorsOut,
  manifest: DetectionManifest,
  spec: OutputOf<'detr'>,
  rules: ClassRules,
): Candidates {
  const width = spec.scores === undefined ? 5 : 4
  const boxes = matrixOf(outputs, spec.boxes, width, 'rows', `[1,N,${width}] (detr)`)
  if (!boxes.ok) return boxes
  const [scaleX, scaleY] = unitScale(manifest, spec.boxUnit)
  const judged =
    spec.labels === undefined
      ? columnsOf(outputs, spec, rules)
      : labelled(outputs, spec, spec.labels, rules, boxes.value)
  if (!judged.ok) return judged
  const { rows, classesOf } = judged.value
  if (rows !== boxes.value.rows)
    return badOutput(
      `outputs “${spec.boxes}” and “${spec.labels ?? spec.scores}” have ${boxes.value.rows} and ${rows} rows`,
    )
  const found: Candidate[] = []
  for (let row = 0; row < rows; row++) {
    const classes = classesOf(row)
    if (classes.length > 0) keepEach(found, edgesAt(boxes.value, row, spec.boxFormat, scaleX, scaleY), classes)
  }
  return ok(found)
}

type Judged = Result<{ readonly rows: number; readonly classesOf: (row: number) => readonly ScoredClass[] }, ModelError>

function labelled(
  outputs: TensorsOut,
  spec: OutputOf<'detr'>,
  labelName: string,
  rules: ClassRules,
  boxes: Matrix,
): Judged {
  const labels = outputNamed(outputs, labelName)
  if (!labels.ok) return labels
  const { data, dims } = labels.value
  const { scores: name } = spec
  const scores =
    name === undefined
      ? ok(Float32Array.from(data, (_, row) => boxes.data[row * boxes.rowStep + 4] ?? 0))
      : listOf(outputs, name, data.length, `as many scores as labels ${shapeText(dims)}`)
  if (!scores.ok) return scores
  const activate = spec.activation === 'sigmoid' ? sigmoid : (x: number) => x
  const classesOf = (row: number) => {
    const classId = Math.round(data[row] as number) - spec.labelOffset
    const score = activate(scores.value[row] as number)
    return score >= (rules.floors[classId] ?? Number.POSITIVE_INFINITY) ? [{ classId, score }] : []
  }
  return ok({ rows: data.length, classesOf })
}

function columnsOf(outputs: TensorsOut, spec: OutputOf<'detr'>, rules: ClassRules): Judged {
  const nothing = spec.nothing ?? (spec.activation === 'softmax' ? 'last' : 'none')
  const columns = rules.count + (nothing === 'none' ? 0 : 1)
  const expected = `[1,N,${columns}] (detr, ${rules.count} classes${nothing === 'none' ? '' : ` and “nothing” ${nothing}`})`
  const matrix = matrixOf(outputs, spec.scores ?? '', columns, 'rows', expected)
  if (!matrix.ok) return matrix
  const { data, rowStep, rows } = matrix.value
  const activationOf = (row: number): ((raw: number) => number) => {
    if (spec.activation === 'none') return (raw) => raw
    if (spec.activation === 'sigmoid') return sigmoid
    let sum = 0
    for (let i = 0; i < columns; i++) sum += Math.exp(data[row * rowStep + i] as number)
    return (raw) => Math.exp(raw) / sum
  }
  const first = nothing === 'first' ? 1 : 0
  return ok({ rows, classesOf: (row) => scoredClasses(matrix.value, row, first, rules, activationOf(row)) })
}
