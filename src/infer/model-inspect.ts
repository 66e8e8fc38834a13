/** Looks into an ONNX file before anything relies on it: header, operators, one run on a blank picture. */
import { err, type Result } from '../platform/result.ts'
import type { EngineBackend, TensorsOut } from './engine-backend.ts'
import { type Guess, guessInput, guessManifest, type ModelFacts } from './model-guess.ts'
import type { ModelError } from './model-manifest.ts'
import { readOnnxHeader } from './model-onnx.ts'

/** A manifest guessed for `weights`; fails where the file is no ONNX, does not run, or has outputs of no known layout. */
export async function inspectDetector(
  weights: Uint8Array<ArrayBuffer>,
  facts: ModelFacts,
  backend: EngineBackend,
): Promise<Result<Guess, ModelError>> {
  const header = readOnnxHeader(weights)
  if (!header.ok) return header
  const input = guessInput(header.value)
  if (!input.ok) return input
  let outputs: TensorsOut
  try {
    const session = await backend.open(weights)
    try {
      outputs = await session.run(input.value.feeds)
    } finally {
      await session.dispose()
    }
  } catch (error) {
    return err({ code: 'engineFailed', message: error instanceof Error ? error.message : String(error) })
  }
  return guessManifest(header.value, input.value, outputs, facts)
}
