import { addSoftBody, type SoftRing } from './architecture-soft.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, type Vec3 } from './mesh.ts'

const paint = rgb('#eceae4')
const glass = rgb('#2b3843')
const tyre = rgb('#232425')
const rim = rgb('#a9adb0')
const trim = rgb('#3a3d41')
const clear = rgb('#f6f3e8')
const red = rgb('#b3302a')

/** An upright ring `y` before the middle, from `low` to `high`. */
const ring = (y: number, halfWidth: number, low: number, high: number): SoftRing => ({
  at: [0, y, (low + high) / 2],
  half: [halfWidth, (high - low) / 2],
})

/** Where a vehicle's lamps are, in its own frame; z up, y forward. */
export interface LampPlaces {
  readonly front: readonly Vec3[]
  readonly rear: readonly Vec3[]
}

export const lampPlaces: Readonly<Record<'car' | 'truck', LampPlaces>> = {
  car: { front: [[-0.62, 2.22, 0.66], [0.62, 2.22, 0.66]], rear: [[-0.66, -2.25, 0.8], [0.66, -2.25, 0.8]] },
  truck: { front: [[-0.95, 4.02, 0.82], [0.95, 4.02, 0.82]], rear: [[-1.05, -4.07, 0.85], [1.05, -4.07, 0.85]] },
} // biome-ignore format: pairs

interface CarShape {
  readonly body: readonly SoftRing[]
  readonly cabin: readonly SoftRing[]
  readonly roof: readonly SoftRing[]
  readonly wheelRadiusM: number
}

/** A saloon and a higher estate. */
const cars: readonly CarShape[] = [
  {
    body: [ring(-2.31, 0.5, 0.46, 0.76), ring(-2.24, 0.78, 0.34, 0.9), ring(-1.95, 0.87, 0.26, 0.965), ring(-0.9, 0.905, 0.22, 0.975), ring(0.4, 0.905, 0.22, 0.95), ring(1.25, 0.9, 0.22, 0.9), ring(1.9, 0.87, 0.25, 0.82), ring(2.22, 0.76, 0.32, 0.72), ring(2.31, 0.48, 0.42, 0.62)],
    cabin: [ring(-1.98, 0.55, 0.86, 0.95), ring(-1.5, 0.69, 0.84, 1.24), ring(-0.95, 0.72, 0.82, 1.42), ring(-0.2, 0.73, 0.82, 1.46), ring(0.3, 0.72, 0.82, 1.41), ring(0.8, 0.71, 0.8, 1.17), ring(1.28, 0.62, 0.78, 0.92)],
    roof: [ring(-1.22, 0.42, 1.33, 1.37), ring(-0.95, 0.585, 1.36, 1.437), ring(-0.2, 0.6, 1.39, 1.477), ring(0.2, 0.585, 1.36, 1.441), ring(0.42, 0.42, 1.33, 1.37)],
    wheelRadiusM: 0.33,
  },
  {
    body: [ring(-2.27, 0.58, 0.5, 0.95), ring(-2.2, 0.82, 0.38, 1.05), ring(-1.9, 0.91, 0.3, 1.09), ring(-0.8, 0.93, 0.27, 1.09), ring(0.5, 0.93, 0.27, 1.07), ring(1.3, 0.925, 0.27, 1.04), ring(1.95, 0.89, 0.3, 0.96), ring(2.22, 0.78, 0.36, 0.84), ring(2.3, 0.52, 0.46, 0.74)],
    cabin: [ring(-2.18, 0.6, 0.98, 1.08), ring(-2.02, 0.75, 0.96, 1.5), ring(-1.4, 0.78, 0.94, 1.65), ring(-0.3, 0.79, 0.94, 1.69), ring(0.3, 0.78, 0.94, 1.63), ring(0.85, 0.76, 0.92, 1.36), ring(1.3, 0.66, 0.9, 1.06)],
    roof: [ring(-1.98, 0.5, 1.54, 1.58), ring(-1.7, 0.63, 1.57, 1.65), ring(-0.3, 0.65, 1.62, 1.708), ring(0.22, 0.63, 1.57, 1.66), ring(0.46, 0.46, 1.53, 1.57)],
    wheelRadiusM: 0.37,
  },
] // biome-ignore format: a part a row

export const carVariants = cars.length

/** A car facing +y, wheels on z = 0, in light paint that each instance tints; some 900 triangles. */
export function modelCar(variant: number): KitMesh {
  const { body, cabin, roof, wheelRadiusM } = cars[variant % cars.length] as CarShape
  const builder = new MeshBuilder()
  addSoftBody(builder, body, paint, { along: 'forward', roundness: 0.5, sides: 20 })
  addSoftBody(builder, cabin, glass, { along: 'forward', roundness: 0.55, sides: 16 })
  addSoftBody(builder, roof, paint, { along: 'forward', roundness: 0.6, sides: 14 })
  for (const y of [-1.4, 1.4]) for (const side of [-1, 1]) addWheel(builder, side, 0.885, y, wheelRadiusM, 0.2)
  addLamps(builder, lampPlaces.car, [0.17, 0.07, 0.065])
  builder.box([0, -0.1, 0.2], [1.6, 4.0, 0.1], trim)
  return builder.build()
}

/** A tyre in a dark arch; `outM` is where the body's side is. */
function addWheel(builder: MeshBuilder, side: number, outM: number, y: number, radiusM: number, widthM: number): void {
  const at = (x: number, z = radiusM): Vec3 => [side * x, y, z]
  const disc = (from: number, to: number, r0: number, r1: number, color: Rgb, sides: number) =>
    builder.tube(at(from), at(to), r0, r1, color, sides, true)
  const arch = radiusM * 1.12
  builder.tube(at(outM - widthM, arch + 0.02), at(outM + 0.005, arch + 0.02), arch, arch, trim, 20, true)
  disc(outM - widthM, outM + 0.02, radiusM, radiusM * 0.97, tyre, 20)
  disc(outM, outM + 0.03, radiusM * 0.66, radiusM * 0.58, rim, 16)
}

function addLamps(builder: MeshBuilder, { front, rear }: LampPlaces, radii: Vec3): void {
  for (const at of front) builder.ellipsoid(at, radii, clear, 10, 6)
  for (const at of rear) builder.ellipsoid(at, radii, red, 10, 6)
}

/** A box lorry of 8 m facing +y; some 1,000 triangles. */
export function modelTruck(): KitMesh {
  const builder = new MeshBuilder()
  builder.box([0, -0.2, 0.52], [0.9, 7.4, 0.34], trim)
  const cab = [ring(2.08, 1.0, 0.6, 2.7), ring(2.14, 1.18, 0.52, 2.82), ring(3.3, 1.2, 0.46, 2.82), ring(3.62, 1.19, 0.44, 2.5), ring(3.95, 1.16, 0.44, 1.62), ring(4.05, 0.9, 0.5, 1.4)] // biome-ignore format: one body
  addSoftBody(builder, cab, paint, { along: 'forward', roundness: 0.3, sides: 20 })
  builder.quad([1.02, 3.99, 1.6], [-1.02, 3.99, 1.6], [-0.98, 3.63, 2.48], [0.98, 3.63, 2.48], glass)
  for (const side of [-1, 1]) {
    const x = side * 1.215
    const pane: readonly Vec3[] = [[x, 2.65, 1.62], [x, 3.55, 1.62], [x, 3.32, 2.42], [x, 2.65, 2.42]] // biome-ignore format: corners
    const [a, b, c, d] = (side > 0 ? pane : [...pane].reverse()) as [Vec3, Vec3, Vec3, Vec3]
    builder.quad(a, b, c, d, glass)
  }
  const load = [ring(-4.1, 1.18, 1.02, 3.46), ring(-4.06, 1.24, 0.96, 3.52), ring(1.92, 1.24, 0.96, 3.52), ring(1.96, 1.18, 1.02, 3.46)] // biome-ignore format: one body
  addSoftBody(builder, load, rgb('#f1f0ec'), { along: 'forward', roundness: 0.12, sides: 20 })
  for (const y of [-2.95, -1.85, 3.05]) for (const side of [-1, 1]) addWheel(builder, side, 1.16, y, 0.47, 0.3)
  addLamps(builder, lampPlaces.truck, [0.16, 0.06, 0.09])
  return builder.build()
}
