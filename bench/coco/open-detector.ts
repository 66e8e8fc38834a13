/** A detector from a folder with `model.json`, or from an `.onnx` whose description is guessed; in Node, on WASM. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DetectionLayout, DetectionManifest, DetectionOutput } from '../../src/infer/detector-manifest.ts'
import { inspectDetector } from '../../src/infer/model-inspect.ts'
import { type LoadedModel, loadModel } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { quickSha256Hex } from '../../src/platform/sha256.ts'
import { modelFolder } from '../model-card.ts'
import { Refusal } from '../refusal.ts'

export interface OpenedModel {
  readonly model: LoadedModel<DetectionManifest>
  /** What was guessed; empty where a `model.json` says it all. */
  readonly notes: readonly string[]
}

const classFiles = ['classes.txt', 'labels.txt', 'coco_classes.txt']

/** Of any size: this is no browser's tab. */
export async function openDetectorModel(path: string): Promise<OpenedModel> {
  if (!(await stat(path)).isDirectory()) return guessed(path)
  const files = await readdir(path)
  if (!files.includes('model.json')) return guessed(join(path, onlyModelOf(path, files)))
  const loaded = await loadModel(modelFolder(path), Number.POSITIVE_INFINITY)
  if (!loaded.ok) throw new Refusal(`${path}: ${loaded.error.message}`)
  const { manifest, weights } = loaded.value
  if (manifest.task !== 'detection') throw new Refusal(`${path}: ${manifest.name} does ${manifest.task}`)
  return { model: { manifest, weights }, notes: [] }
}

const onnxEnding = /\.onnx$/i

function onlyModelOf(folder: string, files: readonly string[]): string {
  const [only, ...more] = files.filter((file) => onnxEnding.test(file)).sort()
  if (only === undefined) throw new Refusal(`${folder}: there is no model.json and no .onnx`)
  if (more.length === 0) return only
  throw new Refusal(`${folder}: there is no model.json; which file is it, ${[only, ...more].join(', ')}?`)
}

async function guessed(path: string): Promise<OpenedModel> {
  const weights = new Uint8Array(await readFile(path))
  const classes = await classesBeside(path)
  const facts = {
    name: plainName(path).slice(0, 80),
    // A manifest takes no other names; nobody asks for the file again.
    file: 'model.onnx',
    bytes: weights.byteLength,
    sha256: await quickSha256Hex(weights),
    ...(classes && { classes: classes.names }),
  }
  const [wasm] = ortBackends()
  if (!wasm) throw new Error('no WASM engine')
  const guess = await inspectDetector(weights, facts, wasm)
  if (!guess.ok) throw new Refusal(`${path}: ${guess.error.message}`)
  const taken = classes && guess.value.manifest.classes.join() === classes.names.join()
  const notes = taken ? [...guess.value.notes, `class names of ${classes.file}`] : guess.value.notes
  return { model: { manifest: guess.value.manifest, weights }, notes }
}

const plainName = (path: string) => basename(path).replace(onnxEnding, '') || 'model'

/** One name a line, in a file beside the model. */
async function classesBeside(path: string): Promise<{ readonly file: string; readonly names: string[] } | undefined> {
  for (const file of [`${plainName(path)}.txt`, ...classFiles]) {
    const text = await readFile(join(dirname(path), file), 'utf8').catch(() => undefined)
    const names = text
      ?.split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean)
    if (names?.length) return { file, names }
  }
  return undefined
}

/** The overlap with which each family's own evaluation suppresses; for others the model's own counts. */
const familyIou: Partial<Record<DetectionLayout, number>> = { yolov5: 0.6, yolov8: 0.7, gfl: 0.6 }
/** Of DETR's kin the best pairs of box and class count. */
const mostPairs = 300

interface AskedDetails {
  readonly scoreFloor: number
  readonly nmsIou?: number | undefined
  readonly multiLabel?: boolean | undefined
}

/**
 * The same model asked for everything it sees, under its own class names: what average precision is made of. Where nobody
 * says otherwise, boxes count for several classes, and a guessed model's are suppressed, as in its family's own evaluation.
 */
export function unsparing(
  { model: { manifest, weights }, notes }: OpenedModel,
  { scoreFloor, nmsIou, multiLabel }: AskedDetails,
): LoadedModel<DetectionManifest> {
  const { output } = manifest
  if (multiLabel && hasOneClassEach(output))
    throw new Refusal(`${manifest.name}: its boxes come with one class each; none has several`)
  const isGuessed = notes.length > 0
  const ownIou = (isGuessed && output.nmsIou !== null && familyIou[output.layout]) || output.nmsIou
  const asked = {
    scoreFloor,
    classFloors: {},
    maxCandidates: 30_000,
    nmsIou: nmsIou ?? ownIou,
    multiLabel: multiLabel ?? isMultiLabel(output),
  }
  const maxDetections = output.layout === 'detr' && asked.multiLabel ? mostPairs : 1000
  return {
    manifest: { ...manifest, output: { ...output, ...asked, maxDetections }, classMap: {}, unmapped: 'keep' },
    weights,
  }
}

const hasOneClassEach = (output: DetectionOutput) =>
  output.layout === 'end-to-end' || (output.layout === 'detr' && output.labels !== undefined)

/** Whether the family's own evaluation counts a box for every class. DETR's first form, with “nothing”, does not. */
function isMultiLabel(output: DetectionOutput): boolean {
  if (output.layout !== 'detr') return ['yolov5', 'yolov8', 'gfl'].includes(output.layout)
  const hasNothing = output.nothing === undefined ? output.activation === 'softmax' : output.nothing !== 'none'
  return !hasOneClassEach(output) && !(hasNothing && output.nmsIou === null)
}
