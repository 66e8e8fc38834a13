/** Parts of a camera's picture that nobody may see: polygons in the picture, as pixels that are painted black. */
import type { MaskPolygon } from '../contract/camera.ts'

/** Runs of pixels `[from, to)` in row-major order, two numbers a run. */
export type MaskRuns = Uint32Array

/**
 * All pixels that a mask touches. Even-odd within one polygon, united over several; a pixel wider on each side and a row
 * more above and below, so that scaling and compression leave no seam to look through.
 */
export function maskRuns(masks: readonly MaskPolygon[], width: number, height: number): MaskRuns {
  if (masks.length === 0) return new Uint32Array(0)
  const covered = new Uint8Array(width * height)
  for (const mask of masks) {
    for (let y = -1; y <= height; y++) coverRow(covered, mask, y, width, height)
  }
  const runs: number[] = []
  for (let at = covered.indexOf(1); at >= 0; ) {
    const end = covered.indexOf(0, at)
    runs.push(at, end < 0 ? covered.length : end)
    at = end < 0 ? -1 : covered.indexOf(1, end)
  }
  return Uint32Array.from(runs)
}

function coverRow(covered: Uint8Array, mask: MaskPolygon, y: number, width: number, height: number): void {
  const crossings = crossingsOf(mask, (y + 0.5) / height)
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const from = Math.max(0, Math.floor((crossings[i] as number) * width - 0.5) - 1)
    const to = Math.min(width, Math.ceil((crossings[i + 1] as number) * width + 0.5) + 1)
    if (from >= to) continue
    for (const row of [y - 1, y, y + 1])
      if (row >= 0 && row < height) covered.fill(1, row * width + from, row * width + to)
  }
}

/** Where a horizontal line enters and leaves the polygon, from left to right. */
function crossingsOf(mask: MaskPolygon, y: number): number[] {
  const crossings: number[] = []
  for (let i = 0; i < mask.length; i++) {
    const [ax, ay] = mask[i] as readonly [number, number]
    const [bx, by] = mask[(i + 1) % mask.length] as readonly [number, number]
    if (ay <= y === by <= y) continue
    crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax))
  }
  return crossings.sort((a, b) => a - b)
}

/** Paints the runs opaque black; `rgba` holds 4 bytes a pixel. */
export function blackOut(rgba: ArrayBuffer, runs: MaskRuns): void {
  const bytes = new Uint8Array(rgba)
  for (let i = 0; i < runs.length; i += 2) {
    const [from, to] = [(runs[i] as number) * 4, (runs[i + 1] as number) * 4]
    bytes.fill(0, from, to)
    for (let alpha = from + 3; alpha < to; alpha += 4) bytes[alpha] = 255
  }
}
