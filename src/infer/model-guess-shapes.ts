/** What the guesses at a detector's outputs have in common: shapes, and the grids that they may come from. */
import type { DetectionLayout } from './detector-manifest.ts'
import type { TensorOut } from './engine-backend.ts'
import type { GuessedInput } from './model-guess.ts'
import type { OnnxTensorInfo } from './model-onnx.ts'

/** Layouts stand for the families that made them; SSD and RTMDet share DETR's layout, not its pictures. */
export type PictureStyle = DetectionLayout | 'ssd' | 'rtmdet'

export interface FoundOutput {
  readonly layout: DetectionLayout
  /** The family whose pictures it takes, where that is not the layout's own. */
  readonly style?: PictureStyle
  /** The `output` of a manifest, not yet checked. */
  readonly output: Record<string, unknown>
  readonly classCount: number
  readonly notes: readonly string[]
}

export interface Named {
  readonly name: string
  readonly tensor: TensorOut
  /** Without the batch. */
  readonly dims: readonly number[]
  /** Whole numbers only, as labels are: by its declared type, else by what it holds. */
  readonly isWhole: boolean
}

export function asNamed([name, tensor]: [string, TensorOut], declared: readonly OnnxTensorInfo[]): Named {
  const dims = [...tensor.dims]
  while (dims.length > 2 && dims[0] === 1) dims.shift()
  const type = declared.find((output) => output.name === name)?.type
  const isWhole = type ? /^u?int/.test(type) : tensor.data.length > 0 && tensor.data.every(Number.isInteger)
  return { name, tensor, dims, isWhole }
}

export type Found = FoundOutput | undefined

export function pictureSize({ picture }: GuessedInput): readonly [height: number, width: number] {
  const [, a = 0, b = 0, c = 0] = picture.shape
  return picture.layout === 'NCHW' ? [b, c] : [a, b]
}

export const strideSets: readonly (readonly number[])[] = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [4, 8, 16, 32],
  [16, 32],
  [8, 16],
  [4, 8, 16],
  [8, 16, 32, 64, 128],
  ...[[8], [16], [32], [64]],
]

export function cellsOf(input: GuessedInput, strides: readonly number[]): number {
  const [height, width] = pictureSize(input)
  return strides.reduce((sum, stride) => sum + Math.ceil(height / stride) * Math.ceil(width / stride), 0)
}

/** Of several strides: of one alone, too many numbers would pass. */
export const isRowPerCell = (rows: number, input: GuessedInput) =>
  strideSets.some((set) => set.length > 1 && cellsOf(input, set) === rows)
