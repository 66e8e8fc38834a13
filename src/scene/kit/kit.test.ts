import { describe, expect, it } from 'vitest'
import { animalMesh } from './animal.ts'
import { gateMesh } from './furniture.ts'
import { type KitMesh, MeshBuilder } from './mesh.ts'
import { personLook, personMesh } from './person.ts'
import { triangulate } from './polygon.ts'
import { bicycleMesh, carMesh, forkliftMesh, truckMesh } from './vehicles.ts'

function bounds(mesh: KitMesh) {
  const axis = (k: number) => [...mesh.positions].filter((_, i) => i % 3 === k)
  return [0, 1, 2].map((k) => [Math.min(...axis(k)), Math.max(...axis(k))] as const)
}

/** Positive when triangles wind counter-clockwise seen from outside. */
function volumeM3(mesh: KitMesh): number {
  const p = (i: number) => [0, 1, 2].map((k) => mesh.positions[(mesh.indices[i] as number) * 3 + k] as number)
  let volume = 0
  for (let i = 0; i < mesh.indices.length; i += 3) {
    const [a, b, c] = [p(i), p(i + 1), p(i + 2)] as [number[], number[], number[]]
    const [ax, ay, az] = a as [number, number, number]
    const [bx, by, bz] = b as [number, number, number]
    const [cx, cy, cz] = c as [number, number, number]
    volume += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
  }
  return volume / 6
}

const figures: readonly (readonly [string, KitMesh])[] = [
  ['person', personMesh(personLook(3), { phase: 1, swing: 1 })],
  ['saloon', carMesh(3)],
  ['SUV', carMesh(4)],
  ['van', carMesh(5)],
  ['truck', truckMesh(1)],
  ['forklift', forkliftMesh(1)],
  ['bicycle', bicycleMesh(1, 0.5)],
  ['animal', animalMesh(1, 0.5)],
]

describe('figures', () => {
  it.each(figures)('%s stands on the ground with its faces outwards', (_, mesh) => {
    const [, , z] = bounds(mesh)
    expect(z?.[0]).toBeGreaterThan(-0.06)
    expect(z?.[0]).toBeLessThan(0.06)
    expect(volumeM3(mesh)).toBeGreaterThan(0)
    expect(Math.max(...mesh.indices)).toBeLessThan(mesh.positions.length / 3)
    expect(mesh.normals.length).toBe(mesh.positions.length)
    expect(mesh.colors.length).toBe(mesh.positions.length)
  })

  it('a person has the height of its look, whatever the step', () => {
    for (let look = 0; look < 12; look++) {
      const form = personLook(look)
      const [, , z] = bounds(personMesh(form, { phase: look, swing: 1 }))
      expect(z?.[1]).toBeGreaterThan(form.heightM * 0.93)
      expect(z?.[1]).toBeLessThan(form.heightM * 1.06)
    }
  })

  it('limbs swing with the gait', () => {
    const reach = (phase: number) => bounds(personMesh(personLook(1), { phase, swing: 1 }))[1]
    expect(reach(Math.PI / 2)).not.toEqual(reach(0))
  })
})

describe('openings', () => {
  const gate = { id: 'g', from: [0, 0], to: [4, 0], heightM: 2, opensInMs: 1000 } as const
  it('a sliding gate leaves its place, a roller door rises, a barrier points up', () => {
    const at = (kind: 'gate' | 'rollerDoor' | 'barrier', opening: number) =>
      bounds(gateMesh({ ...gate, from: [0, 0], to: [4, 0], kind }, opening))
    expect(at('gate', 1)[0]?.[1]).toBeLessThan(1)
    expect(at('rollerDoor', 1)[2]?.[0]).toBeGreaterThan(1.5)
    expect(at('barrier', 1)[2]?.[1]).toBeGreaterThan(3)
    expect(at('barrier', 0)[2]?.[1]).toBeLessThan(1.3)
  })
})

describe('polygons', () => {
  it('triangulates a concave outline without losing area', () => {
    const outline = [[0, 0], [6, 0], [6, 6], [3, 2], [0, 6]] as const // biome-ignore format: an outline
    const triangles = triangulate(outline)
    let area = 0
    for (let i = 0; i < triangles.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => outline[triangles[i + k] as number] ?? [0, 0]) as [
        number[],
        number[],
        number[],
      ]
      area +=
        (((b[0] ?? 0) - (a[0] ?? 0)) * ((c[1] ?? 0) - (a[1] ?? 0)) -
          ((b[1] ?? 0) - (a[1] ?? 0)) * ((c[0] ?? 0) - (a[0] ?? 0))) /
        2
    }
    expect(area).toBeCloseTo(24)
  })

  it('a box closes', () => {
    const builder = new MeshBuilder()
    builder.box([1, 2, 3], [2, 3, 4], [1, 1, 1], 30)
    expect(volumeM3(builder.build())).toBeCloseTo(24)
  })
})
