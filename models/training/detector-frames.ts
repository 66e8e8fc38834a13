/** Labelled pictures from seeds: the same for training and for the evaluation, which uses other seeds. */
import { readFileSync } from 'node:fs'
import jpeg from 'jpeg-js'
import type { SimWorldMessage } from '../../src/contract/sim-world.ts'
import { createRandom, type Random } from '../../src/platform/random.ts'
import {
  createStage,
  createVirtualCamera,
  type LabelledBox,
  type SiteStage,
  type VirtualCamera,
} from '../../src/sim/camera/virtual-camera.ts'
import { parseSite } from '../../src/site/load.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'
import { randomActors, randomFires, randomLight, randomTuning } from './detector-scene.ts'
import { randomPark } from './detector-world.ts'

export interface LabelledFrame {
  readonly rgba: Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly boxes: readonly LabelledBox[]
}

/** Seeds from here on are never trained on. */
export const heldOutFrom = 900_000

const lightsPerPark = 3
const framesPerLight = 4

/** Twelve pictures of one random park: three lights, four moments each. */
export function* parkFrames(seed: number): Generator<LabelledFrame> {
  const random = createRandom(seed).fork('park')
  const park = randomPark(random)
  const camera = createVirtualCamera({
    site: park.site,
    camera: park.camera,
    stage: createStage(park.site, park.parts),
    seed,
  })
  for (let i = 0; i < lightsPerPark; i++) {
    const light = randomLight(park.site, random)
    for (let k = 0; k < framesPerLight; k++)
      yield shoot(park.site, park.camera, camera, light, random, seed * 100 + i * 10 + k)
  }
}

type Moment = Pick<SimWorldMessage, 'sun' | 'cloud' | 'rainMmPerH' | 'lights'>

function shoot(
  site: SiteFile,
  pose: Camera,
  camera: VirtualCamera,
  light: Moment,
  random: Random,
  stamp: number,
  asBuilt = false,
): LabelledFrame {
  camera.setTuning(asBuilt ? {} : randomTuning(random, camera.width * camera.height))
  const picture = camera.renderLabelled({
    at: stamp * 977,
    ...light,
    actors: randomActors(site, pose, random),
    openings: Object.fromEntries(site.gates.map((gate) => [gate.id, random.next() < 0.5 ? 0 : random.next()])),
    fires: randomFires(site, pose, random),
  })
  return !asBuilt && random.next() < 0.35 ? { ...picture, rgba: compressed(picture, random.integer(25, 85)) } : picture
}

/** What a round trip through JPEG leaves. */
function compressed(
  picture: { rgba: Uint8ClampedArray; width: number; height: number },
  quality: number,
): Uint8ClampedArray {
  const { data } = jpeg.encode({ data: picture.rgba, width: picture.width, height: picture.height }, quality)
  return new Uint8ClampedArray(jpeg.decode(data, { useTArray: true }).data)
}

export interface SiteCameras {
  readonly site: SiteFile
  readonly stage: SiteStage
  readonly cameras: readonly { readonly pose: Camera; readonly camera: VirtualCamera }[]
}

export function loadSiteCameras(path: string): SiteCameras {
  const parsed = parseSite(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.ok) throw new Error(`${path}: ${parsed.error.path} ${parsed.error.message}`)
  const site = parsed.value
  const stage = createStage(site)
  return {
    site,
    stage,
    cameras: site.cameras.map((pose) => ({ pose, camera: createVirtualCamera({ site, camera: pose, stage }) })),
  }
}

/**
 * Six pictures of one camera of a site in one light. Cameras named `dock` come up twice as often. `asBuilt` leaves the
 * camera as it is, where training also spoils exposure, focus, background and compression.
 */
export function* siteFrames(park: SiteCameras, seed: number, asBuilt = false): Generator<LabelledFrame> {
  const random = createRandom(seed).fork('site')
  const often = park.cameras.flatMap((entry) => (entry.pose.id.includes('dock') ? [entry, entry] : [entry]))
  const entry = often[random.integer(0, often.length - 1)]
  if (!entry) return
  const light = randomLight(park.site, random, random.next() < 0.45)
  for (let k = 0; k < 6; k++) yield shoot(park.site, entry.pose, entry.camera, light, random, seed * 100 + k, asBuilt)
}
