import { expect } from 'vitest'
import { createRandom } from '../platform/random.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { cameraModel, imageFromWorld } from '../site/projection.ts'
import { cameraPlace } from './track-placement.ts'

const campus = buildCampus()
const any = campus.cameras[0] ?? expect.fail('the campus has cameras')
/** Five metres up, looking north and down on bare ground. */
const camera = { ...any, at: [0, 0, 5] as [number, number, number], headingDeg: 0, pitchDeg: -20, rollDeg: 0, poseSigma: undefined } // biome-ignore format: a row
export const place = cameraPlace(camera, [])
const model = cameraModel(camera)
const { widthPx: width, heightPx: height } = model

export interface Patch {
  readonly east: number
  readonly north: number
  readonly wideM: number
  readonly tallM: number
  readonly level: number
  /** Fades out over this share of its half size. */
  readonly soft?: number
}

export const boxOf = ({ east, north, wideM, tallM }: Patch) => {
  const foot = imageFromWorld(model, east, north, 0) ?? expect.fail('in view')
  const perM = model.focalPx / foot.depthM
  return { x: foot.x - (wideM * perM) / 2, y: foot.y - tallM * perM, width: wideM * perM, height: tallM * perM }
}

const noise = Array.from({ length: 3 }, (_, seed) => {
  const random = createRandom(seed)
  const few = Array.from({ length: 4096 }, () => Math.round(3 * random.normal()))
  return (x: number, y: number) => few[(x * 31 + y * 977 + x * y) & 4095] as number
})

const grounds = new Map<string, Uint8ClampedArray>()

/** Grey ground with a sensor's noise; `gain` is the light. */
function ground(turn: number, gain: number): Uint8ClampedArray {
  const key = `${turn} ${gain}`
  const known = grounds.get(key)
  if (known) return known
  const rgba = new Uint8ClampedArray(width * height * 4)
  const noiseAt = noise[turn] ?? expect.fail('no such frame')
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) rgba[i] = rgba[i + 1] = rgba[i + 2] = 120 * gain + noiseAt(x, y)
  grounds.set(key, rgba)
  return rgba
}

/** Upright patches on the ground. */
export function picture(patches: readonly Patch[], look: number, gain = 1) {
  const turn = look % noise.length
  const rgba = ground(turn, gain).slice()
  const noiseAt = noise[turn] ?? expect.fail('no such frame')
  for (const patch of patches) {
    const box = boxOf(patch)
    for (let y = Math.max(0, Math.ceil(box.y)); y < Math.min(height, box.y + box.height); y++) {
      for (let x = Math.max(0, Math.ceil(box.x)); x < Math.min(width, box.x + box.width); x++) {
        const [u, w] = [(x - box.x) / box.width, (y - box.y) / box.height]
        const inner = patch.soft ? Math.min(1, (2 / patch.soft) * Math.min(u, 1 - u, w, 1 - w)) : 1
        const i = (y * width + x) * 4
        rgba[i] = rgba[i + 1] = rgba[i + 2] = (120 + (patch.level - 120) * inner) * gain + noiseAt(x, y)
      }
    }
  }
  return { width, height, rgba: rgba.buffer }
}

export const bag: Patch = { east: 1, north: 12, wideM: 0.5, tallM: 0.6, level: 60 }
export const somebody = (east: number, north = 11.5): Patch => ({ east, north, wideM: 0.5, tallM: 1.75, level: 30 })
