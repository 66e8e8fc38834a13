import { Group, type InstancedMesh, Matrix4 } from 'three'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { modelCar } from '../kit/architecture-vehicles.ts'
import { carMesh } from '../kit/vehicles.ts'
import type { Belief, StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** Below this a charger is idle. */
const chargingKw = 0.3
/** From the post to the middle of the car that stands before it. */
const toCarM = 2.75

/** A car before each charger that reports power: plugged in is a fact of the charger, no camera is needed. */
export class ChargingLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  #mesh: InstancedMesh | undefined
  #shown = ''

  constructor(context: LayerContext) {
    this.#context = context
  }

  sync({ bindings, hot }: Belief): void {
    const charging = bindings.chargers.filter((c) => (hot.value[c.power] ?? 0) > chargingKw).map((c) => c.device)
    const key = charging.join()
    if (key === this.#shown) return
    this.#shown = key
    const { index, host } = this.#context
    const mesh = this.#ensure(bindings.chargers.length)
    const matrix = new Matrix4()
    let count = 0
    for (const id of charging) {
      const post = index.equipmentOf.get(id)
      if (!post) continue
      const heading = (post.headingDeg * Math.PI) / 180
      const [x, y] = [post.at[0] + Math.sin(heading) * toCarM, post.at[1] + Math.cos(heading) * toCarM]
      mesh.setMatrixAt(count++, poseMatrix([x, y, 0.06], post.headingDeg + 180, 1, matrix))
    }
    mesh.count = count
    mesh.visible = count > 0
    mesh.instanceMatrix.needsUpdate = true
    host.castersMoved()
    host.redraw('devices')
  }

  #ensure(capacity: number): InstancedMesh {
    if (this.#mesh && this.#mesh.instanceMatrix.count >= capacity) return this.#mesh
    this.#mesh?.removeFromParent()
    this.#mesh = this.#gpu.instanced(
      this.#gpu.keep(geometryOf(this.#context.quality.detail === 'high' ? modelCar(1) : carMesh(18))),
      this.#context.solid,
      Math.max(1, capacity),
    )
    this.#mesh.castShadow = true
    this.object.add(this.#mesh)
    return this.#mesh
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}
