import { type Hit, PickBoxes, type Prism, PrismSet, pickNearest, type Ray } from './picking.ts'
import type { StageLayer } from './stage-layer.ts'

/** Moving things are preferred to what stands within this behind them. */
const preferMovingM = 1.5
const nothing = new PrismSet([])

/** What can be pointed at, gathered from all layers when somebody asks and something has changed. */
export class PickBoard {
  readonly #layers: readonly StageLayer[]
  readonly #boxes = new PickBoxes()
  #prisms = nothing
  #stale = true

  constructor(layers: readonly StageLayer[]) {
    this.#layers = layers
  }

  changed(): void {
    this.#stale = true
  }

  pick(ray: Ray): Hit | undefined {
    if (this.#stale) this.#gather()
    let best = pickNearest(ray, { boxes: this.#boxes, prisms: this.#prisms })
    const slackM = preferMovingM / Math.hypot(...ray.direction)
    for (const { movingTargets } of this.#layers) {
      const hit = movingTargets?.count ? pickNearest(ray, { boxes: movingTargets, prisms: nothing }) : undefined
      if (hit && (!best || hit.distance < best.distance + slackM)) best = hit
    }
    return best
  }

  #gather(): void {
    this.#stale = false
    this.#boxes.clear()
    const prisms: Prism[] = []
    for (const layer of this.#layers) layer.addTargets?.({ boxes: this.#boxes, prisms })
    this.#prisms = new PrismSet(prisms)
  }
}
