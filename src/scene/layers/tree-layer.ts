import { createRandom, hashString } from '../../platform/random.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { InstanceFlock } from '../instance-flock.ts'
import { distantTreeColor, distantTreeMesh, treeMesh, treeSpecies } from '../kit/architecture-trees.ts'
import type { Eye, StageLayer } from '../stage-layer.ts'
import type { LayerContext } from './layer.ts'

/** Trees, one draw for each species; far ones are a handful of faces. */
export class TreeLayer implements StageLayer {
  readonly #flock: InstanceFlock
  readonly #context: LayerContext

  constructor(context: LayerContext) {
    this.#context = context
    const { index, quality, solid } = context
    this.#flock = new InstanceFlock({
      shapes: treeSpecies.map((species) => ({ near: geometryOf(treeMesh(species, quality.detail)), sizeM: 8 })),
      far: geometryOf(distantTreeMesh()),
      material: solid,
      castShadow: true,
      receiveShadow: quality.shadowMapPx > 2048,
      cull: quality.plain,
      farBelowPx: 16,
      goneBelowPx: 1.5,
    })
    const { trees } = index.site.ground
    const looks = trees.map(({ at, heightM }) => {
      const random = createRandom(hashString(`${at[0]},${at[1]}`))
      const height = heightM * random.between(0.86, 1.14)
      const turnDeg = random.next() * 360
      const light = random.between(0.86, 1.14)
      const color = [light * random.between(0.94, 1.1), light, light * random.between(0.85, 1.05)] as const
      return { height, turnDeg, color }
    })
    this.#flock.setMembers(
      trees.map(({ at, species }, i) => {
        const { height, turnDeg } = looks[i] as (typeof looks)[number]
        const matrix = poseMatrix([at[0], at[1], 0.1], turnDeg, height).elements
        const slim = species === 'column' ? 0.4 : species === 'conifer' ? 0.7 : 1
        const farMatrix = [height * slim, 0, 0, 0, 0, height * slim, 0, 0, 0, 0, height, 0, at[0], at[1], 0.1, 1]
        return {
          eastM: at[0],
          northM: at[1],
          upM: height / 2,
          reachM: height / 2,
          shape: treeSpecies.indexOf(species),
          matrix,
          farMatrix,
          farColor: distantTreeColor(species),
        }
      }),
    )
    for (const [i, { color }] of looks.entries()) this.#flock.setColor(i, ...color)
  }

  get object() {
    return this.#flock.object
  }

  look(eye: Eye): void {
    if (this.#flock.look(eye)) this.#context.host.castersMoved()
  }

  dispose(): void {
    this.#flock.dispose()
  }
}
