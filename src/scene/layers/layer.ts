import { type BufferGeometry, InstancedMesh, type Material, type Object3D } from 'three'
import { Disposables } from '../../platform/disposables.ts'
import type { ModelMaterials, SharedUniforms } from '../materials.ts'
import type { ScenePalette } from '../palette.ts'
import type { QualitySettings } from '../quality.ts'
import type { SceneIndex } from '../scene-index.ts'
import type { StageHost } from '../stage-layer.ts'

/** What every layer is built from. */
export interface LayerContext {
  readonly index: SceneIndex
  readonly palette: ScenePalette
  readonly quality: QualitySettings
  readonly uniforms: SharedUniforms
  readonly models: ModelMaterials
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
    return this.keep(mesh)
  }
}
