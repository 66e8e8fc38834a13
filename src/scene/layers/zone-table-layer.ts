import { Group } from 'three'
import type { TwinState } from '../../twin/twin.ts'
import { writeRamp } from '../data-layers/data-texture.ts'
import { isFieldLayer, type SceneLayer, scaleOf, shareOf } from '../data-layers/layer-catalogue.ts'
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
  #values: ReadonlyMap<number, number> = new Map()

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
    const scale = scaleOf(layer)
    const { uHeat, uRamp } = this.#context.uniforms
    uHeat.value = scale ? 1 : 0
    if (scale) writeRamp(uRamp.value, scale.ramp)
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
    const { fields } = bindings
    const samples = isFieldLayer(this.#layer) ? fields.samples(this.#layer, hot, state) : []
    this.#values = fields.zoneValues(this.#layer, hot, state, samples)
    const shares = zoneShares(this.#layer, this.#values)
    if (!bindings.writeZones(data, hot, shares, state.environment, index)) return
    table.needsUpdate = true
    host.redraw('lights')
  }

  /** The reported value of the chosen layer in a zone; undefined where nobody reports one. */
  valueOf(zoneId: string): number | undefined {
    return this.#values.get(this.#context.index.slotOf(zoneId))
  }

  dispose(): void {
    this.#context.uniforms.uZones.value.dispose()
    this.#context.uniforms.uRamp.value.dispose()
    this.object.removeFromParent()
  }
}

function zoneShares(layer: SceneLayer, values: ReadonlyMap<number, number>): Map<number, number> {
  const scale = scaleOf(layer)
  return new Map(scale ? [...values].map(([slot, value]) => [slot, shareOf(scale, value)]) : [])
}
