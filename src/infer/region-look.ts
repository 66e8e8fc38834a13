/**
 * Where to look closely. A picture larger than the network's input is shrunk to it, and small figures with it. Where all
 * that moves and all that was found lies in one part, that part is looked at with the picture's own pixels.
 */
import type { BoxInImage, Detection } from '../contract/perception.ts'
import type { Picture } from './detector-input.ts'
import type { Motion } from './motion-sense.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Things must look larger by this factor, or a part is not worth not seeing the rest. */
const leastGain = 1.5
/** Room around what must be seen, as a share of its height, and in cells of the motion sense. */
const margin = { share: 0.3, cells: 2 }
const edgePx = 1.5

/**
 * In whole pixels, with every moved cell and every box well inside; undefined where the whole picture does as well.
 * `boxes` is what the last look found and follows: nobody known is ever outside.
 */
export function closeRegion(
  { moved, columns, cellPx }: Motion,
  boxes: readonly BoxInImage[],
  picture: Size,
  input: Size,
): BoxInImage | undefined {
  const shrink = Math.max(picture.width / input.width, picture.height / input.height)
  if (moved.length === 0 || shrink < leastGain) return undefined
  const cells = moved.map((cell) => ({
    x: (cell % columns) * cellPx,
    y: Math.floor(cell / columns) * cellPx,
    width: cellPx,
    height: cellPx,
  }))
  const [left, right, top, bottom] = bounds([...cells, ...boxes])
  const pad = Math.max(margin.cells * cellPx, margin.share * (bottom - top))
  const [fromX, toX] = [Math.max(0, left - pad), Math.min(picture.width, right + pad)]
  const [fromY, toY] = [Math.max(0, top - pad), Math.min(picture.height, bottom + pad)]
  // In the input's proportions, and never enlarged: there is nothing to be seen between pixels.
  const scale = Math.max(1, (toX - fromX + 2) / input.width, (toY - fromY + 2) / input.height)
  if (shrink / scale < leastGain) return undefined
  const [x, width] = span(fromX, toX, input.width * scale, picture.width)
  const [y, height] = span(fromY, toY, input.height * scale, picture.height)
  return { x, y, width, height }
}

function bounds(boxes: readonly BoxInImage[]): [left: number, right: number, top: number, bottom: number] {
  return boxes.reduce<[number, number, number, number]>(
    ([left, right, top, bottom], { x, y, width, height }) => [
      Math.min(left, x),
      Math.max(right, x + width),
      Math.min(top, y),
      Math.max(bottom, y + height),
    ],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** Whole pixels around `from`…`to`, within 0…`limit`. */
function span(from: number, to: number, length: number, limit: number): [start: number, length: number] {
  const whole = Math.min(limit, Math.ceil(length))
  const start = Math.min(Math.floor(from), Math.floor((from + to - whole) / 2))
  return [Math.min(Math.max(0, start), limit - whole), whole]
}

interface Looker {
  detect(picture: Picture, part?: BoxInImage): Promise<Detection[]>
}

/** Where something reaches out of the part, all of the picture is looked at instead: only that tells how far. */
export async function lookAt(
  detector: Looker,
  picture: Picture,
  part: BoxInImage | undefined,
): Promise<{ readonly found: Detection[]; readonly part: BoxInImage | undefined }> {
  const found = await detector.detect(picture, part)
  if (!part || !found.some(({ box }) => isCut(box, part, picture))) return { found, part }
  return { found: await detector.detect(picture), part: undefined }
}

/** At an edge of the part that is none of the picture. */
function isCut(box: BoxInImage, part: BoxInImage, picture: Size): boolean {
  const [right, bottom] = [part.x + part.width, part.y + part.height]
  return (
    (part.x > 0 && box.x <= part.x + edgePx) ||
    (part.y > 0 && box.y <= part.y + edgePx) ||
    (right < picture.width && box.x + box.width >= right - edgePx) ||
    (bottom < picture.height && box.y + box.height >= bottom - edgePx)
  )
}
