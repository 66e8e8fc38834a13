import { BufferAttribute, BufferGeometry, LineSegments, ShaderMaterial, Vector2 } from 'three'
import { createRandom } from '../../platform/random.ts'
import { boardOf } from '../kit/architecture-ground.ts'
import type { SharedUniforms } from '../materials.ts'
import type { RedrawReason } from '../redraw.ts'
import type { Belief, StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/** From afar a streak is less than a pixel: specks in the air that nobody takes for rain. */
const streaks = { count: 2600, lengthM: 4.5, skyM: 70, fallMps: 26, seenFromM: 600 }
/** Reported rain from which on it shows, and that which is drawn with all streaks. */
const rainMmPerH = { least: 0.1, most: 8 }
/** A wet ground dries within this, a dry one gets wet in a tenth of it. */
const dryingMs = 20 * 60_000

/** Rain as the weather station reports it: streaks in the air that lean with the wind, and a ground that is wet. */
export class WeatherLayer implements StageLayer {
  readonly object: LineSegments
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #moves: boolean
  readonly #falling: { readonly uTime: { value: number }; readonly uLean: { value: Vector2 } } & SharedUniforms
  #siteMs = Number.NaN
  #rain = 0

  constructor(context: LayerContext) {
    this.#context = context
    this.#moves = !context.quality.plain && !context.reducedMotion
    const { uniforms } = context
    this.#falling = { ...uniforms, uTime: { value: 0 }, uLean: { value: new Vector2() } }
    const material = this.#gpu.keep(
      new ShaderMaterial({
        uniforms: this.#falling,
        transparent: true,
        depthWrite: false,
        vertexShader: `attribute float tail; uniform float uTime; uniform vec2 uLean; varying float vShown; varying float vNear;
          void main() {
            vec3 at = position;
            float fallen = uTime * ${streaks.fallMps.toFixed(1)} * (0.85 + 0.3 * fract(position.x * 7.31));
            at.z = mod(position.z - fallen, ${streaks.skyM.toFixed(1)}) + tail * ${streaks.lengthM.toFixed(1)};
            at.xy += uLean * at.z;
            vShown = tail;
            vec4 seen = modelViewMatrix * vec4(at, 1.0);
            vNear = clamp(2.0 + 2.0 * seen.z / ${streaks.seenFromM.toFixed(1)}, 0.0, 1.0);
            gl_Position = projectionMatrix * seen;
          }`,
        fragmentShader: `uniform vec3 uSky; varying float vShown; varying float vNear;
          void main() { gl_FragColor = vec4(uSky * 0.6 + 0.12, 0.34 * vNear * (1.0 - vShown)); }`,
      }),
    )
    this.object = still(this.#gpu.keep(new LineSegments(this.#gpu.keep(this.#streaks()), material)))
    this.object.frustumCulled = false
    this.object.visible = false
    this.object.renderOrder = 20
  }

  #streaks(): BufferGeometry {
    const board = boardOf(this.#context.index.site.ground)
    const random = createRandom(26)
    const positions = new Float32Array(streaks.count * 6)
    for (let i = 0; i < streaks.count; i++) {
      const at = [
        random.between(board.west, board.east),
        random.between(board.south, board.north),
        random.between(0, streaks.skyM),
      ]
      positions.set(at, i * 6)
      positions.set(at, i * 6 + 3)
    }
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(positions, 3))
    geometry.setAttribute(
      'tail',
      new BufferAttribute(
        Float32Array.from({ length: streaks.count * 2 }, (_, i) => i % 2),
        1,
      ),
    )
    return geometry
  }

  sync({ state, hot, bindings }: Belief): void {
    const { rain, windMps } = bindings.weather(hot)
    const share = rain < rainMmPerH.least ? 0 : Math.min(1, Math.sqrt(rain / rainMmPerH.most))
    this.#soak(share, state.siteNowMs)
    // Air that moves as fast as drops fall would drive them at 45°.
    this.#falling.uLean.value.set(0.7, 0.4).multiplyScalar(-windMps / streaks.fallMps)
    if (Math.abs(share - this.#rain) < 0.02) return
    this.#rain = share
    this.object.visible = share > 0
    this.object.geometry.setDrawRange(0, 2 * Math.round(streaks.count * share))
    this.#context.host.redraw('weather')
  }

  /** The wetness of the ground follows the rain; the first belief finds it as the rain has left it. */
  #soak(share: number, siteNowMs: number): void {
    const elapsedMs = siteNowMs - this.#siteMs
    this.#siteMs = siteNowMs
    const { uWet } = this.#context.uniforms
    const before = uWet.value
    const pace = share > before ? dryingMs / 10 : dryingMs
    // A jump of the site's clock or the very first belief: no past to follow from.
    const step = elapsedMs >= 0 && elapsedMs < dryingMs ? elapsedMs / pace : 1
    const wet = before + Math.max(-step, Math.min(step, share - before))
    if (Math.abs(wet - before) < 0.004) return
    uWet.value = wet
    this.#context.host.redraw('weather')
  }

  frame(dtMs: number): RedrawReason | undefined {
    // A machine without a GPU, and people who want no motion, get rain that stands still.
    if (this.#rain === 0 || !this.#moves) return undefined
    this.#falling.uTime.value += Math.min(dtMs, 100) / 1000
    return 'weather'
  }

  dispose(): void {
    this.#gpu.dispose()
  }
}
