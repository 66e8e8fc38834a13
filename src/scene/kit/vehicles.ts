import { createRandom } from '../../platform/random.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, type Section, shade, type Vec3 } from './mesh.ts'

const paints = [
  '#e9e9e6', '#c9ccd0', '#8f959b', '#2b2d31', '#16171a', '#8c2f2a', '#2f4a74', '#3d5a4a', '#b39b6d', '#6d2d2d', '#d9d3c4', '#45617a',
].map(rgb) // biome-ignore format: a palette reads better as a row
const glass = rgb('#27323b')
const tyre = rgb('#1a1a1b')
const rim = rgb('#8c8f92')
const dark = rgb('#2c2d30')

function paint(look: number): Rgb {
  const random = createRandom(look).fork('paint')
  return shade(paints[Math.floor(random.next() * paints.length)] ?? [0.5, 0.5, 0.5], random.between(0.85, 1.1))
}

function wheel(builder: MeshBuilder, x: number, y: number, radius: number, width: number): void {
  const outer = x + Math.sign(x) * (width / 2)
  const inner = x - Math.sign(x) * (width / 2)
  builder.tube([inner, y, radius], [outer, y, radius], radius, radius, tyre, 10, true)
  builder.tube([outer, y, radius], [outer + Math.sign(x) * 0.015, y, radius], radius * 0.58, radius * 0.5, rim, 8, true)
}

const section = (y: number, low: number, high: number, halfLow: number, halfHigh: number): Section => ({
  y,
  low,
  high,
  halfLow,
  halfHigh,
})

interface CarBody {
  readonly body: readonly Section[]
  readonly cabin: readonly Section[]
  readonly wheelRadiusM: number
  readonly axlesM: readonly [number, number]
  readonly lengthM: number
}

/** Saloon, estate-like SUV and van. */
const carBodies: readonly CarBody[] = [
  {
    body: [
      section(-2.3, 0.36, 0.82, 0.74, 0.7),
      section(-2.12, 0.24, 0.97, 0.86, 0.8),
      section(-0.9, 0.2, 0.98, 0.9, 0.86),
      section(0.95, 0.2, 0.95, 0.9, 0.86),
      section(2.0, 0.22, 0.84, 0.86, 0.78),
      section(2.28, 0.34, 0.68, 0.72, 0.66),
    ],
    cabin: [
      section(-1.75, 0.95, 0.99, 0.78, 0.76),
      section(-1.0, 0.95, 1.4, 0.8, 0.6),
      section(-0.2, 0.95, 1.46, 0.8, 0.61),
      section(0.35, 0.95, 1.42, 0.8, 0.6),
      section(1.15, 0.93, 0.97, 0.8, 0.76),
    ],
    wheelRadiusM: 0.32,
    axlesM: [-1.38, 1.38],
    lengthM: 4.6,
  },
  {
    body: [
      section(-2.28, 0.42, 1.0, 0.82, 0.78),
      section(-2.15, 0.3, 1.08, 0.92, 0.86),
      section(-0.8, 0.26, 1.1, 0.95, 0.9),
      section(1.0, 0.26, 1.08, 0.95, 0.9),
      section(2.05, 0.3, 1.0, 0.91, 0.84),
      section(2.32, 0.42, 0.82, 0.8, 0.74),
    ],
    cabin: [
      section(-2.2, 1.05, 1.12, 0.84, 0.8),
      section(-1.95, 1.06, 1.68, 0.85, 0.68),
      section(-0.6, 1.06, 1.74, 0.86, 0.7),
      section(0.4, 1.06, 1.7, 0.86, 0.68),
      section(1.15, 1.05, 1.1, 0.86, 0.82),
    ],
    wheelRadiusM: 0.37,
    axlesM: [-1.42, 1.42],
    lengthM: 4.6,
  },
  {
    body: [
      section(-2.55, 0.4, 1.15, 0.93, 0.92),
      section(-2.5, 0.3, 1.2, 0.96, 0.95),
      section(1.2, 0.28, 1.2, 0.97, 0.95),
      section(2.1, 0.3, 1.1, 0.93, 0.86),
      section(2.5, 0.42, 0.85, 0.84, 0.78),
    ],
    cabin: [
      section(-2.52, 1.15, 2.0, 0.92, 0.8),
      section(-2.3, 1.15, 2.12, 0.94, 0.82),
      section(0.8, 1.15, 2.12, 0.94, 0.82),
      section(1.15, 1.15, 1.98, 0.94, 0.78),
      section(1.95, 1.1, 1.16, 0.9, 0.86),
    ],
    wheelRadiusM: 0.34,
    axlesM: [-1.65, 1.6],
    lengthM: 5.1,
  },
]

/** A car facing +y, wheels on z = 0; some 200 triangles. */
export function carMesh(look: number): KitMesh {
  const builder = new MeshBuilder()
  const color = paint(look)
  const body = carBodies[look % carBodies.length] as CarBody
  const van = look % carBodies.length === 2
  builder.hull(body.body, color)
  builder.hull(body.cabin, van ? color : glass, color, van ? color : glass)
  if (van) vanWindows(builder)
  const half = 0.8
  for (const y of body.axlesM) for (const x of [-half, half]) wheel(builder, x, y, body.wheelRadiusM, 0.24)
  addLights(builder, body.lengthM / 2, van ? 0.85 : 0.66)
  return builder.build()
}

function vanWindows(builder: MeshBuilder): void {
  builder.hull([section(0.9, 1.3, 1.85, 0.96, 0.86), section(1.3, 1.3, 1.72, 0.96, 0.84)], glass)
  builder.quad([-0.8, 1.97, 1.2], [-0.72, 1.2, 1.95], [0.72, 1.2, 1.95], [0.8, 1.97, 1.2], glass)
  builder.quad([0.7, -2.57, 1.3], [-0.7, -2.57, 1.3], [-0.66, -2.55, 1.85], [0.66, -2.55, 1.85], glass)
}

function addLights(builder: MeshBuilder, reach: number, z: number): void {
  for (const x of [-0.6, 0.6]) {
    builder.box([x, reach - 0.07, z - 0.04], [0.3, 0.14, 0.12], rgb('#f4f2e6'))
    builder.box([x, -reach + 0.05, z + 0.08], [0.28, 0.1, 0.14], rgb('#a01f1c'))
  }
}

/** Positions of the head lamps of a vehicle of `kind`, in its own frame; the night picture needs their glow. */
export function headLamps(kind: 'car' | 'truck' | 'forklift', look: number): readonly Vec3[] {
  if (kind === 'forklift') return [[-0.4, 0.45, 2], [0.4, 0.45, 2]] // biome-ignore format: a pair
  const y = kind === 'truck' ? 3.95 : (carBodies[look % carBodies.length] as CarBody).lengthM / 2
  const z = kind === 'truck' ? 0.85 : 0.68
  const x = kind === 'truck' ? 0.9 : 0.6
  return [[-x, y, z], [x, y, z]] // biome-ignore format: a pair
}

/** A box lorry of 8 m facing +y. */
export function truckMesh(look: number): KitMesh {
  const builder = new MeshBuilder()
  const cab = paint(look)
  const box = look % 3 === 0 ? paint(look + 7) : rgb('#dfe0dd')
  builder.box([0, -0.2, 0.5], [0.9, 7.4, 0.4], dark)
  builder.hull(
    [
      section(2.15, 0.55, 2.75, 1.18, 1.12),
      section(3.5, 0.45, 2.75, 1.2, 1.12),
      section(3.95, 0.42, 1.45, 1.18, 1.12),
      section(4.0, 0.5, 1.3, 1.12, 1.08),
    ],
    cab,
  )
  builder.quad([1.08, 3.93, 1.55], [-1.08, 3.93, 1.55], [-1.0, 3.54, 2.5], [1.0, 3.54, 2.5], glass)
  for (const x of [-1.2, 1.2]) {
    const out = x * 1.005
    const ring: readonly Vec3[] = [
      [out, 2.6, 1.6],
      [out, 3.5, 1.6],
      [out * 0.97, 3.4, 2.4],
      [out * 0.97, 2.6, 2.4],
    ]
    const [a, b, c, d] = (x > 0 ? ring : [...ring].reverse()) as [Vec3, Vec3, Vec3, Vec3]
    builder.quad(a, b, c, d, glass)
  }
  builder.box([0, -1.05, 0.95], [2.46, 6.0, 2.55], box)
  for (const x of [-1.05, 1.05]) for (const y of [-2.9, -1.9, 3.0]) wheel(builder, x, y, 0.48, 0.34)
  addLights(builder, 4.02, 0.9)
  return builder.build()
}

/** A counterbalance forklift facing +y with a seated driver; forks ahead. */
export function forkliftMesh(look: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('forklift')
  const body = rgb(random.next() < 0.7 ? '#e0a51c' : random.next() < 0.5 ? '#c8432b' : '#3c6a4c')
  const lift = random.between(0.1, 1.2)
  builder.hull([section(-1.2, 0.35, 1.05, 0.5, 0.46), section(-0.9, 0.22, 1.18, 0.56, 0.52), section(-0.35, 0.2, 1.15, 0.56, 0.52)], body) // biome-ignore format: one body
  builder.hull([section(-0.35, 0.2, 0.62, 0.55, 0.52), section(0.85, 0.2, 0.62, 0.52, 0.48)], body)
  builder.box([0, 0.6, 0.6], [0.6, 0.3, 0.5], dark)
  for (const x of [-0.48, 0.48]) {
    builder.tube([x, -0.8, 1.15], [x, -0.55, 2.12], 0.035, 0.035, dark, 5)
    builder.tube([x, 0.72, 0.6], [x, 0.4, 2.12], 0.035, 0.035, dark, 5)
    builder.box([x * 0.7, 1.0, 0.1], [0.09, 0.14, 2.35], dark)
    builder.box([x * 0.6, 1.62, lift], [0.11, 1.1, 0.05], dark)
    wheel(builder, x, 0.62, 0.32, 0.22)
    wheel(builder, x * 0.95, -0.82, 0.25, 0.2)
  }
  builder.box([0, -0.08, 2.1], [1.04, 1.05, 0.06], dark)
  builder.box([0, 1.08, lift], [0.8, 0.06, 0.5], dark)
  if (random.next() < 0.6) builder.box([0, 1.68, lift + 0.05], [1.0, 1.0, random.between(0.3, 1.1)], rgb('#9c7748'))
  addDriver(builder, rgb(random.next() < 0.5 ? '#d8e02a' : '#33445c'), [0, -0.25, 1.1])
  return builder.build()
}

/** Trunk, head and arms of a seated driver whose seat is at `seat`. */
function addDriver(builder: MeshBuilder, top: Rgb, seat: Vec3): void {
  const [x, y, z] = seat
  const skin = rgb('#c4926a')
  builder.loft(
    [
      { at: [x, y, z - 0.1], rx: 0.19, ry: 0.15 },
      { at: [x, y, z + 0.3], rx: 0.21, ry: 0.13 },
      { at: [x, y + 0.02, z + 0.5], rx: 0.1, ry: 0.08 },
    ],
    top,
  )
  builder.ellipsoid([x, y + 0.04, z + 0.66], [0.085, 0.1, 0.13], skin, 7, 5)
  for (const side of [-1, 1]) {
    builder.tube([x + side * 0.2, y, z + 0.42], [x + side * 0.2, y + 0.18, z + 0.18], 0.05, 0.045, top, 5)
    builder.tube([x + side * 0.2, y + 0.18, z + 0.18], [x + side * 0.14, y + 0.45, z + 0.24], 0.045, 0.035, skin, 5)
    builder.tube([x + side * 0.1, y, z - 0.08], [x + side * 0.12, y + 0.42, z - 0.08], 0.08, 0.06, rgb('#2a2f3a'), 5)
  }
}

/** A bicycle with its rider, pedalling, facing +y. `phase` turns the cranks. */
export function bicycleMesh(look: number, phase: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('bicycle')
  const frame = paint(look + 3)
  const top = paint(look + 11)
  const legs = rgb(random.next() < 0.5 ? '#23262e' : '#6b6252')
  const skin = rgb(random.next() < 0.5 ? '#d9a982' : '#8c5a38')
  for (const y of [-0.52, 0.54]) hoop(builder, y, 0.34)
  const bars: readonly (readonly [Vec3, Vec3])[] = [
    [[0, -0.52, 0.34], [0, -0.05, 0.3]], [[0, -0.05, 0.3], [0, 0.4, 0.78]], [[0, -0.18, 0.8], [0, 0.4, 0.82]],
    [[0, -0.05, 0.3], [0, -0.2, 0.92]], [[0, -0.52, 0.34], [0, -0.18, 0.8]], [[0, 0.54, 0.34], [0, 0.38, 0.95]],
    [[-0.28, 0.36, 0.98], [0.28, 0.36, 0.98]],
  ] // biome-ignore format: pairs of ends
  for (const [a, b] of bars) builder.tube(a, b, 0.022, 0.022, frame, 4)
  for (const side of [-1, 1]) {
    const angle = phase + (side > 0 ? Math.PI : 0)
    const foot: Vec3 = [side * 0.1, -0.05 + 0.17 * Math.sin(angle), 0.3 + 0.17 * Math.cos(angle)]
    const hip: Vec3 = [side * 0.09, -0.2, 0.98]
    const knee: Vec3 = [side * 0.11, 0.2 + 0.06 * Math.sin(angle), 0.74 + (foot[2] - 0.3) * 0.55]
    builder.tube(hip, knee, 0.085, 0.06, legs, 6)
    builder.tube(knee, foot, 0.058, 0.042, legs, 6)
    builder.tube(foot, [foot[0], foot[1] + 0.16, foot[2] - 0.02], 0.04, 0.03, tyre, 5, true)
    builder.tube([side * 0.2, 0.08, 1.42], [side * 0.27, 0.36, 1.0], 0.05, 0.04, top, 6)
  }
  builder.tube([0, -0.22, 0.96], [0, 0.08, 1.44], 0.155, 0.17, top, 8, true)
  builder.ellipsoid([0, 0.16, 1.64], [0.08, 0.095, 0.12], skin, 7, 5)
  if (random.next() < 0.5) builder.ellipsoid([0, 0.15, 1.69], [0.1, 0.125, 0.1], paint(look + 5), 7, 5)
  else builder.ellipsoid([0, 0.14, 1.67], [0.085, 0.1, 0.105], rgb('#2a1f18'), 7, 5)
  return builder.build()
}

/** A thin wheel in the plane of travel. */
function hoop(builder: MeshBuilder, y: number, radius: number): void {
  const sides = 12
  for (let i = 0; i < sides; i++) {
    const at = (k: number): Vec3 => {
      const angle = (k / sides) * 2 * Math.PI
      return [0, y + radius * Math.cos(angle), radius + radius * 0.98 * Math.sin(angle)]
    }
    builder.tube(at(i), at(i + 1), 0.025, 0.025, tyre, 4)
  }
  builder.tube([-0.05, y, radius], [0.05, y, radius], 0.05, 0.05, rim, 5)
}
