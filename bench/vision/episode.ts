/** A clip from a seed: a held-out camera, a stage before it, a script, a light, and things that mean nothing. */
import { readFileSync } from 'node:fs'
import { isIgnored, labelRule } from '../../models/training/detector-labels.ts'
import { randomLight } from '../../models/training/detector-scene.ts'
import { randomPark } from '../../models/training/detector-world.ts'
import type { SimWorldMessage } from '../../src/contract/sim-world.ts'
import { createRandom, type Random } from '../../src/platform/random.ts'
import {
  createStage,
  createVirtualCamera,
  type SiteStage,
  type VirtualCamera,
} from '../../src/sim/camera/virtual-camera.ts'
import { type DistractorPlan, planDistractors, usualCounts } from '../../src/sim/distractors.ts'
import { groundInView } from '../../src/sim/site-distractors.ts'
import { parseSite } from '../../src/site/load.ts'
import { cameraModel } from '../../src/site/projection.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'
import { Refusal } from '../refusal.ts'
import { outlineOf, type Script, scripts, stageZone } from './scripts.ts'
import { findViewGround } from './view-ground.ts'
import { actorAt } from './walk.ts'

/** Wednesday noon on the campus: in hours everywhere but on the stage. */
export const clipStartMs = Date.UTC(2026, 5, 10, 4)

/** How often each script comes up in a round. */
const round: readonly string[] = Object.entries({
  intrusion: 5, intrusionNot: 2, line: 4, lineNot: 2, dwell: 3, dwellNot: 1, crowd: 3, crowdNot: 1,
  wrongWay: 3, wrongWayNot: 1, wrongParking: 3, wrongParkingNot: 1, unmanned: 2, unmannedNot: 1,
  leave: 2, leaveNot: 1, leftObject: 3, leftObjectNot: 2, fire: 3, smoke: 2, nothing: 3,
}).flatMap(([kind, times]) => Array.from({ length: times }, () => kind)) // biome-ignore format: a mix reads better in rows

export const scriptOf = (index: number): string => round[(index * 17) % round.length] as string

export interface Episode {
  readonly kind: string
  readonly place: string
  readonly mood: string
  readonly site: SiteFile
  readonly pose: Camera
  readonly camera: VirtualCamera
  readonly script: Script
  worldAt(timeS: number): SimWorldMessage
}

/** A site whose cameras are tried; its stage is drawn once. */
export interface TriedSite {
  readonly site: SiteFile
  readonly stage: SiteStage
}

export function loadTriedSite(path: string): TriedSite {
  const parsed = parseSite(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.ok) throw new Refusal(`${path}: ${parsed.error.path} ${parsed.error.message}`)
  return { site: parsed.value, stage: createStage(parsed.value) }
}

/** Every other clip on a random park that nobody trained on, the rest on the given sites; `onlySites` leaves parks out. */
export function makeEpisode(seed: number, index: number, tried: readonly TriedSite[], onlySites: boolean): Episode {
  const kind = scriptOf(index)
  for (let attempt = 0; ; attempt++) {
    const random = createRandom(seed).fork(`episode ${attempt}`)
    const park = (!onlySites && Math.floor(index / 2) % 2 === 0) || tried.length === 0
    const built = park ? parkCamera(seed, attempt) : siteCamera(tried[index % tried.length] as TriedSite, random)
    const ground = findViewGround(built.site, built.pose, built.camera, random)
    const make = scripts[kind]
    if (!make) throw new Error(`no script ${kind}`)
    if (!ground) {
      if (attempt > 60) throw new Error(`seed ${seed}: no camera sees open ground`)
      continue
    }
    const script = lastingEnough(make(random.fork('script'), ground))
    const site = staged(built.site, built.pose, script, ground)
    const pose = site.cameras[0] as Camera
    const { mood, worldAt } = moments(site, pose, script, random.fork('light'))
    if (!showsItsFires(built.camera, script, worldAt) || !showsItsThings(built.camera, script, worldAt)) continue
    return { ...built, kind, site, pose, script, mood, worldAt }
  }
}

/** Long enough for the last true event to be said, and no longer than eight seconds for nothing. */
function lastingEnough(script: Script): Script {
  const { truth } = script
  if (truth.length === 0) return script
  const lastS = Math.max(...truth.map(({ type, atS }) => atS + (type === 'fire' || type === 'smoke' ? 7 : 4)))
  return { ...script, durationS: Math.max(8, lastS) }
}

/**
 * What burns must be seen to burn in the clip's own light, by the rule of the detector's card, in most of the pictures in
 * which it could be told; or nothing is true of it.
 */
function showsItsFires(camera: VirtualCamera, { truth }: Script, worldAt: Episode['worldAt']): boolean {
  const burning = truth.filter(({ type }) => type === 'fire' || type === 'smoke')
  return burning.every(({ type, atS }) => {
    const shown = [1, 2, 3, 4, 5].filter((afterS) =>
      camera
        .renderLabelled(worldAt(atS + afterS))
        .boxes.some((box) => box.className === type && !isIgnored(box) && box.width >= 6 && box.height >= 9),
    )
    return shown.length >= 4
  })
}

/** What was put down must show as well, by the rule of the card: in most pictures once it stands alone. */
function showsItsThings(camera: VirtualCamera, { truth }: Script, worldAt: Episode['worldAt']): boolean {
  const left = truth.filter(({ type }) => type === 'leftObject')
  return left.every(({ atS }) => {
    const shown = [-3, -2, -1, 0, 1].filter((afterS) => {
      const world = worldAt(atS + afterS)
      const without = { ...world, distractors: (world.distractors ?? []).filter(({ kind }) => kind !== 'luggage') }
      // The second picture writes over the first.
      const seen = camera.render(world).rgba.slice()
      return isNameable(seen, camera.render(without).rgba, camera.width)
    })
    return shown.length >= 4
  })
}

/** Levels by which a picture differs where something stands in it; noise is the same in both. */
const thingContrast = 12

function isNameable(seen: Uint8ClampedArray, without: Uint8ClampedArray, widthPx: number): boolean {
  const [xs, ys]: [number[], number[]] = [[], []]
  for (let i = 0; i < seen.length; i += 4) {
    const differs = [0, 1, 2].some(
      (c) => Math.abs((seen[i + c] as number) - (without[i + c] as number)) >= thingContrast,
    )
    if (!differs) continue
    xs.push((i / 4) % widthPx)
    ys.push(Math.floor(i / 4 / widthPx))
  }
  if (xs.length < labelRule.distinctPx) return false
  const sides = [xs, ys].map((at) => Math.max(...at) - Math.min(...at) + 1)
  return Math.max(...sides) >= labelRule.longerSidePx && Math.min(...sides) >= labelRule.shorterSidePx
}

interface Built {
  readonly place: string
  readonly site: SiteFile
  readonly pose: Camera
  readonly camera: VirtualCamera
}

function parkCamera(seed: number, attempt: number): Built {
  const park = randomPark(createRandom(seed + attempt * 7919).fork('park'))
  const stage = createStage(park.site, park.parts)
  const camera = createVirtualCamera({ site: park.site, camera: park.camera, stage, seed })
  return { place: 'park', site: park.site, pose: park.camera, camera }
}

/** One of the site's cameras, hung a little otherwise than anybody trained on. */
function siteCamera({ site, stage }: TriedSite, random: Random): Built {
  const chosen = site.cameras[random.integer(0, site.cameras.length - 1)]
  if (!chosen) throw new Refusal(`site ${site.id} has no camera`)
  const pose: Camera = {
    ...chosen,
    at: [
      chosen.at[0] + random.between(-0.8, 0.8),
      chosen.at[1] + random.between(-0.8, 0.8),
      Math.max(2.5, chosen.at[2] + random.between(-0.6, 0.6)),
    ],
    headingDeg: chosen.headingDeg + random.between(-10, 10),
    pitchDeg: chosen.pitchDeg + random.between(-2.5, 2.5),
  }
  return { place: site.id, site, pose, camera: createVirtualCamera({ site, camera: pose, stage }) }
}

function staged(site: SiteFile, pose: Camera, script: Script, ground: Parameters<typeof outlineOf>[0]): SiteFile {
  const [from, to] = script.way ?? []
  const nodes = from && to ? [{ id: 'way-from', at: [...from] as [number, number] }, { id: 'way-to', at: [...to] as [number, number] }] : [] // biome-ignore format: two nodes
  const edges = script.way
    ? [{ a: 'way-from', b: 'way-to', kind: 'drive' as const, gate: undefined, oneWay: true }]
    : []
  const outline = outlineOf(ground).map(([e, n]): [number, number] => [e, n])
  const zone = { id: stageZone, name: 'Stage', kind: 'outdoor', polygon: outline, floorM: 0, heightM: 3, access: 'public', capacity: 0, conditioned: false, ...script.zone } as SiteFile['zones'][number] // biome-ignore format: a row
  return {
    ...site,
    zones: [zone, ...site.zones],
    rules: { lines: [], dwell: [], crowds: [], posts: [], parking: [], leftObjects: [], ...script.rules },
    cameras: [{ ...pose, zones: [stageZone] }],
    paths: { nodes: [...site.paths.nodes, ...nodes], edges: [...site.paths.edges, ...edges] },
  }
}

function moments(site: SiteFile, pose: Camera, script: Script, random: Random): Pick<Episode, 'worldAt' | 'mood'> {
  const mood = random.pick(['day', 'day', 'day', 'dusk', 'night', 'night'] as const)
  const light = lightOfMood(site, mood, random)
  const strays = straysOf(site, pose, light, mood, random)
  return {
    mood: light.rainMmPerH > 0 ? `${mood}, rain` : mood,
    worldAt(timeS) {
      const { animals, distractors, wet } = strays.at(timeS)
      const walkers = script.walks.flatMap((walk) => actorAt(walk, timeS) ?? [])
      return {
        at: clipStartMs + Math.round(timeS * 1000),
        ...light,
        actors: [...walkers, ...animals],
        openings: {},
        fires: script.fires(timeS),
        distractors: [...distractors, ...(script.things?.(timeS) ?? [])],
        wet,
      }
    },
  }
}

function lightOfMood(site: SiteFile, mood: 'day' | 'dusk' | 'night', random: Random) {
  const light = randomLight(site, random, mood === 'night')
  if (mood === 'night') return light
  const height = mood === 'dusk' ? random.between(-0.08, 0.12) : random.between(0.18, 0.95)
  const azimuth = random.between(0, 2 * Math.PI)
  const flat = Math.sqrt(1 - height * height)
  return { ...light, sun: [Math.sin(azimuth) * flat, Math.cos(azimuth) * flat, height] as [number, number, number] }
}

function straysOf(
  site: SiteFile,
  pose: Camera,
  { cloud, rainMmPerH }: Pick<SimWorldMessage, 'cloud' | 'rainMmPerH'>,
  mood: string,
  random: Random,
): DistractorPlan {
  const model = cameraModel(pose)
  const place = () => groundInView(site, model, random, 28)
  const scene = {
    place,
    windMps: random.between(0.5, 8),
    dark: mood !== 'day',
    sunny: mood === 'day' && cloud < 0.7,
    rainMmPerH,
  }
  return planDistractors(random, scene, usualCounts(random, scene))
}
