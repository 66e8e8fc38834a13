/** `npm run eval -- detect`: any detector on any COCO-style set, by COCO's rules, with the time it takes per engine. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Detector } from '../src/infer/detector.ts'
import type { DetectionManifest } from '../src/infer/detector-manifest.ts'
import type { LoadedModel } from '../src/infer/model-manifest.ts'
import { ortBackends } from '../src/infer/ort-backend.ts'
import { systemClock } from '../src/platform/clock.ts'
import { type CocoTruth, categoriesOf, readCocoTruth } from './coco/annotations.ts'
import { type CocoDetection, evaluateCoco } from './coco/evaluate.ts'
import { detectInBrowser } from './coco/in-browser.ts'
import { openDetectorModel, unsparing } from './coco/open-detector.ts'
import { type PictureDecoder, readPicture } from './coco/pictures.ts'
import { toCoco } from './coco/to-coco.ts'
import { flagValue, quantile, rounded } from './model-card.ts'
import { Refusal, refuseUnknownFlags } from './refusal.ts'

export const evalDetectHelp = `eval detect
  --model PATH     folder with model.json, or an .onnx whose layout is guessed (models/detector)
  --coco FILE      annotations in COCO's form; --images DIR their pictures
  --engine NAME    wasm (in Node), webgpu (in a headless Chromium) or both (wasm)
  --limit N        only the first N pictures, --webgpu-limit N as many on WebGPU (8: software adapters are slow)
  --floor SCORE    least score that counts (0.001), --nms IOU of suppression (the model's own)
  --decoder NAME   of JPEG: jpeg-js or ffmpeg (jpeg-js); other pictures are left to ffmpeg
  --per-class      average precision of each category too
  --expect-ap50 P  fails unless AP50 is within 0.5 points of P; --expect-ap P likewise
`

const points = (share: number) => (Number.isNaN(share) ? null : rounded(100 * share, 2))

export async function evalDetect(flags: string[]) {
  if (flags.includes('--help')) {
    process.stderr.write(evalDetectHelp)
    return { pass: true }
  }
  refuseUnknownFlags(flags, evalDetectHelp)
  const need = (name: string) => {
    const value = flagValue(flags, name)
    if (value === undefined) throw new Refusal(`--${name} is missing; --help lists the flags`)
    return value
  }
  const number = (name: string, most: number) => {
    const value = flagValue(flags, name)
    if (value === undefined) return undefined
    if (value.trim() !== '' && Number(value) >= 0 && Number(value) <= most) return Number(value)
    throw new Refusal(`--${name} ${value}: a number from 0 to ${most} was expected`)
  }
  const engine = flagValue(flags, 'engine') ?? 'wasm'
  if (!['wasm', 'webgpu', 'both'].includes(engine)) throw new Refusal(`--engine ${engine}: wasm, webgpu or both`)
  const decoder = (flagValue(flags, 'decoder') ?? 'jpeg-js') as PictureDecoder
  if (!['jpeg-js', 'ffmpeg'].includes(decoder)) throw new Refusal(`--decoder ${decoder}: jpeg-js or ffmpeg`)
  const [limit, webgpuLimit] = [number('limit', 1e9), number('webgpu-limit', 1e9)]
  const [floor, nms] = [number('floor', 1), number('nms', 1)]
  const expected = { ap: number('expect-ap', 100), ap50: number('expect-ap50', 100) }
  const folder = need('images')
  const truth = firstPictures(await readCocoTruth(need('coco')), limit)
  await refuseMissing(truth, folder)
  const opened = await openDetectorModel(flagValue(flags, 'model') ?? 'models/detector')
  for (const note of opened.notes) process.stderr.write(`guessed: ${note}\n`)
  const model = unsparing(opened.model, floor ?? 0.001, nms)
  const categories = categoriesOf(model.manifest.classes, truth)
  if (categories.every((category) => category === undefined))
    throw new Refusal(
      `no class of the model is a category of the annotations: ${model.manifest.classes.slice(0, 8).join(', ')} …`,
    )
  const unknown = unknownCategories(truth, categories)
  if (unknown.length > 0)
    process.stderr.write(`categories that the model does not know count as 0: ${unknown.slice(0, 8).join(', ')}\n`)

  const engines: Record<string, unknown> = {}
  let figures: ReturnType<typeof scored> | undefined
  if (engine !== 'webgpu') {
    const found = await detectInNode(
      model,
      truth,
      (image) => readPicture(join(folder, image.file_name), decoder, image),
      categories,
    )
    figures = scored(truth, found.detections, flags.includes('--per-class'))
    engines.wasm = { ...timingOf(found.runsMs), about: 'Node, one thread' }
  }
  if (engine !== 'wasm') {
    const few = firstPictures(truth, webgpuLimit ?? 8)
    const found = await detectInBrowser(model, few.images, folder, categories)
    const own = scored(few, found.detections, false)
    engines.webgpu = { ...timingOf(found.runsMs), about: found.about, ...own }
    figures ??= own
  }
  const misses = [
    ...(figures?.ap === null
      ? ['these pictures have no boxes that had to be found: there is nothing to judge by']
      : []),
    ...missed('ap', figures?.ap, expected.ap),
    ...missed('ap50', figures?.ap50, expected.ap50),
  ]
  for (const miss of misses) process.stderr.write(`${miss}\n`)
  const { name, output } = model.manifest
  return {
    pass: misses.length === 0,
    model: name,
    layout: output.layout,
    images: truth.images.length,
    ...(unknown.length > 0 && { unknownCategories: unknown.length }),
    ...figures,
    engines,
  }
}

/** Told before an hour of looking, not after. */
async function refuseMissing({ images }: CocoTruth, folder: string): Promise<void> {
  const missing: string[] = []
  for (const { file_name } of images) {
    const found = await stat(join(folder, file_name)).catch(() => undefined)
    if (!found?.isFile()) missing.push(file_name)
  }
  if (missing.length > 0)
    throw new Refusal(`${folder}: ${missing.length} of ${images.length} pictures are not there, such as ${missing[0]}`)
}

/** Names of the categories that have boxes and that no class of the model stands for. */
function unknownCategories(truth: CocoTruth, categories: readonly (number | undefined)[]): string[] {
  const used = new Set(truth.annotations.map(({ category_id }) => category_id))
  return truth.categories.filter(({ id }) => used.has(id) && !categories.includes(id)).map(({ name }) => name)
}

function firstPictures(truth: CocoTruth, limit: number | undefined): CocoTruth {
  if (limit === undefined) return truth
  const images = truth.images.slice(0, limit)
  const ids = new Set(images.map(({ id }) => id))
  return { ...truth, images, annotations: truth.annotations.filter(({ image_id }) => ids.has(image_id)) }
}

function scored(truth: CocoTruth, detections: readonly CocoDetection[], perClass: boolean) {
  const scores = evaluateCoco(truth, detections)
  const classes = Object.entries(scores.perClass).map(([name, { ap, ap50 }]) => [name, [points(ap), points(ap50)]])
  return {
    ap: points(scores.ap),
    ap50: points(scores.ap50),
    ap75: points(scores.ap75),
    apSmall: points(scores.apSmall),
    apMedium: points(scores.apMedium),
    apLarge: points(scores.apLarge),
    ...(perClass && { perClass: Object.fromEntries(classes) }),
  }
}

function missed(name: string, found: number | null | undefined, expected: number | undefined): string[] {
  if (expected === undefined || Math.abs((found ?? Number.NaN) - expected) <= 0.5) return []
  return [`${name} is ${found}, expected ${expected} ± 0.5`]
}

async function detectInNode(
  model: LoadedModel<DetectionManifest>,
  truth: CocoTruth,
  read: (image: CocoTruth['images'][number]) => ReturnType<typeof readPicture>,
  categories: readonly (number | undefined)[],
): Promise<{ readonly detections: CocoDetection[]; readonly runsMs: number[] }> {
  const opened = await Detector.open(model, { clock: systemClock, backends: ortBackends(), preference: 'wasm' })
  if (!opened.ok) throw new Refusal(opened.error.message)
  const detections: CocoDetection[] = []
  const runsMs: number[] = []
  for (const image of truth.images) {
    const picture = await read(image)
    const startMs = systemClock.monotonicMs()
    const found = await opened.value.detect(picture)
    runsMs.push(systemClock.monotonicMs() - startMs)
    detections.push(...toCoco(found, image.id, categories))
  }
  await opened.value.dispose()
  return { detections, runsMs }
}

/** Of decoded picture → detections: preparation, run and decoding. */
function timingOf(runsMs: readonly number[]) {
  return {
    pictures: runsMs.length,
    medianMs: rounded(quantile(runsMs, 0.5), 2),
    p95Ms: rounded(quantile(runsMs, 0.95), 2),
  }
}
