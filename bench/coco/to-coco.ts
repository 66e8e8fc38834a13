import type { Detection } from '../../src/contract/perception.ts'
import type { CocoDetection } from './evaluate.ts'

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
