/** Looks into a GLB (glTF 2.0, binary) before anything draws it: header, chunks, triangles, extent. Nothing is loaded. */
import type { CodecError } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { checkBuffers } from './glb-buffers.ts'
import { checkReferences } from './glb-references.ts'
import { field, list } from './json-fields.ts'
import { modelBudget } from './schema.ts'

export interface GlbSummary {
  readonly triangles: number
  /** Largest side of what its accessors state, in the model's own units, before its nodes turn or scale anything. */
  readonly extent: number
}

const magic = 0x46546c67
const jsonChunk = 0x4e4f534a
const bodyChunk = 0x004e4942
const openObject = 0x7b
const draco = 'KHR_draco_mesh_compression'
/** More of them keep the page busy for seconds; deeper, the loader runs out of stack. */
const [mostNodes, mostDepth] = [20_000, 500]

/** Errors name the place in the file's JSON. A model over the budget, or one that points outside itself, is refused. */
export function checkGlb(bytes: Uint8Array): Result<GlbSummary, CodecError> {
  const { bytes: mostBytes, triangles: mostTriangles } = modelBudget
  if (bytes.byteLength > mostBytes) return refuse('', `${bytes.byteLength} bytes, at most ${mostBytes}`, 'tooLarge')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== magic)
    return refuse('', bytes[0] === openObject ? 'is no GLB file; a .gltf must be packed into one' : 'is no GLB file')
  if (view.getUint32(4, true) !== 2) return refuse('', `is glTF ${view.getUint32(4, true)}; 2 can be read`)
  const jsonBytes = view.getUint32(12, true)
  if (
    view.getUint32(8, true) > bytes.byteLength ||
    view.getUint32(16, true) !== jsonChunk ||
    20 + jsonBytes > view.getUint32(8, true)
  )
    return refuse('', 'is cut short')
  const bodyBytes = bodyLength(view, 20 + jsonBytes)
  if (bodyBytes === undefined) return refuse('', 'is cut short')
  let root: unknown
  try {
    root = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(20, 20 + jsonBytes)))
  } catch (error) {
    return refuse('', error instanceof Error ? error.message : String(error), 'notJson')
  }
  const outside = [...list(root, 'buffers'), ...list(root, 'images')].some(
    (item) => typeof field(item, 'uri') === 'string' && !String(field(item, 'uri')).startsWith('data:'),
  )
  if (outside) return refuse('buffers', 'points at other files; a model must hold everything itself')
  const unread = list(root, 'extensionsRequired').find((name) => !readable.test(String(name)))
  if (unread !== undefined) return refuse('extensionsRequired', `needs ${String(unread)}, which is not read`)
  // The loader gives up on it even where plain geometry stands beside it.
  if (list(root, 'extensionsUsed').includes(draco)) return refuse('extensionsUsed', `uses ${draco}, which is not read`)
  if (list(root, 'nodes').length > mostNodes) return refuse('nodes', `more than ${mostNodes}`)
  const lost = checkReferences(root)
  if (lost) return err(lost)
  const accessors = list(root, 'accessors')
  const countOf = (index: unknown) => Number(field(accessors[Number(index)], 'count') ?? 0)
  const ofMesh: number[] = []
  let triangles = 0
  let extent = 0
  for (const [at, mesh] of list(root, 'meshes').entries()) {
    const before = triangles
    for (const [part, primitive] of list(mesh, 'primitives').entries()) {
      const path = `meshes.${at}.primitives.${part}`
      const position = field(field(primitive, 'attributes'), 'POSITION')
      const indices = field(primitive, 'indices')
      const place = `${path}.attributes.POSITION`
      if (field(accessors[Number(position)], 'type') !== 'VEC3') return refuse(place, 'are no points')
      if (indices !== undefined && field(accessors[Number(indices)], 'type') !== 'SCALAR')
        return refuse(`${path}.indices`, 'are no list of corners')
      const corners = countOf(indices ?? position)
      if (!Number.isInteger(corners) || corners < 0) return refuse(path, 'has no number of corners')
      const mode = field(primitive, 'mode') ?? 4
      triangles += mode === 4 ? Math.floor(corners / 3) : mode === 5 || mode === 6 ? Math.max(0, corners - 2) : 0
      if (triangles > mostTriangles) return refuse(path, `more than ${mostTriangles} triangles`)
      const accessor = accessors[Number(position)]
      const [low, high] = [list(accessor, 'min'), list(accessor, 'max')]
      const sides = high.map((most, axis) => Number(most) - Number(low[axis]))
      if (sides.length !== 3 || !sides.every((side) => Number.isFinite(side) && side >= 0))
        return refuse(place, 'states no bounds')
      extent = Math.max(extent, ...sides)
    }
    ofMesh.push(triangles - before)
  }
  if (triangles === 0) return refuse('meshes', 'holds no triangles')
  // An accessor may state any number of zeros without holding a byte of them.
  const vast = accessors.findIndex((item) => !(Number(field(item, 'count')) <= mostTriangles * 3))
  if (vast >= 0) return refuse(`accessors.${vast}.count`, `more than ${mostTriangles * 3}`)
  const problem = checkNodes(root, ofMesh) ?? checkBuffers(root, bodyBytes)
  return problem ? err(problem) : ok({ triangles, extent })
}

/** Bytes of the chunk after the JSON; undefined where it ends before it should. */
function bodyLength(view: DataView, at: number): number | undefined {
  const end = view.getUint32(8, true)
  if (at + 8 > end) return 0
  const length = view.getUint32(at, true)
  if (at + 8 + length > end) return undefined
  return view.getUint32(at + 4, true) === bodyChunk ? length : 0
}

/** Materials and pictures that are not understood leave colours out; anything else required would leave shapes out. */
const readable = /^(KHR_materials_\w+|KHR_texture_\w+|EXT_texture_\w+|KHR_lights_punctual|KHR_mesh_quantization)$/

/** Nodes must be trees, or the loader waits for ever; and one mesh may stand in many of them. */
function checkNodes(root: unknown, trianglesOf: readonly number[]): CodecError | undefined {
  const invalid = (path: string, message: string): CodecError => ({ code: 'invalid', path, message })
  const nodes = list(root, 'nodes')
  const taken = new Set<number>()
  const roots = new Set(list(root, 'scenes').flatMap((scene) => list(scene, 'nodes').map(Number)))
  for (const at of [...roots, ...nodes.flatMap((node) => list(node, 'children').map(Number))]) {
    if (!(at in nodes)) return invalid('nodes', `there is no node ${at}`)
    if (taken.has(at)) return invalid(`nodes.${at}`, 'hangs below two others')
    taken.add(at)
  }
  const scene = list(root, 'scenes')[Number(field(root, 'scene') ?? 0)]
  if (scene === undefined) return invalid('scenes', 'holds no scene to show')
  const deep = tooDeep(nodes, list(scene, 'nodes').map(Number))
  if (deep !== undefined) return invalid(`nodes.${deep}`, `hangs more than ${mostDepth} deep`)
  let drawn = 0
  for (const [at, node] of nodes.entries()) {
    drawn += trianglesOf[Number(field(node, 'mesh'))] ?? 0
    if (drawn > modelBudget.triangles)
      return invalid(`nodes.${at}`, `more than ${modelBudget.triangles} triangles, each mesh counted where it stands`)
  }
  return undefined
}

/** The first node too far below the scene; nodes are known to be trees. */
function tooDeep(nodes: readonly unknown[], roots: readonly number[]): number | undefined {
  let level = roots
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostDepth) return level[0]
    level = level.flatMap((at) => list(nodes[at], 'children').map(Number))
  }
  return undefined
}

function refuse(path: string, message: string, code: CodecError['code'] = 'invalid'): Result<never, CodecError> {
  return err({ code, path, message })
}
