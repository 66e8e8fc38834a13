import {
  BufferAttribute,
  BufferGeometry,
  ClampToEdgeWrapping,
  MirroredRepeatWrapping,
  type Texture,
  Vector2,
  type Wrapping,
} from 'three'
import type { ModelPicture } from './model-picture.ts'

/** Light that a corner's colour may be wrong by before a face is divided, as the display shows it. */
const tolerance = 0.05
const mostRounds = 10
/**
 * Places within a face where the picture is compared with what the corners alone would give, barycentric. They follow
 * no grid (Roberts' R2 sequence): what repeats in a picture would be met at the same spot again and again.
 */
const places = Array.from({ length: 96 }, (_, i) => {
  const [s, t] = [(0.5 + i * 0.7548776662) % 1, (0.5 + i * 0.5698402911) % 1]
  return s + t > 1 ? ([1 - s, 1 - t] as const) : ([s, t] as const)
})

/** Corners as structure of arrays: place, normal and picture coordinates, and the colour that they carry already. */
interface Corners {
  readonly position: number[]
  readonly normal: number[]
  readonly uv: number[]
  readonly tint: number[]
  /** The picture's colour there, linear. */
  readonly shown: number[]
  /** By edge, the corner that divides it: one for both faces that share it. */
  readonly middles: Map<number, number>
}

/**
 * Puts a picture into the corners' colours, so that a model stays one matt solid and one draw. Where the corners alone
 * would not show what the picture does, faces are divided, those first where most would be missed, until nothing is or
 * `mostFaces` are reached. A model coloured from a palette needs no face more.
 */
export function bakePicture(geometry: BufferGeometry, map: Texture, mostFaces: number): BufferGeometry {
  const picture = map.image as ModelPicture
  const look = lookAt(picture, map.wrapS, map.wrapT)
  const corners = cornersOf(geometry, map)
  for (let i = 0; i < corners.uv.length / 2; i++)
    corners.shown.push(...look(corners.uv[i * 2] ?? 0, corners.uv[i * 2 + 1] ?? 0))
  let faces = facesOf(geometry, corners.uv.length / 2)
  const texel = new Vector2(1 / picture.width, 1 / picture.height)
  let missed = faces.map((face) => missedIn(corners, face, look, texel))
  for (let round = 0; round < mostRounds && faces.length < mostFaces; round++) {
    const edges = edgesToDivide(faces, missed, mostFaces)
    if (edges.size === 0) break
    const next: Face[] = []
    const nextMissed: number[] = []
    for (const [i, face] of faces.entries()) {
      const parts = divided(face, edges, corners, look)
      for (const part of parts) {
        next.push(part)
        nextMissed.push(parts.length === 1 ? (missed[i] as number) : missedIn(corners, part, look, texel))
      }
    }
    faces = next
    missed = nextMissed
  }
  return geometryFrom(corners, faces)
}

type Face = readonly [a: number, b: number, c: number]
type Look = (u: number, v: number) => readonly [number, number, number]

const linearOf = Float32Array.from({ length: 256 }, (_, i) =>
  i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4,
)

/** Bilinear, in linear light. */
function lookAt({ width, height, rgba }: ModelPicture, wrapS: Wrapping, wrapT: Wrapping): Look {
  return (u, v) => {
    const x = wrapped(u, wrapS) * width - 0.5
    const y = wrapped(v, wrapT) * height - 0.5
    const [x0, y0] = [Math.floor(x), Math.floor(y)]
    const [fx, fy] = [x - x0, y - y0]
    const sum: [number, number, number] = [0, 0, 0]
    for (const [dx, dy, share] of [
      [0, 0, (1 - fx) * (1 - fy)],
      [1, 0, fx * (1 - fy)],
      [0, 1, (1 - fx) * fy],
      [1, 1, fx * fy],
    ] as const) {
      // biome-ignore format: four texels
      const at = (texelAt(y0 + dy, height, wrapT) * width + texelAt(x0 + dx, width, wrapS)) * 4
      for (let k = 0; k < 3; k++) sum[k] = (sum[k] as number) + share * (linearOf[rgba[at + k] ?? 0] as number)
    }
    return sum
  }
}

function wrapped(x: number, wrap: Wrapping): number {
  if (!Number.isFinite(x)) return 0
  if (wrap === ClampToEdgeWrapping) return Math.max(0, Math.min(1, x))
  if (wrap !== MirroredRepeatWrapping) return x - Math.floor(x)
  const twice = x / 2 - Math.floor(x / 2)
  return twice < 0.5 ? twice * 2 : 2 - twice * 2
}

function texelAt(at: number, count: number, wrap: Wrapping): number {
  const inside = at < 0 ? count - 1 : 0
  if (at >= 0 && at < count) return at
  const repeats = wrap !== ClampToEdgeWrapping && wrap !== MirroredRepeatWrapping
  return repeats ? inside : Math.max(0, Math.min(count - 1, at))
}

function cornersOf(geometry: BufferGeometry, map: Texture): Corners {
  const position = geometry.getAttribute('position')
  const normal = geometry.getAttribute('normal')
  const uv = geometry.getAttribute(map.channel === 0 ? 'uv' : `uv${map.channel}`)
  const tint = geometry.getAttribute('color')
  const corners: Corners = { position: [], normal: [], uv: [], tint: [], shown: [], middles: new Map() }
  const place = new Vector2()
  map.updateMatrix()
  for (let i = 0; i < position.count; i++) {
    corners.position.push(position.getX(i), position.getY(i), position.getZ(i))
    corners.normal.push(normal.getX(i), normal.getY(i), normal.getZ(i))
    place.set(uv?.getX(i) ?? 0, uv?.getY(i) ?? 0).applyMatrix3(map.matrix)
    corners.uv.push(place.x, place.y)
    corners.tint.push(tint?.getX(i) ?? 1, tint?.getY(i) ?? 1, tint?.getZ(i) ?? 1)
  }
  return corners
}

function facesOf({ index }: BufferGeometry, count: number): Face[] {
  const corner = (i: number) => Math.min(count - 1, index ? index.getX(i) : i)
  const faces = Math.floor((index?.count ?? count) / 3)
  return Array.from({ length: faces }, (_, f) => [corner(f * 3), corner(f * 3 + 1), corner(f * 3 + 2)])
}

/** How much of the picture a face's corners do not tell, over its extent in the picture; 0 where it is within bounds. */
function missedIn({ uv, shown }: Corners, [a, b, c]: Face, look: Look, texel: Vector2): number {
  const spot = (i: number, k: number) => uv[i * 2 + k] as number
  const spanU = Math.max(spot(a, 0), spot(b, 0), spot(c, 0)) - Math.min(spot(a, 0), spot(b, 0), spot(c, 0))
  const spanV = Math.max(spot(a, 1), spot(b, 1), spot(c, 1)) - Math.min(spot(a, 1), spot(b, 1), spot(c, 1))
  // Finer than the picture itself there is nothing to be found.
  if (spanU < texel.x && spanV < texel.y) return 0
  let most = 0
  // As many as it has pieces of eight texels a side to tell of.
  const count = Math.ceil((spanU * spanV) / (texel.x * texel.y * 64)) + 10
  for (const [s, t] of places.slice(0, count)) {
    const r = 1 - s - t
    const seen = look(
      r * spot(a, 0) + s * spot(b, 0) + t * spot(c, 0),
      r * spot(a, 1) + s * spot(b, 1) + t * spot(c, 1),
    )
    for (let k = 0; k < 3; k++) {
      const told =
        r * (shown[a * 3 + k] as number) + s * (shown[b * 3 + k] as number) + t * (shown[c * 3 + k] as number)
      most = Math.max(most, Math.abs(Math.sqrt(seen[k] as number) - Math.sqrt(told)))
    }
  }
  return most < tolerance ? 0 : most * Math.sqrt(Math.max(spanU * spanV, texel.x * texel.y))
}

const edgeOf = (a: number, b: number) => (a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a)

/** Edges of the faces that miss most; each becomes four. */
function edgesToDivide(faces: readonly Face[], missed: readonly number[], mostFaces: number): Set<number> {
  // Each edge divides the face on its other side as well: six more in all.
  const room = Math.floor((mostFaces - faces.length) / 6)
  const worst = missed
    .map((_, i) => i)
    .filter((i) => (missed[i] as number) > 0)
    .sort((i, j) => (missed[j] as number) - (missed[i] as number))
    .slice(0, Math.max(0, room))
  const edges = new Set<number>()
  for (const i of worst) {
    const [a, b, c] = faces[i] as Face
    edges.add(edgeOf(a, b)).add(edgeOf(b, c)).add(edgeOf(c, a))
  }
  return edges
}

/** A face whose edges are divided at their middles: none, one, two or all three of them, without gaps to its neighbours. */
function divided([a, b, c]: Face, edges: ReadonlySet<number>, corners: Corners, look: Look): readonly Face[] {
  const cut = [edgeOf(a, b), edgeOf(b, c), edgeOf(c, a)].map((edge) => edges.has(edge))
  const count = cut.filter(Boolean).length
  if (count === 0) return [[a, b, c]]
  const middle = (i: number, j: number) => middleOf(i, j, corners, look)
  if (count === 3) {
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
    return [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]] // biome-ignore format: four faces
  }
  // Turned so that the first edge is cut, and where two are, the second as well.
  const turns: readonly Face[] = [[a, b, c], [b, c, a], [c, a, b]] // biome-ignore format: three turns
  const at = cut.findIndex((is, i) => is && (count === 1 || cut[(i + 1) % 3] === true))
  const [x, y, z] = turns[at] as Face
  const xy = middle(x, y)
  if (count === 1) return [[x, xy, z], [xy, y, z]] // biome-ignore format: two faces
  const yz = middle(y, z)
  return [[xy, y, yz], [x, xy, yz], [x, yz, z]] // biome-ignore format: three faces
}

function middleOf(i: number, j: number, corners: Corners, look: Look): number {
  const edge = edgeOf(i, j)
  const there = corners.middles.get(edge)
  if (there !== undefined) return there
  const at = corners.uv.length / 2
  for (const [list, width] of [
    [corners.position, 3],
    [corners.normal, 3],
    [corners.uv, 2],
    [corners.tint, 3],
  ] as const)
    for (let k = 0; k < width; k++) list.push(((list[i * width + k] as number) + (list[j * width + k] as number)) / 2)
  corners.shown.push(...look(corners.uv[at * 2] as number, corners.uv[at * 2 + 1] as number))
  corners.middles.set(edge, at)
  return at
}

function geometryFrom({ position, normal, tint, shown }: Corners, faces: readonly Face[]): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(position), 3))
  geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(normal), 3))
  geometry.setAttribute(
    'color',
    new BufferAttribute(
      Float32Array.from(tint, (x, i) => x * (shown[i] as number)),
      3,
    ),
  )
  geometry.setIndex(new BufferAttribute(Uint32Array.from(faces.flat()), 1))
  return geometry
}
