/** ONNX models small enough to be written by a test: field numbers of onnx.proto, no library. */

interface TensorSpec {
  readonly name: string
  readonly dims: readonly (number | string)[]
  /** Element type, 1 = float32, 7 = int64. */
  readonly type?: number
}

export interface OnnxSpec {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
  readonly nodes: readonly {
    readonly op: string
    readonly inputs: readonly string[]
    readonly outputs: readonly string[]
    readonly domain?: string
    /** A subgraph of these operators in an attribute, as `If` has. */
    readonly body?: readonly string[]
    /** A constant in an attribute, whose numbers lie in a second file. */
    readonly constantElsewhere?: boolean
  }[]
  /** float32 weights. */
  readonly weights?: readonly {
    readonly name: string
    readonly dims: readonly number[]
    readonly values: readonly number[]
  }[]
  readonly metadata?: Readonly<Record<string, string>>
  readonly externalData?: boolean
}

const encoder = new TextEncoder()

function varint(value: number): number[] {
  const bytes: number[] = []
  let left = value
  while (left > 127) {
    bytes.push((left % 128) | 128)
    left = Math.floor(left / 128)
  }
  return [...bytes, left]
}

const number = (field: number, value: number) => [...varint(field * 8), ...varint(value)]
const bytes = (field: number, value: Iterable<number>) => {
  const content = [...value]
  return [...varint(field * 8 + 2), ...varint(content.length), ...content]
}
const text = (field: number, value: string) => bytes(field, encoder.encode(value))

function value({ name, dims, type = 1 }: TensorSpec): number[] {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)))
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]
}

export function tinyOnnx(spec: OnnxSpec): Uint8Array<ArrayBuffer> {
  const nodes = spec.nodes.flatMap(({ op, inputs, outputs, domain, body, constantElsewhere }) => {
    const graph = body?.flatMap((inner) => bytes(1, text(4, inner)))
    return bytes(1, [
      ...inputs.flatMap((name) => text(1, name)),
      ...outputs.flatMap((name) => text(2, name)),
      ...text(4, op),
      ...(graph ? bytes(5, [...text(1, 'body'), ...bytes(6, graph)]) : []),
      ...(constantElsewhere ? bytes(5, [...text(1, 'value'), ...bytes(5, number(14, 1))]) : []),
      ...(domain === undefined ? [] : text(7, domain)),
    ])
  })
  const weights = (spec.weights ?? []).flatMap(({ name, dims, values }) =>
    bytes(5, [
      ...dims.flatMap((dim) => number(1, dim)),
      ...number(2, 1),
      ...text(8, name),
      ...bytes(9, new Uint8Array(new Float32Array(values).buffer)),
      ...(spec.externalData ? number(14, 1) : []),
    ]),
  )
  const graph = [
    ...nodes,
    ...text(2, 'tiny'),
    ...weights,
    ...spec.inputs.flatMap((input) => bytes(11, value(input))),
    ...spec.outputs.flatMap((output) => bytes(12, value(output))),
  ]
  const metadata = Object.entries(spec.metadata ?? {}).flatMap(([key, said]) =>
    bytes(14, [...text(1, key), ...text(2, said)]),
  )
  return new Uint8Array([
    ...number(1, 8),
    ...text(2, 'tiny'),
    ...bytes(7, graph),
    ...bytes(8, [...text(1, ''), ...number(2, 13)]),
    ...metadata,
  ])
}

/** A network that runs, and answers every picture with the same rows: `picture mean × 0 + rows`. */
export function tinyDetector(
  rows: readonly (readonly number[])[],
  { side = 32, metadata = {} }: { readonly side?: number; readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array<ArrayBuffer> {
  const dims = [1, rows.length, rows[0]?.length ?? 0]
  return tinyOnnx({
    inputs: [{ name: 'images', dims: [1, 3, side, side] }],
    outputs: [{ name: 'rows', dims }],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['images'], outputs: ['means'] },
      { op: 'ReduceMean', inputs: ['means'], outputs: ['mean4'] },
      { op: 'Squeeze', inputs: ['mean4'], outputs: ['mean'] },
      { op: 'Mul', inputs: ['mean', 'nought'], outputs: ['nothing'] },
      { op: 'Add', inputs: ['nothing', 'answer'], outputs: ['rows'] },
    ],
    weights: [
      { name: 'nought', dims: [1], values: [0] },
      { name: 'answer', dims, values: rows.flat() },
    ],
    metadata,
  })
}
