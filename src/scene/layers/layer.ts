import { type BufferGeometry, Color, InstancedMesh, type Material, Matrix4, type Object3D } from 'three'
import { Disposables } from '../../platform/disposables.ts'
import type { SharedUniforms } from '../materials.ts'
import type { ScenePalette } from '../palette.ts'
import type { QualitySettings } from '../quality.ts'
import type { SceneIndex } from '../scene-index.ts'
import type { StageHost } from '../stage-layer.ts'

const nowhereElse = new Matrix4()
const untinted = new Color(1, 1, 1)

/** What every layer is built from. */
export interface LayerContext {
  readonly index: SceneIndex
  readonly palette: ScenePalette
  readonly quality: QualitySettings
  readonly uniforms: SharedUniforms
  /** Of every matt thing; see materials.ts. */
  readonly solid: Material
  /** Of sky, table and water. */
  readonly surroundings: Material
  /** Of thin colour that lies over things. */
  readonly film: Material
  readonly host: StageHost
  /** Nothing may move but what the park itself moves. */
  readonly reducedMotion: boolean
}

/** For what never moves against its parent: its place is reckoned once instead of in every frame. */
export function still<T extends Object3D>(object: T): T {
  object.updateMatrix()
  object.matrixAutoUpdate = false
  return object
}

/** A thing that stands alone where its vertices are, drawn as one instance; its owner disposes of it. */
export function single(geometry: BufferGeometry, solid: Material): InstancedMesh {
  const mesh = new InstancedMesh(geometry, solid, 1)
  mesh.setMatrixAt(0, nowhereElse)
  mesh.setColorAt(0, untinted)
  mesh.matrixAutoUpdate = false
  return mesh
}

/** Collects what a layer allocates on the GPU, so that dispose() forgets nothing. */
export class GpuStore extends Disposables {
  keep<T extends Object3D | Material | BufferGeometry>(item: T): T {
    this.add(() => {
      if ('dispose' in item && typeof item.dispose === 'function') item.dispose()
      if ('removeFromParent' in item) item.removeFromParent()
    })
    return item
  }

  instanced(geometry: BufferGeometry, material: Material, capacity: number): InstancedMesh {
    const mesh = new InstancedMesh(geometry, material, capacity)
    mesh.frustumCulled = false
    mesh.matrixAutoUpdate = false
    // All have a colour each, so that all are drawn by one program.
    for (let i = 0; i < capacity; i++) mesh.setColorAt(i, untinted)
    return this.keep(mesh)
  }

  single(geometry: BufferGeometry, solid: Material): InstancedMesh {
    return this.keep(single(geometry, solid))
  }
}
