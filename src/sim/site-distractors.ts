/** Now and then something meaningless passes each camera of the simulated park: a cat, a bag in the wind, a cloud. */
import type { Distractor, WorldActor } from '../contract/sim-world.ts'
import { createRandom, type Random } from '../platform/random.ts'
import { pointInPolygon } from '../site/geometry.ts'
import { type CameraModel, cameraModel, worldFromImage } from '../site/projection.ts'
import type { Camera, SiteFile } from '../site/schema.ts'
import { type DistractorPlan, planDistractors } from './distractors.ts'
import type { Weather } from './physics/weather.ts'

const slotMs = 600_000
const shareOfSlots = 0.3
/** What passes is gone after this. */
const passingMs = 25_000

interface Slot {
  readonly index: number
  readonly fromMs: number
  readonly plan: DistractorPlan | undefined
}

export class SiteDistractors {
  readonly #site: SiteFile
  readonly #seed: number
  readonly #slots = new Map<string, Slot>()

  constructor(site: SiteFile, seed: number) {
    this.#site = site
    this.#seed = seed
  }

  now(
    atMs: number,
    weather: Weather,
  ): { readonly animals: WorldActor[]; readonly distractors: Distractor[]; readonly wet: number } {
    const animals: WorldActor[] = []
    const distractors: Distractor[] = []
    for (const camera of this.#site.cameras) {
      if (!camera.source.startsWith('virtual:')) continue
      const { plan, fromMs } = this.#slotOf(camera, atMs, weather)
      if (!plan || atMs < fromMs || atMs > fromMs + passingMs) continue
      const seen = plan.at((atMs - fromMs) / 1000)
      animals.push(...seen.animals.map((one) => ({ ...one, id: `${one.id}-${camera.id}` })))
      distractors.push(...seen.distractors)
    }
    const wet = weather.rainMmPerH > 0.1 ? Math.min(1, 0.35 + weather.rainMmPerH / 8) : 0
    return { animals, distractors: distractors.slice(0, 64), wet }
  }

  #slotOf(camera: Camera, atMs: number, weather: Weather): Slot {
    const index = Math.floor(atMs / slotMs)
    const known = this.#slots.get(camera.id)
    if (known?.index === index) return known
    const random = createRandom(this.#seed).fork(`${camera.id}:${index}`)
    const fromMs = index * slotMs + random.next() * (slotMs - passingMs)
    const happens = random.next() < shareOfSlots
    const plan = happens ? this.#plan(camera, weather, random) : undefined
    const slot = { index, fromMs, plan }
    this.#slots.set(camera.id, slot)
    return slot
  }

  #plan(camera: Camera, { windMps, sun, cloud, rainMmPerH }: Weather, random: Random): DistractorPlan {
    const sunny = sun[2] > 0.1 && cloud < 0.7
    const dark = sun[2] < -0.05
    const place = () => groundInView(this.#site, cameraModel(camera), random)
    const choices = ['animal', 'bird', 'litter', ...(sunny ? ['cloudShade'] : []), ...(dark ? ['beam'] : [])]
    const chosen = choices[random.integer(0, choices.length - 1)]
    const of = (kind: string) => (kind === chosen ? 1 : 0)
    return planDistractors(
      random,
      { place, windMps, dark, sunny, rainMmPerH },
      {
        animal: of('animal'),
        bird: 2 * of('bird'),
        flag: 0,
        litter: 2 * of('litter'),
        cloudShade: of('cloudShade'),
        leafShade: 0,
        beam: of('beam'),
      },
    )
  }
}

/** Open ground somewhere in the picture, at most `farthestM` away; undefined where a few tries found none. */
export function groundInView(
  site: SiteFile,
  model: CameraModel,
  random: Random,
  farthestM = 35,
): readonly [number, number] | undefined {
  for (let attempt = 0; attempt < 12; attempt++) {
    const x = random.between(0.03, 0.97) * model.widthPx
    const y = random.between(0.2, 0.97) * model.heightPx
    const at = worldFromImage(model, x, y)
    if (!at || at.rangeM > farthestM) continue
    const walled = site.buildings.some(
      (b) => b.facade.style !== 'open' && pointInPolygon(at.eastM, at.northM, b.footprint),
    )
    if (!walled) return [at.eastM, at.northM]
  }
  return undefined
}
