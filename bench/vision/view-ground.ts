/** A stage on open ground before a camera: where it may be, and whether the camera sees all of it. */
import type { SimWorldMessage, WorldActor } from '../../src/contract/sim-world.ts'
import type { Random } from '../../src/platform/random.ts'
import type { VirtualCamera } from '../../src/sim/camera/virtual-camera.ts'
import { type Point2, pointInPolygon } from '../../src/site/geometry.ts'
import { cameraModel, imageFromWorld, worldFromImage } from '../../src/site/projection.ts'
import type { Camera, SiteFile } from '../../src/site/schema.ts'

/** Plan coordinates as the camera sees them: `across` to its right, `away` from it, metres from the stage's middle. */
export interface ViewGround {
  readonly middle: Point2
  readonly rangeM: number
  readonly halfAcrossM: number
  readonly halfAwayM: number
  /** How far across the picture reaches at the stage's middle. */
  readonly viewHalfM: number
  at(acrossM: number, awayM: number): [number, number]
}

const calmWorld: SimWorldMessage = {
  at: 0,
  sun: [0.3, 0.4, 0.86],
  cloud: 0.5,
  rainMmPerH: 0,
  actors: [],
  openings: {},
  lights: {},
  fires: [],
}

export function person(id: string, look: number, [east, north]: Point2): WorldActor {
  return { id, kind: 'person', at: [east, north, 0], headingDeg: 0, speedMps: 0, phase: 0, look }
}

/** Tries places until the camera sees people at the middle, the corners and on the ways in; undefined where none fits. */
export function findViewGround(
  site: SiteFile,
  pose: Camera,
  camera: VirtualCamera,
  random: Random,
): ViewGround | undefined {
  for (let attempt = 0; attempt < 40; attempt++) {
    const ground = tryGround(pose, random)
    if (!ground) continue
    const { halfAcrossM: w, halfAwayM: d } = ground
    const probes: Point2[] = [
      ground.at(0, 0), ground.at(-w, -d), ground.at(w, -d), ground.at(-w, d), ground.at(w, d),
      ground.at(-w - 3.5, 0), ground.at(w + 3.5, 0), ground.at(0, d + 3.5), ground.at(0, -d - 2),
    ] // biome-ignore format: a star of places
    const walled = probes.some(([e, n]) =>
      site.buildings.some((b) => b.facade.style !== 'open' && pointInPolygon(e, n, b.footprint)),
    )
    if (!walled && probes.every((at, i) => isSeen(camera, at, i))) return ground
  }
  return undefined
}

function tryGround(pose: Camera, random: Random): ViewGround | undefined {
  const model = cameraModel(pose)
  const x = random.between(0.3, 0.7) * model.widthPx
  const rangeM = random.between(9, 22)
  const ray = worldFromImage(model, x, model.heightPx * 0.97)
  if (!ray) return undefined
  const [dx, dy] = [ray.eastM - pose.at[0], ray.northM - pose.at[1]]
  const length = Math.hypot(dx, dy) || 1
  const away: Point2 = [dx / length, dy / length]
  const across: Point2 = [away[1], -away[0]]
  const middle: Point2 = [pose.at[0] + away[0] * rangeM, pose.at[1] + away[1] * rangeM]
  const seen = imageFromWorld(model, middle[0], middle[1], 0)
  if (!seen || seen.y > model.heightPx - 4 || seen.y < 0.2 * model.heightPx) return undefined
  const viewHalfM = (model.widthPx / 2 / model.focalPx) * rangeM * 0.85
  return {
    middle,
    rangeM,
    halfAcrossM: random.between(2.2, Math.max(2.4, Math.min(4.5, viewHalfM * 0.5))),
    halfAwayM: random.between(2, Math.max(2.2, Math.min(4.5, rangeM * 0.22))),
    viewHalfM,
    at: (a, f) => [middle[0] + across[0] * a + away[0] * f, middle[1] + across[1] * a + away[1] * f],
  }
}

function isSeen(camera: VirtualCamera, at: Point2, i: number): boolean {
  const { boxes, width, height } = camera.renderLabelled({ ...calmWorld, at: i, actors: [person('probe', 7 + i, at)] })
  const [box] = boxes
  return (
    box !== undefined &&
    box.visible > 0.8 &&
    box.height >= 16 &&
    box.x > 1 &&
    box.x + box.width < width - 1 &&
    box.y + box.height < height - 2
  )
}
