/**
 * How well tracks follow the truth, by the published definitions: CLEAR (Bernardin & Stiefelhagen 2008), identity
 * (Ristani et al. 2016) and HOTA (Luiten et al. 2021). Sequences add up by their counts, never by their ratios.
 */
import { assign } from '../../src/infer/assignment.ts'
import { iou } from '../detector-scores.ts'
import type { MotBox, MotFrames } from './sequence.ts'

/** IoU that counts as a match for CLEAR and identity. */
const matchIou = 0.5
/** Overlaps are fractions of measured pixels: one computed a hair below a threshold meets it. */
const hair = 1e-9
export const hotaAlphas: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

export interface TrackCounts {
  readonly truthBoxes: number
  readonly trackBoxes: number
  readonly matches: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly switches: number
  readonly fragments: number
  /** Sum of IoU over matches. */
  readonly overlap: number
  readonly identityMatches: number
  /** Per alpha. */
  readonly hotaMatches: readonly number[]
  /** Per alpha: sum over matches of how well their two tracks agree over the whole sequence. */
  readonly hotaAgreement: readonly number[]
}

export interface TrackFigures {
  readonly mota: number
  readonly motp: number
  readonly idf1: number
  readonly hota: number
  readonly detA: number
  readonly assA: number
  readonly idSwitches: number
  readonly fragments: number
  readonly falsePositives: number
  readonly falseNegatives: number
}

/** Pairs of one frame whose boxes overlap at all. */
interface FramePairs {
  readonly truth: readonly number[]
  readonly found: readonly number[]
  /** Row-major, truth × found. */
  readonly overlap: Float64Array
}

export function countTracks(truth: MotFrames, found: MotFrames): TrackCounts {
  const truthIndex = numbering(truth)
  const foundIndex = numbering(found)
  const frames = truth.map((boxes, frame) => pairsOf(boxes, found[frame] ?? [], truthIndex, foundIndex))
  const sizes = { truth: truthIndex.size, found: foundIndex.size }
  return {
    truthBoxes: sum(frames.map((frame) => frame.truth.length)),
    trackBoxes: sum(frames.map((frame) => frame.found.length)),
    ...clear(frames, sizes),
    identityMatches: identity(frames, sizes),
    ...hota(frames, sizes),
  }
}

/** Figures of one or several sequences, in per cent where they are shares. */
export function trackFigures(counts: readonly TrackCounts[]): TrackFigures {
  const total = (pick: (one: TrackCounts) => number) => sum(counts.map(pick))
  const truthBoxes = total((one) => one.truthBoxes)
  const trackBoxes = total((one) => one.trackBoxes)
  const matches = total((one) => one.matches)
  const misses = total((one) => one.falseNegatives)
  const wrong = total((one) => one.falsePositives)
  const switches = total((one) => one.switches)
  const perAlpha = hotaAlphas.map((_, i) => {
    const right = total((one) => one.hotaMatches[i] ?? 0)
    const detection = right / Math.max(1, truthBoxes + trackBoxes - right)
    const association = total((one) => one.hotaAgreement[i] ?? 0) / Math.max(1, right)
    return { detection, association, both: Math.sqrt(detection * association) }
  })
  const mean = (pick: (one: (typeof perAlpha)[number]) => number) => sum(perAlpha.map(pick)) / hotaAlphas.length
  return {
    mota: 100 * (1 - (misses + wrong + switches) / Math.max(1, truthBoxes)),
    motp: (100 * total((one) => one.overlap)) / Math.max(1, matches),
    idf1: (200 * total((one) => one.identityMatches)) / Math.max(1, truthBoxes + trackBoxes),
    hota: 100 * mean(({ both }) => both),
    detA: 100 * mean(({ detection }) => detection),
    assA: 100 * mean(({ association }) => association),
    idSwitches: switches,
    fragments: total((one) => one.fragments),
    falsePositives: wrong,
    falseNegatives: misses,
  }
}

interface Sizes {
  readonly truth: number
  readonly found: number
}

/** Keeps last frame's pairs where they still hold, and matches the rest for the most matches, then the most overlap. */
function clear(frames: readonly FramePairs[], sizes: Sizes) {
  const lastFound = new Int32Array(sizes.truth).fill(-1)
  const previous = new Int32Array(sizes.truth).fill(-1)
  const held = new Int32Array(sizes.truth).fill(-1)
  const everSeen = new Uint8Array(sizes.truth)
  let [matches, switches, fragments, overlap] = [0, 0, 0, 0]
  for (const frame of frames) {
    const isHeld = (row: number, column: number) => held[frame.truth[row] as number] === frame.found[column]
    const pairs = matchFrame(frame, matchIou, (row, column, iou) => (isHeld(row, column) ? 1000 : 0) + 1 + iou)
    // As TrackEval counts: a pair is held by the frame before, unless one without any truth or any track lies between.
    if (frame.truth.length > 0 && frame.found.length > 0) held.fill(-1)
    const now = new Int32Array(sizes.truth).fill(-1)
    for (const { truth, found, iou } of pairs) {
      matches++
      overlap += iou
      if ((lastFound[truth] as number) >= 0 && lastFound[truth] !== found) switches++
      if (everSeen[truth] && previous[truth] === -1) fragments++
      everSeen[truth] = 1
      lastFound[truth] = found
      now[truth] = found
      held[truth] = found
    }
    // A fragment is a hole in what was there to be seen: frames without the person do not count.
    for (const truth of frame.truth) previous[truth] = now[truth] as number
  }
  const truthBoxes = sum(frames.map((frame) => frame.truth.length))
  const trackBoxes = sum(frames.map((frame) => frame.found.length))
  return {
    matches,
    switches,
    fragments,
    overlap,
    falsePositives: trackBoxes - matches,
    falseNegatives: truthBoxes - matches,
  }
}

/** Boxes that agree when each true track is paired with at most one found track for good. */
function identity(frames: readonly FramePairs[], sizes: Sizes): number {
  const together = new Float64Array(sizes.truth * sizes.found)
  for (const frame of frames)
    eachPair(frame, (truth, found, iou) => {
      if (iou >= matchIou - hair)
        together[truth * sizes.found + found] = (together[truth * sizes.found + found] ?? 0) + 1
    })
  const shared = (row: number, column: number) => together[row * sizes.found + column] ?? 0
  const columns = assign(sizes.truth, sizes.found, (row, column) => -shared(row, column))
  let matched = 0
  for (const [row, column] of columns.entries()) if (column >= 0) matched += shared(row, column)
  return matched
}

function hota(frames: readonly FramePairs[], sizes: Sizes) {
  const potential = new Float64Array(sizes.truth * sizes.found)
  const truthCount = new Float64Array(sizes.truth)
  const foundCount = new Float64Array(sizes.found)
  const add = (into: Float64Array, at: number, by: number) => {
    into[at] = (into[at] as number) + by
  }
  for (const frame of frames) {
    const columns = frame.found.length
    const rowSum = frame.truth.map((_, row) => sum(frame.overlap.subarray(row * columns, (row + 1) * columns)))
    const columnSum = frame.found.map((_, column) =>
      sum(frame.truth.map((_, row) => frame.overlap[row * columns + column] ?? 0)),
    )
    for (const truth of frame.truth) add(truthCount, truth, 1)
    for (const found of frame.found) add(foundCount, found, 1)
    eachPair(frame, (truth, found, iou, row, column) => {
      const union = (rowSum[row] as number) + (columnSum[column] as number) - iou
      if (iou > 0) add(potential, truth * sizes.found + found, iou / union)
    })
  }
  const either = (truth: number, found: number) => (truthCount[truth] as number) + (foundCount[found] as number)
  const alignment = (truth: number, found: number) => {
    const shared = potential[truth * sizes.found + found] as number
    return shared / (either(truth, found) - shared)
  }
  const together = hotaAlphas.map(() => new Float64Array(sizes.truth * sizes.found))
  for (const frame of frames) {
    const score = (row: number, column: number, iou: number) =>
      alignment(frame.truth[row] as number, frame.found[column] as number) * iou
    for (const { truth, found, iou } of matchFrame(frame, 0, score))
      for (const [i, alpha] of hotaAlphas.entries())
        if (iou >= alpha - hair) add(together[i] as Float64Array, truth * sizes.found + found, 1)
  }
  const agreement = (shared: number, at: number) =>
    (shared * shared) / (either(Math.floor(at / sizes.found), at % sizes.found) - shared)
  return {
    hotaMatches: together.map((counts) => sum(counts)),
    hotaAgreement: together.map((counts) => {
      let total = 0
      for (const [at, shared] of counts.entries()) if (shared > 0) total += agreement(shared, at)
      return total
    }),
  }
}

interface Match {
  readonly truth: number
  readonly found: number
  readonly iou: number
}

/** The one-to-one matching with the greatest sum of scores among pairs that overlap enough. */
function matchFrame(
  frame: FramePairs,
  leastIou: number,
  score: (row: number, column: number, iou: number) => number,
): Match[] {
  const overlap = (row: number, column: number) => frame.overlap[row * frame.found.length + column] as number
  const allowed = (row: number, column: number) => overlap(row, column) > 0 && overlap(row, column) >= leastIou - hair
  const columns = assign(frame.truth.length, frame.found.length, (row, column) =>
    allowed(row, column) ? -score(row, column, overlap(row, column)) : 0,
  )
  const matches: Match[] = []
  for (const [row, column] of columns.entries())
    if (column >= 0 && allowed(row, column))
      matches.push({
        truth: frame.truth[row] as number,
        found: frame.found[column] as number,
        iou: overlap(row, column),
      })
  return matches
}

function eachPair(
  frame: FramePairs,
  visit: (truth: number, found: number, iou: number, row: number, column: number) => void,
): void {
  for (const [row, truth] of frame.truth.entries())
    for (const [column, found] of frame.found.entries())
      visit(truth, found, frame.overlap[row * frame.found.length + column] as number, row, column)
}

function pairsOf(
  truth: readonly MotBox[],
  found: readonly MotBox[],
  truthIndex: ReadonlyMap<number, number>,
  foundIndex: ReadonlyMap<number, number>,
): FramePairs {
  const overlap = new Float64Array(truth.length * found.length)
  for (const [row, a] of truth.entries())
    for (const [column, b] of found.entries()) overlap[row * found.length + column] = iou(a.box, b.box)
  const indexOf = (index: ReadonlyMap<number, number>) => (box: MotBox) => index.get(box.id) as number
  return { truth: truth.map(indexOf(truthIndex)), found: found.map(indexOf(foundIndex)), overlap }
}

function numbering(frames: MotFrames): Map<number, number> {
  const index = new Map<number, number>()
  for (const frame of frames) for (const { id } of frame) if (!index.has(id)) index.set(id, index.size)
  return index
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
