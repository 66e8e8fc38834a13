/** MOTChallenge's rule since MOT16: a track that follows a distractor is neither right nor wrong (Milan et al. 2016). */
import { assign } from '../../src/infer/assignment.ts'
import { iou } from '../detector-scores.ts'
import type { AnnotatedBox, MotFrames } from './sequence.ts'

const matchIou = 0.5

/** Without the boxes whose best partner, among all that is annotated, is a distractor. */
export function withoutDistractors(found: MotFrames, annotated: readonly (readonly AnnotatedBox[])[]): MotFrames {
  return found.map((boxes, frame) => {
    const marked = annotated[frame] ?? []
    if (!marked.some(({ distractor }) => distractor)) return boxes
    const overlap = marked.map(({ box }) => boxes.map((other) => iou(box, other.box)))
    const shared = (row: number, column: number) => {
      const value = overlap[row]?.[column] ?? 0
      return value >= matchIou ? value : 0
    }
    const columns = assign(marked.length, boxes.length, (row, column) => -shared(row, column))
    const taken = new Set(
      [...columns].filter((column, row) => column >= 0 && marked[row]?.distractor && shared(row, column) > 0),
    )
    return boxes.filter((_, column) => !taken.has(column))
  })
}
