/**
 * Average precision by COCO's rules (cocodataset.org, “Detection evaluation”): ten overlaps from 0.50 to 0.95, 101
 * recalls, at most 100 detections per picture and category, crowds and boxes outside the asked size ignored.
 */
import type { CocoTruth } from './annotations.ts'

export interface CocoDetection {
  readonly imageId: number
  readonly categoryId: number
  readonly score: number
  /** Left, top, width, height in pixels of the picture. */
  readonly bbox: readonly [number, number, number, number]
}

export interface CocoScores {
  /** Mean over overlaps .50:.05:.95 and categories; NaN where nothing was there to be found. */
  readonly ap: number
  readonly ap50: number
  readonly ap75: number
  readonly apSmall: number
  readonly apMedium: number
  readonly apLarge: number
  readonly perClass: Readonly<Record<string, { readonly ap: number; readonly ap50: number }>>
}

type Bbox = readonly [left: number, top: number, width: number, height: number]

interface TruthBox {
  readonly bbox: Bbox
  readonly area: number
  readonly crowd: boolean
}

const overlaps = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i)
const recallPoints = Array.from({ length: 101 }, (_, i) => i / 100)
const mostPerPicture = 100
const areas = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const satisfies Record<string, readonly [least: number, most: number]>
type AreaName = keyof typeof areas

/** One picture and category at every overlap: score, and per overlap whether each detection is right or ignored. */
interface Judged {
  readonly scores: readonly number[]
  readonly right: readonly boolean[][]
  readonly ignored: readonly boolean[][]
  /** Boxes that had to be found. */
  readonly wanted: number
}

export function evaluateCoco(truth: CocoTruth, found: readonly CocoDetection[]): CocoScores {
  const truthAt = grouped(truth.annotations, (box) => `${box.category_id}/${box.image_id}`)
  const foundAt = grouped(found, (box) => `${box.categoryId}/${box.imageId}`)
  const precision = (area: AreaName) =>
    truth.categories.map(({ id }) => {
      const judged = truth.images.flatMap((image) => {
        const boxes = truthAt.get(`${id}/${image.id}`)
        const detections = foundAt.get(`${id}/${image.id}`)
        // Most pictures have nothing of most categories.
        return boxes || detections ? [judge((boxes ?? []).map(truthBox), detections ?? [], areas[area])] : []
      })
      return overlaps.map((_, at) => averagePrecision(judged, at))
    })
  const all = precision('all')
  const of = (table: readonly (readonly number[])[]) => mean(table.flat())
  return {
    ap: of(all),
    ap50: mean(all.map((row) => row[0] as number)),
    ap75: mean(all.map((row) => row[5] as number)),
    apSmall: of(precision('small')),
    apMedium: of(precision('medium')),
    apLarge: of(precision('large')),
    perClass: Object.fromEntries(
      truth.categories.flatMap(({ name }, i) => {
        const row = all[i] as number[]
        return Number.isNaN(row[0]) ? [] : [[name, { ap: mean(row), ap50: row[0] as number }]]
      }),
    ),
  }
}

function truthBox({ bbox, area, iscrowd }: CocoTruth['annotations'][number]): TruthBox {
  return { bbox, area: area ?? bbox[2] * bbox[3], crowd: Boolean(iscrowd) }
}

function judge(
  boxes: readonly TruthBox[],
  detections: readonly CocoDetection[],
  [least, most]: readonly [number, number],
): Judged {
  const outside = (area: number) => area < least || area > most
  const graded = boxes.map((box) => ({ ...box, ignore: box.crowd || outside(box.area) }))
  // Those that count come first: a detection turns to an ignored one only when nothing else fits.
  const ordered = [...graded.filter(({ ignore }) => !ignore), ...graded.filter(({ ignore }) => ignore)]
  const best = [...detections].sort((a, b) => b.score - a.score).slice(0, mostPerPicture)
  const shared = best.map(({ bbox }) => ordered.map((box) => overlapOf(bbox, box.bbox, box.crowd)))
  const results = overlaps.map((overlap) => match(shared, ordered, overlap))
  return {
    scores: best.map(({ score }) => score),
    right: results.map(({ matched }) => matched.map((at) => at >= 0)),
    ignored: results.map(({ matched }) =>
      matched.map((at, i) => {
        const [, , width, height] = (best[i] as CocoDetection).bbox
        return at >= 0 ? (ordered[at]?.ignore ?? false) : outside(width * height)
      }),
    ),
    wanted: graded.filter(({ ignore }) => !ignore).length,
  }
}

/** For each detection, best first, the box it takes, or −1. A crowd may be taken by many. */
function match(
  shared: readonly (readonly number[])[],
  boxes: readonly { readonly crowd: boolean; readonly ignore: boolean }[],
  overlap: number,
): { readonly matched: readonly number[] } {
  const taken = new Set<number>()
  const matched = shared.map((row) => {
    let limit = Math.min(overlap, 1 - 1e-10)
    let best = -1
    for (const [at, box] of boxes.entries()) {
      if (taken.has(at) && !box.crowd) continue
      if (best >= 0 && !boxes[best]?.ignore && box.ignore) break
      if ((row[at] as number) < limit) continue
      limit = row[at] as number
      best = at
    }
    if (best >= 0) taken.add(best)
    return best
  })
  return { matched }
}

/** Intersection over union; over the detection's own area where the box is a crowd. */
function overlapOf(a: Bbox, b: Bbox, crowd: boolean): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  const own = a[2] * a[3]
  return intersection / (crowd ? own : own + b[2] * b[3] - intersection)
}

/** Precision, made falling, at 101 recalls, averaged; NaN where nothing had to be found. */
function averagePrecision(pictures: readonly Judged[], overlapAt: number): number {
  const wanted = pictures.reduce((sum, picture) => sum + picture.wanted, 0)
  if (wanted === 0) return Number.NaN
  const judged = pictures
    .flatMap(({ scores, right, ignored }) =>
      scores.map((score, i) => ({ score, right: right[overlapAt]?.[i], ignored: ignored[overlapAt]?.[i] })),
    )
    .sort((a, b) => b.score - a.score)
  const recalls: number[] = []
  const precisions: number[] = []
  let [right, wrong] = [0, 0]
  for (const detection of judged) {
    if (!detection.ignored) {
      if (detection.right) right++
      else wrong++
    }
    recalls.push(right / wanted)
    precisions.push(right + wrong > 0 ? right / (right + wrong) : 0)
  }
  for (let i = precisions.length - 1; i > 0; i--)
    precisions[i - 1] = Math.max(precisions[i - 1] as number, precisions[i] as number)
  let at = 0
  const sampled = recallPoints.map((recall) => {
    while (at < recalls.length && (recalls[at] as number) < recall) at++
    return precisions[at] ?? 0
  })
  return mean(sampled)
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** Of the numbers among the values; NaN where there is none. */
function mean(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value))
  return numbers.length === 0 ? Number.NaN : numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}
