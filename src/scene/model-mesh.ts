import type {
  BufferAttribute,
  BufferGeometry,
  InterleavedBufferAttribute,
  Material,
  Mesh,
  Object3D,
  Texture,
} from 'three'
import { Color, LoadingManager, Matrix3, Matrix4, Vector3 } from 'three'
import { ok, type Result } from '../platform/result.ts'
import { checkGlb } from '../site/glb-check.ts'
import { modelBudget, type SiteModel } from '../site/schema.ts'
import { poseMatrix } from './frames.ts'
import type { KitMesh, Rgb } from './kit/mesh.ts'
import { bakePicture } from './model-bake.ts'
import { type ModelFault, modelFault } from './model-fetch.ts'
import { type DecodePicture, decodePicture, pictureLoader } from './model-picture.ts'

/** Longer and the scale is wrong; shorter and nobody sees it. */
const [leastM, mostM] = [0.005, 2000]
/** Glass so clear that it is better not drawn at all than drawn as a wall. */
const clearBelow = 0.15

type Attribute = BufferAttribute | InterleavedBufferAttribute

interface Part {
  readonly geometry: BufferGeometry
  readonly matrix: Matrix4
  readonly color: Rgb
  /** The picture of its base colour, with its data. */
  readonly map: Texture | undefined
}

/**
 * A GLB as one matt solid in the frame of the thing it stands for: metres, x right, y forward, z up, origin at its
 * place. Its colours are kept per corner: base colour times corner colour times the base colour's picture, other pictures
 * are not even decoded. Everything is untrusted and checked first; nothing outside the file is fetched.
 */
export async function readModel(
  bytes: Uint8Array,
  model: SiteModel,
  decode: DecodePicture = decodePicture,
): Promise<Result<KitMesh, ModelFault>> {
  const checked = checkGlb(bytes)
  if (!checked.ok) {
    const { code, path, message } = checked.error
    const tooMuch = code === 'tooLarge' || message.startsWith('more than')
    return refused(model, path === '' ? message : `${path}: ${message}`, tooMuch ? 'scene.modelTooLarge' : undefined)
  }
  try {
    const root = await parseGlb(bytes, decode)
    const mesh = mergeParts(bakeParts(partsOf(root, intoThing(model))))
    const misfit = misfitOf(mesh, model)
    return misfit === undefined ? ok(mesh) : refused(model, misfit)
  } catch (error) {
    return refused(model, `cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Why it cannot stand where it should. */
function misfitOf({ positions }: KitMesh, { scale }: SiteModel): string | undefined {
  if (positions.length === 0) return 'shows nothing'
  const { extentM, farM } = reachOf(positions)
  const told = (metres: number) => Number(metres.toPrecision(3))
  if (Number.isNaN(extentM)) return 'has corners that are no numbers, or not there'
  if (extentM < leastM || extentM > mostM)
    return `is ${told(extentM)} m long at scale ${scale}; ${leastM} to ${mostM} m can stand`
  if (farM > mostM) return `lies ${told(farM)} m away from its place; ${mostM} m at most`
  return undefined
}

function refused({ url }: SiteModel, why: string, code: ModelFault['code'] = 'scene.modelRefused') {
  return modelFault(code, `${url}: ${why}`)
}

/** The loader comes with the first model: most parks have none. */
async function parseGlb(bytes: Uint8Array, decode: DecodePicture): Promise<Object3D> {
  const { GLTFLoader } = await import('three/examples/jsm/loaders/GLTFLoader.js')
  const manager = new LoadingManager()
  manager.setURLModifier((url) => {
    if (!/^(data|blob):/i.test(url)) throw new Error('points at other files')
    return url
  })
  const loader = new GLTFLoader(manager)
  // Alone: the loader's own plugins decode pictures, add lights and multiply meshes.
  loader.register((parser) => ({
    name: 'alone',
    beforeRoot: () => {
      parser.setPlugins({ pictures: pictureLoader(parser, decode) })
      return null
    },
  }))
  const { scene } = await loader.parseAsync(bytes.slice().buffer, '')
  return scene
}

/** From glTF (y up; −z is where the thing looks) to the thing's own frame. */
function intoThing({ scale, headingDeg, offset = [0, 0, 0] }: SiteModel): Matrix4 {
  const upright = new Matrix4().set(1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1)
  return poseMatrix(offset, headingDeg, scale).multiply(upright)
}

function partsOf(root: Object3D, into: Matrix4): Part[] {
  root.updateMatrixWorld(true)
  const parts: Part[] = []
  root.traverse((object) => {
    if (!('isMesh' in object)) return
    const mesh = object as Mesh
    const material = mesh.material as Material & { readonly color?: Color; readonly map?: Texture | null }
    if (material.transparent && material.opacity < clearBelow) return
    const { r, g, b } = material.color ?? new Color(1, 1, 1)
    parts.push({
      geometry: withNormals(mesh.geometry),
      matrix: new Matrix4().multiplyMatrices(into, mesh.matrixWorld),
      color: [shown(r), shown(g), shown(b)],
      map: material.map?.image ? material.map : undefined,
    })
  })
  return parts
}

/** Of a colour's part; one number that is none would blot out the whole picture. */
function shown(part: number): number {
  return part >= 0 ? Math.min(1, part) : 0
}

/** The room for detail of pictures goes to the parts that have one, by their own triangles. */
function bakeParts(parts: readonly Part[]): readonly Part[] {
  const facesIn = ({ geometry }: Part) => (geometry.index?.count ?? geometry.getAttribute('position').count) / 3
  const triangles = parts.reduce((sum, part) => sum + facesIn(part), 0)
  const pictured = parts.filter(({ map }) => map)
  const faces = pictured.reduce((sum, part) => sum + facesIn(part), 0)
  const room = Math.min(modelBudget.pictureTriangles, modelBudget.triangles - triangles)
  return parts.map((part) => {
    if (!part.map) return part
    const own = facesIn(part)
    // Half by their faces, half alike: a wall of two triangles may hold the largest picture.
    const share = (own / Math.max(1, faces) + 1 / pictured.length) / 2
    return { ...part, geometry: bakePicture(part.geometry, part.map, Math.floor(own + room * share)) }
  })
}

function mergeParts(parts: readonly Part[]): KitMesh {
  const positionsOf = ({ geometry }: Part) => geometry.getAttribute('position')
  const cornersOf = (part: Part) => part.geometry.index?.count ?? positionsOf(part).count
  const vertices = parts.reduce((sum, part) => sum + positionsOf(part).count, 0)
  const corners = parts.reduce((sum, part) => sum + Math.floor(cornersOf(part) / 3) * 3, 0)
  const merged = {
    positions: new Float32Array(vertices * 3),
    normals: new Float32Array(vertices * 3),
    colors: new Float32Array(vertices * 3),
    indices: new Uint32Array(corners),
  }
  let [atVertex, atIndex] = [0, 0]
  for (const part of parts) {
    writeVertices(part, merged, atVertex)
    atIndex = writeFaces(part, merged.indices, atVertex, atIndex)
    atVertex += positionsOf(part).count
  }
  return merged
}

/** Without normals each face is flat on its own, as glTF wants it; the loader leaves that to the material. */
function withNormals(geometry: BufferGeometry): BufferGeometry {
  if (geometry.getAttribute('normal')?.count === geometry.getAttribute('position').count) return geometry
  const flat = geometry.index ? geometry.toNonIndexed() : geometry
  flat.computeVertexNormals()
  return flat
}

function writeVertices({ geometry, matrix, color }: Part, into: KitMesh, first: number): void {
  const position = geometry.getAttribute('position')
  const normal = geometry.getAttribute('normal')
  const tint: Attribute | undefined = geometry.getAttribute('color')
  const turn = new Matrix3().getNormalMatrix(matrix)
  const v = new Vector3()
  for (let i = 0; i < position.count; i++) {
    const at = (first + i) * 3
    v.fromBufferAttribute(position, i).applyMatrix4(matrix).toArray(into.positions, at)
    v.fromBufferAttribute(normal, i).applyMatrix3(turn).normalize()
    if (Number.isFinite(v.x + v.y + v.z)) v.toArray(into.normals, at)
    else into.normals[at + 2] = 1
    into.colors[at] = color[0] * shown(tint?.getX(i) ?? 1)
    into.colors[at + 1] = color[1] * shown(tint?.getY(i) ?? 1)
    into.colors[at + 2] = color[2] * shown(tint?.getZ(i) ?? 1)
  }
}

/** A mirrored part keeps its outside. Returns where the next faces go. */
function writeFaces({ geometry, matrix }: Part, into: Uint32Array, first: number, at: number): number {
  const { index } = geometry
  const vertices = geometry.getAttribute('position').count
  const corners = Math.floor((index?.count ?? vertices) / 3) * 3
  const [second, third] = matrix.determinant() < 0 ? [2, 1] : [1, 2]
  const vertex = (corner: number) => first + Math.min(vertices - 1, index ? index.getX(corner) : corner)
  for (let corner = 0; corner < corners; corner += 3) {
    into[at++] = vertex(corner)
    into[at++] = vertex(corner + second)
    into[at++] = vertex(corner + third)
  }
  return at
}

/** Longest side, NaN where a coordinate is none, and how far the farthest corner lies along an axis. */
function reachOf(positions: Float32Array): { readonly extentM: number; readonly farM: number } {
  let [extentM, farM] = [0, 0]
  for (let axis = 0; axis < 3; axis++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = axis; i < positions.length; i += 3) {
      const x = positions[i] as number
      if (!Number.isFinite(x)) return { extentM: Number.NaN, farM }
      low = Math.min(low, x)
      high = Math.max(high, x)
    }
    extentM = Math.max(extentM, high - low)
    farM = Math.max(farM, high, -low)
  }
  return { extentM, farM }
}
