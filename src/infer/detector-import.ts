/** A detector from outside: looked into, tried, and only then taken. */
import type { CameraFrame } from '../contract/camera.ts'
import type { InspectedDetector, ModelFault, TriedDetector } from '../contract/model-port.ts'
import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { quickSha256Hex } from '../platform/sha256.ts'
import { Detector } from './detector.ts'
import { type DetectionManifest, imageSize } from './detector-manifest.ts'
import type { EngineOptions } from './engine.ts'
import type { EngineBackend } from './engine-backend.ts'
import { inspectDetector, inspectHeader } from './model-inspect.ts'
import { checkManifest, type ModelError, weightLimitBytes } from './model-manifest.ts'
import type { OnnxHeader } from './model-onnx.ts'
import { notOnWebGpu } from './webgpu-operators.ts'

export interface ForeignModel {
  readonly name: string
  readonly weights: Uint8Array<ArrayBuffer>
  readonly manifestText?: string
  /** What its publisher states, in lower-case hexadecimal. */
  readonly sha256?: string
}

const manifestLimitChars = 256 * 1024

/** Hash where it is stated, header, operators and a description; runs the model once where there is no `model.json`. */
export async function inspectForeign(
  { name, weights, manifestText, sha256 }: ForeignModel,
  backends: readonly EngineBackend[],
): Promise<Result<InspectedDetector, ModelFault>> {
  if (weights.byteLength > weightLimitBytes)
    return err({ code: 'tooLarge', message: `${weights.byteLength} bytes, at most ${weightLimitBytes}` })
  const found = sha256 === undefined ? undefined : await quickSha256Hex(weights)
  if (found !== sha256) return err({ code: 'wrongHash', message: `sha256 ${found}, expected ${sha256}` })
  const header = inspectHeader(weights)
  if (!header.ok) return header
  const described = manifestText ? await manifestFor(manifestText, weights) : await guessed(name, weights, backends)
  if (!described.ok) return described
  const { manifest, notes } = described.value
  return ok({
    ...factsOf(header.value),
    bytes: weights.byteLength,
    sha256: manifest.sha256,
    manifestText: JSON.stringify(manifest, null, 2),
    notes,
  })
}

function factsOf({ operators, opsets }: OnnxHeader) {
  return {
    opset: opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    operatorCount: Object.values(operators).reduce((sum, count) => sum + count, 0),
    notOnWebGpu: notOnWebGpu(operators),
  }
}

type Described<E = ModelError> = Result<{ readonly manifest: DetectionManifest; readonly notes: readonly string[] }, E>

async function guessed(
  name: string,
  weights: Uint8Array<ArrayBuffer>,
  backends: readonly EngineBackend[],
): Promise<Described<ModelFault>> {
  const wasm = backends.find(({ kind }) => kind === 'wasm')
  if (!wasm) return err({ code: 'engineFailed', message: 'there is no WASM engine' })
  const plain = name.replace(/\.onnx$/i, '').slice(0, 80) || 'model'
  const facts = { name: plain, file: 'model.onnx', bytes: weights.byteLength, sha256: await quickSha256Hex(weights) }
  return inspectDetector(weights, facts, wasm)
}

/** The text's own size and hash are held against the file, then the file's are noted. */
async function manifestFor(text: string, weights: Uint8Array<ArrayBuffer>): Promise<Described> {
  if (text.length > manifestLimitChars)
    return err({ code: 'tooLarge', message: `model.json has ${text.length} characters` })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return err({ code: 'badManifest', message: error instanceof Error ? error.message : String(error) })
  }
  const checked = checkManifest(parsed)
  if (!checked.ok) return checked
  const manifest = checked.value
  if (manifest.task !== 'detection')
    return err({ code: 'wrongTask', message: `${manifest.name} does ${manifest.task}` })
  if (manifest.bytes !== weights.byteLength)
    return err({ code: 'wrongSize', message: `${weights.byteLength} bytes, model.json says ${manifest.bytes}` })
  const sha256 = await quickSha256Hex(weights)
  if (sha256 !== manifest.sha256)
    return err({ code: 'wrongHash', message: `sha256 ${sha256}, model.json says ${manifest.sha256}` })
  return ok({ manifest, notes: [] })
}

/** Opens it, lets it look at grey and at `frame`, and hands both over; the caller keeps or disposes the detector. */
export async function tryForeign(
  { weights, manifestText = '' }: ForeignModel,
  frame: CameraFrame | undefined,
  options: EngineOptions & { readonly clock: Clock },
): Promise<Result<{ readonly detector: Detector; readonly tried: TriedDetector }, ModelError>> {
  const described = await manifestFor(manifestText, weights)
  if (!described.ok) return described
  const opened = await Detector.open({ manifest: described.value.manifest, weights }, options)
  if (!opened.ok) return opened
  const detector = opened.value
  try {
    const onBlank = (await detector.detect(greyPicture(detector.manifest))).length
    const onFrame = frame && (await lookAt(detector, frame, options.clock))
    const { engine, why } = detector.engine.report
    return ok({ detector, tried: { engine, why, onBlank, ...(onFrame && { onFrame }) } })
  } catch (error) {
    await detector.dispose()
    return err({ code: 'engineFailed', message: error instanceof Error ? error.message : String(error) })
  }
}

function greyPicture({ input }: DetectionManifest) {
  const { width, height } = imageSize(input)
  return { width, height, rgba: new Uint8Array(width * height * 4).fill(127).buffer }
}

async function lookAt(detector: Detector, frame: CameraFrame, clock: Clock): Promise<TriedDetector['onFrame']> {
  const startMs = clock.monotonicMs()
  const found = await detector.detect(frame)
  const ms = clock.monotonicMs() - startMs
  const best = found.slice(0, 12).map(({ className, score }) => ({ className, score }))
  return { cameraId: frame.cameraId, ms, found: best }
}
