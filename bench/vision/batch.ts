/**
 * Whether several cameras' pictures in one run take less time than one after the other. The shipped graph says one
 * picture, but is made so that nothing in it depends on that: the same weights, with the number written over.
 */

import type { DetectionManifest } from '../../src/infer/detector-manifest.ts'
import type { EngineBackend } from '../../src/infer/engine-backend.ts'
import type { LoadedModel } from '../../src/infer/model-manifest.ts'
import { percentile } from '../statistics.ts'

/** Milliseconds a picture, by how many share a run; sizes take turns, so that a busy machine is so for all. */
export async function measureBatches(
  { manifest, weights }: LoadedModel<DetectionManifest>,
  backend: EngineBackend,
  sizes: readonly number[],
  rounds: number,
): Promise<Record<number, number>> {
  const { name, shape } = manifest.input
  const pixels = shape.reduce((size, n) => size * n, 1)
  const rivals = await Promise.all(
    sizes.map(async (count) => ({
      count,
      session: await backend.open(manyAtOnce(weights, count)),
      feeds: { [name]: { data: new Float32Array(count * pixels).fill(0.5), dims: [count, ...shape.slice(1)] } },
      runsMs: [] as number[],
    })),
  )
  for (let round = 0; round < rounds; round++)
    for (const { count, session, feeds, runsMs } of rivals) {
      const startMs = performance.now()
      const outputs = await session.run(feeds)
      const tookMs = performance.now() - startMs
      if (Object.values(outputs).some(({ dims }) => dims[0] !== count)) throw new Error(`the graph is not for ${count}`)
      if (round >= rounds / 10) runsMs.push(tookMs / count)
    }
  await Promise.all(rivals.map(({ session }) => session.dispose()))
  return Object.fromEntries(rivals.map(({ count, runsMs }) => [count, Math.round(percentile(runsMs, 50) * 100) / 100]))
}

/** ONNX is protobuf: a shape is a row of dimensions, each `0a length 08 varint`. Those of inputs and outputs begin with 1. */
function manyAtOnce(weights: Uint8Array<ArrayBuffer>, count: number): Uint8Array<ArrayBuffer> {
  const bytes = weights.slice()
  let found = 0
  for (let at = 2; at + 5 < bytes.length; at++) {
    // TensorShapeProto (field 2 of a tensor's type) whose first dimension is 1 and is followed by another.
    const isShape = bytes[at - 2] === 0x12 && bytes[at] === 0x0a && bytes[at + 1] === 2 && bytes[at + 2] === 8
    if (!isShape || bytes[at + 3] !== 1 || bytes[at + 4] !== 0x0a) continue
    const end = at + (bytes[at - 1] as number)
    if (!isRowOfDimensions(bytes, at, end)) continue
    bytes[at + 3] = count
    found++
  }
  if (found < 2) throw new Error(`no input and output of one picture in the graph: ${found}`)
  return bytes
}

function isRowOfDimensions(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from
  while (at < end) {
    if (bytes[at] !== 0x0a || bytes[at + 2] !== 8) return false
    at += 2 + (bytes[at + 1] as number)
  }
  return at === end && end - from >= 12
}
