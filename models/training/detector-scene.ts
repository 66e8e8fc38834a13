/** Random moments before a camera: light, weather, people, vehicles, fire, and how well the camera does its job. */
import type { ActorKind, SimWorldMessage, WorldActor } from '../../src/contract/sim-world.ts'
import type { Random } from '../../src/platform/random.ts'
import type { CameraTuning } from '../../src/sim/camera/virtual-camera.ts'
import { type Point2, pointInPolygon } from '../../src/site/geometry.ts'
import { cameraModel, worldFromImage } from '../../src/site/projection.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'

type Vec3 = [number, number, number]

const sizesM: Readonly<Record<ActorKind, number>> = {
  person: 1.7,
  bicycle: 1.75,
  car: 1.5,
  truck: 3.4,
  forklift: 2.2,
  animal: 0.6,
}

/** A place on open ground where something of `kind` would stand between `lowPx` and `highPx` tall. */
export function groundPlace(
  site: SiteFile,
  camera: Camera,
  random: Random,
  kind: ActorKind,
  lowPx: number,
  highPx: number,
): Vec3 | undefined {
  const model = cameraModel(camera)
  for (let attempt = 0; attempt < 14; attempt++) {
    const tallPx = lowPx * (highPx / lowPx) ** random.next()
    const range = (sizesM[kind] * model.focalPx) / tallPx
    const x = random.between(-0.04, 1.04) * model.widthPx
    const ray = worldFromImage(model, x, model.heightPx * 0.98)
    if (!ray) return undefined
    const [dx, dy] = [ray.eastM - camera.at[0], ray.northM - camera.at[1]]
    const near = Math.hypot(dx, dy) || 1
    const at: Point2 = [camera.at[0] + (dx / near) * range, camera.at[1] + (dy / near) * range]
    const inside = site.buildings.some((b) => b.facade.style !== 'open' && pointInPolygon(at[0], at[1], b.footprint))
    if (!inside) return [at[0], at[1], 0]
  }
  return undefined
}

export function actor(kind: ActorKind, at: Vec3, random: Random, id: string, still = false): WorldActor {
  const speed: Readonly<Record<ActorKind, number>> = {
    person: 1.35,
    bicycle: 4,
    car: 6,
    truck: 5,
    forklift: 2,
    animal: 1,
  }
  const moving = !still && random.next() < 0.75
  return {
    id,
    kind,
    at,
    headingDeg: random.between(0, 360),
    speedMps: moving ? speed[kind] * random.between(0.5, 1.9) : 0,
    phase: random.between(0, 2 * Math.PI),
    look: random.integer(0, 100_000),
  }
}

export function randomActors(site: SiteFile, camera: Camera, random: Random): WorldActor[] {
  if (random.next() < 0.1) return []
  const found: WorldActor[] = []
  const put = (kind: ActorKind, lowPx: number, highPx: number): WorldActor | undefined => {
    const at = groundPlace(site, camera, random, kind, lowPx, highPx)
    if (!at) return undefined
    const made = actor(kind, at, random, `${kind}${found.length}`)
    found.push(made)
    return made
  }
  const people = random.next() < 0.2 ? 0 : random.integer(1, 5)
  for (let i = 0; i < people; i++) {
    const one = put('person', 8, 85)
    if (one && random.next() < 0.22) {
      // Company: people walk in twos and threes and hide one another.
      const at: Vec3 = [one.at[0] + random.normal() * 0.7, one.at[1] + random.normal() * 0.7, 0]
      found.push({ ...actor('person', at, random, `friend${found.length}`), headingDeg: one.headingDeg })
    }
  }
  const times = (share: number, most: number) => (random.next() < share ? random.integer(1, most) : 0)
  for (let i = times(0.42, 3); i > 0; i--) put('car', 10, 75)
  for (let i = times(0.25, 1); i > 0; i--) put('truck', 18, 130)
  for (let i = times(0.32, 2); i > 0; i--) put('forklift', 12, 85)
  for (let i = times(0.36, 3); i > 0; i--) put('bicycle', 11, 75)
  for (let i = times(0.2, 2); i > 0; i--) put('animal', 4, 26)
  return found
}

export function randomFires(site: SiteFile, camera: Camera, random: Random): SimWorldMessage['fires'] {
  if (random.next() > 0.24) return []
  const at = groundPlace(site, camera, random, 'person', 10, 70)
  if (!at) return []
  const kind = random.next()
  return [
    {
      zone: 'area',
      at,
      intensity: kind < 0.65 ? random.between(0.12, 1) : 0,
      smoke: kind > 0.35 ? random.between(0.3, 1) : 0,
    },
  ]
}

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
