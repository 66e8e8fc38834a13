/** A look at what must not be missed, before a picture leaves the tab: the whole, and parts of it in detail. */
import type { BoxInImage, Detection } from '../contract/perception.ts'
import type { Picture } from './detector-input.ts'
import { suppress } from './detector-suppress.ts'
import type { Size } from './region-look.ts'

/** Whoever can be recognised is large enough to be found where a part is shrunk no more than this. */
const mostShrink = 2
/** Of a part, shared with the next: whoever stands at the edge of one lies within the other. */
const overlapShare = 0.25
/** Along each side; a picture of 4096 pixels needs eight by eight for an input of 320 by 192. */
const mostAlong = 12
/** Detections that overlap more are one. */
const sameIou = 0.5
const mostFound = 1000

/** Parts that cover the picture; none where the whole is shrunk no more than a part would be. */
export function closeParts(picture: Size, input: Size): BoxInImage[] {
  if (Math.max(picture.width / input.width, picture.height / input.height) <= mostShrink) return []
  const [columns, width] = spread(picture.width, input.width * mostShrink)
  const [rows, height] = spread(picture.height, input.height * mostShrink)
  return rows.flatMap((y) => columns.map((x) => ({ x, y, width, height })))
}

/** Starts and length, in whole pixels, of equal stretches over `total`. */
function spread(total: number, wanted: number): [starts: number[], length: number] {
  const needed = Math.ceil((total - wanted) / (wanted * (1 - overlapShare))) + 1
  const count = Math.min(mostAlong, Math.max(1, needed))
  const length = Math.min(total, Math.ceil(Math.max(wanted, total / (count * (1 - overlapShare) + overlapShare))))
  const step = count > 1 ? (total - length) / (count - 1) : 0
  return [Array.from({ length: count }, (_, i) => Math.round(i * step)), length]
}

interface Looker {
  readonly inputSize: Size
  detect(picture: Picture, part?: BoxInImage, wary?: boolean): Promise<Detection[]>
}

/** What is found in the whole picture or in a part of it, by lower least scores than usual, and what is `followed` there. */
export async function waryLook(
  detector: Looker,
  picture: Picture,
  followed: readonly Detection[],
): Promise<readonly Detection[]> {
  const found = [...followed]
  for (const part of [undefined, ...closeParts(picture, detector.inputSize)])
    found.push(...(await detector.detect(picture, part, true)))
  const candidates = found.map((one) => {
    const { x, y, width, height } = one.box
    return { ...one, left: x, top: y, right: x + width, bottom: y + height }
  })
  candidates.sort((a, b) => b.score - a.score)
  return suppress(candidates, sameIou, ({ className }) => className, mostFound).map(
    ({ classId, className, score, box }) => ({ classId, className, score, box }),
  )
}
