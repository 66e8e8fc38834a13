import type { KitMesh, Vec3 } from '../../scene/kit/mesh.ts'
import { turn } from '../../scene/kit/mesh.ts'
import { beamsOn } from './beams.ts'
import type { Light } from './lighting.ts'
import { rasterIndexed, superSampling, toCamera, type View } from './raster.ts'
import type { LitView } from './shade-static.ts'
import type { StaticView } from './static-view.ts'
import { toneOf } from './tone.ts'

export interface Placed {
  readonly mesh: KitMesh
  readonly at: Vec3
  readonly headingDeg: number
  readonly reachM: number
  /** Whether the sun reaches it. */
  readonly sunny: boolean
  /** Warm and dressed: shows up under infrared. */
  readonly living: boolean
}

interface Rect {
  x0: number
  y0: number
  x1: number
  y1: number
}

/** Where an object showed up, in samples. */
export interface Coverage {
  readonly samples: number
  /** Samples that differ visibly from the fixed picture behind them. */
  readonly distinct: number
  readonly rect: Rect | undefined
}

/** Everything that moves, drawn at twice the resolution over the fixed picture, then folded into it. */
export class ActorLayer {
  readonly #view: View
  readonly #drawn: StaticView
  readonly #inverse: Float32Array
  readonly #color: Uint32Array
  readonly #mask: Uint8Array
  readonly #ids: Uint16Array
  readonly #touched: Rect[] = []
  #world = new Float32Array(0)
  #camera = new Float32Array(0)
  #rect: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 }

  constructor(view: View, drawn: StaticView) {
    const size = view.columns * view.rows
    this.#view = view
    this.#drawn = drawn
    this.#inverse = new Float32Array(size)
    this.#color = new Uint32Array(size)
    this.#mask = new Uint8Array(size)
    this.#ids = new Uint16Array(size)
  }

  clear(): void {
    const { columns } = this.#view
    for (const r of this.#touched) {
      for (let y = r.y0; y <= r.y1; y++) {
        const [from, to] = [y * columns + r.x0, y * columns + r.x1 + 1]
        this.#inverse.fill(0, from, to)
        this.#mask.fill(0, from, to)
        this.#ids.fill(0, from, to)
      }
    }
    this.#touched.length = 0
  }

  /** Whether any of it can be in the picture. */
  inView(at: Vec3, reachM: number): boolean {
    const { model } = this.#view
    const dx = at[0] - model.at[0]
    const dy = at[1] - model.at[1]
    const dz = at[2] + reachM * 0.4 - model.at[2]
    const depth = dx * model.forward[0] + dy * model.forward[1] + dz * model.forward[2]
    if (depth < -reachM || depth > 140) return false
    const margin = reachM * 1.2
    const across = Math.abs(dx * model.right[0] + dy * model.right[1] + dz * model.right[2]) - margin
    const down = Math.abs(dx * model.down[0] + dy * model.down[1] + dz * model.down[2]) - margin
    const near = Math.max(depth, 0.2)
    const slack = this.#view.distorted ? 1.35 : 1.05
    return (
      across < ((near * model.widthPx) / 2 / model.focalPx) * slack &&
      down < ((near * model.heightPx) / 2 / model.focalPx) * slack
    )
  }

  draw(placed: Placed, light: Light, lit: LitView, id: number): void {
    const { mesh } = placed
    const vertices = this.#place(placed)
    const beams = beamsOn(placed, light, lit.exposure.infrared ? this.#view.model : undefined)
    const sky = light.sky
    const [c, s] = turn(placed.headingDeg)
    const { model } = this.#view
    const { indices, normals, colors } = mesh
    const { gain, mono } = lit.exposure
    const camera = this.#camera
    const world = this.#world
    let packed = 0
    const drawnInverse = this.#drawn.inverse
    const [inverse, color, ids] = [this.#inverse, this.#color, this.#ids]
    this.#beginRect()
    const rect = this.#rect
    const columns = this.#view.columns
    const write = (from: number, to: number, first: number, step: number) => {
      const y = (from / columns) | 0
      const row = y * columns
      if (y < rect.y0) rect.y0 = y
      if (y > rect.y1) rect.y1 = y
      if (from - row < rect.x0) rect.x0 = from - row
      if (to - row > rect.x1) rect.x1 = to - row
      let z = first
      for (let i = from; i <= to; i++, z += step) {
        if (z > (drawnInverse[i] as number) && z > (inverse[i] as number)) {
          inverse[i] = z
          color[i] = packed
          ids[i] = id
        }
      }
    }
    for (let i = 0; i < indices.length; i += 3) {
      const a = (indices[i] as number) * 3
      const b = (indices[i + 1] as number) * 3
      const d = (indices[i + 2] as number) * 3
      if (a >= vertices * 3) break
      const lx = ((normals[a] as number) + (normals[b] as number) + (normals[d] as number)) / 3
      const ly = ((normals[a + 1] as number) + (normals[b + 1] as number) + (normals[d + 1] as number)) / 3
      const nz = ((normals[a + 2] as number) + (normals[b + 2] as number) + (normals[d + 2] as number)) / 3
      const nx = lx * c + ly * s
      const ny = -lx * s + ly * c
      const facing =
        nx * ((world[a] as number) - model.at[0]) +
        ny * ((world[a + 1] as number) - model.at[1]) +
        nz * ((world[a + 2] as number) - model.at[2])
      if (facing > 0) continue
      const open = 0.66 + 0.34 * nz
      let er = sky[0] * open
      let eg = sky[1] * open
      let eb = sky[2] * open
      for (const beam of beams) {
        const cosine = nx * beam.x + ny * beam.y + nz * beam.z
        if (cosine <= 0) continue
        er += beam.color[0] * cosine
        eg += beam.color[1] * cosine
        eb += beam.color[2] * cosine
      }
      let r = er * (colors[a] as number)
      let g = eg * (colors[a + 1] as number)
      let bl = eb * (colors[a + 2] as number)
      if (mono) {
        let l = 0.2126 * r + 0.7152 * g + 0.0722 * bl
        // Most dyes are bright in the near infrared (Salamati et al. 2009).
        if (lit.exposure.infrared && placed.living) l = 0.35 * l + 0.65 * 0.72 * eg
        r = g = bl = l
      }
      packed = toneOf(r * gain) | (toneOf(g * gain) << 8) | (toneOf(bl * gain) << 16)
      rasterIndexed(this.#view, camera, a, b, d, write)
    }
    this.#endRect()
  }

  /** World and camera coordinates of the mesh's vertices; returns how many. */
  #place(placed: Placed): number {
    const { positions } = placed.mesh
    if (this.#world.length < positions.length) {
      this.#world = new Float32Array(positions.length * 2)
      this.#camera = new Float32Array(positions.length * 2)
    }
    const [c, s] = turn(placed.headingDeg)
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i] as number
      const y = positions[i + 1] as number
      this.#world[i] = placed.at[0] + x * c + y * s
      this.#world[i + 1] = placed.at[1] - x * s + y * c
      this.#world[i + 2] = placed.at[2] + (positions[i + 2] as number)
    }
    toCamera(this.#view.model, this.#world, positions.length / 3, this.#camera)
    return positions.length / 3
  }

  /** The shadow a thing throws on level ground at its feet, as a mask. */
  drawSunShadow(placed: Placed, sun: Vec3): void {
    this.#place(placed)
    const ground = placed.at[2] + 0.04
    const world = this.#world
    for (let i = 0; i < placed.mesh.positions.length; i += 3) {
      const rise = Math.max(0, (world[i + 2] as number) - ground) / sun[2]
      world[i] = (world[i] as number) - sun[0] * rise
      world[i + 1] = (world[i + 1] as number) - sun[1] * rise
      world[i + 2] = ground
    }
    toCamera(this.#view.model, world, placed.mesh.positions.length / 3, this.#camera)
    this.#maskTriangles(placed.mesh.indices, 1)
  }

  /** Without sun a thing still darkens the ground it stands on. */
  drawContact(at: Vec3, radiusM: number): void {
    const corners = 8
    for (let i = 0; i < corners; i++) {
      const angle = (i / corners) * 2 * Math.PI
      this.#world.set([at[0] + radiusM * Math.cos(angle), at[1] + radiusM * Math.sin(angle), at[2] + 0.05], i * 3)
    }
    toCamera(this.#view.model, this.#world, corners, this.#camera)
    this.#maskTriangles(contactFan, 2)
  }

  #maskTriangles(indices: Uint32Array, value: number): void {
    const [mask, ground] = [this.#mask, this.#drawn.inverse]
    this.#beginRect()
    const rect = this.#rect
    const columns = this.#view.columns
    const write = (from: number, to: number, first: number, step: number) => {
      const y = (from / columns) | 0
      if (y < rect.y0) rect.y0 = y
      if (y > rect.y1) rect.y1 = y
      if (from - y * columns < rect.x0) rect.x0 = from - y * columns
      if (to - y * columns > rect.x1) rect.x1 = to - y * columns
      let z = first
      for (let i = from; i <= to; i++, z += step) {
        const there = ground[i] as number
        if (z > there * 0.965 && z < there * 1.05 && mask[i] === 0) mask[i] = value
      }
    }
    const v = this.#camera
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, d] = [(indices[i] as number) * 3, (indices[i + 1] as number) * 3, (indices[i + 2] as number) * 3]
      rasterIndexed(this.#view, v, a, b, d, write)
    }
    this.#endRect()
  }

  /** Blends actors and shadows into `out`, which holds a copy of the fixed picture. */
  resolve(lit: LitView, out: Uint8ClampedArray): void {
    const { columns, model } = this.#view
    const [color, mask, inverse] = [this.#color, this.#mask, this.#inverse]
    for (const r of this.#touched) {
      const [px0, px1] = [(r.x0 / superSampling) | 0, (r.x1 / superSampling) | 0]
      const [py0, py1] = [(r.y0 / superSampling) | 0, (r.y1 / superSampling) | 0]
      for (let py = py0; py <= py1; py++) {
        for (let px = px0; px <= px1; px++) {
          const p = py * model.widthPx + px
          let [red, green, blue, covered, shadow] = [0, 0, 0, 0, 0]
          const left = lit.shadowGain[p] as number
          for (let k = 0; k < 4; k++) {
            const i = (py * 2 + (k >> 1)) * columns + px * 2 + (k & 1)
            if ((inverse[i] as number) > 0) {
              const packed = color[i] as number
              red += packed & 255
              green += (packed >> 8) & 255
              blue += (packed >> 16) & 255
              covered++
            } else {
              const m = mask[i] as number
              shadow += m === 0 ? 1 : m === 1 ? left / 255 : 0.72
            }
          }
          if (covered === 0 && shadow === 4) continue
          out[p * 4] = (red + shadow * (lit.rgba[p * 4] as number)) / 4
          out[p * 4 + 1] = (green + shadow * (lit.rgba[p * 4 + 1] as number)) / 4
          out[p * 4 + 2] = (blue + shadow * (lit.rgba[p * 4 + 2] as number)) / 4
        }
      }
    }
  }

  /** Nearest thing at the middle of a pixel, as 1/depth. */
  inverseAt(px: number, py: number): number {
    const i = py * superSampling * this.#view.columns + px * superSampling
    return Math.max(this.#drawn.inverse[i] as number, this.#inverse[i] as number)
  }

  /** `floor`: the least difference of a colour channel, in display levels, that can be seen. */
  coverage(id: number, lit: LitView, floor: number): Coverage {
    const { columns, model } = this.#view
    const rect: Rect = { x0: 1e9, y0: 1e9, x1: -1, y1: -1 }
    let [samples, distinct] = [0, 0]
    const all = unionOf(this.#touched)
    if (!all) return { samples: 0, distinct: 0, rect: undefined }
    for (let y = all.y0; y <= all.y1; y++) {
      for (let x: number = all.x0; x <= all.x1; x++) {
        const i = y * columns + x
        if (this.#ids[i] !== id) continue
        samples++
        const behind = (((y / superSampling) | 0) * model.widthPx + ((x / superSampling) | 0)) * 4
        if (differs(this.#color[i] as number, lit.rgba, behind, floor)) distinct++
        if (x < rect.x0) rect.x0 = x
        if (x > rect.x1) rect.x1 = x
        if (y < rect.y0) rect.y0 = y
        if (y > rect.y1) rect.y1 = y
      }
    }
    return { samples, distinct, rect: samples > 0 ? rect : undefined }
  }

  /** How much of the box around the whole thing lies within the picture, 0…1. */
  shareInPicture(placed: Placed): number {
    const count = this.#place(placed)
    const { columns, rows, focal } = this.#view
    let [x0, y0, x1, y1] = [1e9, 1e9, -1e9, -1e9]
    for (let i = 0; i < count * 3; i += 3) {
      const z = Math.max(0.3, this.#camera[i + 2] as number)
      const column = columns / 2 + (focal * (this.#camera[i] as number)) / z
      const row = rows / 2 + (focal * (this.#camera[i + 1] as number)) / z
      x0 = Math.min(x0, column)
      x1 = Math.max(x1, column)
      y0 = Math.min(y0, row)
      y1 = Math.max(y1, row)
    }
    const width = Math.min(columns, x1) - Math.max(0, x0)
    const height = Math.min(rows, y1) - Math.max(0, y0)
    return width > 0 && height > 0 ? (width * height) / ((x1 - x0) * (y1 - y0)) : 0
  }

  /** Samples the thing would cover if nothing stood before it. */
  fullSamples(placed: Placed): number {
    this.#place(placed)
    let count = 0
    const flags = this.#flags
    const set: number[] = []
    const write = (from: number, to: number) => {
      for (let i = from; i <= to; i++) {
        if (flags[i] === 1) continue
        flags[i] = 1
        set.push(i)
        count++
      }
    }
    const v = this.#camera
    const { indices } = placed.mesh
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, d] = [(indices[i] as number) * 3, (indices[i + 1] as number) * 3, (indices[i + 2] as number) * 3]
      rasterIndexed(this.#view, v, a, b, d, write)
    }
    for (const i of set) flags[i] = 0
    return count
  }

  get #flags(): Uint8Array {
    this.#flagsHeld ??= new Uint8Array(this.#view.columns * this.#view.rows)
    return this.#flagsHeld
  }
  #flagsHeld: Uint8Array | undefined

  #beginRect(): void {
    this.#rect.x0 = 1e9
    this.#rect.y0 = 1e9
    this.#rect.x1 = -1
    this.#rect.y1 = -1
  }

  #endRect(): void {
    if (this.#rect.x1 >= this.#rect.x0) this.#touched.push({ ...this.#rect })
  }
}

function differs(packed: number, rgba: Uint8ClampedArray, at: number, floor: number): boolean {
  return (
    Math.abs((packed & 255) - (rgba[at] as number)) >= floor ||
    Math.abs(((packed >> 8) & 255) - (rgba[at + 1] as number)) >= floor ||
    Math.abs(((packed >> 16) & 255) - (rgba[at + 2] as number)) >= floor
  )
}

const contactFan = Uint32Array.from([0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 5, 0, 5, 6, 0, 6, 7])

function unionOf(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined
  return {
    x0: Math.min(...rects.map((r) => r.x0)),
    y0: Math.min(...rects.map((r) => r.y0)),
    x1: Math.max(...rects.map((r) => r.x1)),
    y1: Math.max(...rects.map((r) => r.y1)),
  }
}
