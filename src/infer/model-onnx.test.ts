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

  it('passes over notes that are too long or too many', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`note ${i}`, 'x']))
    const metadata = { names: "{0: 'person'}", program: 'x'.repeat(300_000), ...many }
    const read = readOnnxHeader(tinyDetector([[1, 2, 3, 4, 0.9, 0]], { metadata }))
    expect(read).toMatchObject({ value: { metadata: { names: "{0: 'person'}", program: '' } } })
  })

  it('looks into the file’s own functions, and counts them as what they are made of', () => {
    const own = [{ op: 'aten_gelu', inputs: ['x'], outputs: ['y'], domain: 'pkg.lib' }]
    const tensors = { inputs: [{ name: 'x', dims: [1] }], outputs: [{ name: 'y', dims: [1] }] }
    const field = (number: number, content: readonly number[]) => [
      ...(number < 16 ? [number * 8 + 2] : [((number * 8 + 2) & 127) | 128, (number * 8 + 2) >> 7]),
      content.length,
      ...content,
    ]
    const text = (number: number, value: string) => field(number, [...new TextEncoder().encode(value)])
    const functions = field(25, [...text(1, 'aten_gelu'), ...field(7, text(4, 'Erf')), ...text(10, 'pkg.lib')])
    const model = tinyOnnx({ ...tensors, nodes: own })
    expect(readOnnxHeader(model)).toMatchObject({ value: { operators: { 'pkg.lib:aten_gelu': 1 } } })
    const read = readOnnxHeader(Uint8Array.of(...model, ...functions))
    expect(read.ok && read.value.operators).toEqual({ Erf: 1 })
  })

  it('takes −1, which reads as a huge number, and 0 for dimensions that are open', () => {
    const tensors = { inputs: [{ name: 'x', dims: [2 ** 64 - 1, 3, 0, 320] }], outputs: [{ name: 'y', dims: [1] }] }
    expect(readOnnxHeader(tinyOnnx({ ...tensors, nodes: [] }))).toMatchObject({
      value: { inputs: [{ dims: ['?', 3, '?', 320] }] },
    })
  })

  it('says why something is no model', () => {
    const page = new TextEncoder().encode('<!doctype html><html><body>Not found</body></html>')
    expect(failure(page)).toBe('not an ONNX model: it is a web page')
    expect(failure(new Uint8Array())).toBe('not an ONNX model: the file is empty')
    expect(failure(new Uint8Array(64))).toBe('not an ONNX model: a field without a number')
    expect(failure(tinyDetector([[1, 2, 3, 4, 0.9, 0]]).subarray(0, 120))).toBe(
      'not an ONNX model: it ends in the middle of a field',
    )
    const beginnings = {
      '{"error":"Not found"}': 'JSON',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a': 'Git LFS pointer',
      'PK\u0003\u0004\u0014\0\0\0\0\0archive/data.pkl': 'ZIP archive',
      '\u001C\0\0\0TFL3\u0014\0 \0': 'TensorFlow Lite',
    }
    for (const [beginning, what] of Object.entries(beginnings))
      expect(failure(new TextEncoder().encode(beginning)), what).toContain(what)
    expect(failure(Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3))).toContain('compressed')
    const weights = [{ name: 'w', dims: [1], values: [1] }]
    const tensors = { inputs: [{ name: 'x', dims: [1] }], outputs: [{ name: 'y', dims: [1] }], nodes: [] }
    expect(failure(tinyOnnx({ ...tensors, weights, externalData: true }))).toContain('second file')
    const nodes = [{ op: 'Constant', inputs: [], outputs: ['y'], constantElsewhere: true }]
    expect(failure(tinyOnnx({ ...tensors, nodes }))).toContain('second file')
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
