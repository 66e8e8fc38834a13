/** Who and what stands before a camera: never two in one place, nobody inside a wall, a tree or a crate. */
import type { ActorKind, SimWorldMessage, WorldActor } from '../../src/contract/sim-world.ts'
import type { Random } from '../../src/platform/random.ts'
import { pointInPolygon } from '../../src/site/geometry.ts'
import { cameraModel, imageFromWorld, worldFromImage } from '../../src/site/projection.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'

type Vec3 = [number, number, number]

/** A place that is taken: middle and radius, metres. */
export interface Taken {
  readonly x: number
  readonly y: number
  readonly radiusM: number
}

const heightM: Readonly<Record<ActorKind, number>> = {
  person: 1.7,
  bicycle: 1.75,
  car: 1.5,
  truck: 3.4,
  forklift: 2.2,
  animal: 0.6,
}

const radiusM: Readonly<Record<ActorKind, number>> = {
  person: 0.32,
  bicycle: 0.9,
  car: 2.3,
  truck: 4,
  forklift: 1.4,
  animal: 0.3,
}

const speedMps: Readonly<Record<ActorKind, number>> = {
  person: 1.35,
  bicycle: 4,
  car: 6,
  truck: 5,
  forklift: 2,
  animal: 1,
}

/** Fills the ground before one camera. */
export class Crowd {
  readonly actors: WorldActor[] = []
  readonly #site: SiteFile
  readonly #camera: Camera
  readonly #random: Random
  readonly #taken: Taken[]

  constructor(site: SiteFile, camera: Camera, random: Random, obstacles: readonly Taken[] = []) {
    this.#site = site
    this.#camera = camera
    this.#random = random
    const trees = site.ground.trees.map(({ at }) => ({ x: at[0], y: at[1], radiusM: 0.4 }))
    this.#taken = [...obstacles, ...trees]
  }

  /** Open ground where something `tallM` high would stand between `lowPx` and `highPx` tall, its foot in the picture. */
  place(tallM: number, reachM: number, lowPx: number, highPx: number): Vec3 | undefined {
    const model = cameraModel(this.#camera)
    const random = this.#random
    for (let attempt = 0; attempt < 24; attempt++) {
      const tallPx = lowPx * (highPx / lowPx) ** random.next()
      const range = (tallM * model.focalPx) / tallPx
      const ray = worldFromImage(model, random.between(-0.04, 1.04) * model.widthPx, model.heightPx * 0.98)
      if (!ray) return undefined
      const [dx, dy] = [ray.eastM - this.#camera.at[0], ray.northM - this.#camera.at[1]]
      const near = Math.hypot(dx, dy) || 1
      const at: Vec3 = [this.#camera.at[0] + (dx / near) * range, this.#camera.at[1] + (dy / near) * range, 0]
      const foot = imageFromWorld(model, ...at)
      if (foot && foot.y < model.heightPx * 1.1 && this.#free(at, reachM)) return at
    }
    return undefined
  }

  put(kind: ActorKind, lowPx: number, highPx: number): WorldActor | undefined {
    const at = this.place(heightM[kind], radiusM[kind], lowPx, highPx)
    return at && this.#add(kind, at)
  }

  putRider(lowPx: number, highPx: number, endOn: number): void {
    const rider = this.put('bicycle', lowPx, highPx)
    if (!rider || endOn === 0 || this.#random.next() >= endOn) return
    const [east, north] = [rider.at[0] - this.#camera.at[0], rider.at[1] - this.#camera.at[1]]
    const away = (Math.atan2(east, north) * 180) / Math.PI + 12 * this.#random.normal()
    rider.headingDeg = (away + (this.#random.next() < 0.5 ? 540 : 360)) % 360
  }

  /** Company: people walk in twos and threes, close by and the same way, and hide one another. */
  putGroup(count: number, lowPx: number, highPx: number): void {
    const first = this.put('person', lowPx, highPx)
    const random = this.#random
    for (let i = 1; first && i < count; i++) {
      const [angle, apart] = [random.between(0, 6.3), random.between(0.55, 1.5)]
      const at: Vec3 = [first.at[0] + Math.cos(angle) * apart, first.at[1] + Math.sin(angle) * apart, 0]
      if (!this.#free(at, 0.2)) continue
      this.#add('person', at, first)
    }
  }

  #free(at: Vec3, reachM: number): boolean {
    const clear = this.#taken.every((t) => Math.hypot(t.x - at[0], t.y - at[1]) > t.radiusM + reachM)
    if (!clear) return false
    const rim = [0, 1.57, 3.14, 4.71].map((a) => [at[0] + Math.cos(a) * reachM, at[1] + Math.sin(a) * reachM] as const)
    return !this.#site.buildings.some(
      (b) => b.facade.style !== 'open' && rim.some(([x, y]) => pointInPolygon(x, y, b.footprint)),
    )
  }

  #add(kind: ActorKind, at: Vec3, leader?: WorldActor): WorldActor {
    const random = this.#random
    const moving = random.next() < 0.75
    const made: WorldActor = {
      id: `${kind}${this.actors.length}`,
      kind,
      at,
      headingDeg: leader && random.next() < 0.8 ? leader.headingDeg : random.between(0, 360),
      speedMps: moving ? speedMps[kind] * random.between(0.5, 1.9) : 0,
      phase: random.between(0, 2 * Math.PI),
      look: random.integer(0, 100_000),
    }
    this.actors.push(made)
    this.#taken.push({ x: at[0], y: at[1], radiusM: radiusM[kind] })
    return made
  }
}

/** How full a moment is. The defaults are a usual one. */
export interface Fullness {
  /** More than 1 makes richer pictures to learn from. */
  readonly density?: number
  /** Share of people who come in twos to fours. */
  readonly company?: number
  /** Share of riders who come straight at the camera or leave it, and look like somebody on foot. */
  readonly endOn?: number
}

export function randomActors(
  site: SiteFile,
  camera: Camera,
  random: Random,
  { density = 1, company = 0.25, endOn = 0 }: Fullness = {},
  obstacles: readonly Taken[] = [],
): WorldActor[] {
  if (random.next() < 0.1 / density) return []
  const crowd = new Crowd(site, camera, random, obstacles)
  const times = (share: number, most: number) =>
    random.next() < Math.min(0.85, share * density) ? random.integer(1, Math.max(1, Math.round(most * density))) : 0
  for (let i = times(0.25, 1); i > 0; i--) crowd.put('truck', 18, 120)
  for (let i = times(0.4, 3); i > 0; i--) crowd.put('car', 10, 75)
  for (let i = times(0.32, 2); i > 0; i--) crowd.put('forklift', 12, 85)
  for (let i = times(0.36, 3); i > 0; i--) crowd.putRider(11, 80, endOn)
  for (let i = times(0.8, 4); i > 0; i--) crowd.putGroup(random.next() < company ? random.integer(2, 4) : 1, 9, 100)
  for (let i = times(0.2, 2); i > 0; i--) crowd.put('animal', 4, 26)
  return crowd.actors
}

/** Fires with and without smoke, smoke with and without fire. */
export function randomFires(site: SiteFile, camera: Camera, random: Random, density = 1): SimWorldMessage['fires'] {
  const crowd = new Crowd(site, camera, random)
  return Array.from({ length: 2 }, () =>
    random.next() < 0.15 * density ? crowd.place(1.7, 0.5, 8, 60) : undefined,
  ).flatMap((at) => {
    if (!at) return []
    const kind = random.next()
    return [
      {
        zone: 'area',
        at,
        intensity: kind < 0.6 ? random.between(0.12, 1) : 0,
        smoke: kind > 0.3 ? random.between(0.25, 1) : 0,
      },
    ]
  })
}
