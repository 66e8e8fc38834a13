import { Group, type InstancedMesh } from 'three'
import { geometryOf, mergeMeshes } from '../gpu-geometry.ts'
import { gateMesh } from '../kit/furniture.ts'
import type { Belief, StageLayer, TargetSink } from '../stage-layer.ts'
import { type LayerContext, single } from './layer.ts'

/** Doors, gates, barriers and shutters at the opening their devices report, as one mesh rebuilt when one moves. */
export class GateLayer implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  readonly #openings = new Map<string, number>()
  #mesh: InstancedMesh | undefined

  constructor(context: LayerContext) {
    this.#context = context
    this.#rebuild()
  }

  sync({ bindings, hot }: Belief): void {
    let moved = false
    bindings.gates(hot, (gate, opening) => {
      const rounded = Math.round(opening * 50) / 50
      if ((this.#openings.get(gate) ?? 0) === rounded) return
      this.#openings.set(gate, rounded)
      moved = true
    })
    if (!moved) return
    this.#rebuild()
    this.#context.host.castersMoved()
    this.#context.host.redraw('gates')
  }

  addTargets({ boxes }: TargetSink): void {
    for (const gate of this.#context.index.site.gates) {
      const [a, b] = [gate.from, gate.to]
      boxes.add(
        { kind: 'device', id: gate.id },
        [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, gate.heightM / 2],
        [Math.abs(a[0] - b[0]) / 2 + 0.35, Math.abs(a[1] - b[1]) / 2 + 0.35, gate.heightM / 2 + 0.3],
      )
    }
  }

  #rebuild(): void {
    const { index, solid } = this.#context
    if (index.site.gates.length === 0) return
    const geometry = geometryOf(mergeMeshes(index.site.gates.map((g) => gateMesh(g, this.#openings.get(g.id) ?? 0))))
    if (this.#mesh) {
      this.#mesh.geometry.dispose()
      this.#mesh.geometry = geometry
      return
    }
    this.#mesh = single(geometry, solid)
    this.#mesh.frustumCulled = false
    this.#mesh.castShadow = true
    this.#mesh.receiveShadow = true
    this.object.add(this.#mesh)
  }

  dispose(): void {
    this.#mesh?.geometry.dispose()
    this.#mesh?.dispose()
    this.object.removeFromParent()
  }
}
