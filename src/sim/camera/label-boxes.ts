/** What a label says about a thing in a virtual camera's picture; who asks for what is settled by who reads it. */

export interface LabelledBox {
  /** Class of the detector; animals have none and are not labelled. */
  readonly className: 'person' | 'bicycle' | 'car' | 'truck' | 'forklift' | 'fire' | 'smoke'
  /** Extent of what can be seen of it, pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Share of the whole thing that is in the picture and that nothing hides. */
  readonly visible: number
  /** Pixels that differ visibly from the picture without it, and their share of those it covers. */
  readonly distinctPx: number
  readonly distinctShare: number
  readonly actorId: string | undefined
}

/** The least difference in display levels that is seen through noise of standard deviation `noise`. */
export function leastContrast(noise: number): number {
  return 8 + 1.3 * noise
}

/** The same for something without an edge: a slow change of tone is seen later than a sharp one. */
export function leastSoftContrast(noise: number): number {
  return 16 + 1.5 * noise
}

/** Edges of something soft are where all but this share of what it changed lies within, on each side. */
const fringe = 0.02

/** What a plume covers at least where it still has a shape: thinner haze does not stretch its box. */
const leastOpacity = 0.2

/** Two RGBA pictures of the same moment, without the soft thing and with it. */
export interface Change {
  readonly before: Uint8ClampedArray
  readonly after: Uint8ClampedArray
  readonly widthPx: number
  /** The least difference that is seen, display levels. */
  readonly floor: number
}

/**
 * The box of a flame: what it changed visibly; undefined when it can hardly be told from its background. Faint wisps at its
 * edges do not stretch the box.
 */
export function boxOfFlame(change: Change): LabelledBox | undefined {
  const { floor } = change
  return softBox('fire', change, (changed) => [changed >= floor, changed >= floor, changed >= 3])
}

/**
 * The box of a plume of smoke: the shape that its own opacity 0…1 (one value a pixel) makes, the same before any
 * background; how much of that shape can be told from what is behind it is said beside.
 */
export function boxOfPlume(change: Change, opacity: Float32Array): LabelledBox | undefined {
  return softBox('smoke', change, (changed, i) => {
    const shape = (opacity[i] as number) >= leastOpacity
    return [shape, shape && changed >= change.floor, shape]
  })
}

/** Whether a pixel that changed by so many levels belongs to the shape, can be told apart, and is covered at all. */
type Judge = (changed: number, pixel: number) => readonly [shape: boolean, distinct: boolean, touched: boolean]

function softBox(className: 'fire' | 'smoke', change: Change, judge: Judge): LabelledBox | undefined {
  const { before, after, widthPx } = change
  const heightPx = before.length / 4 / widthPx
  const [acrossX, acrossY] = [new Float64Array(widthPx), new Float64Array(heightPx)]
  let [shapePx, distinctPx, touchedPx] = [0, 0, 0]
  for (let p = 0; p < widthPx * heightPx; p++) {
    const [shape, distinct, touched] = judge(levelsBetween(before, after, p * 4), p)
    if (touched) touchedPx++
    if (distinct) distinctPx++
    if (!shape) continue
    shapePx++
    const [x, y] = [p % widthPx, Math.floor(p / widthPx)]
    acrossX[x] = (acrossX[x] as number) + 1
    acrossY[y] = (acrossY[y] as number) + 1
  }
  if (distinctPx < 8) return undefined
  const [x0, x1] = bulk(acrossX, shapePx)
  const [y0, y1] = bulk(acrossY, shapePx)
  const distinctShare = distinctPx / touchedPx
  const box = { x: x0, y: y0, width: x1 + 1 - x0, height: y1 + 1 - y0 }
  return { className, ...box, visible: 1, distinctPx, distinctShare, actorId: undefined }
}

function levelsBetween(a: Uint8ClampedArray, b: Uint8ClampedArray, i: number): number {
  let most = 0
  for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs((b[i + c] as number) - (a[i + c] as number)))
  return most
}

/** First and last index between which all but a `fringe` at each end lies. */
function bulk(counts: Float64Array, total: number): readonly [number, number] {
  let [first, last] = [0, counts.length - 1]
  for (let sum = counts[0] as number; sum < total * fringe; sum += counts[first] as number) first++
  for (let sum = counts[last] as number; sum < total * fringe; sum += counts[last] as number) last--
  return [first, last]
}
