/** COCO annotation files (cocodataset.org, “Data format”, object detection): what the evaluation needs of them. */
import { readFile, stat } from 'node:fs/promises'
import * as v from 'valibot'
import { validate } from '../../src/contract/decode.ts'
import { err, ok, type Result } from '../../src/platform/result.ts'
import { Refusal } from '../refusal.ts'

const id = v.pipe(v.number(), v.integer())
const finite = v.pipe(v.number(), v.finite())
/** Below the folder of images; backslashes are those of another system. */
const fileName = v.pipe(
  v.string(),
  v.transform((name) => name.replaceAll('\\', '/')),
  v.regex(/^(?!(.*\/)?\.\.(\/|$))[^\0]{1,300}$/, 'must be a path below the folder of images'),
)

type Bbox = [left: number, top: number, width: number, height: number]

/** The extent of polygons, `[[x, y, x, y, …], …]`; undefined for run lengths, and where there are none. */
function boxOfPolygons(segmentation: unknown): Bbox | undefined {
  const numbers: unknown[] = Array.isArray(segmentation) ? segmentation.flat() : []
  const points = numbers.filter((value) => Number.isFinite(value)) as number[]
  if (points.length < 6 || points.length < numbers.length) return undefined
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return [left, top, right - left, bottom - top]
}

/** Left, top, width, height in pixels; some tools leave it out, or empty, beside polygons. */
const bbox = v.union([v.tuple([finite, finite, finite, finite]), v.strictTuple([]), v.null()], 'must be four numbers')

const cocoTruth = v.object({
  images: v.array(
    v.object({
      id,
      file_name: fileName,
      /** Of the picture as the boxes lie in it. */
      width: v.nullish(finite),
      height: v.nullish(finite),
    }),
  ),
  annotations: v.array(
    v.pipe(
      v.object({
        image_id: id,
        category_id: id,
        bbox: v.optional(bbox),
        segmentation: v.optional(v.unknown()),
        /** Of the segment, not of the box; files without segments give the box's. */
        area: v.nullish(finite),
        iscrowd: v.nullish(v.union([v.number(), v.boolean()])),
      }),
      v.transform(({ bbox: given, segmentation, ...rest }) => ({
        ...rest,
        bbox: given && given.length > 0 ? given : boxOfPolygons(segmentation),
      })),
      v.check(({ bbox: found }) => found !== undefined, 'has neither a bbox nor polygons'),
      v.transform(({ bbox: found, ...rest }) => ({ ...rest, bbox: found as Bbox })),
    ),
  ),
  categories: v.array(v.object({ id, name: v.string() })),
})
export type CocoTruth = v.InferOutput<typeof cocoTruth>

export async function readCocoTruth(path: string): Promise<CocoTruth> {
  if ((await stat(path)).isDirectory()) throw new Refusal(`${path} is a folder; the file of annotations was expected`)
  const truth = parseCocoTruth(await readFile(path, 'utf8'))
  if (!truth.ok) throw new Refusal(`${path}: ${truth.error}`)
  return truth.value
}

/** Pictures listed twice count once. */
export function parseCocoTruth(text: string): Result<CocoTruth, string> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return err(`no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const checked = validate(cocoTruth, parsed)
  if (!checked.ok) return err(`${checked.error.path} ${checked.error.message}`)
  const images = [...new Map(checked.value.images.map((image) => [image.id, image])).values()]
  return images.length > 0 ? ok({ ...checked.value, images }) : err('it lists no images')
}

/** Names that other label files of COCO use for its categories. */
const aliases: Readonly<Record<string, string>> = {
  motorbike: 'motorcycle',
  aeroplane: 'airplane',
  sofa: 'couch',
  pottedplant: 'potted plant',
  diningtable: 'dining table',
  tvmonitor: 'tv',
}

/** The category of each of a model's classes; undefined where the file has none of that name. */
export function categoriesOf(classes: readonly string[], truth: CocoTruth): (number | undefined)[] {
  const used = new Set(truth.annotations.map(({ category_id }) => category_id))
  const byName = new Map<string, number>()
  // Two of one name: some tools list a group above its only member. That with boxes is meant.
  for (const { id, name } of truth.categories) {
    const plain = plainName(name)
    if (!byName.has(plain) || used.has(id)) byName.set(plain, id)
  }
  return classes.map((name) => byName.get(plainName(name)))
}

/** As COCO writes it, whatever the case, spaces and underscores. */
function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
  return aliases[plain] ?? plain
}
