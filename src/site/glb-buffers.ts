/** Whether a GLB's accessors find their bytes, so that the loader never reads past an end. Nothing is decoded. */
import type { CodecError } from '../contract/decode.ts'
import { field, list } from './json-fields.ts'

const bytesOf: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 }
const sizeOf: Readonly<Record<string, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 }
const compression = ['EXT_meshopt_compression', 'KHR_meshopt_compression'] as const

/** `bodyBytes` is what the file holds after its JSON. */
export function checkBuffers(root: unknown, bodyBytes: number): CodecError | undefined {
  const buffers = list(root, 'buffers').map((buffer, at) => heldBytes(buffer, at, bodyBytes))
  const views = list(root, 'bufferViews')
  for (const [at, buffer] of list(root, 'buffers').entries())
    if (!((buffers[at] ?? 0) >= whole(field(buffer, 'byteLength'), 0)) && !isFallback(buffer))
      return wrong(`buffers.${at}`, 'holds fewer bytes than it states')
  for (const [at, view] of views.entries()) {
    const buffer = whole(field(view, 'buffer'), -1)
    if (isFallback(list(root, 'buffers')[buffer]))
      return wrong(`bufferViews.${at}`, 'is compressed (meshopt), which is not read')
    const end = whole(field(view, 'byteOffset'), 0) + whole(field(view, 'byteLength'), Number.NaN)
    if (!(end <= (buffers[buffer] ?? -1))) return wrong(`bufferViews.${at}`, 'reaches beyond its buffer')
  }
  for (const [at, accessor] of list(root, 'accessors').entries()) {
    const problem = checkAccessor(accessor, views)
    if (problem) return wrong(`accessors.${at}`, problem)
  }
  return undefined
}

/** The first buffer without an address is the file's own body. */
function heldBytes(buffer: unknown, at: number, bodyBytes: number): number {
  const uri = field(buffer, 'uri')
  if (uri === undefined) return at === 0 ? bodyBytes : 0
  const base64 = /^data:[^,]*;base64,([A-Za-z0-9+/]*)=*$/.exec(String(uri))?.[1]
  return base64 === undefined ? 0 : Math.floor((base64.length * 3) / 4)
}

/** Stands for what only a decompressor can fill. */
function isFallback(buffer: unknown): boolean {
  return compression.some((name) => field(field(field(buffer, 'extensions'), name), 'fallback') === true)
}

function checkAccessor(accessor: unknown, views: readonly unknown[]): string | undefined {
  const bytes = bytesOf[Number(field(accessor, 'componentType'))]
  const size = sizeOf[String(field(accessor, 'type'))]
  if (bytes === undefined || size === undefined) return 'is of no known type'
  const count = whole(field(accessor, 'count'), Number.NaN)
  const sparse = field(accessor, 'sparse')
  if (sparse !== undefined) {
    const changed = whole(field(sparse, 'count'), Number.NaN)
    const [indices, values] = [field(sparse, 'indices'), field(sparse, 'values')]
    const indexBytes = bytesOf[Number(field(indices, 'componentType'))] ?? Number.NaN
    const fits =
      changed <= count &&
      fitsView(indices, views, indexBytes, changed) &&
      fitsView(values, views, bytes * size, changed)
    if (!fits) return 'changes more than it holds'
  }
  // Without a view it is all zeros.
  if (field(accessor, 'bufferView') === undefined) return undefined
  if (whole(field(accessor, 'byteOffset'), 0) % bytes !== 0) return 'begins between two numbers'
  return fitsView(accessor, views, bytes * size, count) ? undefined : 'reaches beyond its view'
}

function fitsView(user: unknown, views: readonly unknown[], elementBytes: number, count: number): boolean {
  const view = views[whole(field(user, 'bufferView'), -1)]
  const stride = whole(field(view, 'byteStride'), elementBytes)
  if (stride < elementBytes) return false
  const end = whole(field(user, 'byteOffset'), 0) + stride * (count - 1) + elementBytes
  return count === 0 || end <= whole(field(view, 'byteLength'), Number.NaN)
}

/** A whole number that is not negative; NaN for anything else that is there. */
function whole(value: unknown, missing: number): number {
  if (value === undefined) return missing
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : Number.NaN
}

function wrong(path: string, message: string): CodecError {
  return { code: 'invalid', path, message }
}
