/**
 * What an ONNX file says of itself, read without a runtime: inputs, outputs, operators, metadata. A bounded reader of
 * the protobuf wire format (field numbers from onnx.proto); weights are stepped over, never copied.
 */
import { err, ok, type Result } from '../platform/result.ts'
import { ProtoError, ProtoReader } from './model-protobuf.ts'

export interface OnnxTensorInfo {
  readonly name: string
  /** `float32`, `float16`, `uint8`, `int64`, …; `type-17` for those without a name here. */
  readonly type: string
  /** Numbers, or names of dimensions that are open until a picture comes. */
  readonly dims: readonly (number | string)[]
}

export interface OnnxHeader {
  readonly irVersion: number
  readonly producer: string
  readonly opsets: readonly { readonly domain: string; readonly version: number }[]
  /** Without the weights, which older exporters list as inputs too. */
  readonly inputs: readonly OnnxTensorInfo[]
  readonly outputs: readonly OnnxTensorInfo[]
  /**
   * How often each operator occurs, subgraphs and functions of the file's own included; those of another domain as
   * `domain:Op`.
   */
  readonly operators: Readonly<Record<string, number>>
  /** What exporters note beside the graph, such as the class names. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface OnnxError {
  readonly code: 'notOnnx'
  readonly message: string
}

const limits = { nodes: 100_000, tensors: 2_000, metadata: 200, textBytes: 65_536, noteBytes: 262_144, depth: 8 }

const elementTypes: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
}

/** Reads the header, or says why these bytes are no ONNX model that runs from one file. */
export function readOnnxHeader(bytes: Uint8Array): Result<OnnxHeader, OnnxError> {
  try {
    const header = readModel(new ProtoReader(bytes))
    if (header.irVersion === 0 || header.opsets.length === 0)
      return notOnnx(otherFile(bytes) ?? 'it names no operator set')
    if (header.inputs.length === 0 || header.outputs.length === 0) return notOnnx('its graph has no inputs or outputs')
    return ok(header)
  } catch (error) {
    if (error instanceof ProtoError) return notOnnx(otherFile(bytes) ?? error.message)
    throw error
  }
}

function notOnnx(message: string): Result<never, OnnxError> {
  return err({ code: 'notOnnx', message: `not an ONNX model: ${message}` })
}

const otherFiles: readonly (readonly [beginning: RegExp, what: string])[] = [
  [/^$/, 'the file is empty'],
  [/^version https:\/\/git-lfs/, 'it is a Git LFS pointer; fetch the file that it stands for'],
  [/^(ï»¿)?\s*</, 'it is a web page'],
  [/^(ï»¿)?\s*[{[]/, 'it is JSON'],
  [/^PK/, 'it is a ZIP archive, as PyTorch’s own files are; export it as ONNX'],
  [/^.\u008B/s, 'it is compressed; unpack it'],
  [/^.{4}TFL3/s, 'it is a TensorFlow Lite file; export it as ONNX'],
]

/** What it is instead, by its first bytes. */
function otherFile(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, 64))
  return otherFiles.find(([first]) => first.test(beginning))?.[1]
}

interface Graph {
  inputs: OnnxTensorInfo[]
  outputs: OnnxTensorInfo[]
  weights: Set<string>
  operators: Map<string, number>
  /** What the file itself composes of operators: no operators of their own. */
  functions: Set<string>
  nodes: number
}

function readModel(reader: ProtoReader): OnnxHeader {
  let irVersion = 0
  const producer: string[] = []
  const opsets: { domain: string; version: number }[] = []
  const metadata = new Map<string, string>()
  const graph: Graph = {
    inputs: [],
    outputs: [],
    weights: new Set(),
    operators: new Map(),
    functions: new Set(),
    nodes: 0,
  }
  for (const field of reader.fields()) {
    if (field === 1) irVersion = reader.int()
    else if (field === 2 || field === 3) producer.push(reader.text(limits.textBytes))
    else if (field === 7) readGraph(reader.message(), graph, 0)
    else if (field === 8) opsets.push(readOpset(reader.message()))
    else if (field === 14) readMetadata(reader.message(), metadata)
    else if (field === 25) readFunction(reader.message(), graph)
    else reader.skip()
    if (opsets.length > limits.tensors) throw new ProtoError('too many operator sets')
  }
  return {
    irVersion,
    producer: producer.filter(Boolean).join(' ').slice(0, 200),
    opsets,
    inputs: graph.inputs.filter(({ name }) => !graph.weights.has(name)),
    outputs: graph.outputs,
    operators: Object.fromEntries(
      [...graph.operators].filter(([name]) => !graph.functions.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    metadata: Object.fromEntries(metadata),
  }
}

function readOpset(reader: ProtoReader): { domain: string; version: number } {
  const opset = { domain: '', version: 0 }
  for (const field of reader.fields()) {
    if (field === 1) opset.domain = reader.text(200)
    else if (field === 2) opset.version = reader.int()
    else reader.skip()
  }
  return opset
}

function readMetadata(reader: ProtoReader, into: Map<string, string>): void {
  let key = ''
  let value = ''
  for (const field of reader.fields()) {
    if (field === 1) key = reader.text(limits.noteBytes, '')
    else if (field === 2) value = reader.text(limits.noteBytes, '')
    else reader.skip()
  }
  // Some exporters note whole programs here: what is too long or too much is passed over, the model runs without.
  if (into.size < limits.metadata) into.set(key, value)
}

function readGraph(reader: ProtoReader, graph: Graph, depth: number): void {
  if (depth > limits.depth) throw new ProtoError('subgraphs within subgraphs too deep')
  for (const field of reader.fields()) {
    if (field === 1) readNode(reader.message(), graph, depth)
    else if (field === 5) readWeight(reader.message(), graph)
    // A subgraph's inputs and outputs are its own affair.
    else if (field === 11 && depth === 0) graph.inputs.push(readValue(reader.message()))
    else if (field === 12 && depth === 0) graph.outputs.push(readValue(reader.message()))
    else reader.skip()
    // Older exporters list every weight as an input.
    if (graph.inputs.length > limits.nodes || graph.outputs.length > limits.tensors)
      throw new ProtoError('too many inputs or outputs')
  }
}

const fullName = (domain: string, operator: string) =>
  domain === '' || domain === 'ai.onnx' ? operator : `${domain}:${operator}`

/** As PyTorch's newer exporter leaves them: a name, and the nodes that it stands for. */
function readFunction(reader: ProtoReader, graph: Graph): void {
  let name = ''
  let domain = ''
  for (const field of reader.fields()) {
    if (field === 1) name = reader.text(200)
    else if (field === 7) readNode(reader.message(), graph, 0)
    else if (field === 10) domain = reader.text(200)
    else reader.skip()
  }
  graph.functions.add(fullName(domain, name))
  if (graph.functions.size > limits.tensors) throw new ProtoError('too many functions')
}

function readNode(reader: ProtoReader, graph: Graph, depth: number): void {
  let operator = ''
  let domain = ''
  for (const field of reader.fields()) {
    if (field === 4) operator = reader.text(200)
    else if (field === 7) domain = reader.text(200)
    else if (field === 5) readAttribute(reader.message(), graph, depth)
    else reader.skip()
  }
  if (++graph.nodes > limits.nodes) throw new ProtoError(`more than ${limits.nodes} operators`)
  const name = fullName(domain, operator)
  graph.operators.set(name, (graph.operators.get(name) ?? 0) + 1)
}

/** Bodies of If, Loop and Scan hide in attributes, and so do constants. */
function readAttribute(reader: ProtoReader, graph: Graph, depth: number): void {
  for (const field of reader.fields()) {
    if (field === 6 || field === 11) readGraph(reader.message(), graph, depth + 1)
    else if (field === 5) readTensor(reader.message())
    else reader.skip()
  }
}

/** Its name; the data is stepped over. */
function readTensor(reader: ProtoReader): string {
  let name = ''
  for (const field of reader.fields()) {
    if (field === 8) name = reader.text(limits.textBytes)
    else if (field === 14 && reader.int() === 1)
      throw new ProtoError('its weights lie in a second file; export it as one file')
    else if (field !== 14) reader.skip()
  }
  return name
}

function readWeight(reader: ProtoReader, graph: Graph): void {
  graph.weights.add(readTensor(reader))
  if (graph.weights.size > limits.nodes) throw new ProtoError('too many weights')
}

function readValue(reader: ProtoReader): OnnxTensorInfo {
  let name = ''
  let type = 'unknown'
  let dims: (number | string)[] = []
  for (const field of reader.fields()) {
    if (field === 1) name = reader.text(limits.textBytes)
    else if (field === 2) {
      const types = reader.message()
      for (const kind of types.fields()) {
        if (kind === 1) ({ type, dims } = readTensorType(types.message()))
        else types.skip()
      }
    } else reader.skip()
  }
  return { name, type, dims }
}

function readTensorType(reader: ProtoReader): { type: string; dims: (number | string)[] } {
  let type = 'unknown'
  const dims: (number | string)[] = []
  for (const field of reader.fields()) {
    if (field === 1) {
      const code = reader.int()
      type = elementTypes[code] ?? `type-${code}`
    } else if (field === 2) {
      const shape = reader.message()
      for (const part of shape.fields()) {
        if (part === 1) dims.push(readDimension(shape.message()))
        else shape.skip()
        if (dims.length > 16) throw new ProtoError('a tensor of more than 16 dimensions')
      }
    } else reader.skip()
  }
  return { type, dims }
}

/** Exporters write −1, which reads as a huge number, or 0 for a dimension that is open. */
function sizeOf(value: number): number | string {
  return value > 0 && value < 2 ** 31 ? value : '?'
}

function readDimension(reader: ProtoReader): number | string {
  let dimension: number | string = '?'
  for (const field of reader.fields()) {
    if (field === 1) dimension = sizeOf(reader.int())
    else if (field === 2) dimension = reader.text(200)
    else reader.skip()
  }
  return dimension
}
