export interface CurvePoint {
  readonly atMs: number
  readonly value: number
}

/** A series read by index, oldest first; what `RingSeries` offers. */
export interface SeriesReader {
  readonly length: number
  atMs(index: number): number
  value(index: number): number
}

/**
 * Largest-triangle-three-buckets (Steinarsson 2013, "Downsampling Time Series for Visual Representation"): keeps the
 * first and last sample, and from each bucket the one that spans the largest triangle with its neighbours.
 */
export function downsample(series: SeriesReader, most: number): CurvePoint[] {
  const count = series.length
  const at = (index: number): CurvePoint => ({ atMs: series.atMs(index), value: series.value(index) })
  if (count <= most || most < 3) return Array.from({ length: Math.min(count, Math.max(most, 0)) }, (_, i) => at(i))
  const bucket = (count - 2) / (most - 2)
  const kept = [at(0)]
  let previous = 0
  for (let step = 0; step < most - 2; step++) {
    const from = Math.floor(step * bucket) + 1
    const to = Math.floor((step + 1) * bucket) + 1
    previous = largestTriangle(series, previous, from, to, meanOf(series, to, Math.min(count, nextEnd(step, bucket))))
    kept.push(at(previous))
  }
  kept.push(at(count - 1))
  return kept
}

function nextEnd(step: number, bucket: number): number {
  return Math.floor((step + 2) * bucket) + 1
}

function meanOf(series: SeriesReader, from: number, to: number): CurvePoint {
  let atMs = 0
  let value = 0
  const count = Math.max(1, to - from)
  for (let i = from; i < from + count; i++) {
    atMs += series.atMs(i) / count
    value += series.value(i) / count
  }
  return { atMs, value }
}

function largestTriangle(series: SeriesReader, anchor: number, from: number, to: number, next: CurvePoint): number {
  const anchorMs = series.atMs(anchor)
  const anchorValue = series.value(anchor)
  let best = from
  let bestArea = -1
  for (let i = from; i < to; i++) {
    const area = Math.abs(
      (anchorMs - next.atMs) * (series.value(i) - anchorValue) -
        (anchorMs - series.atMs(i)) * (next.value - anchorValue),
    )
    if (area > bestArea) {
      bestArea = area
      best = i
    }
  }
  return best
}
