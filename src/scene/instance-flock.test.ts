import { BoxGeometry, InstancedMesh, MeshBasicMaterial } from 'three'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../platform/random.ts'
import { poseMatrix } from './frames.ts'
import { type FlockMember, InstanceFlock } from './instance-flock.ts'
import type { Eye } from './stage-layer.ts'

const shapes = 3
const random = createRandom(11)

const anywhere = () => [random.between(-600, 600), random.between(-600, 600)] as const

function members(count: number, at: (i: number) => readonly [number, number]): FlockMember[] {
  return Array.from({ length: count }, (_, i): FlockMember => {
    const [eastM, northM] = at(i)
    return {
      eastM,
      northM,
      upM: 1,
      reachM: 1,
      shape: i % shapes,
      matrix: poseMatrix([eastM, northM, i], 0).elements,
      farMatrix: poseMatrix([eastM, northM, i], 0, 2).elements,
      farColor: [0.5, 0.25, 0.125],
    }
  })
}

function flockOf(count: number, at: (i: number) => readonly [number, number] = anywhere): InstanceFlock {
  const flock = new InstanceFlock({
    shapes: Array.from({ length: shapes }, () => ({ near: new BoxGeometry(), sizeM: 2 })),
    far: new BoxGeometry(),
    material: new MeshBasicMaterial(),
    castShadow: false,
    cull: true,
    farBelowPx: 12,
    goneBelowPx: 3,
  })
  flock.setMembers(members(count, at))
  return flock
}

/** Sees half of what is round it, as an eye does. */
function eyeAt(eastM: number, northM: number, upM: number): Eye {
  return { eastM, northM, upM, pxPerRad: 800, sees: (east) => east > eastM - 60 }
}

/** Everything that is drawn, each with its place and colour. */
function drawn({ object }: InstanceFlock): string[] {
  return object.children.flatMap((mesh) => {
    if (!(mesh instanceof InstancedMesh) || !mesh.visible) return []
    return Array.from({ length: mesh.count }, (_, i) => {
      const matrix = mesh.instanceMatrix.array.slice(i * 16, i * 16 + 16)
      const color = mesh.instanceColor?.array.slice(i * 3, i * 3 + 3)
      return `${mesh.geometry.id}:${matrix.join()}:${color?.join()}`
    })
  })
}

describe('a flock', () => {
  it('draws after any way of the eye what it draws when all is packed anew', () => {
    const flock = flockOf(900)
    for (let step = 0; step < 120; step++) {
      flock.look(eyeAt(random.between(-700, 700), random.between(-700, 700), random.between(5, 250)))
      const changed = Math.floor(random.next() * 900)
      if (step % 3 === 0) flock.setColor(changed, random.next(), 1, 1)
      if (step % 17 === 0) flock.hide(changed, step % 2 === 0)
    }
    const eye = eyeAt(20, 30, 60)
    flock.look(eye)
    const moved = drawn(flock)
    flock.hide(0, true)
    flock.hide(0, false)
    flock.look(eye)
    expect(moved.length).toBeGreaterThan(100)
    expect(moved.length).toBe(flock.drawnCount)
    expect(moved.sort()).toEqual(drawn(flock).sort())
  })

  it('uploads only what a step of the eye has changed', () => {
    const flock = flockOf(400, (i) => [i * 2, 0])
    flock.look(eyeAt(100, 0, 40))
    for (const mesh of flock.object.children) if (mesh instanceof InstancedMesh) mesh.instanceMatrix.clearUpdateRanges()
    expect(flock.look(eyeAt(150, 0, 40))).toBe(true)
    const uploaded = flock.object.children
      .flatMap((mesh) => (mesh instanceof InstancedMesh ? mesh.instanceMatrix.updateRanges : []))
      .reduce((sum, range) => sum + range.count / 16, 0)
    expect(uploaded).toBeLessThan(flock.drawnCount / 2)
  })
})
