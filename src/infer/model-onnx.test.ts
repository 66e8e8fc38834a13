import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tinyDetector, tinyOnnx } from '../testing/tiny-onnx.ts'
import { readOnnxHeader } from './model-onnx.ts'

const failure = (bytes: Uint8Array) => {
  const read = readOnnxHeader(bytes)
  return read.ok ? '' : read.error.message
}

describe('header of an ONNX file', () => {
  it('names inputs, outputs, operators and metadata', () => {
    const read = readOnnxHeader(tinyDetector([[1, 2, 3, 4, 0.9, 0]], { metadata: { names: "{0: 'person'}" } }))
    expect(read).toMatchObject({
      ok: true,
      value: {
        irVersion: 8,
        producer: 'tiny',
        opsets: [{ domain: '', version: 13 }],
        inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 32, 32] }],
        outputs: [{ name: 'rows', type: 'float32', dims: [1, 1, 6] }],
        operators: { Add: 1, GlobalAveragePool: 1, Mul: 1, ReduceMean: 1, Squeeze: 1 },
        metadata: { names: "{0: 'person'}" },
      },
    })
  })

  it('leaves weights out of the inputs, keeps open dimensions by name and looks into subgraphs', () => {
    const read = readOnnxHeader(
      tinyOnnx({
        inputs: [
          { name: 'x', dims: ['batch', 3] },
          { name: 'w', dims: [1] },
        ],
        outputs: [{ name: 'y', dims: ['batch'] }],
        nodes: [{ op: 'If', inputs: ['x'], outputs: ['y'], domain: 'com.other', body: ['Conv', 'Relu'] }],
        weights: [{ name: 'w', dims: [1], values: [1] }],
      }),
    )
    expect(read).toMatchObject({
      value: { inputs: [{ name: 'x', dims: ['batch', 3] }], operators: { 'com.other:If': 1, Conv: 1, Relu: 1 } },
    })
    expect(read.ok && read.value.inputs).toHaveLength(1)
  })

  it('says why something is no model', () => {
    const page = new TextEncoder().encode('<!doctype html><html><body>Not found</body></html>')
    expect(failure(page)).toMatch(/^not an ONNX model: /)
    expect(failure(new Uint8Array())).toBe('not an ONNX model: it names no operator set')
    expect(failure(tinyDetector([[1, 2, 3, 4, 0.9, 0]]).subarray(0, 120))).toBe(
      'not an ONNX model: it ends in the middle of a field',
    )
    const weights = [{ name: 'w', dims: [1], values: [1] }]
    const tensors = { inputs: [{ name: 'x', dims: [1] }], outputs: [{ name: 'y', dims: [1] }], nodes: [] }
    expect(failure(tinyOnnx({ ...tensors, weights, externalData: true }))).toContain('second file')
  })

  it('never throws and never hangs on altered bytes', () => {
    const model = tinyDetector([[1, 2, 3, 4, 0.9, 0]])
    const changes = fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(changes, fc.nat(model.length), (bytes, length) => {
        const altered = model.slice()
        for (const [at, byte] of bytes) altered[at] = byte
        readOnnxHeader(altered.subarray(0, length))
        readOnnxHeader(altered)
      }),
      { numRuns: 500 },
    )
  })
})
