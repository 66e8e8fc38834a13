/** A label that would like to be drawn: centre of its foot on the screen, its size, and how much it matters. */
export interface LabelBox {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Higher wins. */
  readonly priority: number
  /** Labels of one group stand for each other where there is no room for all. */
  readonly group?: string | undefined
}

/** A part of the picture that lies under something else: CSS pixels from its upper left corner. */
export interface CoveredArea {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const mostLabels = 24

/** Higher priority first; equals in the order of their ids, so that nothing flickers as the eye moves. */
export function byPriority(a: Pick<LabelBox, 'id' | 'priority'>, b: Pick<LabelBox, 'id' | 'priority'>): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1)
}

/** A label that is shown, and how many of its group it stands for besides itself. */
export interface ShownLabel<Box> {
  readonly label: Box
  others: number
}

/**
 * Greedy in the order given (see `byPriority`): a label is shown where it overlaps none already shown, lies inside the
 * picture and is not covered. Runs in every frame in which the eye moves: plain loops, nothing made for what is hidden.
 */
export function declutter<Box extends LabelBox>(
  labels: readonly Box[],
  widthPx: number,
  heightPx: number,
  most = mostLabels,
  covered: readonly CoveredArea[] = [],
): readonly ShownLabel<Box>[] {
  const shown: ShownLabel<Box>[] = []
  const groupGapPx = labels.length > crowd ? crowdGapPx : gapPx
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as Box
    if (label.x < 0 || label.x > widthPx || label.y < 0 || label.y > heightPx + label.height) continue
    if (isCovered(label, covered)) continue
    const other = overlapped(label, shown, groupGapPx)
    if (other) {
      if (label.group !== undefined && other.label.group === label.group) other.others++
    } else if (shown.length < most) shown.push({ label, others: 0 })
  }
  return shown
}

const gapPx = 4
/** Where there are more labels than this, those of one group keep apart, so that a town is seen between them. */
const crowd = 60
const crowdGapPx = 34

function overlapped<Box extends LabelBox>(
  label: Box,
  shown: readonly ShownLabel<Box>[],
  groupGapPx: number,
): ShownLabel<Box> | undefined {
  for (let i = 0; i < shown.length; i++) {
    const other = (shown[i] as ShownLabel<Box>).label
    const together = label.group !== undefined && label.group === other.group
    if (overlaps(label, other, together ? groupGapPx : gapPx)) return shown[i]
  }
  return undefined
}

function isCovered(label: LabelBox, covered: readonly CoveredArea[]): boolean {
  for (let i = 0; i < covered.length; i++) if (touches(label, covered[i] as CoveredArea)) return true
  return false
}

function touches({ x, y, width, height }: LabelBox, { left, top, right, bottom }: CoveredArea): boolean {
  return x + width / 2 > left && x - width / 2 < right && y > top && y - height < bottom
}

function overlaps(a: LabelBox, b: LabelBox, apartPx: number): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + apartPx &&
    a.y - a.height < b.y + apartPx &&
    b.y - b.height < a.y + apartPx
  )
}
