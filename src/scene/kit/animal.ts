import { createRandom } from '../../platform/random.ts'
import { type KitMesh, MeshBuilder, rgb, type Vec3 } from './mesh.ts'

const coats = ['#7a5a3a', '#3a332c', '#b3a48c', '#a8602c', '#d8d4ca', '#1c1b1b'].map(rgb)

/** A dog, cat or fox, 0.45…0.8 of a large dog, facing +y. `phase` moves the legs. */
export function animalMesh(look: number, phase: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('animal')
  const size = random.between(0.4, 1)
  const coat = coats[Math.floor(random.next() * coats.length)] ?? [0.3, 0.3, 0.3]
  const at = (x: number, y: number, z: number): Vec3 => [x * size, y * size, z * size]
  builder.tube(at(0, -0.38, 0.52), at(0, 0.34, 0.55), 0.14 * size, 0.16 * size, coat, 7, true)
  builder.tube(at(0, 0.34, 0.6), at(0, 0.52, 0.78), 0.09 * size, 0.08 * size, coat, 6)
  builder.ellipsoid(at(0, 0.58, 0.8), at(0.09, 0.15, 0.1), coat, 7, 5)
  builder.tube(at(0, -0.4, 0.55), at(0, -0.7, 0.62), 0.04 * size, 0.02 * size, coat, 5)
  for (const x of [-0.07, 0.07]) builder.box(at(x, 0.52, 0.86), at(0.05, 0.03, 0.1), coat)
  for (const [x, y, shift] of [
    [-0.09, 0.28, 0],
    [0.09, 0.28, Math.PI],
    [-0.09, -0.3, Math.PI],
    [0.09, -0.3, 0],
  ] as const) {
    const reach = 0.16 * Math.sin(phase + shift)
    builder.tube(at(x, y, 0.5), at(x, y + reach * 0.4, 0.26), 0.06 * size, 0.04 * size, coat, 5)
    builder.tube(at(x, y + reach * 0.4, 0.26), at(x, y + reach, 0.02), 0.04 * size, 0.03 * size, coat, 5, true)
  }
  return builder.build()
}
