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
  /** Of a plume's shape: with less, only somebody who knew of it could say where it ends. */
  smokeDistinctShare: 0.5,
  longerSidePx: 10,
  shorterSidePx: 3,
} as const

/** What fails the rule is ignored: neither wanted nor wrong. */
export function isIgnored(box: LabelledBox): boolean {
  const { className } = box
  const leastShare =
    className === 'smoke' ? labelRule.smokeDistinctShare : className === 'fire' ? 0 : labelRule.distinctShare
  return (
    box.visible < labelRule.visibleShare ||
    box.distinctShare < leastShare ||
    box.distinctPx < (className === 'smoke' ? labelRule.smokeDistinctPx : labelRule.distinctPx) ||
    Math.max(box.width, box.height) < labelRule.longerSidePx ||
    Math.min(box.width, box.height) < labelRule.shorterSidePx
  )
}
