import { centroid } from '../site/geometry.ts'
import { cameraModel } from '../site/projection.ts'
import type { Camera } from '../site/schema.ts'
import { withClearSight } from './clear-sight.ts'
import type { SitePoint } from './frames.ts'
import { fieldOfViewDeg } from './framing.ts'
import type { BuildingParts } from './kit/architecture-building.ts'
import { boardOf } from './kit/architecture-ground.ts'
import type { RigLimits, View } from './orbit-rig.ts'
import { whereIs } from './scene-index.ts'
import type { Picked } from './selection.ts'
import type { ParkStage } from './stage.ts'
import { liftM, mostApart } from './storeys-apart.ts'

/** So much around a thing is shown at least, for its place to be recognised. */
const leastReachM = { building: 0, storey: 0, zone: 18, device: 9, camera: 14, track: 10 } as const
const elevationDeg = { building: 32, storey: 52, zone: 48, device: 36, camera: 30, track: 34 } as const

function spanM(stage: ParkStage): number {
  const board = boardOf(stage.index.site.ground)
  return Math.hypot(board.east - board.west, board.north - board.south)
}

export function rigLimits(stage: ParkStage): RigLimits {
  return { ...boardOf(stage.index.site.ground), maxDistanceM: spanM(stage) * 2.4 }
}

/** The whole park, from the south-east. */
export function homeView(stage: ParkStage): View {
  const board = boardOf(stage.index.site.ground)
  const span = spanM(stage)
  return {
    target: [(board.east + board.west) / 2 + span * 0.015, (board.north + board.south) / 2 - span * 0.045, 0],
    headingDeg: 332,
    elevationDeg: 33,
    distanceM: span * 1.23,
  }
}

/** Where to look from to see a thing, past the buildings that would hide it; undefined where nobody knows its place. */
export function viewOf(stage: ParkStage, to: Picked, headingDeg: number): View | undefined {
  const mover = to.kind === 'track' ? stage.named.tracks.movers.find((m) => m.track.id === to.id) : undefined
  const place = mover ? { at: [mover.eastM, mover.northM, 0] as const, radiusM: 10 } : whereIs(stage.index, to)
  if (!place) return undefined
  const { apart } = stage.attention
  if (apart && (to.kind === 'building' || to.kind === 'storey')) return viewApart(apart, headingDeg)
  const reachM = Math.max(place.radiusM * 1.25, leastReachM[to.kind])
  const view: View = {
    target: place.at,
    headingDeg,
    elevationDeg: elevationDeg[to.kind],
    distanceM: reachM / Math.tan((fieldOfViewDeg * Math.PI) / 360),
  }
  if (to.kind === 'building' || to.kind === 'storey') return view
  const [x, y, z] = place.at
  const half = place.radiusM / 2
  const around = [-half, half].flatMap((dx) => [-half, half].map((dy): SitePoint => [x + dx, y + dy, z + 1]))
  return withClearSight(view, [place.at, ...around], stage.named.buildings.prisms)
}

/** All storeys of a building drawn apart. */
function viewApart(apart: BuildingParts, headingDeg: number): View {
  const { building, topM } = apart
  const last = Math.min(mostApart, building.storeys.length) - 1
  const highM = topM + liftM({ apart }, building.id, last)
  const [x, y] = centroid(building.footprint)
  const reachM = Math.max(...building.footprint.map((p) => Math.hypot(p[0] - x, p[1] - y)), highM * 0.75)
  return {
    target: [x, y, highM * 0.45],
    headingDeg,
    elevationDeg: 26,
    distanceM: (reachM * 1.2) / Math.tan((fieldOfViewDeg * Math.PI) / 360),
  }
}

/** From a camera's own place along its own axis; the eye of this view is the camera's lens. Roll is left out. */
export function viewThrough(camera: Camera): View {
  const { at, forward } = cameraModel(camera)
  const downward = Math.max(0.11, -forward[2])
  const distanceM = Math.max(8, Math.min(40, at[2] / downward))
  return {
    target: [at[0] + forward[0] * distanceM, at[1] + forward[1] * distanceM, at[2] + forward[2] * distanceM],
    headingDeg: camera.headingDeg,
    elevationDeg: -camera.pitchDeg,
    distanceM,
  }
}
