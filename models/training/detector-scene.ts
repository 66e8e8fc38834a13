/** Random light and weather before a camera, and how well the camera does its job. */
import type { SimWorldMessage } from '../../src/contract/sim-world.ts'
import type { Random } from '../../src/platform/random.ts'
import type { CameraTuning } from '../../src/sim/camera/virtual-camera.ts'
import { type DistractorsNow, planDistractors } from '../../src/sim/distractors.ts'
import { groundInView } from '../../src/sim/site-distractors.ts'
import { cameraModel } from '../../src/site/projection.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'

/** Sun, cloud, rain and which lamps burn; `night` forces one. */
export function randomLight(
  site: SiteFile,
  random: Random,
  night?: boolean,
): Pick<SimWorldMessage, 'sun' | 'cloud' | 'rainMmPerH' | 'lights'> {
  const dark = night ?? random.next() < 0.34
  const height = dark
    ? -random.between(0.2, 0.9)
    : random.next() < 0.2
      ? random.between(-0.1, 0.15)
      : random.between(0.15, 0.95)
  const azimuth = random.between(0, 2 * Math.PI)
  const flat = Math.sqrt(1 - height * height)
  const lit = random.next() < 0.5
  return {
    sun: [Math.sin(azimuth) * flat, Math.cos(azimuth) * flat, height],
    cloud: random.next() < 0.45 ? random.between(0, 0.25) : random.next(),
    rainMmPerH: random.next() < 0.13 ? random.between(0.5, 16) : 0,
    lights: Object.fromEntries(
      site.zones.map((zone) => [zone.id, lit && random.next() < 0.8 ? random.between(0.4, 1) : 0]),
    ),
  }
}

/** A usual mix of what moves and means nothing, at some moment of its play. */
export function randomDistractors(
  site: SiteFile,
  camera: Camera,
  random: Random,
  { sun, cloud, rainMmPerH }: Pick<SimWorldMessage, 'sun' | 'cloud' | 'rainMmPerH'>,
): DistractorsNow {
  const model = cameraModel(camera)
  const scene = {
    place: () => groundInView(site, model, random),
    windMps: random.between(0, 9),
    dark: sun[2] < -0.05,
    sunny: sun[2] > 0.1 && cloud < 0.7,
    rainMmPerH,
  }
  return planDistractors(random, scene).at(random.between(0, 60))
}

export function randomTuning(random: Random, pixels: number): CameraTuning {
  return {
    exposureBias: Math.exp(random.normal() * 0.28),
    noiseGain: random.between(0.4, 1.7),
    soften: random.next() < 0.5 ? random.next() : 0,
    ...(random.next() < 0.06 ? { backdrop: noisePicture(random, pixels) } : {}),
  }
}

/** A background that is nothing at all: smooth noise of several scales in random colours. 320 pixels wide. */
function noisePicture(random: Random, pixels: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(pixels * 4).fill(255)
  const waves = Array.from({ length: 9 }, () => ({
    fx: random.normal() * 2 ** random.between(-7, -1),
    fy: random.normal() * 2 ** random.between(-7, -1),
    phase: random.between(0, 6.3),
    tone: [random.normal() * 22, random.normal() * 22, random.normal() * 22],
    hard: random.next() < 0.4,
  }))
  const base = [random.between(40, 210), random.between(40, 210), random.between(40, 210)]
  for (let p = 0; p < pixels; p++) {
    const [x, y] = [p % 320, Math.floor(p / 320)]
    for (let c = 0; c < 3; c++) out[p * 4 + c] = base[c] as number
    for (const wave of waves) {
      const s = Math.sin(x * wave.fx + y * wave.fy + wave.phase)
      const k = wave.hard ? Math.sign(s) : s
      for (let c = 0; c < 3; c++) out[p * 4 + c] = (out[p * 4 + c] as number) + k * (wave.tone[c] as number)
    }
  }
  return out
}
