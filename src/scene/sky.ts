import { Group, Mesh, type WebGLRenderer } from 'three'
import { sunDirection } from '../site/sun.ts'
import { type Daylight, daylight } from './daylight.ts'
import { boardOf } from './kit/architecture-ground.ts'
import type { LayerContext } from './layers/layer.ts'
import { applyDaylight } from './materials.ts'
import type { Belief, StageLayer } from './stage-layer.ts'
import { SunLamp } from './sun-lamp.ts'
import { skyAndTable } from './surroundings.ts'

/** The sun is moved in steps of about a quarter of a degree; finer ones nobody sees. */
const sunStep = 0.004

/** Sun, sky and the table on which the model stands, by the site's hour and the reported clouds. */
export class Sky implements StageLayer {
  readonly object = new Group()
  /** Hangs beside the model, in three's frame. */
  readonly backdrop: Mesh
  light: Daylight
  readonly #context: LayerContext
  readonly #lamp: SunLamp | undefined
  #sunAt: readonly [number, number, number] | undefined
  #cloud = -1

  constructor(context: LayerContext) {
    const { index, palette, quality, surroundings } = context
    const board = boardOf(index.site.ground)
    this.#context = context
    this.backdrop = new Mesh(skyAndTable(board), surroundings)
    this.backdrop.frustumCulled = false
    // Behind all solids, so that of the sky only those pixels are reckoned that are seen.
    this.backdrop.renderOrder = 1
    this.#lamp = quality.plain ? undefined : new SunLamp(board, quality.shadowMapPx)
    if (this.#lamp) this.object.add(this.#lamp.object)
    this.light = daylight([0, 0, 1], 0.15, palette)
  }

  sync({ state, hot, bindings }: Belief): void {
    const { index, palette, uniforms, host } = this.#context
    const { latitudeDeg, longitudeDeg } = index.site.geo
    const sun = sunDirection(state.siteNowMs, latitudeDeg, longitudeDeg)
    const cloud = bindings.cloud(hot)
    const last = this.#sunAt
    const still = last && Math.hypot(sun[0] - last[0], sun[1] - last[1], sun[2] - last[2]) < sunStep
    if (still && Math.abs(cloud - this.#cloud) < 0.02) return
    this.#sunAt = sun
    this.#cloud = cloud
    this.light = daylight(sun, cloud, palette)
    applyDaylight(uniforms, this.light)
    this.#lamp?.apply(this.light)
    host.castersMoved()
    host.redraw('sun')
  }

  expose(renderer: WebGLRenderer): void {
    renderer.toneMappingExposure = this.light.exposure
  }

  dispose(): void {
    this.#lamp?.dispose()
    this.backdrop.geometry.dispose()
    this.backdrop.removeFromParent()
    this.object.removeFromParent()
  }
}
