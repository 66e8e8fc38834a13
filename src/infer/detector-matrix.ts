/** Output tensors seen as rows of numbers, whichever way round they lie. */
import { err, ok, type Result } from '../platform/result.ts'
import type { TensorOut, TensorsOut } from './engine-backend.ts'
import type { ModelError } from './model-manifest.ts'

export interface Matrix {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
  readonly rowStep: number
  readonly columnStep: number
}

/** One box before suppression, in pixels of the network's input. */
export interface Candidate {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly score: number
  readonly classId: number
}

export type Edges = readonly [left: number, top: number, right: number, bottom: number]

/** What every layout's reader needs to know of the classes. */
export interface ClassRules {
  readonly count: number
  /** Least score by class. */
  readonly floors: Float32Array
  readonly lowestFloor: number
  /** Every class that reaches its floor, not only the best. */
  readonly multiLabel: boolean
}

export interface ScoredClass {
  readonly classId: number
  readonly score: number
}

export const badOutput = (message: string): Result<never, ModelError> => err({ code: 'badOutput', message })

export function outputNamed(outputs: TensorsOut, name: string): Result<TensorOut, ModelError> {
  const output = outputs[name]
  if (output) return ok(output)
  return badOutput(`there is no output “${name}”; the model has ${Object.keys(outputs).join(', ').slice(0, 200)}`)
}

export const shapeText = (dims: readonly number[]): string => `[${dims.join(',')}]`

/** Leading dimensions of 1 (the batch) taken off; undefined where the data does not fill what is left. */
function bare(output: TensorOut): readonly number[] | undefined {
  const dims = [...output.dims]
  while (dims.length > 2 && dims[0] === 1) dims.shift()
  const length = dims.reduce((product, dim) => product * dim, 1)
  return length === output.data.length ? dims : undefined
}

export type Orientation = 'rows' | 'columns' | 'either'

/**
 * The output `name` as rows of `columns` numbers. `either`: whichever side is `columns` long; where both are, or where
 * `moreColumns` allows rows to carry something extra, it is rows.
 */
export function matrixOf(
  outputs: TensorsOut,
  name: string,
  columns: number,
  orientation: Orientation,
  expected: string,
  moreColumns = false,
): Result<Matrix, ModelError> {
  const output = outputNamed(outputs, name)
  if (!output.ok) return output
  const { data, dims } = output.value
  const [rows, length] = bare(output.value)?.length === 2 ? (bare(output.value) as [number, number]) : [-1, -1]
  const fits = (found: number) => found === columns || (moreColumns && found > columns)
  if (rows >= 0 && orientation !== 'columns' && fits(length))
    return ok({ data, rows, columns: length, rowStep: length, columnStep: 1 })
  if (rows >= 0 && orientation !== 'rows' && rows === columns)
    return ok({ data, rows: length, columns, rowStep: 1, columnStep: length })
  return badOutput(`output “${name}” is ${shapeText(dims)}; ${expected} was expected`)
}

/** The output `name` as a plain list of `length` numbers (any number where undefined), batch taken off. */
export function listOf(
  outputs: TensorsOut,
  name: string,
  length: number,
  expected: string,
): Result<Float32Array, ModelError> {
  const output = outputNamed(outputs, name)
  if (!output.ok) return output
  const { data, dims } = output.value
  if (data.length === length) return ok(data)
  return badOutput(`output “${name}” is ${shapeText(dims)}; ${expected} was expected`)
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const none: readonly ScoredClass[] = []

/** The best class of a row whose scores begin at column `first`, or all where the rules say so; none below its floor. */
export function scoredClasses(
  matrix: Matrix,
  row: number,
  first: number,
  rules: ClassRules,
  score: (raw: number) => number,
): readonly ScoredClass[] {
  if (rules.multiLabel) return everyClass(matrix, row, first, rules, score)
  const best = bestClass(matrix, row, first, rules, score)
  return best ? [best] : none
}

function everyClass(
  { data, rowStep, columnStep }: Matrix,
  row: number,
  first: number,
  { floors }: ClassRules,
  score: (raw: number) => number,
): ScoredClass[] {
  const found: ScoredClass[] = []
  for (const [classId, floor] of floors.entries()) {
    const value = score(data[row * rowStep + (first + classId) * columnStep] as number)
    if (value >= floor) found.push({ classId, score: value })
  }
  return found
}

function bestClass(
  { data, rowStep, columnStep }: Matrix,
  row: number,
  first: number,
  rules: ClassRules,
  score: (raw: number) => number,
): ScoredClass | undefined {
  const start = row * rowStep + first * columnStep
  let classId = -1
  let best = Number.NEGATIVE_INFINITY
  for (let i = 0, at = start; i < rules.count; i++, at += columnStep) {
    const value = data[at] as number
    if (value > best) {
      best = value
      classId = i
    }
  }
  if (classId < 0) return undefined
  const found = score(best)
  return found >= (rules.floors[classId] as number) ? { classId, score: found } : undefined
}

export type BoxFormat = 'cxcywh' | 'xyxy' | 'yxyx'

/** Four numbers of a row → edges, multiplied to input pixels. */
export function edgesAt(
  { data, rowStep, columnStep }: Matrix,
  row: number,
  format: BoxFormat,
  scaleX: number,
  scaleY: number,
): Edges {
  const start = row * rowStep
  const a = data[start] as number
  const b = data[start + columnStep] as number
  const c = data[start + 2 * columnStep] as number
  const d = data[start + 3 * columnStep] as number
  if (format === 'xyxy') return [a * scaleX, b * scaleY, c * scaleX, d * scaleY]
  if (format === 'yxyx') return [b * scaleX, a * scaleY, d * scaleX, c * scaleY]
  return [(a - c / 2) * scaleX, (b - d / 2) * scaleY, (a + c / 2) * scaleX, (b + d / 2) * scaleY]
}

/** Adds a candidate for each class. */
export function keepEach(into: Candidate[], edges: Edges, classes: readonly ScoredClass[]): void {
  for (const { classId, score } of classes) keep(into, edges, classId, score)
}

/** Adds a candidate unless its box is no box: not finite, or absurdly far outside the picture. */
export function keep(into: Candidate[], edges: Edges, classId: number, score: number): void {
  if (!(score <= 1.0001) || !edges.every((edge) => Math.abs(edge) < 1e6)) return
  const [left, top, right, bottom] = edges
  into.push({ left, top, right, bottom, score: Math.min(1, score), classId })
}
