/** Which boxes are asked for: one rule for training and evaluation alike, stated on the model's card. */
import type { LabelledBox } from '../../src/sim/camera/label-boxes.ts'

/** Least values for a thing that a careful person can name in a still picture. */
export const labelRule = {
  /** Of the whole thing, within the picture and unhidden. */
  visibleShare: 0.35,
  /** Of the pixels it covers, those that differ from what is behind. */
  distinctShare: 0.3,
  distinctPx: 20,
  smokeDistinctPx: 60,
  longerSidePx: 10,
  shorterSidePx: 3,
} as const

/** What fails the rule is ignored: neither wanted nor wrong. */
export function isIgnored(box: LabelledBox): boolean {
  const soft = box.className === 'fire' || box.className === 'smoke'
  return (
    box.visible < labelRule.visibleShare ||
    (!soft && box.distinctShare < labelRule.distinctShare) ||
    box.distinctPx < (box.className === 'smoke' ? labelRule.smokeDistinctPx : labelRule.distinctPx) ||
    Math.max(box.width, box.height) < labelRule.longerSidePx ||
    Math.min(box.width, box.height) < labelRule.shorterSidePx
  )
}
