/** COCO annotation files (cocodataset.org, “Data format”, object detection): what the evaluation needs of them. */
import { readFile } from 'node:fs/promises'
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
    v.object({
      image_id: id,
      category_id: id,
      /** Left, top, width, height in pixels. */
      bbox: v.tuple([finite, finite, finite, finite]),
      /** Of the segment, not of the box; files without segments give the box's. */
      area: v.nullish(finite),
      iscrowd: v.nullish(v.union([v.number(), v.boolean()])),
    }),
  ),
  categories: v.array(v.object({ id, name: v.string() })),
})
export type CocoTruth = v.InferOutput<typeof cocoTruth>

export async function readCocoTruth(path: string): Promise<CocoTruth> {
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
