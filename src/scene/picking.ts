import { type Point2, pointInPolygon } from '../site/geometry.ts'
import type { SitePoint } from './frames.ts'
import type { Picked } from './selection.ts'

/** In the site's frame; `direction` need not be of unit length, distances are in its units. */
export interface Ray {
  readonly origin: SitePoint
  readonly direction: SitePoint
}

export interface Hit {
  readonly pick: Picked
  readonly distance: number
  readonly at: SitePoint
}

type Inverse = readonly [x: number, y: number, z: number]

function invert({ direction }: Ray): Inverse {
  return [1 / direction[0], 1 / direction[1], 1 / direction[2]]
}

/** Where the ray enters the box at `at` (low corner, then high): slab test (Kay and Kajiya 1986). Infinity where it misses. */
function enterBox(ray: Ray, [ix, iy, iz]: Inverse, b: Float32Array | Float64Array, at: number): number {
  const [ox, oy, oz] = ray.origin
  const x0 = ((b[at] as number) - ox) * ix
  const x1 = ((b[at + 3] as number) - ox) * ix
  const y0 = ((b[at + 1] as number) - oy) * iy
  const y1 = ((b[at + 4] as number) - oy) * iy
  const z0 = ((b[at + 2] as number) - oz) * iz
  const z1 = ((b[at + 5] as number) - oz) * iz
  const enter = Math.max(Math.min(x0, x1), Math.min(y0, y1), Math.min(z0, z1), 0)
  const leave = Math.min(Math.max(x0, x1), Math.max(y0, y1), Math.max(z0, z1))
  return leave >= enter ? enter : Number.POSITIVE_INFINITY
}

/** Axis-aligned boxes as structure of arrays: 10,000 of them are tested in a fraction of a millisecond. */
export class PickBoxes {
  readonly picks: Picked[] = []
  #bounds = new Float32Array(6 * 64)

  get count(): number {
    return this.picks.length
  }

  clear(): void {
    this.picks.length = 0
  }

  add(pick: Picked, at: SitePoint, half: SitePoint): void {
    const i = this.picks.length * 6
    if (i + 6 > this.#bounds.length) {
      const grown = new Float32Array(this.#bounds.length * 2)
      grown.set(this.#bounds)
      this.#bounds = grown
    }
    for (let k = 0; k < 3; k++) {
      this.#bounds[i + k] = (at[k] ?? 0) - (half[k] ?? 0)
      this.#bounds[i + 3 + k] = (at[k] ?? 0) + (half[k] ?? 0)
    }
    this.picks.push(pick)
  }

  nearest(ray: Ray): { readonly pick: Picked; readonly distance: number } | undefined {
    const inverse = invert(ray)
    let best = Number.POSITIVE_INFINITY
    let found = -1
    for (let i = 0; i < this.picks.length; i++) {
      const enter = enterBox(ray, inverse, this.#bounds, i * 6)
      if (enter >= best) continue
      best = enter
      found = i
    }
    const pick = this.picks[found]
    return pick && { pick, distance: best }
  }
}

export interface Prism {
  readonly pick: Picked
  readonly polygon: readonly Point2[]
  readonly lowM: number
  readonly highM: number
}

/** Where the ray enters an upright prism; undefined where it misses. */
export function hitPrism(ray: Ray, prism: Prism): number | undefined {
  const [ox, oy, oz] = ray.origin
  const [dx, dy, dz] = ray.direction
  let best: number | undefined
  const consider = (t: number) => {
    if (t >= 0 && (best === undefined || t < best)) best = t
  }
  for (const level of [prism.highM, prism.lowM]) {
    const t = (level - oz) / dz
    if (Number.isFinite(t) && pointInPolygon(ox + dx * t, oy + dy * t, prism.polygon)) consider(t)
  }
  const ring = prism.polygon
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[j] as Point2
    const [bx, by] = ring[i] as Point2
    const [ex, ey] = [bx - ax, by - ay]
    const denominator = dx * ey - dy * ex
    if (Math.abs(denominator) < 1e-12) continue
    const t = ((ax - ox) * ey - (ay - oy) * ex) / denominator
    const u = ((ax - ox) * dy - (ay - oy) * dx) / denominator
    const z = oz + dz * t
    if (u >= 0 && u <= 1 && z >= prism.lowM && z <= prism.highM) consider(t)
  }
  return best
}

export interface PickTargets {
  readonly boxes: PickBoxes
  readonly prisms: PrismSet
}

/** Prisms with the boxes round them, so that a ray tests the few that it comes near. */
export class PrismSet {
  readonly prisms: readonly Prism[]
  readonly #bounds: Float64Array

  constructor(prisms: readonly Prism[]) {
    this.prisms = prisms
    this.#bounds = new Float64Array(prisms.length * 6)
    for (const [i, { polygon, lowM, highM }] of prisms.entries()) {
      let [west, south, east, north] = [
        Number.POSITIVE_INFINITY,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
      ]
      for (const [x, y] of polygon) {
        west = Math.min(west, x)
        east = Math.max(east, x)
        south = Math.min(south, y)
        north = Math.max(north, y)
      }
      this.#bounds.set([west, south, lowM, east, north, highM], i * 6)
    }
  }

  /** The nearest prism before `limit`, in the ray's own units. */
  nearest(ray: Ray, limit: number): { readonly pick: Picked; readonly distance: number } | undefined {
    let best: { readonly pick: Picked; readonly distance: number } | undefined
    let nearest = limit
    const inverse = invert(ray)
    for (let i = 0; i < this.prisms.length; i++) {
      const enter = enterBox(ray, inverse, this.#bounds, i * 6)
      if (enter >= nearest) continue
      const prism = this.prisms[i] as Prism
      const t = hitPrism(ray, prism)
      if (t === undefined || t >= nearest) continue
      nearest = t
      best = { pick: prism.pick, distance: t }
    }
    return best
  }
}

/** The nearest thing under the ray. Small things are preferred to the building right behind them. */
export function pickNearest(ray: Ray, targets: PickTargets, preferM = 1.5): Hit | undefined {
  const box = targets.boxes.nearest(ray)
  let best = box && { pick: box.pick, distance: box.distance }
  const length = Math.hypot(...ray.direction)
  const prism = targets.prisms.nearest(ray, box ? box.distance - preferM / length : Number.POSITIVE_INFINITY)
  if (prism) best = prism
  if (!best) return undefined
  const [o, d, t] = [ray.origin, ray.direction, best.distance]
  return { ...best, at: [o[0] + d[0] * t, o[1] + d[1] * t, o[2] + d[2] * t] }
}
