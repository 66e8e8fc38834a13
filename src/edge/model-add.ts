/** Brings a detector into a folder of its own: fetched or copied, checked, run once, and described by a `model.json`. */
import { copyFile, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Detector } from '../infer/detector.ts'
import type { EngineBackend } from '../infer/engine-backend.ts'
import { inspectDetector } from '../infer/model-inspect.ts'
import { type LoadedModel, loadModel, weightLimitBytes } from '../infer/model-manifest.ts'
import { readOnnxHeader } from '../infer/model-onnx.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { quickSha256Hex } from '../platform/sha256.ts'
import { download } from './model-download.ts'
import { type RecommendedModel, recommendedModels } from './model-recommended.ts'
import { reasonOf } from './start-error.ts'

export interface ModelTools {
  readonly clock: Clock
  /** Runs the model once, to see that it runs and what comes out. */
  readonly backend: EngineBackend
  readonly progress?: (doneBytes: number, totalBytes: number | undefined) => void
  readonly limitBytes?: number
}

export interface AddedModel {
  readonly folder: string
  /** What was guessed or found, a line each. */
  readonly notes: readonly string[]
}

type Failure = Result<never, string>

/** `what` is a name of the short list, an http address or a file; the folder is `to/NAME`, NAME taken from it. */
export async function addModel(
  what: string,
  to: string,
  tools: ModelTools,
  list: readonly RecommendedModel[] = recommendedModels,
): Promise<Result<AddedModel, string>> {
  const known = list.find(({ name }) => name === what)
  if (known && known.url === undefined)
    return err(`${known.name} (${known.licence}) is not published as ONNX. ${known.howTo}`)
  const source = known?.url ?? what
  const name = known?.name ?? plainName(source)
  const folder = join(to, name)
  try {
    await mkdir(folder, { recursive: true })
    return await addTo(folder, name, source, known, tools)
  } catch (error) {
    // The disk is full, or the folder may not be written to.
    if (error instanceof Error && 'syscall' in error) return err(`${folder}: ${reasonOf(error)}`)
    throw error
  } finally {
    // Empty where nothing came of it; a download that broke off stays to be gone on with.
    await rmdir(folder).catch(() => undefined)
  }
}

async function addTo(
  folder: string,
  name: string,
  source: string,
  known: RecommendedModel | undefined,
  tools: ModelTools,
): Promise<Result<AddedModel, string>> {
  const file = `${name}.onnx`
  // What lies there already stays as it is until the new one has proved itself.
  const fresh = `${join(folder, file)}.new`
  const fetched = await bring(source, fresh, known?.sha256, tools)
  const described = fetched.ok ? await describe(fresh, { name, file }, known, tools) : fetched
  if (!described.ok) {
    await rm(fresh, { force: true })
    return described
  }
  const manifest = join(folder, 'model.json')
  const before = await readFile(manifest, 'utf8').catch(() => undefined)
  if (before !== undefined && !before.includes(described.value.sha256)) {
    await rm(fresh, { force: true })
    return err(`${folder} holds another model; remove it first, or choose another folder with --to`)
  }
  const { notes } = described.value
  if (before !== undefined) {
    // Of this very model, and perhaps corrected by hand.
    await rename(fresh, join(folder, file))
    return ok({ folder, notes: [...notes, `${manifest} was there and stays; remove it first to have it written anew`] })
  }
  await writeFile(`${manifest}.new`, `${JSON.stringify(described.value.manifest, null, 2)}\n`)
  await rename(fresh, join(folder, file))
  await rename(`${manifest}.new`, manifest)
  return ok({ folder, notes: [...notes, `${manifest} is written; correct it where a guess is wrong`] })
}

function plainName(source: string): string {
  const last = basename(URL.canParse(source) && source.includes('://') ? new URL(source).pathname : source)
  return (
    last
      .replace(/\.onnx$/i, '')
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'model'
  )
}

async function bring(
  source: string,
  path: string,
  sha256: string | undefined,
  { progress, limitBytes = weightLimitBytes }: ModelTools,
): Promise<Result<void, string>> {
  if (/^https?:\/\//i.test(source)) {
    const options = { limitBytes, ...(sha256 !== undefined && { sha256 }), ...(progress && { progress }) }
    const fetched = await download(source, path, options)
    return fetched.ok ? ok(undefined) : err(`${fetched.error.code}: ${fetched.error.message}`)
  }
  const local = /^file:\/\/\//i.test(source) ? fileURLToPath(source) : source
  const found = await stat(local).catch(() => undefined)
  if (!found?.isFile())
    return err(`${source} is neither a file, an http address nor a name of the list (npm run model -- list)`)
  if (found.size > limitBytes) return err(`tooLarge: ${source} has ${found.size} bytes, at most ${limitBytes}`)
  await copyFile(local, path)
  return ok(undefined)
}

async function describe(
  path: string,
  { name, file }: { readonly name: string; readonly file: string },
  known: RecommendedModel | undefined,
  tools: ModelTools,
): Promise<Result<{ readonly manifest: object; readonly sha256: string; readonly notes: readonly string[] }, string>> {
  const weights = new Uint8Array(await readFile(path))
  const sha256 = await quickSha256Hex(weights)
  const facts = {
    name,
    file,
    bytes: weights.byteLength,
    sha256,
    licence: known?.licence ?? 'not stated',
  }
  const guess = await inspectDetector(weights, facts, tools.backend)
  if (!guess.ok) return err(`${guess.error.code}: ${guess.error.message}`)
  const { manifest, notes } = guess.value
  const tried = await tryOut({ manifest, weights }, tools)
  if (!tried.ok) return tried
  return ok({
    sha256,
    manifest: known?.url === undefined ? manifest : { ...manifest, source: known.url },
    notes: [`${weights.byteLength} bytes, sha256 ${sha256}`, ...headerLines(weights), ...notes, tried.value],
  })
}

/** Opens it the way the product does: its outputs must be what its description says. */
async function tryOut(model: LoadedModel, { clock, backend }: ModelTools): Promise<Result<string, string>> {
  const opened = await Detector.open(model, { clock, backends: [backend], preference: 'wasm', warmUpRuns: 2 })
  if (!opened.ok) return err(`${opened.error.code}: ${opened.error.message}`)
  const ms = opened.value.engine.report.wasmMs
  await opened.value.dispose()
  return ok(`runs on WASM, ${ms?.toFixed(0)} ms on a blank picture here`)
}

function headerLines(weights: Uint8Array): string[] {
  const header = readOnnxHeader(weights)
  if (!header.ok) return []
  const { inputs, outputs, opsets, operators } = header.value
  const shapes = (tensors: typeof inputs) =>
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(',')}]`)
  const count = Object.values(operators).reduce((sum, times) => sum + times, 0)
  return [
    `takes ${shapes(inputs).join(', ')}`,
    `gives ${shapes(outputs).join(', ')}`,
    `opset ${opsets.map(({ domain, version }) => (domain ? `${domain} ${version}` : version)).join(', ')}, ${count} operators of ${Object.keys(operators).length} kinds`,
  ]
}

/** A folder with `model.json`, held to what it says: size, hash, header, one run. */
export async function checkModel(folder: string, tools: ModelTools): Promise<Result<readonly string[], string>> {
  const loaded = await loadModel(async (file) => new Uint8Array(await readFile(join(folder, file))))
  if (!loaded.ok) return err(`${loaded.error.code}: ${loaded.error.message}`)
  const { manifest, weights } = loaded.value
  const header = readOnnxHeader(weights)
  if (!header.ok) return failure(header.error)
  const lines = [`${manifest.name} ${manifest.version}, ${manifest.task}, ${manifest.licence}`, ...headerLines(weights)]
  if (manifest.task !== 'detection') return ok([...lines, 'size and hash are right'])
  const tried = await tryOut(loaded.value, tools)
  return tried.ok ? ok([...lines, `layout ${manifest.output.layout}`, tried.value]) : tried
}

const failure = ({ code, message }: { readonly code: string; readonly message: string }): Failure =>
  err(`${code}: ${message}`)
