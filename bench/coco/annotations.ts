/** COCO annotation files (cocodataset.org, “Data format”, object detection): what the evaluation needs of them. */
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { validate } from '../../src/contract/decode.ts'

const id = v.pipe(v.number(), v.integer())
const finite = v.pipe(v.number(), v.finite())

const cocoTruth = v.object({
  images: v.array(
    v.object({
      id,
      file_name: v.pipe(v.string(), v.regex(/^(?!.*\.\.)[^\0\\]{1,300}$/, 'must be a path below the folder of images')),
    }),
  ),
  annotations: v.array(
    v.object({
      image_id: id,
      category_id: id,
      /** Left, top, width, height in pixels. */
      bbox: v.tuple([finite, finite, finite, finite]),
      /** Of the segment, not of the box; files without segments give the box's. */
      area: v.optional(finite),
      iscrowd: v.optional(v.union([v.number(), v.boolean()]), 0),
    }),
  ),
  categories: v.array(v.object({ id, name: v.string() })),
})
export type CocoTruth = v.InferOutput<typeof cocoTruth>

export async function readCocoTruth(path: string): Promise<CocoTruth> {
  const checked = validate(cocoTruth, JSON.parse(await readFile(path, 'utf8')))
  if (!checked.ok) throw new Error(`${path}: ${checked.error.path} ${checked.error.message}`)
  return checked.value
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
  const byName = new Map(truth.categories.map(({ id, name }) => [name.toLowerCase(), id]))
  return classes.map((name) => {
    const plain = name.toLowerCase()
    return byName.get(plain) ?? byName.get(aliases[plain] ?? '')
  })
}
