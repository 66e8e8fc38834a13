/**
 * Faces and number plates made unrecognisable in a picture that leaves the tab. Regions come from the detector's boxes and
 * are generous: a head is the upper part of a person, a plate the lower part of a vehicle. Each is first averaged over
 * coarse blocks, which destroys what was in them, and then blurred, which hides the blocks' grid (the order matters: a blur
 * alone can be undone).
 */
import type { BoxInImage, Detection } from '../../contract/perception.ts'

export interface RedactOptions {
  readonly wholePersons: boolean
}

/** Pixels `[x0, x1) × [y0, y1)`, within the picture. */
export interface Region {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

const vehicles: ReadonlySet<string> = new Set(['car', 'truck', 'bus', 'van', 'motorcycle', 'motorbike', 'forklift'])
/** On two wheels sits somebody; detectors often give the rider no box of their own. */
const ridden: ReadonlySet<string> = new Set(['bicycle', 'motorcycle', 'motorbike'])
/** What a detector names itself that is to be blurred as a whole. */
const named = /face|head|plate|person|pedestrian|people/i
const blocksAcross = 4
const leastBlockPx = 6

export function redactRegions(
  detections: readonly Detection[],
  picture: { readonly width: number; readonly height: number },
  { wholePersons }: RedactOptions,
): Region[] {
  const parts = detections.flatMap(({ className, box }) => {
    if (className === 'person') return [wholePersons ? grown(box, 0.08) : headOf(box)]
    if (named.test(className)) return [grown(box, 0.08)]
    return [...(vehicles.has(className) ? [plateOf(box)] : []), ...(ridden.has(className) ? [headOf(box)] : [])]
  })
  return parts.map((part) => regionOf(part, picture)).filter(({ x0, x1, y0, y1 }) => x1 > x0 && y1 > y0)
}

/**
 * Upright: the upper third with room around it, and more of whoever is near and cut off, whose box is less tall for its width.
 * Wider than tall, as somebody who lies: all of it.
 */
function headOf(box: BoxInImage): BoxInImage {
  if (box.width > box.height) return grown(box, 0.08)
  const { x, y, width, height } = box
  return { x: x - 0.15 * width, y: y - 0.1 * height, width: 1.3 * width, height: Math.max(0.45 * height, 0.95 * width) }
}

/** Front and rear plates hang low, at either end of the box when the vehicle is seen from the side. */
function plateOf({ x, y, width, height }: BoxInImage): BoxInImage {
  return { x: x - 0.03 * width, y: y + 0.4 * height, width: 1.06 * width, height: 0.66 * height }
}

function grown({ x, y, width, height }: BoxInImage, share: number): BoxInImage {
  return {
    x: x - share * width,
    y: y - share * height,
    width: width * (1 + 2 * share),
    height: height * (1 + 2 * share),
  }
}

function regionOf(box: BoxInImage, { width, height }: { readonly width: number; readonly height: number }): Region {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value))
  return {
    x0: within(Math.floor(box.x), width),
    y0: within(Math.floor(box.y), height),
    x1: within(Math.ceil(box.x + box.width), width),
    y1: within(Math.ceil(box.y + box.height), height),
  }
}

/** Changes the pixels of these regions in place and no other. `rgba` is row-major, 4 bytes a pixel, `width` pixels a row. */
export function redact(rgba: Uint8ClampedArray, width: number, regions: readonly Region[]): void {
  for (const region of regions) {
    const across = Math.min(region.x1 - region.x0, region.y1 - region.y0)
    const blockPx = Math.max(leastBlockPx, Math.ceil(across / blocksAcross))
    pixelate(rgba, width, region, blockPx)
    const radiusPx = Math.max(2, Math.round(blockPx / 2))
    boxBlur(rgba, width, region, radiusPx, 'along')
    boxBlur(rgba, width, region, radiusPx, 'down')
  }
}

function pixelate(rgba: Uint8ClampedArray, width: number, { x0, y0, x1, y1 }: Region, blockPx: number): void {
  for (let y = y0; y < y1; y += blockPx) {
    for (let x = x0; x < x1; x += blockPx)
      averageBlock(rgba, width, x, y, Math.min(x1, x + blockPx), Math.min(y1, y + blockPx))
  }
}

function averageBlock(rgba: Uint8ClampedArray, width: number, x0: number, y0: number, x1: number, y1: number): void {
  let [r, g, b] = [0, 0, 0]
  for (let y = y0; y < y1; y++) {
    for (let at = (y * width + x0) * 4; at < (y * width + x1) * 4; at += 4) {
      r += rgba[at] as number
      g += rgba[at + 1] as number
      b += rgba[at + 2] as number
    }
  }
  const count = (x1 - x0) * (y1 - y0)
  for (let y = y0; y < y1; y++) {
    for (let at = (y * width + x0) * 4; at < (y * width + x1) * 4; at += 4) {
      rgba[at] = r / count
      rgba[at + 1] = g / count
      rgba[at + 2] = b / count
    }
  }
}

/** Mean over `2 radius + 1` pixels of a line, as a running sum; at the region's border its last pixel repeats. */
function boxBlur(
  rgba: Uint8ClampedArray,
  width: number,
  { x0, y0, x1, y1 }: Region,
  radiusPx: number,
  direction: 'along' | 'down',
): void {
  const along = direction === 'along'
  const [lines, length] = along ? [y1 - y0, x1 - x0] : [x1 - x0, y1 - y0]
  const step = (along ? 1 : width) * 4
  const line = new Uint8ClampedArray(length)
  for (let i = 0; i < lines; i++) {
    const start = (along ? (y0 + i) * width + x0 : y0 * width + x0 + i) * 4
    for (let channel = 0; channel < 3; channel++) {
      for (let k = 0; k < length; k++) line[k] = rgba[start + channel + k * step] as number
      const value = (k: number) => line[Math.min(length - 1, Math.max(0, k))] as number
      let sum = 0
      for (let k = -radiusPx; k <= radiusPx; k++) sum += value(k)
      for (let k = 0; k < length; k++) {
        rgba[start + channel + k * step] = sum / (2 * radiusPx + 1)
        sum += value(k + radiusPx + 1) - value(k - radiusPx)
      }
    }
  }
}
