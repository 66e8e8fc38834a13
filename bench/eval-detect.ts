/** `npm run eval -- detect`: any detector on any COCO-style set, by COCO's rules, with the time it takes per engine. */
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

export const evalDetectHelp = `eval detect
  --model PATH     folder with model.json, or an .onnx whose layout is guessed (models/detector)
  --coco FILE      annotations in COCO's form; --images DIR their pictures
  --engine NAME    wasm (in Node), webgpu (in a headless Chromium) or both (wasm)
  --limit N        only the first N pictures, --webgpu-limit N as many on WebGPU (8: software adapters are slow)
  --floor SCORE    least score that counts (0.001), --nms IOU of suppression (the model's own)
  --decoder NAME   jpeg-js or ffmpeg (jpeg-js)
  --per-class      average precision of each category too
  --expect-ap50 P  fails unless AP50 is within 0.5 points of P; --expect-ap P likewise
`

const points = (share: number) => (Number.isNaN(share) ? null : rounded(100 * share, 2))

export async function evalDetect(flags: string[]) {
  if (flags.includes('--help')) {
    process.stderr.write(evalDetectHelp)
    return { pass: true }
  }
  const need = (name: string) => {
    const value = flagValue(flags, name)
    if (value === undefined) throw new Error(`--${name} is missing\n\n${evalDetectHelp}`)
    return value
  }
  const engine = flagValue(flags, 'engine') ?? 'wasm'
  if (!['wasm', 'webgpu', 'both'].includes(engine)) throw new Error(`--engine ${engine}: wasm, webgpu or both`)
  const decoder = (flagValue(flags, 'decoder') ?? 'jpeg-js') as PictureDecoder
  const folder = need('images')
  const truth = firstPictures(await readCocoTruth(need('coco')), flagValue(flags, 'limit'))
  const opened = await openDetectorModel(flagValue(flags, 'model') ?? 'models/detector')
  for (const note of opened.notes) process.stderr.write(`guessed: ${note}\n`)
  const nms = flagValue(flags, 'nms')
  const model = unsparing(
    opened.model,
    Number(flagValue(flags, 'floor') ?? 0.001),
    nms === undefined ? undefined : Number(nms),
  )
  const categories = categoriesOf(model.manifest.classes, truth)
  if (categories.every((category) => category === undefined))
    throw new Error(
      `no class of the model is a category of the annotations: ${model.manifest.classes.slice(0, 8).join(', ')} …`,
    )

  const engines: Record<string, unknown> = {}
  let figures: ReturnType<typeof scored> | undefined
  if (engine !== 'webgpu') {
    const found = await detectInNode(model, truth, (file) => readPicture(join(folder, file), decoder), categories)
    figures = scored(truth, found.detections, flags.includes('--per-class'))
    engines.wasm = { ...timingOf(found.runsMs), about: 'Node, one thread' }
  }
  if (engine !== 'wasm') {
    const few = firstPictures(truth, flagValue(flags, 'webgpu-limit') ?? '8')
    const found = await detectInBrowser(model, few.images, folder, categories)
    const own = scored(few, found.detections, false)
    engines.webgpu = { ...timingOf(found.runsMs), about: found.about, ...own }
    figures ??= own
  }
  const misses = [
    ...missed('ap', figures?.ap, flagValue(flags, 'expect-ap')),
    ...missed('ap50', figures?.ap50, flagValue(flags, 'expect-ap50')),
  ]
  for (const miss of misses) process.stderr.write(`${miss}\n`)
  const { name, output } = model.manifest
  return {
    pass: misses.length === 0,
    model: name,
    layout: output.layout,
    images: truth.images.length,
    ...figures,
    engines,
  }
}

function firstPictures(truth: CocoTruth, limit: string | undefined): CocoTruth {
  if (limit === undefined) return truth
  const images = truth.images.slice(0, Number(limit))
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

function missed(name: string, found: number | null | undefined, expected: string | undefined): string[] {
  if (expected === undefined || Math.abs((found ?? Number.NaN) - Number(expected)) <= 0.5) return []
  return [`${name} is ${found}, expected ${expected} ± 0.5`]
}

async function detectInNode(
  model: LoadedModel<DetectionManifest>,
  truth: CocoTruth,
  read: (file: string) => ReturnType<typeof readPicture>,
  categories: readonly (number | undefined)[],
): Promise<{ readonly detections: CocoDetection[]; readonly runsMs: number[] }> {
  const opened = await Detector.open(model, { clock: systemClock, backends: ortBackends(), preference: 'wasm' })
  if (!opened.ok) throw new Error(opened.error.message)
  const detections: CocoDetection[] = []
  const runsMs: number[] = []
  for (const { id, file_name } of truth.images) {
    const picture = await read(file_name)
    const startMs = systemClock.monotonicMs()
    const found = await opened.value.detect(picture)
    runsMs.push(systemClock.monotonicMs() - startMs)
    detections.push(...toCoco(found, id, categories))
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
