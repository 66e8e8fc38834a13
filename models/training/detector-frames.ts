/** Labelled pictures from seeds: the same for training and for the evaluation, which uses other seeds and cameras. */
import { readFileSync } from 'node:fs'
import jpeg from 'jpeg-js'
import type { SimWorldMessage } from '../../src/contract/sim-world.ts'
import { createRandom, type Random } from '../../src/platform/random.ts'
import type { LabelledBox } from '../../src/sim/camera/label-boxes.ts'
import {
  createStage,
  createVirtualCamera,
  type SiteStage,
  type VirtualCamera,
} from '../../src/sim/camera/virtual-camera.ts'
import { pointInPolygon } from '../../src/site/geometry.ts'
import { parseSite } from '../../src/site/load.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'
import { type Fullness, randomActors, randomFires, type Taken } from './detector-crowd.ts'
import { randomDistractors, randomLight, randomTuning } from './detector-scene.ts'
import { randomPark } from './detector-world.ts'

export interface LabelledFrame {
  readonly rgba: Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly boxes: readonly LabelledBox[]
}

/** Seeds from here on are never trained on. */
export const heldOutFrom = 900_000

/** How a moment is shot. */
export interface Shooting extends Fullness {
  /** Leaves the camera as it is built; otherwise exposure, focus, background and compression are spoiled. */
  readonly asBuilt: boolean
  /** 1 is a usual moment. Pictures to learn from are fuller. */
  readonly density: number
  /** How many times as many fires as usual. */
  readonly fires?: number
}

const lightsPerPark = 3
const framesPerLight = 4

/** What a moment happens before. */
interface Set {
  readonly site: SiteFile
  readonly pose: Camera
  readonly camera: VirtualCamera
  readonly obstacles: readonly Taken[]
}

/** Twelve pictures of one random park: three lights, four moments each. */
export function* parkFrames(seed: number, how: Shooting): Generator<LabelledFrame> {
  const random = createRandom(seed).fork('park')
  const park = randomPark(random)
  const stage = createStage(park.site, park.parts)
  const camera = createVirtualCamera({ site: park.site, camera: park.camera, stage, seed })
  const set = { site: park.site, pose: park.camera, camera, obstacles: park.obstacles }
  for (let i = 0; i < lightsPerPark; i++) {
    const light = randomLight(park.site, random)
    for (let k = 0; k < framesPerLight; k++) yield shoot(set, light, random, seed * 100 + i * 10 + k, how)
  }
}

type Moment = Pick<SimWorldMessage, 'sun' | 'cloud' | 'rainMmPerH' | 'lights'>

function shoot(set: Set, light: Moment, random: Random, stamp: number, how: Shooting): LabelledFrame {
  const { asBuilt, density, fires = 1 } = how
  const { site, pose, camera, obstacles } = set
  camera.setTuning(asBuilt ? {} : randomTuning(random, camera.width * camera.height))
  const actors = randomActors(site, pose, random, how, obstacles)
  const { animals, distractors, wet } = randomDistractors(site, pose, random, light)
  const picture = camera.renderLabelled({
    at: stamp * 977,
    ...light,
    distractors: [...distractors],
    wet,
    actors: [...actors, ...animals],
    openings: Object.fromEntries(site.gates.map((gate) => [gate.id, random.next() < 0.5 ? 0 : random.next()])),
    fires: randomFires(site, pose, random, density * fires),
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

/** Six pictures of one of a site's own cameras in one light. */
export function* siteFrames(park: SiteCameras, seed: number, how: Shooting): Generator<LabelledFrame> {
  const random = createRandom(seed).fork('site')
  const entry = park.cameras[random.integer(0, park.cameras.length - 1)]
  if (!entry) return
  const light = randomLight(park.site, random, random.next() < 0.45)
  const set = { site: park.site, ...entry, obstacles: [] }
  for (let k = 0; k < 6; k++) yield shoot(set, light, random, seed * 100 + k, how)
}

/** No camera made up for training stands nearer to one of the site's own. */
const apartM = 12

/** Six pictures in one light by a made-up camera somewhere on the site, far from its own cameras: those are for tests. */
export function* strayFrames(park: SiteCameras, seed: number, how: Shooting): Generator<LabelledFrame> {
  const random = createRandom(seed).fork('stray')
  const pose = strayPose(park.site, random)
  if (!pose) return
  const camera = createVirtualCamera({ site: park.site, camera: pose, stage: park.stage, seed })
  const set = { site: park.site, pose, camera, obstacles: [] }
  for (let i = 0; i < 2; i++) {
    const light = randomLight(park.site, random, random.next() < 0.45)
    for (let k = 0; k < 4; k++) yield shoot(set, light, random, seed * 100 + i * 10 + k, how)
  }
}

function strayPose(site: SiteFile, random: Random): Camera | undefined {
  const model = site.cameras[0]
  if (!model) return undefined
  const xs = site.buildings.flatMap((b) => b.footprint.map(([x]) => x as number))
  const ys = site.buildings.flatMap((b) => b.footprint.map(([, y]) => y as number))
  for (let attempt = 0; attempt < 200; attempt++) {
    const x = random.between(Math.min(...xs) - 15, Math.max(...xs) + 15)
    const y = random.between(Math.min(...ys) - 15, Math.max(...ys) + 15)
    const near = site.cameras.some(({ at }) => Math.hypot(at[0] - x, at[1] - y) < apartM)
    if (near || site.buildings.some((b) => pointInPolygon(x, y, b.footprint))) continue
    const z = random.between(2.6, 8)
    return {
      ...model,
      id: 'stray',
      at: [x, y, z],
      headingDeg: random.between(0, 360),
      pitchDeg: -(4 + z * random.between(1.6, 3.2)),
      rollDeg: random.normal(),
      lens: { ...model.lens, hfovDeg: random.between(52, 85) },
    }
  }
  return undefined
}
