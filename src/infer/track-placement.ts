/** From a box in the picture to a place in the park, and how sure. */
import type { BoxInImage, Track } from '../contract/perception.ts'
import { pointInPolygon, signedAreaM2 } from '../site/geometry.ts'
import { type CameraModel, cameraModel, worldFromImage } from '../site/projection.ts'
import type { Camera, Zone } from '../site/schema.ts'

/** A camera with the zones it may see, most specific first. */
export interface CameraPlace {
  readonly model: CameraModel
  readonly zones: readonly Zone[]
  /** Heights of the floors it looks upon, higher ones first since they hide lower ones; the ground is always one. */
  readonly floorsM: readonly number[]
}

/** Ground positions further away say nothing: one pixel is many metres there. */
const farthestM = 150

/** Zones that the site file names for the camera come first, then all others; within each, the smaller ones first. */
export function cameraPlace(camera: Camera, zones: readonly Zone[]): CameraPlace {
  const named = new Set(camera.zones)
  const bySize = [...zones].sort((a, b) => Math.abs(signedAreaM2(a.polygon)) - Math.abs(signedAreaM2(b.polygon)))
  const seen = bySize.filter(({ id }) => named.has(id))
  return {
    model: cameraModel(camera),
    zones: [...seen, ...bySize.filter(({ id }) => !named.has(id))],
    floorsM: [...new Set([...seen.map(({ floorM }) => floorM), 0])].sort((a, b) => b - a),
  }
}

export function placeTracks(
  tracks: readonly Track[],
  place: CameraPlace,
  picture: { readonly width: number; readonly height: number },
): Track[] {
  return tracks.map((track) => placeTrack(track, place, picture))
}

function placeTrack(track: Track, place: CameraPlace, picture: { width: number; height: number }): Track {
  const toModelX = place.model.widthPx / picture.width
  const toModelY = place.model.heightPx / picture.height
  const foot = {
    x: (track.box.x + track.box.width / 2) * toModelX,
    y: (track.box.y + track.box.height) * toModelY,
  }
  const sigmaPx = footSigmaPx(track.box, picture)
  const sigma = { x: sigmaPx.x * toModelX, y: sigmaPx.y * toModelY }
  for (const planeM of place.floorsM) {
    const world = worldFromImage(place.model, foot.x, foot.y, planeM)
    if (!world || world.rangeM > farthestM) continue
    const zone = place.zones.find(
      ({ polygon, floorM }) => floorM === planeM && pointInPolygon(world.eastM, world.northM, polygon),
    )
    if (!zone && planeM !== 0) continue
    const sigmaM = groundSigmaM(place.model, foot, sigma, planeM)
    return {
      ...track,
      world: { eastM: world.eastM, northM: world.northM, sigmaM },
      ...(zone && { zoneId: zone.id }),
    }
  }
  return track
}

/** A box's lower edge wavers with its size; one cut off by the picture's edge has its feet somewhere below. */
function footSigmaPx(box: BoxInImage, picture: { width: number; height: number }): { x: number; y: number } {
  const cutOff = box.y + box.height >= picture.height - 1.5
  return { x: 1 + 0.08 * box.width, y: 1 + (cutOff ? 0.5 : 0.05) * box.height }
}

/** First-order propagation through the projection; the standard deviation along the worst direction. */
function groundSigmaM(
  model: CameraModel,
  foot: { x: number; y: number },
  sigmaPx: { x: number; y: number },
  planeM: number,
): number {
  const spread = (dx: number, dy: number): readonly [number, number] => {
    const a = worldFromImage(model, foot.x + dx, foot.y + dy, planeM)
    const b = worldFromImage(model, foot.x - dx, foot.y - dy, planeM)
    // Beyond the horizon on one side: the uncertainty has no end.
    return a && b ? [(a.eastM - b.eastM) / 2, (a.northM - b.northM) / 2] : [farthestM, farthestM]
  }
  const [ux, uy] = spread(sigmaPx.x, 0)
  const [vx, vy] = spread(0, sigmaPx.y)
  const ee = ux * ux + vx * vx
  const nn = uy * uy + vy * vy
  const en = ux * uy + vx * vy
  const largest = (ee + nn) / 2 + Math.sqrt(((ee - nn) / 2) ** 2 + en * en)
  return Math.min(farthestM, Math.sqrt(largest))
}
