import { type MeshBuilder, type Rgb, unit, type Vec3 } from './mesh.ts'

/** A limb: a round bar with round ends. */
export function addLimb(
  builder: MeshBuilder,
  from: Vec3,
  to: Vec3,
  [r0, r1]: readonly [number, number],
  color: Rgb,
  sides = 8,
): void {
  builder.tube(from, to, r0, r1, color, sides)
  builder.ellipsoid(from, [r0, r0, r0], color, sides, 4)
  builder.ellipsoid(to, [r1, r1, r1], color, sides, 4)
}

/** A closed ring of a soft body: a rounded rectangle or ellipse round `at`, across one axis. */
export interface SoftRing {
  readonly at: Vec3
  /** Half its width, and half its other extent: along y of a standing body, along z of a lying one. */
  readonly half: readonly [number, number]
}

interface SoftOptions {
  /** Rings lie flat and are stacked upwards, or stand upright and follow each other forwards. */
  readonly along: 'up' | 'forward'
  /** 1 an ellipse … 0.2 nearly a rectangle: the exponent of a superellipse. */
  readonly roundness?: number
  readonly sides?: number
}

/** A body through rings, smooth in all directions and closed at both ends. */
export function addSoftBody(
  builder: MeshBuilder,
  rings: readonly SoftRing[],
  color: Rgb,
  { along, roundness = 1, sides = 12 }: SoftOptions,
): void {
  const grid = rings.map((ring) =>
    Array.from({ length: sides }, (_, i) => onRing(ring, (i / sides) * 2 * Math.PI, roundness, along)),
  )
  const point = (r: number, i: number): Vec3 => {
    const row = grid[Math.max(0, Math.min(grid.length - 1, r))] as Vec3[]
    return row[(i + sides) % sides] as Vec3
  }
  const first = grid.map((row, r) =>
    row.map((at, i) =>
      builder.vertex(
        at,
        facing(between(point(r, i - 1), point(r, i + 1)), between(point(r - 1, i), point(r + 1, i)), along),
        color,
      ),
    ),
  )
  const vertex = (r: number, i: number) => first[r]?.[i % sides] as number
  // Stacked upwards the rings run round the way their outside is wound; forwards it is the other way round.
  const quad = (a: number, b: number, c: number, d: number) => {
    const turned = along === 'forward'
    builder.face(a, turned ? c : b, turned ? b : c)
    builder.face(a, turned ? d : c, turned ? c : d)
  }
  for (let r = 0; r + 1 < rings.length; r++)
    for (let i = 0; i < sides; i++) quad(vertex(r, i), vertex(r, i + 1), vertex(r + 1, i + 1), vertex(r + 1, i))
  const last = rings.length - 1
  const out: Vec3 = along === 'up' ? [0, 0, 1] : [0, 1, 0]
  const back: Vec3 = [0, -out[1], -out[2]]
  const head = builder.vertex((rings[last] as SoftRing).at, out, color)
  const tail = builder.vertex((rings[0] as SoftRing).at, back, color)
  for (let i = 0; i < sides; i++) {
    const turned = along === 'forward'
    const [a, b] = [vertex(last, i), vertex(last, i + 1)]
    builder.face(turned ? b : a, turned ? a : b, head)
    const [c, d] = [vertex(0, i), vertex(0, i + 1)]
    builder.face(turned ? c : d, turned ? d : c, tail)
  }
}

function onRing({ at, half }: SoftRing, angle: number, roundness: number, along: 'up' | 'forward'): Vec3 {
  const soft = (x: number) => Math.sign(x) * Math.abs(x) ** roundness
  const [x, other] = [half[0] * soft(Math.cos(angle)), half[1] * soft(Math.sin(angle))]
  return along === 'up' ? [at[0] + x, at[1] + other, at[2]] : [at[0] + x, at[1], at[2] + other]
}

const between = (a: Vec3, b: Vec3): Vec3 => [b[0] - a[0], b[1] - a[1], b[2] - a[2]]

function facing(round: Vec3, onward: Vec3, along: 'up' | 'forward'): Vec3 {
  const n: Vec3 = [
    round[1] * onward[2] - round[2] * onward[1],
    round[2] * onward[0] - round[0] * onward[2],
    round[0] * onward[1] - round[1] * onward[0],
  ]
  return unit(along === 'up' ? n : [-n[0], -n[1], -n[2]])
}
