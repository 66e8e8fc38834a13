import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../platform/sha256.ts'
import { tinyDetector, tinyOnnx } from '../testing/tiny-onnx.ts'
import { inspectForeign } from './detector-import.ts'
import type { EngineBackend, TensorsOut } from './engine-backend.ts'

const weights = tinyDetector([[4, 4, 20, 20, 0.9, 0]])
const labelled = tinyOnnx({
  inputs: [{ name: 'images', dims: [1, 3, 96, 96] }],
  outputs: ['boxes', 'labels', 'scores'].map((name) => ({ name, dims: ['N'] })),
  nodes: [],
})

/** An engine whose network answers as told; it counts how often it was opened. */
function engine(answer: (picture: Float32Array) => TensorsOut) {
  const seen: Float32Array[] = []
  let opened = 0
  const wasm: EngineBackend = {
    kind: 'wasm',
    probe: async () => ({ usable: true, why: '' }),
    open: async () => {
      opened++
      return {
        run: async ({ images }) => {
          const data = images?.data as Float32Array
          seen.push(data)
          return answer(data)
        },
        dispose: async () => undefined,
      }
    },
  }
  return { wasm, seen, opened: () => opened }
}

const rows = (count: number): TensorsOut => ({
  boxes: { dims: [count, 4], data: Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 < 2 ? 10 : 40)) },
  labels: { dims: [count], data: new Float32Array(count).fill(3) },
  scores: { dims: [count], data: new Float32Array(count).fill(0.2) },
})

const spread = (data: Float32Array) => new Set(data).size
const highest = (data: Float32Array) => data.reduce((most, value) => Math.max(most, value), 0)

describe('a model from outside', () => {
  it('is shown a motley picture where a blank one gives nothing to judge by, as bright as it takes to find something', async () => {
    const { wasm, seen } = engine((data) => rows(highest(data) > 1 ? 5 : 0))
    expect(await inspectForeign({ name: 'ssd.onnx', weights: labelled }, [wasm])).toMatchObject({
      ok: true,
      value: { notes: expect.arrayContaining(['uncertain: boxes in input pixels, labels from 1 on']) },
    })
    expect(seen.map(highest).map((value) => [value > 0, value > 1])).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ])
    expect(seen.map((data) => spread(data) > 100)).toEqual([false, true, true])

    const content = engine(() => rows(5))
    await inspectForeign({ name: 'ssd.onnx', weights: labelled }, [content.wasm])
    expect(content.seen).toHaveLength(1)

    const blind = engine(() => rows(0))
    expect(await inspectForeign({ name: 'ssd.onnx', weights: labelled }, [blind.wasm])).toMatchObject({
      value: { notes: expect.arrayContaining([expect.stringMatching(/^uncertain: .*found nothing/)]) },
    })
  })

  it('is refused by the names of its foreign operators before an engine opens it, described or not', async () => {
    const { wasm, opened } = engine(() => rows(5))
    const foreign = tinyOnnx({
      inputs: [{ name: 'images', dims: [1, 3, 96, 96] }],
      outputs: [{ name: 'boxes', dims: ['N', 4] }],
      nodes: [{ op: 'EfficientNMS_TRT', inputs: ['images'], outputs: ['boxes'], domain: 'TRT' }],
    })
    for (const manifestText of [{}, { manifestText: '{}' }])
      expect(await inspectForeign({ name: 'trt.onnx', weights: foreign, ...manifestText }, [wasm])).toMatchObject({
        error: { code: 'foreignOperators', message: expect.stringContaining('TRT:EfficientNMS_TRT') },
      })
    expect(opened()).toBe(0)
  })

  it('is held against the hash that was stated, before an engine opens it', async () => {
    const answer: TensorsOut = { rows: { dims: [1, 1, 6], data: Float32Array.of(4, 4, 20, 20, 0.9, 0) } }
    const { wasm, opened } = engine(() => answer)
    const sha256 = sha256Hex(weights)
    const other = 'a'.repeat(64)
    expect(await inspectForeign({ name: 'x.onnx', weights, sha256: other }, [wasm])).toMatchObject({
      error: { code: 'wrongHash', message: `sha256 ${sha256}, expected ${other}` },
    })
    expect(opened()).toBe(0)
    expect(await inspectForeign({ name: 'x.onnx', weights, sha256 }, [wasm])).toMatchObject({ value: { sha256 } })
  })
})
