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

/**
 * The box of what something soft changed visibly between two RGBA pictures of `widthPx`; undefined when it can hardly be
 * told from its background. Faint wisps at its edges do not stretch the box.
 */
export function boxOfChange(
  className: 'fire' | 'smoke',
  before: Uint8ClampedArray,
  after: Uint8ClampedArray,
  widthPx: number,
  floor: number,
): LabelledBox | undefined {
  const heightPx = before.length / 4 / widthPx
  const acrossX = new Float64Array(widthPx)
  const acrossY = new Float64Array(heightPx)
  let [distinctPx, touchedPx] = [0, 0]
  for (let y = 0, i = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i += 4) {
      let change = 0
      for (let c = 0; c < 3; c++)
        change = Math.max(change, Math.abs((after[i + c] as number) - (before[i + c] as number)))
      if (change >= 3) touchedPx++
      if (change < floor) continue
      distinctPx++
      acrossX[x] = (acrossX[x] as number) + 1
      acrossY[y] = (acrossY[y] as number) + 1
    }
  }
  if (distinctPx < 8) return undefined
  const [x0, x1] = bulk(acrossX, distinctPx)
  const [y0, y1] = bulk(acrossY, distinctPx)
  return {
    className,
    x: x0,
    y: y0,
    width: x1 + 1 - x0,
    height: y1 + 1 - y0,
    visible: 1,
    distinctPx,
    distinctShare: distinctPx / touchedPx,
    actorId: undefined,
  }
}

/** First and last index between which all but a `fringe` at each end lies. */
function bulk(counts: Float64Array, total: number): readonly [number, number] {
  let [first, last] = [0, counts.length - 1]
  for (let sum = counts[0] as number; sum < total * fringe; sum += counts[first] as number) first++
  for (let sum = counts[last] as number; sum < total * fringe; sum += counts[last] as number) last--
  return [first, last]
}
