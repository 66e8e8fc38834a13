import type { GroundPair } from '../../site/calibration-start.ts'

/** A point that is being given: first in one picture, then in the other, in any order. */
export interface OpenPair {
  readonly x?: number
  readonly y?: number
  readonly eastM?: number
  readonly northM?: number
}

export interface CalibrationPairs {
  readonly done: readonly GroundPair[]
  readonly open: OpenPair
}

export const noPairs: CalibrationPairs = { done: [], open: {} }
const mostPairs = 40

/** Adds what was given; a pair that is whole joins the others, and the next one begins. */
export function given(pairs: CalibrationPairs, part: OpenPair): CalibrationPairs {
  const open = { ...pairs.open, ...part }
  const { x, y, eastM, northM } = open
  if (x === undefined || y === undefined || eastM === undefined || northM === undefined) return { ...pairs, open }
  if (pairs.done.length >= mostPairs) return pairs
  return { done: [...pairs.done, { x, y, at: [eastM, northM, 0] }], open: {} }
}

export const withoutPair = (pairs: CalibrationPairs, index: number): CalibrationPairs => ({
  ...pairs,
  done: pairs.done.filter((_, i) => i !== index),
})
