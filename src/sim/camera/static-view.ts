import { hashString } from '../../platform/random.ts'
import type { WorldPart } from '../../scene/kit/world.ts'
import { rasterTriangle, toCamera, type View } from './raster.ts'

/** All fixed triangles of a site, flattened once and shared by its cameras. */
export interface StaticWorld {
  /** Nine numbers per triangle, world metres. */
  readonly corners: Float32Array
  readonly normals: Float32Array
  readonly albedo: Float32Array
  readonly texture: Uint8Array
  /** Index into `zoneIds` plus one; 0 shines never. */
  readonly litBy: Uint16Array
  readonly zoneIds: readonly string[]
  readonly count: number
}

const textures = { plain: 0, wall: 1, hard: 2, soft: 3 } as const

export function flattenWorld(parts: readonly WorldPart[]): StaticWorld {
  const count = parts.reduce((sum, part) => sum + part.mesh.indices.length / 3, 0)
  const world = {
    corners: new Float32Array(count * 9),
    normals: new Float32Array(count * 3),
    albedo: new Float32Array(count * 3),
    texture: new Uint8Array(count),
    litBy: new Uint16Array(count),
    zoneIds: [] as string[],
    count,
  }
  let t = 0
  for (const part of parts) {
    const { positions, colors, indices } = part.mesh
    let lit = 0
    if (part.litBy) lit = world.zoneIds.push(part.litBy)
    for (let i = 0; i < indices.length; i += 3, t++) {
      for (let k = 0; k < 3; k++) {
        const v = (indices[i + k] as number) * 3
        for (let c = 0; c < 3; c++) world.corners[t * 9 + k * 3 + c] = positions[v + c] as number
      }
      const v = (indices[i] as number) * 3
      for (let c = 0; c < 3; c++) world.albedo[t * 3 + c] = colors[v + c] as number
      world.texture[t] = textures[part.texture]
      world.litBy[t] = lit
    }
  }
  faceNormals(world.corners, world.normals, count)
  return world
}

function faceNormals(corners: Float32Array, normals: Float32Array, count: number): void {
  for (let t = 0; t < count; t++) {
    const at = (i: number) => corners[t * 9 + i] as number
    const [ux, uy, uz] = [at(3) - at(0), at(4) - at(1), at(5) - at(2)]
    const [wx, wy, wz] = [at(6) - at(0), at(7) - at(1), at(8) - at(2)]
    const x = uy * wz - uz * wy
    const y = uz * wx - ux * wz
    const z = ux * wy - uy * wx
    const length = Math.hypot(x, y, z) || 1
    normals[t * 3] = x / length
    normals[t * 3 + 1] = y / length
    normals[t * 3 + 2] = z / length
  }
}

/** What a camera sees of the fixed world, before light: geometry per sample. Drawn once. */
export interface StaticView {
  /** Triangle per sample; −1 is sky. */
  readonly triangle: Int32Array
  /** 1/depth in 1/m; 0 is sky. */
  readonly inverse: Float32Array
  /** Undistorted image-plane direction of each sample. */
  readonly rayU: Float32Array
  readonly rayW: Float32Array
  /** Surface variation, 1 ± some percent. */
  readonly grain: Float32Array
}

export function drawStatic(view: View, world: StaticWorld): StaticView {
  const size = view.columns * view.rows
  const drawn: StaticView = {
    triangle: new Int32Array(size).fill(-1),
    inverse: new Float32Array(size),
    rayU: new Float32Array(size),
    rayW: new Float32Array(size),
    grain: new Float32Array(size).fill(1),
  }
  castRays(view, drawn)
  drawTriangles(view, world, drawn)
  addGrain(view, world, drawn)
  return drawn
}

function castRays(view: View, drawn: StaticView): void {
  const { k1, k2 } = view.model
  for (let y = 0; y < view.rows; y++) {
    for (let x = 0; x < view.columns; x++) {
      const xd = (x + 0.5 - view.columns / 2) / view.focal
      const yd = (y + 0.5 - view.rows / 2) / view.focal
      let [u, w] = [xd, yd]
      for (let i = 0; view.distorted && i < 6; i++) {
        const r2 = u * u + w * w
        const gain = 1 + k1 * r2 + k2 * r2 * r2
        u = xd / gain
        w = yd / gain
      }
      drawn.rayU[y * view.columns + x] = u
      drawn.rayW[y * view.columns + x] = w
    }
  }
}

function drawTriangles(view: View, world: StaticWorld, drawn: StaticView): void {
  const { triangle, inverse } = drawn
  const camera = new Float32Array(world.count * 9)
  toCamera(view.model, world.corners, world.count * 3, camera)
  const { at } = view.model
  let current = 0
  const write = (from: number, to: number, first: number, step: number) => {
    let z = first
    for (let i = from; i <= to; i++, z += step) {
      if (z > (inverse[i] as number)) {
        inverse[i] = z
        triangle[i] = current
      }
    }
  }
  for (let t = 0; t < world.count; t++) {
    const c = t * 9
    const facing =
      (world.normals[t * 3] as number) * ((world.corners[c] as number) - at[0]) +
      (world.normals[t * 3 + 1] as number) * ((world.corners[c + 1] as number) - at[1]) +
      (world.normals[t * 3 + 2] as number) * ((world.corners[c + 2] as number) - at[2])
    if (facing >= 0) continue
    current = t
    split(view, camera.subarray(c, c + 9), 0, write)
  }
}

/** Wholly behind the lens or beside a generous field of view. */
function outside(view: View, c: Float32Array): boolean {
  const [wide, high] = [(0.8 * view.columns) / view.focal, (0.8 * view.rows) / view.focal]
  const all = (test: (x: number, y: number, z: number) => boolean) =>
    [0, 3, 6].every((k) => test(c[k] as number, c[k + 1] as number, c[k + 2] as number))
  return (
    all((_x, _y, z) => z < 0.15) ||
    all((x, _y, z) => x > z * wide + 0.3) ||
    all((x, _y, z) => -x > z * wide + 0.3) ||
    all((_x, y, z) => y > z * high + 0.3) ||
    all((_x, y, z) => -y > z * high + 0.3)
  )
}

/** Halves the longest edge of big triangles when the lens bends straight lines. */
function split(view: View, c: Float32Array, depth: number, write: Parameters<typeof rasterTriangle>[10]): void {
  const v = (i: number) => c[i] as number
  if (view.distorted && outside(view, c)) return
  if (view.distorted && depth < 20) {
    const edge = (a: number, b: number) =>
      Math.hypot(v(a) - v(b), v(a + 1) - v(b + 1), v(a + 2) - v(b + 2)) / Math.max(0.5, Math.min(v(a + 2), v(b + 2)))
    const lengths = [edge(0, 3), edge(3, 6), edge(6, 0)] as const
    const longest = Math.max(...lengths)
    if (longest > 0.2) {
      const a = lengths.indexOf(longest) * 3
      const [b, o] = [(a + 3) % 9, (a + 6) % 9]
      const mid = [0, 1, 2].map((k) => (v(a + k) + v(b + k)) / 2)
      const corner = (i: number) => [v(i), v(i + 1), v(i + 2)]
      split(view, Float32Array.from([...corner(a), ...mid, ...corner(o)]), depth + 1, write)
      split(view, Float32Array.from([...mid, ...corner(b), ...corner(o)]), depth + 1, write)
      return
    }
  }
  rasterTriangle(view, v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7), v(8), write)
}

const lattice = Float32Array.from({ length: 4096 }, (_, i) => (hashString(`grain${i}`) % 1000) / 500 - 1)

/** Smooth lattice noise in −1…1. */
function noise(x: number, y: number): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const [fx, fy] = [x - ix, y - iy]
  const at = (a: number, b: number) => lattice[(((a * 73) ^ (b * 179)) >>> 0) & 4095] as number
  const low = at(ix, iy) * (1 - fx) + at(ix + 1, iy) * fx
  const high = at(ix, iy + 1) * (1 - fx) + at(ix + 1, iy + 1) * fx
  return low * (1 - fy) + high * fy
}

const strength = [0, 0.035, 0.06, 0.14] as const

function addGrain(view: View, world: StaticWorld, drawn: StaticView): void {
  const { at, right: r, down: d, forward: f } = view.model
  for (let i = 0; i < drawn.triangle.length; i++) {
    const t = drawn.triangle[i] as number
    if (t < 0) continue
    const amount = strength[world.texture[t] as 0 | 1 | 2 | 3]
    if (amount === 0) continue
    const depth = 1 / (drawn.inverse[i] as number)
    const u = (drawn.rayU[i] as number) * depth
    const w = (drawn.rayW[i] as number) * depth
    const x = at[0] + r[0] * u + d[0] * w + f[0] * depth
    const y = at[1] + r[1] * u + d[1] * w + f[1] * depth
    const z = at[2] + r[2] * u + d[2] * w + f[2] * depth
    const wall = (world.texture[t] as number) === textures.wall && Math.abs(world.normals[t * 3 + 2] as number) < 0.5
    const [a, b] = wall ? [x + y, z] : [x, y]
    // Fine grain fades before it would alias.
    const fine = depth < 25 ? 1 - depth / 25 : 0
    drawn.grain[i] =
      1 + amount * (noise(a * 0.35, b * 0.35) + 0.6 * noise(a * 1.7, b * 1.7) + fine * noise(a * 9, b * 9))
  }
}
