import { infraredFalloff, type Light, lampColor, lampFalloff } from './lighting.ts'
import { superSampling, type View } from './raster.ts'
import type { StaticView, StaticWorld } from './static-view.ts'
import type { SunShadow } from './sun-shadow.ts'
import { type Exposure, exposureFor, needsInfrared, toneOf } from './tone.ts'

/** The lit picture of the fixed world, ready to be copied under the actors of each frame. */
export interface LitView {
  readonly rgba: Uint8ClampedArray
  /** Per pixel: what is left of its display value when the sun is taken away, 0…255. */
  readonly shadowGain: Uint8Array
  readonly exposure: Exposure
}

const luminance = (r: number, g: number, b: number) => 0.2126 * r + 0.7152 * g + 0.0722 * b

export class StaticShader {
  readonly #view: View
  readonly #world: StaticWorld
  readonly #drawn: StaticView
  readonly #linear: Float32Array
  readonly #sunPart: Float32Array
  #mean = 0
  #infrared = false
  readonly lit: { rgba: Uint8ClampedArray; shadowGain: Uint8Array; exposure: Exposure }

  constructor(view: View, world: StaticWorld, drawn: StaticView) {
    this.#view = view
    this.#world = world
    this.#drawn = drawn
    const pixels = view.model.widthPx * view.model.heightPx
    this.#linear = new Float32Array(pixels * 3)
    this.#sunPart = new Float32Array(pixels)
    this.lit = {
      rgba: new Uint8ClampedArray(pixels * 4).fill(255),
      shadowGain: new Uint8Array(pixels),
      exposure: { gain: 1, mono: false, infrared: false, noise: 1 },
    }
  }

  /** Gathers the light; `develop` makes a picture of it. */
  expose(light: Light, shadow: SunShadow | undefined): void {
    this.#infrared = false
    this.#accumulate(light, shadow, false)
    this.#mean = this.#meter()
    if (!needsInfrared(this.#mean, light.dark)) return
    // Seeing nothing by what light there is, the camera swings its filter out and lights its own lamp.
    this.#infrared = true
    this.#accumulate(light, shadow, true)
    this.#mean = this.#meter()
  }

  develop(exposureBias: number): LitView {
    this.lit.exposure = exposureFor(this.#mean, this.#infrared, exposureBias)
    this.#develop(this.lit.exposure)
    return this.lit
  }

  /** The mean of the root, squared, which a few bright lamps cannot sway; highlights may still hold the gain down. */
  #meter(): number {
    const samples: number[] = []
    let sum = 0
    for (let i = 1; i < this.#linear.length; i += 51) {
      const root = Math.sqrt(this.#linear[i] as number)
      samples.push(root)
      sum += root
    }
    const bright = samples.sort((a, b) => a - b)[Math.floor(samples.length * 0.9)] ?? 0
    return Math.max((sum / samples.length) ** 2, bright ** 2 * 0.33)
  }

  #accumulate(light: Light, shadow: SunShadow | undefined, infrared: boolean): void {
    this.#linear.fill(0)
    this.#sunPart.fill(0)
    const { columns, rows, model } = this.#view
    const { triangle, inverse, rayU, rayW, grain } = this.#drawn
    const { normals, albedo, litBy, zoneIds } = this.#world
    const { at, right: r, down: d, forward: f } = model
    const [sx, sy, sz] = light.sunDirection
    const sunny = light.sun[0] > 0.004
    const share = 1 / (superSampling * superSampling)
    const haze = 1 / (520 / (1 + light.rainMmPerH / 4))
    const skyTop = luminance(...light.sky) * 1.1
    const lamps = light.lamps.filter((lamp) => Math.hypot(lamp.at[0] - at[0], lamp.at[1] - at[1]) < 90)
    const glow = zoneIds.map((zone) => Math.min(1, Math.max(0, light.zones[zone] ?? 0)) * 0.075)
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const i = y * columns + x
        const p = (((y / superSampling) | 0) * model.widthPx + ((x / superSampling) | 0)) | 0
        const t = triangle[i] as number
        let red: number
        let green: number
        let blue: number
        if (t < 0) {
          const rise = f[2] + r[2] * (rayU[i] as number) + d[2] * (rayW[i] as number)
          const band = 1 + 0.5 * Math.max(0, 0.4 - rise)
          const clear = 1 - light.cloud
          red = light.sky[0] * band * (1.05 - 0.3 * clear)
          green = light.sky[1] * band * (1.05 - 0.12 * clear)
          blue = light.sky[2] * band
        } else {
          const depth = 1 / (inverse[i] as number)
          const u = (rayU[i] as number) * depth
          const w = (rayW[i] as number) * depth
          const px = at[0] + r[0] * u + d[0] * w + f[0] * depth
          const py = at[1] + r[1] * u + d[1] * w + f[1] * depth
          const pz = at[2] + r[2] * u + d[2] * w + f[2] * depth
          const nx = normals[t * 3] as number
          const ny = normals[t * 3 + 1] as number
          const nz = normals[t * 3 + 2] as number
          const open = 0.62 + 0.38 * nz
          let er = light.sky[0] * open
          let eg = light.sky[1] * open
          let eb = light.sky[2] * open
          let sun = 0
          if (sunny) {
            const cosine = nx * sx + ny * sy + nz * sz
            if (cosine > 0 && shadow?.sees(px + nx * 0.05, py + ny * 0.05, pz + nz * 0.05) !== false) sun = cosine
            er += light.sun[0] * sun
            eg += light.sun[1] * sun
            eb += light.sun[2] * sun
          }
          for (const lamp of lamps) {
            const lx = px - lamp.at[0]
            const ly = py - lamp.at[1]
            const lz = pz - lamp.at[2]
            const e = lampFalloff(lamp, lx, ly, lz)
            if (e < 1e-5) continue
            const cosine = -(nx * lx + ny * ly + nz * lz) / Math.sqrt(lx * lx + ly * ly + lz * lz)
            if (cosine <= 0) continue
            er += e * cosine * lampColor[0]
            eg += e * cosine * lampColor[1]
            eb += e * cosine * lampColor[2]
          }
          if (infrared) {
            const distance = Math.hypot(u, w, depth)
            const facing = Math.abs(nx * (px - at[0]) + ny * (py - at[1]) + nz * (pz - at[2])) / distance
            const e = infraredFalloff(distance, depth / distance) * (0.25 + 0.75 * facing)
            er += e
            eg += e
            eb += e
          }
          const g = grain[i] as number
          const soaked = light.wet > 0 && nz > 0.8 && pz < 1 ? light.wet : 0
          const dry = g * (1 - 0.45 * soaked)
          red = er * (albedo[t * 3] as number) * dry
          green = eg * (albedo[t * 3 + 1] as number) * dry
          blue = eb * (albedo[t * 3 + 2] as number) * dry
          if (soaked > 0) {
            // Water mirrors the sky the more the flatter one looks (Schlick 1994); puddles lie where the ground is low.
            const distance = Math.hypot(u, w, depth)
            const mirror = soaked * (0.02 + 0.98 * (1 - (at[2] - pz) / distance) ** 5) * (g < 1 ? 0.8 : 0.35)
            red += light.sky[0] * mirror
            green += light.sky[1] * mirror
            blue += light.sky[2] * mirror
          }
          const lit = litBy[t] as number
          if (lit > 0) {
            const shine = glow[lit - 1] as number
            red += shine
            green += shine * 0.82
            blue += shine * 0.55
          }
          const whole = er + eg + eb
          if (sun > 0)
            this.#sunPart[p] =
              (this.#sunPart[p] as number) + (share * sun * (light.sun[0] + light.sun[1] + light.sun[2])) / whole
          const fog = 1 - Math.exp(-depth * haze)
          red += (skyTop * 0.95 - red) * fog
          green += (skyTop - green) * fog
          blue += (skyTop * 1.08 - blue) * fog
        }
        const o = p * 3
        this.#linear[o] = (this.#linear[o] as number) + red * share
        this.#linear[o + 1] = (this.#linear[o + 1] as number) + green * share
        this.#linear[o + 2] = (this.#linear[o + 2] as number) + blue * share
      }
    }
  }

  #develop(exposure: Exposure): void {
    const { rgba, shadowGain } = this.lit
    for (let p = 0; p < shadowGain.length; p++) {
      let r = this.#linear[p * 3] as number
      let g = this.#linear[p * 3 + 1] as number
      let b = this.#linear[p * 3 + 2] as number
      if (exposure.mono) r = g = b = luminance(r, g, b)
      const bright = toneOf(g * exposure.gain)
      rgba[p * 4] = toneOf(r * exposure.gain)
      rgba[p * 4 + 1] = bright
      rgba[p * 4 + 2] = toneOf(b * exposure.gain)
      const left = toneOf(g * exposure.gain * (1 - 0.97 * Math.min(1, this.#sunPart[p] as number)))
      shadowGain[p] = bright > 0 ? Math.round((255 * left) / bright) : 255
    }
  }
}
