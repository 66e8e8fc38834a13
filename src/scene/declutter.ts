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

/**
 * Greedy in the order given (see `byPriority`): a label is shown where it overlaps none already shown, lies inside the
 * picture and is not covered. Returns the shown ones, each with how many of its group it stands for besides itself.
 */
export function declutter<Box extends LabelBox>(
  labels: Iterable<Box>,
  widthPx: number,
  heightPx: number,
  most = mostLabels,
  covered: readonly CoveredArea[] = [],
): ReadonlyMap<Box, number> {
  const shown = new Map<Box, number>()
  for (const label of labels) {
    if (label.x < 0 || label.x > widthPx || label.y < 0 || label.y > heightPx + label.height) continue
    if (covered.some((area) => touches(label, area))) continue
    const other = overlapping(label, shown)
    if (other) {
      if (label.group !== undefined && other.group === label.group) shown.set(other, (shown.get(other) ?? 0) + 1)
    } else if (shown.size < most) shown.set(label, 0)
  }
  return shown
}

const gapPx = 4

function overlapping<Box extends LabelBox>(label: Box, shown: ReadonlyMap<Box, number>): Box | undefined {
  for (const other of shown.keys()) if (overlaps(label, other)) return other
  return undefined
}

function touches({ x, y, width, height }: LabelBox, { left, top, right, bottom }: CoveredArea): boolean {
  return x + width / 2 > left && x - width / 2 < right && y > top && y - height < bottom
}

function overlaps(a: LabelBox, b: LabelBox): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + gapPx &&
    a.y - a.height < b.y + gapPx &&
    b.y - b.height < a.y + gapPx
  )
}
