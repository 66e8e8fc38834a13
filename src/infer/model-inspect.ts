/** Looks into an ONNX file before anything relies on it: header, operators, a run on a blank picture. */
import { createRandom } from '../platform/random.ts'
import { err, type Result } from '../platform/result.ts'
import type { EngineBackend, ModelSession, TensorsIn, TensorsOut } from './engine-backend.ts'
import { halfBits } from './half-float.ts'
import {
  emptyPicture,
  type Guess,
  type GuessedInput,
  guessInput,
  guessManifest,
  type ModelFacts,
} from './model-guess.ts'
import { pictureSize } from './model-guess-shapes.ts'
import type { ModelError } from './model-manifest.ts'
import { type OnnxHeader, readOnnxHeader } from './model-onnx.ts'
import { foreignOperators } from './webgpu-operators.ts'

interface InspectError {
  readonly code: ModelError['code'] | 'foreignOperators'
  readonly message: string
}

/** The file's header; fails where it is no ONNX, or asks for operators that no engine here has. */
export function inspectHeader(weights: Uint8Array): Result<OnnxHeader, InspectError> {
  const header = readOnnxHeader(weights)
  if (!header.ok) return header
  const foreign = foreignOperators(header.value.operators)
  if (foreign.length === 0) return header
  const message = `it needs ${foreign.join(', ').slice(0, 400)}, which only the runtime it was exported for has`
  return err({ code: 'foreignOperators', message })
}

/** A manifest guessed for `weights`; fails as `inspectHeader` does, where it does not run, or gives no known layout. */
export async function inspectDetector(
  weights: Uint8Array<ArrayBuffer>,
  facts: ModelFacts,
  backend: EngineBackend,
): Promise<Result<Guess, InspectError>> {
  const header = inspectHeader(weights)
  if (!header.ok) return header
  const input = guessInput(header.value)
  if (!input.ok) return input
  let outputs: TensorsOut
  try {
    const session = await backend.open(weights)
    try {
      outputs = await probe(session, input.value)
    } finally {
      await session.dispose()
    }
  } catch (error) {
    return err({ code: 'engineFailed', message: error instanceof Error ? error.message : String(error) })
  }
  return guessManifest(header.value, input.value, outputs, facts)
}

/** What a blank picture gives; where that is nothing to judge by, as with suppression inside, what a motley one gives. */
async function probe(session: ModelSession, input: GuessedInput): Promise<TensorsOut> {
  let outputs = await session.run(input.feeds)
  for (const peak of input.type === 'uint8' ? [255] : [1, 255])
    if (saysNothing(outputs)) outputs = await session.run(motley(input, peak))
  return outputs
}

/** A list without rows, or padding alone. */
const saysNothing = (outputs: TensorsOut) =>
  Object.values(outputs).some(({ data }) => data.every((value) => value === 0))

/** Coloured patches of several sizes, values 0…`peak`; the same at every call. */
function motley(input: GuessedInput, peak: number): TensorsIn {
  const { picture, type, feeds } = input
  const [height, width] = pictureSize(input)
  const area = height * width
  const random = createRandom(1)
  const tints = Array.from({ length: 1024 }, () => random.next())
  const data = emptyPicture(type, 3 * area)
  for (let i = 0; i < data.length; i++) {
    const [channel, pixel] = picture.layout === 'NCHW' ? [Math.floor(i / area), i % area] : [i % 3, Math.floor(i / 3)]
    const tint = (size: number) => {
      const [column, row] = [Math.floor((pixel % width) / size), Math.floor(pixel / width / size)]
      return tints[(column * 31 + row * 17 + channel * 7 + size) % tints.length] as number
    }
    const value = (peak * (tint(96) + tint(24) + tint(6))) / 3
    data[i] = type === 'float16' ? halfBits(value) : value
  }
  return { ...feeds, [picture.name]: { type, data, dims: picture.shape } }
}
