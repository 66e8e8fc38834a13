/** Average precision and counts at a threshold, by the usual rules: greedy matching by score, IoU ≥ 0.5. */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Truth extends Box {
  readonly className: string
  /** Too hidden or too small to ask for: a match is neither right nor wrong. */
  readonly ignore: boolean
  /** Share of the whole thing that is in the picture and that nothing hides, where it is known. */
  readonly visible?: number
}

export interface Found extends Box {
  readonly className: string
  readonly score: number
}

export interface ScoredFrame {
  readonly truth: readonly Truth[]
  readonly found: readonly Found[]
}

export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

/** Whether a box is asked for; what was detected has no share that is visible. */
export type Asked = (box: Box & { readonly visible?: number }) => boolean

type Verdict = 'right' | 'wrong' | 'neutral'

interface Judged {
  readonly score: number
  readonly verdict: Verdict
}

/** Judges the detections of one class. Truth outside `asked` counts as ignored. */
function judge(frame: ScoredFrame, className: string, asked: Asked): { judged: Judged[]; wanted: number } {
  const truth = frame.truth.filter((box) => box.className === className)
  const wanted = truth.filter((box) => !box.ignore && asked(box))
  const taken = new Set<Truth>()
  const judged = frame.found
    .filter((box) => box.className === className)
    .sort((a, b) => b.score - a.score)
    .map((box): Judged => {
      const best = wanted
        .filter((other) => !taken.has(other))
        .map((other) => ({ other, overlap: iou(box, other) }))
        .sort((a, b) => b.overlap - a.overlap)[0]
      if (best && best.overlap >= 0.5) {
        taken.add(best.other)
        return { score: box.score, verdict: 'right' }
      }
      const neutral = !asked(box) || truth.some((other) => !wanted.includes(other) && covers(other, box))
      return { score: box.score, verdict: neutral ? 'neutral' : 'wrong' }
    })
  return { judged, wanted: wanted.length }
}

/** An ignored region swallows what lies mostly inside it. */
function covers(region: Box, box: Box): boolean {
  const width = Math.min(region.x + region.width, box.x + box.width) - Math.max(region.x, box.x)
  const height = Math.min(region.y + region.height, box.y + box.height) - Math.max(region.y, box.y)
  return width > 0 && height > 0 && (width * height) / (box.width * box.height) >= 0.5
}

export interface CurvePoint {
  /** Detections from this score on. */
  readonly score: number
  readonly recall: number
  readonly precision: number
}

/** Recall and precision as the floor sinks, one point per detection that is right or wrong; undefined without any truth. */
export function precisionCurve(
  frames: readonly ScoredFrame[],
  className: string,
  asked: Asked = () => true,
): CurvePoint[] | undefined {
  const results = frames.map((frame) => judge(frame, className, asked))
  const wanted = results.reduce((sum, result) => sum + result.wanted, 0)
  if (wanted === 0) return undefined
  const judged = results.flatMap((result) => result.judged).sort((a, b) => b.score - a.score)
  const points: CurvePoint[] = []
  let [right, wrong] = [0, 0]
  for (const { score, verdict } of judged) {
    if (verdict === 'neutral') continue
    if (verdict === 'right') right++
    else wrong++
    points.push({ score, recall: right / wanted, precision: right / (right + wrong) })
  }
  return points
}

/** Area under the precision envelope at 101 recalls, as COCO counts it; undefined without any truth. */
export function averagePrecision(
  frames: readonly ScoredFrame[],
  className: string,
  asked: Asked = () => true,
): number | undefined {
  const points = precisionCurve(frames, className, asked)
  if (!points) return undefined
  let sum = 0
  for (let i = 0; i <= 100; i++) sum += precisionAtRecall(points, i / 100)
  return sum / 101
}

/** The best precision that is had at this recall or more; 0 where it is never reached. */
export function precisionAtRecall(points: readonly CurvePoint[], recall: number): number {
  return points.reduce((best, point) => (point.recall >= recall - 1e-9 ? Math.max(best, point.precision) : best), 0)
}

/** The best recall that is had at this precision or more; 0 where it is never reached. */
export function recallAtPrecision(points: readonly CurvePoint[], precision: number): number {
  return points.reduce((best, point) => (point.precision >= precision - 1e-9 ? Math.max(best, point.recall) : best), 0)
}

export const f1 = ({ recall, precision }: { recall: number; precision: number }): number =>
  recall + precision > 0 ? (2 * recall * precision) / (recall + precision) : 0

/** Where recall and precision are best together. */
export function bestPoint(points: readonly CurvePoint[]): CurvePoint | undefined {
  return points.reduce<CurvePoint | undefined>(
    (best, point) => (!best || f1(point) > f1(best) ? point : best),
    undefined,
  )
}

export interface Counts {
  readonly recall: number
  readonly precision: number
  readonly wanted: number
  readonly right: number
  readonly wrong: number
}

export function countsAt(
  frames: readonly ScoredFrame[],
  className: string,
  floor: number,
  asked: Asked = () => true,
): Counts {
  let [wanted, right, wrong] = [0, 0, 0]
  for (const frame of frames) {
    const result = judge(
      { truth: frame.truth, found: frame.found.filter((box) => box.score >= floor) },
      className,
      asked,
    )
    wanted += result.wanted
    right += result.judged.filter((one) => one.verdict === 'right').length
    wrong += result.judged.filter((one) => one.verdict === 'wrong').length
  }
  return { wanted, right, wrong, recall: right / Math.max(1, wanted), precision: right / Math.max(1, right + wrong) }
}
