/** `model.json`: what a model is and how to feed it, so that a folder is all it takes to plug one in. */
import * as v from 'valibot'
import { decodeJson, validate } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { quickSha256Hex } from '../platform/sha256.ts'
import { detectionManifest } from './detector-manifest.ts'
import { common, count, name, only, size, unit } from './model-fields.ts'

const shape = v.pipe(v.array(size), v.minLength(1), v.maxLength(6))

const forecastManifest = only({
  ...common,
  task: v.literal('forecast'),
  input: only({
    history: only({ name, shape }),
    calendar: only({ name, shape }),
    intervalMs: v.pipe(v.number(), v.minValue(1000)),
    historyIntervals: count,
  }),
  output: only({
    name,
    shape,
    quantiles: v.tuple([unit, unit, unit]),
    horizonIntervals: count,
  }),
})
export type ForecastManifest = v.InferOutput<typeof forecastManifest>

/** What a zone's window may carry. Lighting says who switched it on, not who is there: the shipped model leaves it out. */
export const environmentChannels = ['temperature', 'humidity', 'co2', 'pm25', 'illuminance'] as const
export type EnvironmentChannel = (typeof environmentChannels)[number]

const environmentManifest = only({
  ...common,
  task: v.literal('environment'),
  input: only({
    name,
    shape,
    channels: v.array(v.picklist(environmentChannels)),
    stepMs: v.pipe(v.number(), v.minValue(1000)),
    steps: count,
  }),
  output: only({ name, shape, labels: v.tuple([v.literal('occupied'), v.literal('fireLike')]) }),
  /** Probabilities from which each label counts as yes. */
  thresholds: only({ occupied: unit, fireLike: unit }),
})
export type EnvironmentManifest = v.InferOutput<typeof environmentManifest>

const modelManifest = v.variant('task', [detectionManifest, forecastManifest, environmentManifest])
export type ModelManifest = v.InferOutput<typeof modelManifest>
export type ModelTask = ModelManifest['task']

export interface ModelError {
  readonly code:
    | 'notFound'
    | 'badManifest'
    | 'wrongTask'
    | 'tooLarge'
    | 'wrongSize'
    | 'wrongHash'
    | 'badOutput'
    | 'notOnnx'
    | 'engineFailed'
  readonly message: string
}

export interface LoadedModel<M extends ModelManifest = ModelManifest> {
  readonly manifest: M
  readonly weights: Uint8Array<ArrayBuffer>
}

/** Reads one file of a model's folder; throws when it is not there. */
export type ModelFiles = (file: string) => Promise<Uint8Array<ArrayBuffer>>

/** A browser tab is no place for more. */
export const weightLimitBytes = 128 * 1024 * 1024
const manifestLimitBytes = 256 * 1024

/** Manifest, then weights; both checked before anything runs. Larger weights than a tab takes are for tools that say so. */
export async function loadModel(
  files: ModelFiles,
  limitBytes = weightLimitBytes,
): Promise<Result<LoadedModel, ModelError>> {
  const manifestBytes = await read(files, 'model.json')
  if (!manifestBytes.ok) return manifestBytes
  if (manifestBytes.value.byteLength > manifestLimitBytes)
    return err({ code: 'tooLarge', message: `model.json has ${manifestBytes.value.byteLength} bytes` })
  const decoded = decodeJson(modelManifest, manifestBytes.value)
  if (!decoded.ok)
    return err({ code: 'badManifest', message: `model.json: ${decoded.error.path} ${decoded.error.message}`.trim() })
  const manifest = decoded.value
  if (manifest.bytes > limitBytes)
    return err({ code: 'tooLarge', message: `${manifest.file}: ${manifest.bytes} bytes, at most ${limitBytes}` })
  const weights = await read(files, manifest.file)
  if (!weights.ok) return weights
  if (weights.value.byteLength !== manifest.bytes)
    return err({
      code: 'wrongSize',
      message: `${manifest.file}: ${weights.value.byteLength} bytes, model.json says ${manifest.bytes}`,
    })
  const sha256 = await quickSha256Hex(weights.value)
  if (sha256 !== manifest.sha256)
    return err({ code: 'wrongHash', message: `${manifest.file}: sha256 ${sha256}, model.json says ${manifest.sha256}` })
  return ok({ manifest, weights: weights.value })
}

/** Checks a manifest that is already parsed; for tools that write one. */
export function checkManifest(value: unknown): Result<ModelManifest, ModelError> {
  const checked = validate(modelManifest, value)
  return checked.ok
    ? checked
    : err({ code: 'badManifest', message: `${checked.error.path} ${checked.error.message}`.trim() })
}

async function read(files: ModelFiles, file: string): Promise<Result<Uint8Array<ArrayBuffer>, ModelError>> {
  try {
    return ok(await files(file))
  } catch (error) {
    return err({ code: 'notFound', message: `${file}: ${error instanceof Error ? error.message : String(error)}` })
  }
}
