/** Draws what no label speaks of: flags, birds, litter, luggage, moving shades, beams of light. */
import type { Distractor, SimWorldMessage } from '../../contract/sim-world.ts'
import { birdMesh, flagMesh, litterMesh, luggageMesh } from '../../scene/kit/distractors.ts'
import type { KitMesh } from '../../scene/kit/mesh.ts'
import type { ActorLayer, Placed } from './actor-layer.ts'
import type { Light } from './lighting.ts'
import { superSampling, type View } from './raster.ts'
import type { LitView } from './shade-static.ts'
import type { StaticView } from './static-view.ts'
import type { SunShadow } from './sun-shadow.ts'

const twoPi = 2 * Math.PI
const phases = 16
const capacity = 100
/** Beyond the numbers of actors, so that no label counts its samples. */
const layerId = 64_900
const solid: ReadonlySet<Distractor['kind']> = new Set(['flag', 'bird', 'litter', 'luggage'])

export class DistractorLayer {
  readonly #view: View
  readonly #drawn: StaticView
  readonly #meshes = new Map<string, KitMesh>()
  #placesHeld: Float32Array | undefined

  constructor(view: View, drawn: StaticView) {
    this.#view = view
    this.#drawn = drawn
  }

  /** Solid things, among the actors; returns what was drawn, for its shadows. */
  drawSolid(world: SimWorldMessage, layer: ActorLayer, shadow: SunShadow, light: Light, lit: LitView): Placed[] {
    const sunny = light.sun[0] > 0.004 && light.sunDirection[2] > 0.01
    return (world.distractors ?? []).flatMap((item) => {
      if (!solid.has(item.kind)) return []
      const reachM = item.sizeM * 1.3
      if (!layer.inView(item.at, reachM)) return []
      const placed: Placed = {
        mesh: this.#meshOf(item),
        at: item.at,
        headingDeg: item.headingDeg,
        reachM,
        sunny: sunny && shadow.sees(item.at[0], item.at[1], item.at[2] + 0.5),
        living: false,
      }
      layer.draw(placed, light, lit, layerId)
      return [placed]
    })
  }

  /** Moving shades take sunlight away where there is some; beams add light to whatever they meet. */
  drawLight(world: SimWorldMessage, light: Light, lit: LitView, out: Uint8ClampedArray): void {
    for (const item of world.distractors ?? []) {
      if (item.kind === 'beam') this.#beam(item, light, out)
      else if ((item.kind === 'cloudShade' || item.kind === 'leafShade') && light.sun[1] > 0.03)
        this.#shade(item, lit, out)
    }
  }

  #meshOf({ kind, look, sizeM, phase }: Distractor): KitMesh {
    const step = ((Math.round((phase / twoPi) * phases) % phases) + phases) % phases
    const key = `${kind}:${look}:${sizeM}:${step}`
    const known = this.#meshes.get(key)
    if (known) return known
    const angle = (step / phases) * twoPi
    const mesh =
      kind === 'flag'
        ? flagMesh(look, sizeM, angle)
        : kind === 'bird'
          ? birdMesh(look, sizeM, angle)
          : kind === 'litter'
            ? litterMesh(look, sizeM, angle)
            : luggageMesh(look, sizeM)
    if (this.#meshes.size >= capacity) this.#meshes.clear()
    this.#meshes.set(key, mesh)
    return mesh
  }

  #shade({ kind, at, sizeM, strength, phase }: Distractor, lit: LitView, out: Uint8ClampedArray): void {
    const swayM = kind === 'leafShade' ? 0.25 * Math.sin(phase) : 0
    const places = this.#places()
    const reach2 = sizeM * sizeM
    for (let p = 0; p < lit.shadowGain.length; p++) {
      const left = lit.shadowGain[p] as number
      if (left > 250) continue
      const x = places[p * 3] as number
      const y = places[p * 3 + 1] as number
      const d2 = ((x - at[0]) * (x - at[0]) + (y - at[1]) * (y - at[1])) / reach2
      if (!(d2 < 1) || (places[p * 3 + 2] as number) > 4) continue
      let share = Math.min(1, (1 - Math.sqrt(d2)) * 3.5)
      if (kind === 'leafShade') share *= dapple(x + swayM, y + 0.6 * swayM, phase)
      const gain = 1 - strength * share * (1 - left / 255)
      out[p * 4] = (out[p * 4] as number) * gain
      out[p * 4 + 1] = (out[p * 4 + 1] as number) * gain
      out[p * 4 + 2] = (out[p * 4 + 2] as number) * gain
    }
  }

  #beam({ at, headingDeg, sizeM, strength }: Distractor, light: Light, out: Uint8ClampedArray): void {
    const power = strength * (light.dark ? 1 : light.sky[1] < 0.05 ? 0.6 : 0.08)
    const angle = (headingDeg * Math.PI) / 180
    const [east, north] = [Math.sin(angle), Math.cos(angle)]
    const places = this.#places()
    for (let p = 0; p < places.length / 3; p++) {
      const dx = (places[p * 3] as number) - at[0]
      const dy = (places[p * 3 + 1] as number) - at[1]
      const along = dx * east + dy * north
      if (!(along > 0.4 && along < sizeM)) continue
      const across = (dx * north - dy * east) / along
      if (Math.abs(across) > 0.5 || Math.abs((places[p * 3 + 2] as number) - at[2]) > 0.12 * along + 0.8) continue
      const e = (power * Math.exp(-((across / 0.2) ** 2)) * (1 - along / sizeM)) / (1 + (along / (0.4 * sizeM)) ** 2)
      if (e < 0.01) continue
      for (let c = 0; c < 3; c++) out[p * 4 + c] = (out[p * 4 + c] as number) * (1 + 1.6 * e) + (70 - 10 * c) * e
    }
  }

  /** East, north, up of what each pixel shows; sky is NaN. Made when first asked for: many cameras never ask. */
  #places(): Float32Array {
    if (this.#placesHeld) return this.#placesHeld
    const { model, columns } = this.#view
    const { at, right: r, down: d, forward: f } = model
    const { inverse, rayU, rayW } = this.#drawn
    const places = new Float32Array(model.widthPx * model.heightPx * 3).fill(Number.NaN)
    for (let py = 0, p = 0; py < model.heightPx; py++) {
      for (let px = 0; px < model.widthPx; px++, p += 3) {
        const i = py * superSampling * columns + px * superSampling
        const depth = 1 / (inverse[i] as number)
        if (!(depth < 120)) continue
        const u = (rayU[i] as number) * depth
        const w = (rayW[i] as number) * depth
        for (const k of [0, 1, 2] as const) places[p + k] = at[k] + r[k] * u + d[k] * w + f[k] * depth
      }
    }
    this.#placesHeld = places
    return places
  }
}

/** Light between leaves: blots of some decimetres, each swaying at its own pace. */
function dapple(x: number, y: number, phase: number): number {
  const a = Math.sin(2.1 * x + 1.3 * y + 0.4 * Math.sin(phase))
  const b = Math.sin(-1.6 * x + 2.7 * y + 0.5 * Math.sin(phase * 1.3 + 1))
  const c = Math.sin(4.3 * x - 3.1 * y + 0.8 * Math.sin(phase * 0.7 + 2))
  return a + b + 0.7 * c > 0 ? 1 : 0.15
}
