import type { BoxInImage, Detection } from '../contract/perception.ts'
import type { Fit } from './detector-input.ts'
import type { TensorOut } from './engine-backend.ts'
import type { DetectionManifest, DetectionOutput } from './model-manifest.ts'

/** One candidate in input pixels. */
interface Candidate {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly score: number
  readonly classId: number
}

/** No frame shows more; keeps suppression bounded whatever a model emits. */
const candidateLimit = 1000
const detectionLimit = 200

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Raw output of the network → detections in pixels of the full picture, best first. */
export function decodeDetections(
  output: TensorOut,
  manifest: DetectionManifest,
  fit: Fit,
  picture: { readonly width: number; readonly height: number },
): Detection[] {
  const spec = manifest.output
  const kept = suppress(candidates(output, manifest), spec.nmsIou).slice(0, detectionLimit)
  const detections: Detection[] = []
  for (const candidate of kept) {
    const box = boxInPicture(candidate, fit, picture)
    if (!box) continue
    const className = manifest.classes[candidate.classId] ?? `class-${candidate.classId}`
    detections.push({ classId: candidate.classId, className, score: candidate.score, box })
  }
  return detections
}

function candidates(output: TensorOut, manifest: DetectionManifest): Candidate[] {
  const spec = manifest.output
  const rowLength = manifest.classes.length + (spec.objectness ? 5 : 4)
  const rows = output.data.length / rowLength
  if (!Number.isInteger(rows))
    throw new RangeError(`output ${spec.name} has ${output.data.length} values, not rows of ${rowLength}`)
  const stepRow = spec.transposed ? 1 : rowLength
  const stepColumn = spec.transposed ? rows : 1
  const floors = manifest.classes.map((name) => spec.classFloors[name] ?? spec.scoreFloor)
  const lowestFloor = Math.min(...floors)
  const cells = spec.layout === 'yolox-grid' ? gridCells(manifest, rows) : undefined
  const found: Candidate[] = []
  for (let row = 0; row < rows; row++) {
    const at = (column: number): number => output.data[row * stepRow + column * stepColumn] as number
    const best = bestClass(at, spec, manifest.classes.length, lowestFloor)
    if (!best || best.score < (floors[best.classId] ?? spec.scoreFloor)) continue
    const edges = cells ? gridBox(at, cells, row) : plainBox(at, spec)
    if (edges.every(Number.isFinite)) {
      const [left, top, right, bottom] = edges
      found.push({ left, top, right, bottom, ...best })
    }
  }
  return found.sort((a, b) => b.score - a.score).slice(0, candidateLimit)
}

function bestClass(
  at: (column: number) => number,
  spec: DetectionOutput,
  classCount: number,
  floor: number,
): { classId: number; score: number } | undefined {
  const probability = spec.activated ? (x: number) => x : sigmoid
  const objectness = spec.objectness ? probability(at(4)) : 1
  if (!(objectness >= floor)) return undefined
  const first = spec.objectness ? 5 : 4
  let classId = 0
  for (let i = 1; i < classCount; i++) if (at(first + i) > at(first + classId)) classId = i
  return { classId, score: objectness * probability(at(first + classId)) }
}

interface Cells {
  readonly column: Float32Array
  readonly row: Float32Array
  readonly stride: Float32Array
}

/** YOLOX's grid (Ge et al. 2021): all cells of the first stride row-major, then the next stride's. */
function gridCells(manifest: DetectionManifest, rows: number): Cells {
  const [, , height, width] = manifest.input.shape
  const cells = { column: new Float32Array(rows), row: new Float32Array(rows), stride: new Float32Array(rows) }
  let i = 0
  for (const stride of manifest.output.strides) {
    for (let y = 0; y < Math.floor(height / stride); y++) {
      for (let x = 0; x < Math.floor(width / stride); x++, i++) {
        cells.column[i] = x
        cells.row[i] = y
        cells.stride[i] = stride
      }
    }
  }
  if (i !== rows) throw new RangeError(`output has ${rows} rows, the grid of strides ${manifest.output.strides} ${i}`)
  return cells
}

type Edges = readonly [left: number, top: number, right: number, bottom: number]

function gridBox(at: (column: number) => number, cells: Cells, row: number): Edges {
  const stride = cells.stride[row] as number
  const centreX = (at(0) + (cells.column[row] as number)) * stride
  const centreY = (at(1) + (cells.row[row] as number)) * stride
  const halfWidth = (Math.exp(at(2)) * stride) / 2
  const halfHeight = (Math.exp(at(3)) * stride) / 2
  return [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight]
}

function plainBox(at: (column: number) => number, spec: DetectionOutput): Edges {
  const [a, b, c, d] = [at(0), at(1), at(2), at(3)]
  return spec.boxFormat === 'xyxy' ? [a, b, c, d] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2]
}

/** Greedy non-maximum suppression per class; `sorted` is best first. */
function suppress<T extends Pick<Candidate, 'left' | 'top' | 'right' | 'bottom' | 'classId'>>(
  sorted: readonly T[],
  iouLimit: number,
): T[] {
  const kept: T[] = []
  for (const candidate of sorted) {
    const hidden = kept.some((other) => other.classId === candidate.classId && overlap(other, candidate) > iouLimit)
    if (!hidden) kept.push(candidate)
  }
  return kept
}

type EdgesBox = Pick<Candidate, 'left' | 'top' | 'right' | 'bottom'>

function overlap(a: EdgesBox, b: EdgesBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / ((a.right - a.left) * (a.bottom - a.top) + (b.right - b.left) * (b.bottom - b.top) - shared)
}

/** Undoes the letterbox and cuts at the picture's edges; undefined when nothing is left. */
function boxInPicture(
  box: EdgesBox,
  fit: Fit,
  picture: { readonly width: number; readonly height: number },
): BoxInImage | undefined {
  const left = Math.max(0, (box.left - fit.offsetX) / fit.scaleX)
  const top = Math.max(0, (box.top - fit.offsetY) / fit.scaleY)
  const right = Math.min(picture.width, (box.right - fit.offsetX) / fit.scaleX)
  const bottom = Math.min(picture.height, (box.bottom - fit.offsetY) / fit.scaleY)
  if (right - left < 1 || bottom - top < 1) return undefined
  return { x: left, y: top, width: right - left, height: bottom - top }
}
