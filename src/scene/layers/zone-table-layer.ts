import { Group } from 'three'
import type { TwinState } from '../../twin/twin.ts'
import type { SceneLayer } from '../hot-bindings.ts'
import type { Attention, Belief, StageLayer } from '../stage-layer.ts'
import type { LayerContext } from './layer.ts'

/** Copies reported light, presence and the chosen layer's value of every zone to the table that glass and plates read. */
export class ZoneTableLayer implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  #layer: SceneLayer = 'none'
  #belief: Belief | undefined
  #version = -1
  #environment: TwinState['environment'] | undefined

  constructor(context: LayerContext) {
    this.#context = context
  }

  sync(belief: Belief): void {
    const { hot, state } = belief
    const same = this.#version === hot.version && this.#environment === state.environment && !belief.registryChanged
    this.#belief = belief
    if (!same) this.#write(belief)
  }

  attend({ layer }: Attention): void {
    if (layer === this.#layer) return
    this.#layer = layer
    this.#context.uniforms.uHeat.value = layer === 'none' ? 0 : 1
    if (this.#belief) this.#write(this.#belief)
    this.#context.host.redraw('layer')
  }

  #write({ hot, state, bindings }: Belief): void {
    this.#version = hot.version
    this.#environment = state.environment
    const { uniforms, index, host } = this.#context
    const table = uniforms.uZones.value
    const { data } = table.image
    if (!(data instanceof Float32Array)) return
    if (!bindings.writeZones(data, hot, this.#layer, state.environment, index)) return
    table.needsUpdate = true
    host.redraw('lights')
  }

  /** The reported value of the chosen layer in a zone; undefined where nobody reports one. */
  valueOf(zoneId: string): number | undefined {
    const { bindings, hot } = this.#belief ?? {}
    return bindings && hot ? bindings.layerValue(this.#layer, this.#context.index.slotOf(zoneId), hot) : undefined
  }

  dispose(): void {
    this.#context.uniforms.uZones.value.dispose()
    this.object.removeFromParent()
  }
}
