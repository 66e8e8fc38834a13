/** Runs inside the page: the runtime's own record of which engine computed which node. */
import * as ort from 'onnxruntime-web/webgpu'
import { browserOrtAssets } from '../../src/infer/ort-browser.ts'

export interface NodeRecord {
  readonly operator: string
  readonly provider: string
}

/**
 * One profiled run. The runtime has no file system in a browser and prints its profile (Chrome's trace format, an event
 * a line) to the console, where it is caught.
 */
export async function profileOnWebGpu(
  weightsUrl: string,
  input: { readonly name: string; readonly shape: readonly number[] },
): Promise<readonly NodeRecord[]> {
  ort.env.wasm.numThreads = 1
  if (browserOrtAssets.webgpuWasm !== undefined) ort.env.wasm.wasmPaths = { wasm: browserOrtAssets.webgpuWasm }
  const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer())
  const lines: string[] = []
  // The runtime binds the console's methods when it starts: caught from before that on.
  const { log } = console
  console.log = (...words: unknown[]) => void lines.push(words.join(' '))
  try {
    const session = await ort.InferenceSession.create(weights, {
      executionProviders: ['webgpu'],
      enableProfiling: true,
    })
    const size = input.shape.reduce((product, dim) => product * dim, 1)
    await session.run({ [input.name]: new ort.Tensor('float32', new Float32Array(size), input.shape) })
    session.endProfiling()
    await session.release()
  } finally {
    console.log = log
  }
  return lines
    .flatMap((line) => line.split('\n'))
    .filter((line) => line.includes('"cat" : "Node"'))
    .map(nodeRecord)
}

function nodeRecord(line: string): NodeRecord {
  const field = (name: string) => new RegExp(`"${name}" : "([^"]*)"`).exec(line)?.[1] ?? 'unknown'
  return { operator: field('op_name'), provider: field('provider') }
}
