import type { Vec3 } from '../../scene/kit/mesh.ts'
import type { StaticWorld } from './static-view.ts'

const sizePx = 640

/** Depth of the fixed world as the sun sees it (Williams 1978), around what a camera looks at. */
export class SunShadow {
  readonly #depth = new Float32Array(sizePx * sizePx)
  readonly #u: [number, number, number] = [1, 0, 0]
  readonly #w: [number, number, number] = [0, 1, 0]
  readonly #s: [number, number, number] = [0, 0, 1]
  readonly #centre: Vec3
  readonly #scale: number
  readonly #biasM: number

  constructor(centre: Vec3, radiusM: number) {
    this.#centre = centre
    this.#scale = sizePx / (2 * radiusM)
    this.#biasM = 0.12 + radiusM / 250
  }

  draw(world: StaticWorld, sun: Vec3): void {
    const flat = Math.hypot(sun[0], sun[1]) || 1e-6
    const u = [-sun[1] / flat, sun[0] / flat, 0] as const
    const w = [sun[1] * u[2] - sun[2] * u[1], sun[2] * u[0] - sun[0] * u[2], sun[0] * u[1] - sun[1] * u[0]] as const
    for (let k = 0; k < 3; k++) {
      this.#u[k] = u[k] as number
      this.#w[k] = w[k] as number
      this.#s[k] = sun[k] as number
    }
    this.#depth.fill(-1e9)
    for (let t = 0; t < world.count; t++) this.#triangle(world.corners, t * 9)
  }

  #triangle(c: Float32Array, o: number): void {
    const p = [0, 3, 6].map((k) => this.#locate(c[o + k] as number, c[o + k + 1] as number, c[o + k + 2] as number))
    const [a, b, d] = p as [Vec3, Vec3, Vec3]
    const top = Math.max(0, Math.ceil(Math.min(a[1], b[1], d[1]) - 0.5))
    const bottom = Math.min(sizePx - 1, Math.floor(Math.max(a[1], b[1], d[1]) - 0.5))
    if (top > bottom || Math.max(a[0], b[0], d[0]) < 0 || Math.min(a[0], b[0], d[0]) > sizePx) return
    const area = (b[0] - a[0]) * (d[1] - a[1]) - (d[0] - a[0]) * (b[1] - a[1])
    if (Math.abs(area) < 1e-9) return
    const stepX = ((b[2] - a[2]) * (d[1] - a[1]) - (d[2] - a[2]) * (b[1] - a[1])) / area
    const stepY = ((d[2] - a[2]) * (b[0] - a[0]) - (b[2] - a[2]) * (d[0] - a[0])) / area
    for (let y = top; y <= bottom; y++) {
      let from = 1e9
      let to = -1e9
      for (const [s, e] of [
        [a, b],
        [b, d],
        [d, a],
      ] as const) {
        // biome-ignore format: three edges
        if (s[1] <= y + 0.5 === e[1] <= y + 0.5) continue
        const x = s[0] + ((y + 0.5 - s[1]) * (e[0] - s[0])) / (e[1] - s[1])
        from = Math.min(from, x)
        to = Math.max(to, x)
      }
      const last = Math.min(sizePx - 1, Math.ceil(to - 0.5) - 1)
      for (let x = Math.max(0, Math.ceil(from - 0.5)); x <= last; x++) {
        const depth = a[2] + (x + 0.5 - a[0]) * stepX + (y + 0.5 - a[1]) * stepY
        const i = y * sizePx + x
        if (depth > (this.#depth[i] as number)) this.#depth[i] = depth
      }
    }
  }

  #locate(x: number, y: number, z: number): Vec3 {
    const [dx, dy, dz] = [x - this.#centre[0], y - this.#centre[1], z - this.#centre[2]]
    return [
      sizePx / 2 + (dx * this.#u[0] + dy * this.#u[1] + dz * this.#u[2]) * this.#scale,
      sizePx / 2 + (dx * this.#w[0] + dy * this.#w[1] + dz * this.#w[2]) * this.#scale,
      dx * this.#s[0] + dy * this.#s[1] + dz * this.#s[2],
    ]
  }

  /** Whether the sun reaches a point. Outside the map it does. */
  sees(x: number, y: number, z: number): boolean {
    const dx = x - this.#centre[0]
    const dy = y - this.#centre[1]
    const dz = z - this.#centre[2]
    const px = (sizePx / 2 + (dx * this.#u[0] + dy * this.#u[1]) * this.#scale) | 0
    const py = (sizePx / 2 + (dx * this.#w[0] + dy * this.#w[1] + dz * this.#w[2]) * this.#scale) | 0
    if (px < 0 || py < 0 || px >= sizePx || py >= sizePx) return true
    return (this.#depth[py * sizePx + px] as number) < dx * this.#s[0] + dy * this.#s[1] + dz * this.#s[2] + this.#biasM
  }
}
