/** A label that would like to be drawn: centre of its foot on the screen, its size, and how much it matters. */
export interface LabelBox {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Higher wins. */
  readonly priority: number
}

/** A part of the picture that lies under something else: CSS pixels from its upper left corner. */
export interface CoveredArea {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const mostLabels = 24

/** Greedy by priority: a label is shown where it overlaps none already shown, lies inside the picture and is not covered. */
export function declutter(
  labels: readonly LabelBox[],
  widthPx: number,
  heightPx: number,
  most = mostLabels,
  covered: readonly CoveredArea[] = [],
): ReadonlySet<string> {
  const shown: LabelBox[] = []
  for (const label of [...labels].sort((a, b) => b.priority - a.priority || a.y - b.y)) {
    if (shown.length >= most) break
    if (label.x < 0 || label.x > widthPx || label.y < 0 || label.y > heightPx + label.height) continue
    if (covered.some((area) => touches(label, area))) continue
    if (!shown.some((other) => overlaps(label, other))) shown.push(label)
  }
  return new Set(shown.map((label) => label.id))
}

const gapPx = 4

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
