/** A detector from a folder with `model.json`, or from a bare `.onnx` whose description is guessed; in Node, on WASM. */
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DetectionManifest } from '../../src/infer/detector-manifest.ts'
import { inspectDetector } from '../../src/infer/model-inspect.ts'
import { type LoadedModel, loadModel, sha256Hex } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { modelFolder } from '../model-card.ts'
import { Refusal } from '../refusal.ts'

export interface OpenedModel {
  readonly model: LoadedModel<DetectionManifest>
  /** What was guessed; empty where a `model.json` says it all. */
  readonly notes: readonly string[]
}

const classFiles = ['classes.txt', 'labels.txt', 'coco_classes.txt']

export async function openDetectorModel(path: string): Promise<OpenedModel> {
  if ((await stat(path)).isDirectory()) {
    const loaded = await loadModel(modelFolder(path))
    if (!loaded.ok) throw new Refusal(`${path}: ${loaded.error.message}`)
    const { manifest, weights } = loaded.value
    if (manifest.task !== 'detection') throw new Refusal(`${path}: ${manifest.name} does ${manifest.task}`)
    return { model: { manifest, weights }, notes: [] }
  }
  const weights = new Uint8Array(await readFile(path))
  const classes = await classesBeside(path)
  const facts = {
    name: basename(path, '.onnx'),
    file: basename(path),
    bytes: weights.byteLength,
    sha256: await sha256Hex(weights),
    ...(classes && { classes: classes.names }),
  }
  const [wasm] = ortBackends()
  if (!wasm) throw new Error('no WASM engine')
  const guess = await inspectDetector(weights, facts, wasm)
  if (!guess.ok) throw new Refusal(`${path}: ${guess.error.message}`)
  const notes = classes ? [...guess.value.notes, `class names of ${classes.file}`] : guess.value.notes
  return { model: { manifest: guess.value.manifest, weights }, notes }
}

/** One name a line, in a file beside the model. */
async function classesBeside(path: string): Promise<{ readonly file: string; readonly names: string[] } | undefined> {
  for (const file of [`${basename(path, '.onnx')}.txt`, ...classFiles]) {
    const text = await readFile(join(dirname(path), file), 'utf8').catch(() => undefined)
    const names = text
      ?.split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean)
    if (names?.length) return { file, names }
  }
  return undefined
}

/** The same model asked for everything it sees, under its own class names: what average precision is made of. */
export function unsparing(
  { manifest, weights }: LoadedModel<DetectionManifest>,
  scoreFloor: number,
  nmsIou: number | undefined,
): LoadedModel<DetectionManifest> {
  const limits = { scoreFloor, classFloors: {}, maxCandidates: 30_000, maxDetections: 1000 }
  const output = { ...manifest.output, ...limits, ...(nmsIou !== undefined && { nmsIou }) }
  return { manifest: { ...manifest, output, classMap: {}, unmapped: 'keep' }, weights }
}
