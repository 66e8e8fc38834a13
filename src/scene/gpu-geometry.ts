import { BufferAttribute, BufferGeometry } from 'three'
import type { PartMesh } from './kit/architecture-building.ts'
import type { PaneBuilder } from './kit/architecture-facade.ts'
import type { KitMesh } from './kit/mesh.ts'

export function geometryOf(mesh: KitMesh): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3))
  geometry.setAttribute('normal', new BufferAttribute(mesh.normals, 3))
  geometry.setAttribute('color', new BufferAttribute(mesh.colors, 3))
  geometry.setIndex(new BufferAttribute(mesh.indices, 1))
  return geometry
}

export function mergeMeshes(meshes: readonly KitMesh[]): KitMesh {
  const vertices = meshes.reduce((sum, m) => sum + m.positions.length, 0)
  const merged = {
    positions: new Float32Array(vertices),
    normals: new Float32Array(vertices),
    colors: new Float32Array(vertices),
    indices: new Uint32Array(meshes.reduce((sum, m) => sum + m.indices.length, 0)),
  }
  let atVertex = 0
  let atIndex = 0
  for (const mesh of meshes) {
    merged.positions.set(mesh.positions, atVertex)
    merged.normals.set(mesh.normals, atVertex)
    merged.colors.set(mesh.colors, atVertex)
    for (const [i, index] of mesh.indices.entries()) merged.indices[atIndex + i] = index + atVertex / 3
    atVertex += mesh.positions.length
    atIndex += mesh.indices.length
  }
  return merged
}

/** One geometry for all parts, with the part's number on each vertex. */
export function partGeometry(parts: readonly PartMesh[]): BufferGeometry {
  const geometry = geometryOf(mergeMeshes(parts.map((p) => p.mesh)))
  const numbers = new Float32Array(geometry.getAttribute('position').count)
  let at = 0
  for (const { part, mesh } of parts) {
    const next = at + mesh.positions.length / 3
    numbers.fill(part, at, next)
    at = next
  }
  geometry.setAttribute('part', new BufferAttribute(numbers, 1))
  return geometry
}

export function paneGeometry(panes: PaneBuilder): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(panes.positions), 3))
  geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(panes.normals), 3))
  geometry.setAttribute('uv', new BufferAttribute(Float32Array.from(panes.uvs), 2))
  geometry.setAttribute('slot', new BufferAttribute(Float32Array.from(panes.slots), 1))
  geometry.setAttribute('seed', new BufferAttribute(Float32Array.from(panes.seeds), 1))
  geometry.setAttribute('part', new BufferAttribute(Float32Array.from(panes.parts), 1))
  geometry.setIndex(new BufferAttribute(Uint32Array.from(panes.indices), 1))
  return geometry
}
