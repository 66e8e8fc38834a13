/**
 * Meshes as plain arrays, for the 3D view and the virtual cameras alike. Local metres: x right (east at heading 0),
 * y forward (north), z up. Triangles wind counter-clockwise seen from outside. Colours are linear-light albedo 0…1.
 */
export type Vec3 = readonly [x: number, y: number, z: number]
export type Rgb = readonly [red: number, green: number, blue: number]

export interface KitMesh {
  readonly positions: Float32Array
  readonly normals: Float32Array
  readonly colors: Float32Array
  readonly indices: Uint32Array
}

/** `#rrggbb` (sRGB, IEC 61966-2-1) to linear light. */
export function rgb(hex: string): Rgb {
  const channel = (at: number) => {
    const s = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

export function shade(color: Rgb, gain: number): Rgb {
  return [Math.min(1, color[0] * gain), Math.min(1, color[1] * gain), Math.min(1, color[2] * gain)]
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

export function unit(a: Vec3): Vec3 {
  const length = Math.hypot(a[0], a[1], a[2]) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}

/** A horizontal ellipse; lofts join them. */
export interface Ring {
  readonly at: Vec3
  readonly rx: number
  readonly ry: number
}

/** A trapezium across the direction of travel; hulls of vehicles join them. */
export interface Section {
  readonly y: number
  readonly low: number
  readonly high: number
  readonly halfLow: number
  readonly halfHigh: number
}

export class MeshBuilder {
  readonly #positions: number[] = []
  readonly #normals: number[] = []
  readonly #colors: number[] = []
  readonly #indices: number[] = []

  get triangleCount(): number {
    return this.#indices.length / 3
  }

  vertex(at: Vec3, normal: Vec3, color: Rgb): number {
    this.#positions.push(at[0], at[1], at[2])
    this.#normals.push(normal[0], normal[1], normal[2])
    this.#colors.push(color[0], color[1], color[2])
    return this.#positions.length / 3 - 1
  }

  face(a: number, b: number, c: number): void {
    this.#indices.push(a, b, c)
  }

  triangle(a: Vec3, b: Vec3, c: Vec3, color: Rgb): void {
    const normal = unit(cross(subtract(b, a), subtract(c, a)))
    this.face(this.vertex(a, normal, color), this.vertex(b, normal, color), this.vertex(c, normal, color))
  }

  quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, color: Rgb): void {
    const normal = unit(cross(subtract(c, a), subtract(d, b)))
    const i = this.vertex(a, normal, color)
    this.vertex(b, normal, color)
    this.vertex(c, normal, color)
    this.vertex(d, normal, color)
    this.face(i, i + 1, i + 2)
    this.face(i, i + 2, i + 3)
  }

  /** A box of `size` (x, y, z) that stands with the middle of its floor on `at`, turned clockwise by `headingDeg`. */
  box(at: Vec3, size: Vec3, color: Rgb, headingDeg = 0, topColor: Rgb = color): void {
    const [c, s] = turn(headingDeg)
    const corner = (sx: number, sy: number, z: number): Vec3 => {
      const x = (sx * size[0]) / 2
      const y = (sy * size[1]) / 2
      return [at[0] + x * c + y * s, at[1] - x * s + y * c, at[2] + z]
    }
    const top = size[2]
    const floor = [corner(-1, -1, 0), corner(1, -1, 0), corner(1, 1, 0), corner(-1, 1, 0)] as const
    const roof = [corner(-1, -1, top), corner(1, -1, top), corner(1, 1, top), corner(-1, 1, top)] as const
    this.quad(roof[0], roof[1], roof[2], roof[3], topColor)
    this.quad(floor[3], floor[2], floor[1], floor[0], color)
    this.quad(floor[0], floor[1], roof[1], roof[0], color)
    this.quad(floor[1], floor[2], roof[2], roof[1], color)
    this.quad(floor[2], floor[3], roof[3], roof[2], color)
    this.quad(floor[3], floor[0], roof[0], roof[3], color)
  }

  /** A round bar between two points, tapering from `r0` to `r1`, without caps unless asked. */
  tube(from: Vec3, to: Vec3, r0: number, r1: number, color: Rgb, sides = 6, caps = false): void {
    const axis = unit(subtract(to, from))
    const u = unit(Math.abs(axis[2]) < 0.9 ? cross([0, 0, 1], axis) : cross([0, 1, 0], axis))
    const w = cross(axis, u)
    const start: number[] = []
    for (let i = 0; i < sides; i++) {
      const angle = (i / sides) * 2 * Math.PI
      const n: Vec3 = [0, 1, 2].map(
        (k) => Math.cos(angle) * (u[k] ?? 0) + Math.sin(angle) * (w[k] ?? 0),
      ) as unknown as Vec3
      start.push(this.vertex([from[0] + n[0] * r0, from[1] + n[1] * r0, from[2] + n[2] * r0], n, color))
      this.vertex([to[0] + n[0] * r1, to[1] + n[1] * r1, to[2] + n[2] * r1], n, color)
    }
    for (let i = 0; i < sides; i++) {
      const a = start[i] as number
      const b = start[(i + 1) % sides] as number
      this.face(a, b, b + 1)
      this.face(a, b + 1, a + 1)
    }
    if (!caps) return
    const head = this.vertex(to, axis, color)
    const tail = this.vertex(from, [-axis[0], -axis[1], -axis[2]], color)
    for (let i = 0; i < sides; i++) {
      const a = start[i] as number
      const b = start[(i + 1) % sides] as number
      this.face(a + 1, b + 1, head)
      this.face(b, a, tail)
    }
  }

  /** Skin over horizontal rings from bottom to top, closed at both ends. */
  loft(rings: readonly Ring[], color: Rgb | readonly Rgb[], sides = 8): void {
    const first: number[] = []
    for (const [r, ring] of rings.entries()) {
      const tone = colorOf(color, r)
      first.push(this.#positions.length / 3)
      for (let i = 0; i < sides; i++) {
        const angle = (i / sides) * 2 * Math.PI
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        const at: Vec3 = [ring.at[0] + c * ring.rx, ring.at[1] + s * ring.ry, ring.at[2]]
        this.vertex(at, unit([c * ring.ry, s * ring.rx, 0]), tone)
      }
    }
    for (let r = 0; r + 1 < rings.length; r++) {
      const [low, high] = [first[r] as number, first[r + 1] as number]
      for (let i = 0; i < sides; i++) {
        const next = (i + 1) % sides
        this.face(low + i, low + next, high + next)
        this.face(low + i, high + next, high + i)
      }
    }
    this.#capLoft(rings, color, sides, first)
  }

  #capLoft(rings: readonly Ring[], color: Rgb | readonly Rgb[], sides: number, first: readonly number[]): void {
    const last = rings.length - 1
    const top = this.vertex((rings[last] as Ring).at, [0, 0, 1], colorOf(color, last))
    const bottom = this.vertex((rings[0] as Ring).at, [0, 0, -1], colorOf(color, 0))
    for (let i = 0; i < sides; i++) {
      const next = (i + 1) % sides
      this.face((first[last] as number) + i, (first[last] as number) + next, top)
      this.face((first[0] as number) + next, (first[0] as number) + i, bottom)
    }
  }

  ellipsoid(at: Vec3, radii: Vec3, color: Rgb, sides = 8, bands = 5): void {
    const rings: number[] = []
    for (let b = 1; b < bands; b++) {
      const polar = (b / bands) * Math.PI - Math.PI / 2
      rings.push(this.#positions.length / 3)
      for (let i = 0; i < sides; i++) {
        const angle = (i / sides) * 2 * Math.PI
        const n: Vec3 = [Math.cos(angle) * Math.cos(polar), Math.sin(angle) * Math.cos(polar), Math.sin(polar)]
        this.vertex([at[0] + n[0] * radii[0], at[1] + n[1] * radii[1], at[2] + n[2] * radii[2]], n, color)
      }
    }
    const south = this.vertex([at[0], at[1], at[2] - radii[2]], [0, 0, -1], color)
    const north = this.vertex([at[0], at[1], at[2] + radii[2]], [0, 0, 1], color)
    for (let i = 0; i < sides; i++) {
      const next = (i + 1) % sides
      this.face((rings[0] as number) + next, (rings[0] as number) + i, south)
      for (let b = 0; b + 1 < rings.length; b++) {
        const [low, high] = [rings[b] as number, rings[b + 1] as number]
        this.face(low + i, low + next, high + next)
        this.face(low + i, high + next, high + i)
      }
      const top = rings[rings.length - 1] as number
      this.face(top + i, top + next, north)
    }
  }

  /** A body through sections ordered from rear to front, flat shaded. */
  hull(sections: readonly Section[], side: Rgb, top: Rgb = side, ends: Rgb = side): void {
    const corner = (s: Section): readonly [Vec3, Vec3, Vec3, Vec3] => [
      [-s.halfLow, s.y, s.low],
      [s.halfLow, s.y, s.low],
      [s.halfHigh, s.y, s.high],
      [-s.halfHigh, s.y, s.high],
    ]
    for (let i = 0; i + 1 < sections.length; i++) {
      const r = corner(sections[i] as Section)
      const f = corner(sections[i + 1] as Section)
      this.quad(r[1], f[1], f[2], r[2], side)
      this.quad(f[0], r[0], r[3], f[3], side)
      this.quad(r[3], r[2], f[2], f[3], top)
      this.quad(r[1], r[0], f[0], f[1], side)
    }
    const rear = corner(sections[0] as Section)
    const front = corner(sections[sections.length - 1] as Section)
    this.quad(rear[0], rear[1], rear[2], rear[3], ends)
    this.quad(front[1], front[0], front[3], front[2], ends)
  }

  build(): KitMesh {
    return {
      positions: Float32Array.from(this.#positions),
      normals: Float32Array.from(this.#normals),
      colors: Float32Array.from(this.#colors),
      indices: Uint32Array.from(this.#indices),
    }
  }
}

function colorOf(color: Rgb | readonly Rgb[], index: number): Rgb {
  const first = color[0]
  return typeof first === 'number' ? (color as Rgb) : ((color as readonly Rgb[])[index] ?? (first as Rgb))
}

/** Cosine and sine of a heading in degrees clockwise from north. */
export function turn(headingDeg: number): readonly [cos: number, sin: number] {
  const angle = (headingDeg * Math.PI) / 180
  return [Math.cos(angle), Math.sin(angle)]
}
