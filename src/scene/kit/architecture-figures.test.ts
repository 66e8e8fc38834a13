import { describe, expect, it } from 'vitest'
import { modelPerson, personVariants } from './architecture-people.ts'
import { carVariants, modelCar, modelTruck } from './architecture-vehicles.ts'
import type { KitMesh, Vec3 } from './mesh.ts'

const figures: readonly (readonly [string, KitMesh, heightM: number, lengthM: number])[] = [
  ...Array.from({ length: personVariants }, (_, i) => [`person ${i}`, modelPerson(i), 1.75, 0.65] as const),
  ...Array.from({ length: carVariants }, (_, i) => [`car ${i}`, modelCar(i), 1.6, 4.6] as const),
  ['truck', modelTruck(), 3.5, 8.1],
]

function corner({ positions }: KitMesh, i: number): Vec3 {
  return [positions[i * 3] as number, positions[i * 3 + 1] as number, positions[i * 3 + 2] as number]
}

function extent({ positions }: KitMesh, axis: number): readonly [number, number] {
  const values = positions.filter((_, i) => i % 3 === axis)
  return [Math.min(...values), Math.max(...values)]
}

/** Share of faces whose winding and corner normals agree. */
function agreeing(mesh: KitMesh): number {
  let [agree, all] = [0, 0]
  for (let f = 0; f < mesh.indices.length; f += 3) {
    const [i, j, k] = [mesh.indices[f] as number, mesh.indices[f + 1] as number, mesh.indices[f + 2] as number]
    const [a, b, c] = [corner(mesh, i), corner(mesh, j), corner(mesh, k)]
    const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
    const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]]
    const face = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    const area = Math.hypot(...face)
    if (area < 1e-7) continue
    const normal = [0, 1, 2].map((x) => [i, j, k].reduce((sum, at) => sum + (mesh.normals[at * 3 + x] as number), 0))
    all++
    if (face.reduce((sum, x, at) => sum + x * (normal[at] as number), 0) > 0) agree++
  }
  return agree / all
}

describe('figures of the model', () => {
  it.each(figures)('%s stands on the ground in its true size', (_, mesh, heightM, lengthM) => {
    const [low, high] = extent(mesh, 2)
    expect(low).toBeGreaterThan(-0.03)
    expect(low).toBeLessThan(0.03)
    expect(Math.abs(high - heightM)).toBeLessThan(0.2)
    const [rear, front] = extent(mesh, 1)
    expect(Math.abs(front - rear - lengthM)).toBeLessThan(0.45)
  })

  it.each(figures)('%s is lit from where it faces, and small enough for a crowd', (_, mesh) => {
    expect(agreeing(mesh)).toBeGreaterThan(0.995)
    expect(mesh.normals.every(Number.isFinite)).toBe(true)
    expect(mesh.indices.length / 3).toBeLessThan(2600)
  })
})
