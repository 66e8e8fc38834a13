import { Color, Group, Matrix4 } from 'three'
import { createRandom, hashString } from '../../platform/random.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { treeMesh, treeSpecies } from '../kit/architecture-trees.ts'
import type { StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** Trees, one draw for each species. */
export class TreeLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()

  constructor({ index, quality, models }: LayerContext) {
    const material = models.tinted
    const matrix = new Matrix4()
    const tone = new Color()
    for (const species of treeSpecies) {
      const trees = index.site.ground.trees.filter((t) => t.species === species)
      if (trees.length === 0) continue
      const mesh = this.#gpu.instanced(
        this.#gpu.keep(geometryOf(treeMesh(species, quality.detail))),
        material,
        trees.length,
      )
      for (const [i, tree] of trees.entries()) {
        const random = createRandom(hashString(`${tree.at[0]},${tree.at[1]}`))
        const height = tree.heightM * random.between(0.86, 1.14)
        mesh.setMatrixAt(i, poseMatrix([tree.at[0], tree.at[1], 0.1], random.next() * 360, height, matrix))
        const light = random.between(0.86, 1.14)
        mesh.setColorAt(i, tone.setRGB(light * random.between(0.94, 1.1), light, light * random.between(0.85, 1.05)))
      }
      mesh.castShadow = true
      mesh.receiveShadow = quality.shadowMapPx > 2048
      this.object.add(mesh)
    }
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}
