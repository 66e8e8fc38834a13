import type { Detection } from '../../src/contract/perception.ts'
import type { CocoTruth } from './annotations.ts'
import type { CocoDetection } from './evaluate.ts'

/** What came of a set of pictures. */
export interface Looked {
  readonly detections: CocoDetection[]
  /** Of each picture that could be read. */
  readonly runsMs: number[]
  readonly unreadable: { readonly image: CocoTruth['images'][number]; readonly why: string }[]
}

/** Detections of one picture in COCO's form; those of classes without a category are left out. */
export function toCoco(
  found: readonly Detection[],
  imageId: number,
  categories: readonly (number | undefined)[],
): CocoDetection[] {
  return found.flatMap(({ classId, score, box }) => {
    const categoryId = categories[classId]
    if (categoryId === undefined) return []
    return [{ imageId, categoryId, score, bbox: [box.x, box.y, box.width, box.height] }]
  })
}
