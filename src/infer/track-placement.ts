/** From boxes in the picture to places in the park, and how sure. */
import type { BoxInImage, GroundPlace, Track } from '../contract/perception.ts'
import { pointInPolygon, signedAreaM2 } from '../site/geometry.ts'
import { type CameraModel, cameraModel, type PoseSigma, worstSigmaM } from '../site/projection.ts'
import type { Camera, Zone } from '../site/schema.ts'
import { measureGround, type SeenBox } from './ground-measure.ts'
import {
  type GroundMeasure,
  type GroundMotion,
  groundSurprise,
  moveGround,
  placeOfMotion,
  scaled,
  seeGround,
  startGround,
} from './ground-motion.ts'

/** A camera with the zones it may see, most specific first. */
export interface CameraPlace {
  readonly model: CameraModel
  readonly poseSigma: PoseSigma
  readonly zones: readonly Zone[]
  /** Heights of the floors it looks upon, higher ones first since they hide lower ones; the ground is always one. */
  readonly floorsM: readonly number[]
}

interface Picture {
  readonly width: number
  readonly height: number
}

/** Ground positions further away say nothing: one pixel is many metres there. */
const farthestM = 150
/** A pose that was measured or drawn rather than solved from pictures. */
const surveyedPose: PoseSigma = { positionM: 0.05, headingDeg: 0.1, pitchDeg: 0.1 }

/** Zones that the site file names for the camera come first, then all others; within each, the smaller ones first. */
export function cameraPlace(camera: Camera, zones: readonly Zone[]): CameraPlace {
  const named = new Set(camera.zones)
  const bySize = [...zones].sort((a, b) => Math.abs(signedAreaM2(a.polygon)) - Math.abs(signedAreaM2(b.polygon)))
  const seen = bySize.filter(({ id }) => named.has(id))
  return {
    model: cameraModel(camera),
    poseSigma: camera.poseSigma ?? surveyedPose,
    zones: [...seen, ...bySize.filter(({ id }) => !named.has(id))],
    floorsM: [...new Set([...seen.map(({ floorM }) => floorM), 0])].sort((a, b) => b - a),
  }
}

/** Each look by itself, without memory. */
export function placeTracks(tracks: readonly Track[], place: CameraPlace, picture: Picture): Track[] {
  return tracks.map((track) => {
    const stand = standOf(track, tracks, place, picture)
    return stand ? placed(track, placeOfMeasure(stand.measure), stand.zone) : track
  })
}

/** By track id: how it moves on the ground. */
export type GroundPaths = ReadonlyMap<string, { readonly motion: GroundMotion; readonly atMs: number }>

/** Of a place's error, what changes from look to look, and what stays: a bias that no averaging takes away. */
const jitterShare = 0.3
const biasShare = 0.5
/** A path is remembered for as long as its track may be found again. */
const keptMs = 3000
/** A measure this far off (χ², 2 degrees of freedom) is a track that jumped: the path begins anew. */
const jump = 30

/** Each look joined with those before it: steadier, with a velocity, and carried on while a track is unseen. */
export function followOnGround(
  paths: GroundPaths,
  tracks: readonly Track[],
  place: CameraPlace,
  picture: Picture,
  atMs: number,
): { readonly paths: GroundPaths; readonly tracks: Track[] } {
  const next = new Map([...paths].filter(([, path]) => atMs - path.atMs <= keptMs))
  const followed = tracks.map((track) => {
    const stand = standOf(track, tracks, place, picture)
    const before = paths.get(track.id)
    if (!stand) return track
    const noise = { ...stand.measure, covariance: scaled(stand.measure.covariance, jitterShare) }
    const ahead = before && moveGround(before.motion, (atMs - before.atMs) / 1000)
    const sighted = track.lastSeenMs === atMs
    const fits = ahead && groundSurprise(ahead, stand.measure) <= jump
    const motion = !fits ? startGround(noise) : sighted ? seeGround(ahead, noise) : ahead
    next.set(track.id, { motion, atMs })
    return placed(track, placeOfMotion(motion, scaled(stand.measure.covariance, biasShare)), stand.zone)
  })
  return { paths: next, tracks: followed }
}

interface Stand {
  readonly measure: GroundMeasure
  readonly zone: Zone | undefined
}

function standOf(track: Track, all: readonly Track[], place: CameraPlace, picture: Picture): Stand | undefined {
  const box = inModel(track, all, place.model, picture)
  for (const planeM of place.floorsM) {
    const measure = measureGround(place.model, box, planeM, place.poseSigma)
    if (!measure) continue
    const { eastM, northM } = measure
    if (Math.hypot(eastM - place.model.at[0], northM - place.model.at[1]) > farthestM) continue
    const zone = place.zones.find(({ polygon, floorM }) => floorM === planeM && pointInPolygon(eastM, northM, polygon))
    if (zone || planeM === 0) return { measure, zone }
  }
  return undefined
}

function placed(track: Track, place: GroundPlace, zone: Zone | undefined): Track {
  return { ...track, world: { ...place, sigmaM: Math.min(farthestM, place.sigmaM) }, ...(zone && { zoneId: zone.id }) }
}

const placeOfMeasure = ({ eastM, northM, covariance }: GroundMeasure): GroundPlace => ({
  eastM,
  northM,
  covariance,
  sigmaM: worstSigmaM(covariance),
})

const edgePx = 1.5

function inModel(track: Track, all: readonly Track[], model: CameraModel, picture: Picture): SeenBox {
  const { box } = track
  const [byX, byY] = [model.widthPx / picture.width, model.heightPx / picture.height]
  return {
    className: track.className,
    x: box.x * byX,
    y: box.y * byY,
    width: box.width * byX,
    height: box.height * byY,
    feetHidden: box.y + box.height >= picture.height - edgePx || all.some((other) => hidesFeet(other.box, box)),
    headHidden: box.y <= edgePx,
    sideHidden: box.x <= edgePx || box.x + box.width >= picture.width - edgePx,
  }
}

/** What reaches further down stands nearer; it hides the feet when it covers most of the lowest quarter. */
function hidesFeet(nearer: BoxInImage, box: BoxInImage): boolean {
  const foot = box.y + box.height
  if (nearer === box || nearer.y + nearer.height < foot + 0.15 * box.height || nearer.y > foot - 0.25 * box.height)
    return false
  const shared = Math.min(nearer.x + nearer.width, box.x + box.width) - Math.max(nearer.x, box.x)
  return shared > 0.6 * box.width
}
