import type { CameraModel } from '../../site/projection.ts'

/** Samples per pixel along each axis: 2 × 2 samples smooth the edges of people a dozen pixels tall. */
export const superSampling = 2
const nearM = 0.15

/** The projection of a camera onto its sample grid, with distortion applied at the vertices. */
export interface View {
  readonly model: CameraModel
  readonly columns: number
  readonly rows: number
  readonly focal: number
  readonly distorted: boolean
}

export function viewOf(model: CameraModel): View {
  return {
    model,
    columns: model.widthPx * superSampling,
    rows: model.heightPx * superSampling,
    focal: model.focalPx * superSampling,
    distorted: model.k1 !== 0 || model.k2 !== 0,
  }
}

/** Camera coordinates (right, down, forward) of world vertices, three per vertex. */
export function toCamera(model: CameraModel, world: Float32Array, count: number, out: Float32Array): void {
  const { at, right: r, down: d, forward: f } = model
  for (let i = 0; i < count * 3; i += 3) {
    const x = (world[i] as number) - at[0]
    const y = (world[i + 1] as number) - at[1]
    const z = (world[i + 2] as number) - at[2]
    out[i] = x * r[0] + y * r[1] + z * r[2]
    out[i + 1] = x * d[0] + y * d[1] + z * d[2]
    out[i + 2] = x * f[0] + y * f[1] + z * f[2]
  }
}

/** Called for each covered run of samples of a row: `inverse` is 1/depth at the first, growing by `step`. */
export type SpanWriter = (from: number, to: number, inverse: number, step: number) => void

const clipped = new Float64Array(3 * 8)
const screen = new Float64Array(3 * 8)

/**
 * Scan-converts one triangle given in camera coordinates: clipped at the near plane, projected, and handed to
 * `write` row by row. 1/depth is linear on the screen, so depth is exact (Blinn 1992).
 */
export function rasterTriangle(
  view: View,
  ax: number,
  ay: number,
  az: number,
  bx: number,
  by: number,
  bz: number,
  cx: number,
  cy: number,
  cz: number,
  write: SpanWriter,
): void {
  if (az < nearM && bz < nearM && cz < nearM) return
  let corners = 3
  clipped[0] = ax
  clipped[1] = ay
  clipped[2] = az
  clipped[3] = bx
  clipped[4] = by
  clipped[5] = bz
  clipped[6] = cx
  clipped[7] = cy
  clipped[8] = cz
  if (az < nearM || bz < nearM || cz < nearM) corners = clipNear()
  project(view, corners)
  for (let i = 2; i < corners; i++) scan(view, 0, i - 1, i, write)
}

/** The triangle whose corners start at `a`, `b` and `c` in an array of camera coordinates. */
export function rasterIndexed(view: View, v: Float32Array, a: number, b: number, c: number, write: SpanWriter): void {
  rasterTriangle(
    view,
    v[a] as number,
    v[a + 1] as number,
    v[a + 2] as number,
    v[b] as number,
    v[b + 1] as number,
    v[b + 2] as number,
    v[c] as number,
    v[c + 1] as number,
    v[c + 2] as number,
    write,
  )
}

const source = new Float64Array(9)

/** Sutherland–Hodgman against the near plane; leaves the polygon in `clipped`. */
function clipNear(): number {
  for (let i = 0; i < 9; i++) source[i] = clipped[i] as number
  let count = 0
  for (let i = 0; i < 3; i++) {
    const a = i * 3
    const b = ((i + 1) % 3) * 3
    const [az, bz] = [source[a + 2] as number, source[b + 2] as number]
    if (az >= nearM) {
      for (let k = 0; k < 3; k++) clipped[count * 3 + k] = source[a + k] as number
      count++
    }
    if (az >= nearM !== bz >= nearM) {
      const t = (nearM - az) / (bz - az)
      for (let k = 0; k < 3; k++)
        clipped[count * 3 + k] = (source[a + k] as number) + ((source[b + k] as number) - (source[a + k] as number)) * t
      count++
    }
  }
  return count
}

function project(view: View, corners: number): void {
  const { k1, k2 } = view.model
  for (let i = 0; i < corners * 3; i += 3) {
    const inverse = 1 / (clipped[i + 2] as number)
    const u = (clipped[i] as number) * inverse
    const w = (clipped[i + 1] as number) * inverse
    let gain = 1
    if (view.distorted) {
      const r2 = Math.min(1.5, u * u + w * w)
      gain = 1 + k1 * r2 + k2 * r2 * r2
    }
    screen[i] = view.columns / 2 + view.focal * u * gain
    screen[i + 1] = view.rows / 2 + view.focal * w * gain
    screen[i + 2] = inverse
  }
}

function scan(view: View, ia: number, ib: number, ic: number, write: SpanWriter): void {
  const x0 = screen[ia * 3] as number
  const y0 = screen[ia * 3 + 1] as number
  const x1 = screen[ib * 3] as number
  const y1 = screen[ib * 3 + 1] as number
  const x2 = screen[ic * 3] as number
  const y2 = screen[ic * 3 + 1] as number
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  if (area > -1e-9 && area < 1e-9) return
  const top = Math.max(0, Math.ceil(Math.min(y0, y1, y2) - 0.5))
  const bottom = Math.min(view.rows - 1, Math.floor(Math.max(y0, y1, y2) - 0.5))
  if (top > bottom) return
  const limit = view.columns - 1
  const z0 = screen[ia * 3 + 2] as number
  const z1 = screen[ib * 3 + 2] as number
  const z2 = screen[ic * 3 + 2] as number
  const stepX = ((z1 - z0) * (y2 - y0) - (z2 - z0) * (y1 - y0)) / area
  const stepY = ((z2 - z0) * (x1 - x0) - (z1 - z0) * (x2 - x0)) / area
  for (let y = top; y <= bottom; y++) {
    const yc = y + 0.5
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    // Where the row crosses each edge; half-open in y so that a shared corner counts once.
    if (y0 <= yc !== y1 <= yc) {
      const x = x0 + ((yc - y0) * (x1 - x0)) / (y1 - y0)
      if (x < from) from = x
      if (x > to) to = x
    }
    if (y1 <= yc !== y2 <= yc) {
      const x = x1 + ((yc - y1) * (x2 - x1)) / (y2 - y1)
      if (x < from) from = x
      if (x > to) to = x
    }
    if (y2 <= yc !== y0 <= yc) {
      const x = x2 + ((yc - y2) * (x0 - x2)) / (y0 - y2)
      if (x < from) from = x
      if (x > to) to = x
    }
    let first = Math.ceil(from - 0.5)
    let last = Math.ceil(to - 0.5) - 1
    if (first < 0) first = 0
    if (last > limit) last = limit
    if (first > last) continue
    const inverse = z0 + (first + 0.5 - x0) * stepX + (yc - y0) * stepY
    write(y * view.columns + first, y * view.columns + last, inverse, stepX)
  }
}
