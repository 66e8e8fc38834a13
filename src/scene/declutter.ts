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

/** Greedy by priority: a label is shown where it overlaps none already shown and lies inside the picture. */
export function declutter(
  labels: readonly LabelBox[],
  widthPx: number,
  heightPx: number,
  most = 24,
): ReadonlySet<string> {
  const shown: LabelBox[] = []
  for (const label of [...labels].sort((a, b) => b.priority - a.priority || a.y - b.y)) {
    if (shown.length >= most) break
    if (label.x < 0 || label.x > widthPx || label.y < 0 || label.y > heightPx + label.height) continue
    if (!shown.some((other) => overlaps(label, other))) shown.push(label)
  }
  return new Set(shown.map((label) => label.id))
}

const gapPx = 4

function overlaps(a: LabelBox, b: LabelBox): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + gapPx &&
    a.y - a.height < b.y + gapPx &&
    b.y - b.height < a.y + gapPx
  )
}
