import { hashString } from '../../platform/random.ts'
import type { WorldPart } from '../../scene/kit/world.ts'
import { rasterIndexed, type SpanWriter, toCamera, type View } from './raster.ts'

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
  const c = corners
  for (let t = 0; t < count; t++) {
    const o = t * 9
    const [ax, ay, az] = [c[o] as number, c[o + 1] as number, c[o + 2] as number]
    const [ux, uy, uz] = [(c[o + 3] as number) - ax, (c[o + 4] as number) - ay, (c[o + 5] as number) - az]
    const [wx, wy, wz] = [(c[o + 6] as number) - ax, (c[o + 7] as number) - ay, (c[o + 8] as number) - az]
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
  const wide = (0.8 * view.columns) / view.focal
  const high = (0.8 * view.rows) / view.focal
  let [behind, right, left, below, above] = [true, true, true, true, true]
  for (let k = 0; k < 9; k += 3) {
    const x = c[k] as number
    const y = c[k + 1] as number
    const z = c[k + 2] as number
    behind &&= z < 0.15
    right &&= x > z * wide + 0.3
    left &&= -x > z * wide + 0.3
    below &&= y > z * high + 0.3
    above &&= -y > z * high + 0.3
  }
  return behind || right || left || below || above
}

/** Length of the edge from corner `a` to `b` seen from the lens, as a tangent. */
function spanOf(c: Float32Array, a: number, b: number): number {
  const x = (c[a] as number) - (c[b] as number)
  const y = (c[a + 1] as number) - (c[b + 1] as number)
  const z = (c[a + 2] as number) - (c[b + 2] as number)
  return Math.sqrt(x * x + y * y + z * z) / Math.max(0.5, Math.min(c[a + 2] as number, c[b + 2] as number))
}

/** Halves the longest edge of big triangles when the lens bends straight lines. */
function split(view: View, c: Float32Array, depth: number, write: SpanWriter): void {
  if (view.distorted && outside(view, c)) return
  if (view.distorted && depth < 20) {
    const first = spanOf(c, 0, 3)
    const second = spanOf(c, 3, 6)
    const third = spanOf(c, 6, 0)
    const longest = Math.max(first, second, third)
    if (longest > 0.2) {
      const a = longest === first ? 0 : longest === second ? 3 : 6
      const b = (a + 3) % 9
      const near = c.slice()
      const far = c.slice()
      for (let k = 0; k < 3; k++) {
        const middle = ((c[a + k] as number) + (c[b + k] as number)) / 2
        near[b + k] = middle
        far[a + k] = middle
      }
      split(view, near, depth + 1, write)
      split(view, far, depth + 1, write)
      return
    }
  }
  rasterIndexed(view, c, 0, 3, 6, write)
}

const lattice = Float32Array.from({ length: 4096 }, (_, i) => (hashString(`grain${i}`) % 1000) / 500 - 1)

const latticeAt = (a: number, b: number): number => lattice[(((a * 73) ^ (b * 179)) >>> 0) & 4095] as number

/** Smooth lattice noise in −1…1. */
function noise(x: number, y: number): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const low = latticeAt(ix, iy) * (1 - fx) + latticeAt(ix + 1, iy) * fx
  const high = latticeAt(ix, iy + 1) * (1 - fx) + latticeAt(ix + 1, iy + 1) * fx
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
