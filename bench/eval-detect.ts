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
import { RunWatch } from './coco/run-watch.ts'
import { type Looked, toCoco } from './coco/to-coco.ts'
import { flagValue, quantile, rounded } from './model-card.ts'
import { Refusal, refuseUnknownFlags } from './refusal.ts'

export const evalDetectHelp = `eval detect
  --model PATH     folder with model.json, or an .onnx, bare or alone in a folder, whose layout is guessed (models/detector);
                   names of its classes, where the file has none, one a line in classes.txt beside it
  --coco FILE      annotations in COCO's form; --images DIR their pictures: what is missing or unreadable is not judged
  --engine NAME    wasm (in Node), webgpu (in a headless Chromium) or both (wasm)
  --limit N        only the first N pictures that are there, --webgpu-limit N as many on WebGPU (8: software adapters are slow)
  --floor SCORE    least score that counts (0.001), --nms IOU of suppression (the model's own; of guessed YOLOv5, v8, NanoDet
                   their evaluations' 0.6, 0.7, 0.6)
  --multi-label YN yes: a box counts for every class, no: for its best one (as the family's own evaluation does)
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
  const multiLabel = yesOrNo('multi-label', flagValue(flags, 'multi-label'))
  const folder = need('images')
  const listed = await readCocoTruth(need('coco'))
  const present = await presentPictures(listed, folder)
  const truth = firstPictures(present, limit)
  const opened = await openDetectorModel(flagValue(flags, 'model') ?? 'models/detector')
  for (const note of opened.notes) process.stderr.write(`guessed: ${note}\n`)
  const model = unsparing(opened, { scoreFloor: floor ?? 0.001, nmsIou: nms, multiLabel })
  const categories = categoriesOf(model.manifest.classes, truth)
  if (categories.every((category) => category === undefined)) {
    const told = `no class of the model is a category of the annotations: ${model.manifest.classes.slice(0, 8).join(', ')} …`
    const nameless = opened.notes.length > 0 && /^class-\d+$/.test(model.manifest.classes[0] ?? '')
    throw new Refusal(
      nameless ? `${told}; the file names none, write them one a line into classes.txt beside it` : told,
    )
  }
  const unknown = unknownCategories(truth, categories)
  if (unknown.length > 0)
    process.stderr.write(`categories that the model does not know count as 0: ${unknown.slice(0, 8).join(', ')}\n`)

  const engines: Record<string, unknown> = {}
  let judged: Judged | undefined
  if (engine !== 'webgpu') {
    judged = judge(truth, await detectInNode(model, truth, folder, decoder, categories), flags.includes('--per-class'))
    engines.wasm = { ...timingOf(judged.runsMs), about: 'Node, one thread' }
  }
  if (engine !== 'wasm') {
    const few = firstPictures(judged?.truth ?? truth, webgpuLimit ?? 8)
    const found = await detectInBrowser(model, few.images, folder, categories)
    const own = judge(few, found, false)
    engines.webgpu = { ...timingOf(found.runsMs), about: found.about, unreadable: own.unreadable, ...own.figures }
    judged ??= own
  }
  if (!judged) throw new Error(`no engine ${engine}`)
  const { figures } = judged
  const misses = [
    ...(figures.ap === null ? ['these pictures have no boxes that had to be found: there is nothing to judge by'] : []),
    ...missed('ap', figures.ap, expected.ap),
    ...missed('ap50', figures.ap50, expected.ap50),
  ]
  for (const miss of misses) process.stderr.write(`${miss}\n`)
  const { name, output } = model.manifest
  return {
    pass: misses.length === 0,
    model: name,
    layout: output.layout,
    nmsIou: output.nmsIou,
    multiLabel: output.multiLabel,
    images: judged.truth.images.length,
    missing: listed.images.length - present.images.length,
    unreadable: judged.unreadable,
    ...(unknown.length > 0 && { unknownCategories: unknown.length }),
    ...figures,
    engines,
  }
}

function yesOrNo(name: string, value: string | undefined): boolean | undefined {
  if (value !== undefined && value !== 'yes' && value !== 'no') throw new Refusal(`--${name} ${value}: yes or no`)
  return value === undefined ? undefined : value === 'yes'
}

/** Told before an hour of looking, not after. */
async function presentPictures(truth: CocoTruth, folder: string): Promise<CocoTruth> {
  const missing: CocoTruth['images'] = []
  for (const image of truth.images) {
    const found = await stat(join(folder, image.file_name)).catch(() => undefined)
    if (!found?.isFile()) missing.push(image)
  }
  if (missing.length === 0) return truth
  const told = `${folder}: ${missing.length} of ${truth.images.length} pictures are not there, such as ${firstOf(missing.map(({ file_name }) => file_name))}`
  if (missing.length === truth.images.length) throw new Refusal(told)
  process.stderr.write(`${told}\n`)
  return without(truth, missing)
}

const firstOf = (names: readonly string[]) => names.slice(0, 3).join(', ')

/** Boxes of pictures that nobody looked at are not asked for. */
function without(truth: CocoTruth, left: CocoTruth['images']): CocoTruth {
  const gone = new Set(left.map(({ id }) => id))
  return keeping(
    truth,
    truth.images.filter(({ id }) => !gone.has(id)),
  )
}

function keeping(truth: CocoTruth, images: CocoTruth['images']): CocoTruth {
  const ids = new Set(images.map(({ id }) => id))
  return { ...truth, images, annotations: truth.annotations.filter(({ image_id }) => ids.has(image_id)) }
}

interface Judged {
  /** What was looked at. */
  readonly truth: CocoTruth
  readonly unreadable: number
  readonly runsMs: readonly number[]
  readonly figures: ReturnType<typeof scored>
}

function judge(truth: CocoTruth, { detections, runsMs, unreadable }: Looked, perClass: boolean): Judged {
  const told = `${unreadable.length} of ${truth.images.length} pictures cannot be read: ${unreadable
    .slice(0, 3)
    .map(({ why }) => why)
    .join('; ')}`
  if (unreadable.length === truth.images.length) throw new Refusal(told)
  if (unreadable.length > 0) process.stderr.write(`${told}\n`)
  const seen = without(
    truth,
    unreadable.map(({ image }) => image),
  )
  return { truth: seen, unreadable: unreadable.length, runsMs, figures: scored(seen, detections, perClass) }
}

/** Names of the categories that have boxes and that no class of the model stands for. */
function unknownCategories(truth: CocoTruth, categories: readonly (number | undefined)[]): string[] {
  const used = new Set(truth.annotations.map(({ category_id }) => category_id))
  return truth.categories.filter(({ id }) => used.has(id) && !categories.includes(id)).map(({ name }) => name)
}

function firstPictures(truth: CocoTruth, limit: number | undefined): CocoTruth {
  return limit === undefined ? truth : keeping(truth, truth.images.slice(0, limit))
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
  folder: string,
  decoder: PictureDecoder,
  categories: readonly (number | undefined)[],
): Promise<Looked> {
  const watch = new RunWatch(ortBackends(), systemClock)
  const opened = await Detector.open(model, { clock: systemClock, backends: watch.backends, preference: 'wasm' })
  if (!opened.ok) throw new Refusal(opened.error.message)
  const looked: Looked = { detections: [], runsMs: [], unreadable: [] }
  for (const image of truth.images) {
    const picture = await readPicture(join(folder, image.file_name), decoder, image).catch(refusalOf)
    if (picture instanceof Refusal) {
      looked.unreadable.push({ image, why: picture.message })
      continue
    }
    const startMs = systemClock.monotonicMs()
    const found = await opened.value.detect(picture)
    looked.runsMs.push(watch.endedMs - startMs)
    looked.detections.push(...toCoco(found, image.id, categories))
  }
  await opened.value.dispose()
  return looked
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}

/** Of decoded picture → the model's outputs: preparation and run. */
function timingOf(runsMs: readonly number[]) {
  return {
    pictures: runsMs.length,
    medianMs: rounded(quantile(runsMs, 0.5), 2),
    p95Ms: rounded(quantile(runsMs, 0.95), 2),
  }
}
