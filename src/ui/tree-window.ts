/** Rows of a long list that are drawn: those in sight and some more on both sides, so that a scroll shows no gap. */
export interface RowWindow {
  readonly from: number
  /** One past the last. */
  readonly to: number
}

const spareRows = 24
/** A list up to this long is drawn whole. */
const fewRows = 120

export function rowWindow(rowCount: number, rowHeightPx: number, scrolledPx: number, heightPx: number): RowWindow {
  if (rowCount <= fewRows || rowHeightPx <= 0) return { from: 0, to: rowCount }
  const first = Math.floor(scrolledPx / rowHeightPx)
  const from = Math.max(0, Math.min(rowCount - 1, first) - spareRows)
  const to = Math.min(rowCount, Math.max(0, first) + Math.ceil(heightPx / rowHeightPx) + spareRows)
  // In steps, so that a scroll by one row does not draw all anew.
  const step = spareRows / 2
  return { from: Math.floor(from / step) * step, to: Math.min(rowCount, Math.ceil(to / step) * step) }
}
