import type { Camera } from './schema.ts'

/**
 * Pinhole camera with Brown–Conrady distortion (Brown 1966), radial and tangential. Image: x right, y down, origin at the top left pixel's corner.
 * Camera axes: x right, y down, z forward. World: east-north-up metres.
 */
export interface CameraModel {
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number
  readonly k1: number
  readonly k2: number
  readonly p1: number
  readonly p2: number
  readonly at: readonly [number, number, number]
  /** Rows: right, down, forward as world vectors. */
  readonly right: readonly [number, number, number]
  readonly down: readonly [number, number, number]
  readonly forward: readonly [number, number, number]
}

/*
 * Signs: heading turns clockwise seen from above (0 north, 90 east); a negative pitch looks down; a positive roll turns
 * the camera clockwise seen from behind it, so that the picture's content turns counter-clockwise.
 */
const rad = Math.PI / 180

export function cameraModel(camera: Camera): CameraModel {
  const heading = camera.headingDeg * rad
  const pitch = camera.pitchDeg * rad
  const roll = camera.rollDeg * rad
  const forward = [Math.sin(heading) * Math.cos(pitch), Math.cos(heading) * Math.cos(pitch), Math.sin(pitch)] as const
  const level = [Math.cos(heading), -Math.sin(heading), 0] as const
  // up = right × forward
  const up = [
    level[1] * forward[2] - level[2] * forward[1],
    level[2] * forward[0] - level[0] * forward[2],
    level[0] * forward[1] - level[1] * forward[0],
  ] as const
  const c = Math.cos(roll)
  const s = Math.sin(roll)
  const right = [c * level[0] - s * up[0], c * level[1] - s * up[1], c * level[2] - s * up[2]] as const
  const down = [-s * level[0] - c * up[0], -s * level[1] - c * up[1], -s * level[2] - c * up[2]] as const
  return {
    widthPx: camera.lens.widthPx,
    heightPx: camera.lens.heightPx,
    focalPx: camera.lens.widthPx / 2 / Math.tan((camera.lens.hfovDeg * rad) / 2),
    k1: camera.lens.k1,
    k2: camera.lens.k2,
    p1: camera.lens.p1 ?? 0,
    p2: camera.lens.p2 ?? 0,
    at: camera.at,
    right,
    down,
    forward,
  }
}

/**
 * Image position of a world point, with its depth in metres; undefined behind the camera, and so far to the side that a
 * barrel lens's polynomial would fold it back into the picture.
 */
export function imageFromWorld(
  model: CameraModel,
  eastM: number,
  northM: number,
  upM: number,
): { readonly x: number; readonly y: number; readonly depthM: number } | undefined {
  const dx = eastM - model.at[0]
  const dy = northM - model.at[1]
  const dz = upM - model.at[2]
  const depthM = dx * model.forward[0] + dy * model.forward[1] + dz * model.forward[2]
  if (depthM < 1e-3) return undefined
  const u = (dx * model.right[0] + dy * model.right[1] + dz * model.right[2]) / depthM
  const w = (dx * model.down[0] + dy * model.down[1] + dz * model.down[2]) / depthM
  if (isFolded(model, u * u + w * w)) return undefined
  const [ud, wd] = distorted(model, u, w)
  return { x: model.widthPx / 2 + model.focalPx * ud, y: model.heightPx / 2 + model.focalPx * wd, depthM }
}

/** Beyond the first radius at which what lies farther out no longer comes farther out in the picture. */
function isFolded({ k1, k2 }: CameraModel, r2: number): boolean {
  if (k1 >= 0 && k2 >= 0) return false
  const slope = (at: number) => 1 + 3 * k1 * at + 5 * k2 * at * at
  // The slope is a parabola of r²; up to its lowest point it falls, and may rise above 0 again beyond.
  const lowest = k2 > 0 ? Math.min(r2, (-3 * k1) / (10 * k2)) : r2
  return slope(r2) <= 0 || slope(lowest) <= 0
}

function distorted({ k1, k2, p1, p2 }: CameraModel, u: number, w: number): readonly [u: number, w: number] {
  const r2 = u * u + w * w
  const gain = 1 + k1 * r2 + k2 * r2 * r2
  return [u * gain + 2 * p1 * u * w + p2 * (r2 + 2 * u * u), w * gain + p1 * (r2 + 2 * w * w) + 2 * p2 * u * w]
}

/** Where the ray through a pixel meets the horizontal plane at `planeM`; undefined above the horizon. */
export function worldFromImage(
  model: CameraModel,
  x: number,
  y: number,
  planeM = 0,
): { readonly eastM: number; readonly northM: number; readonly rangeM: number } | undefined {
  const [u, w] = undistorted(model, (x - model.widthPx / 2) / model.focalPx, (y - model.heightPx / 2) / model.focalPx)
  const ray = (axis: 0 | 1 | 2) => model.right[axis] * u + model.down[axis] * w + model.forward[axis]
  const [rx, ry, rz] = [ray(0), ray(1), ray(2)]
  if (rz > -1e-6) return undefined
  const scale = (planeM - model.at[2]) / rz
  if (scale <= 0) return undefined
  return { eastM: model.at[0] + rx * scale, northM: model.at[1] + ry * scale, rangeM: scale * Math.hypot(rx, ry, rz) }
}

/** Inverse of the distortion: the radial part exactly, the small tangential part by correcting what is left over. */
function undistorted(model: CameraModel, xd: number, yd: number): readonly [u: number, w: number] {
  let [u, w] = withoutRadial(model, xd, yd)
  if (model.p1 === 0 && model.p2 === 0) return [u, w]
  for (let i = 0; i < 20; i++) {
    const [x, y] = distorted(model, u, w)
    u += xd - x
    w += yd - y
    if (Math.hypot(xd - x, yd - y) < 1e-12) break
  }
  return [u, w]
}

/** Newton's method on the radius, which converges where the model is monotonic. */
function withoutRadial(model: CameraModel, xd: number, yd: number): readonly [u: number, w: number] {
  const goal = Math.hypot(xd, yd)
  if (goal < 1e-9 || (model.k1 === 0 && model.k2 === 0)) return [xd, yd]
  let r = goal
  for (let i = 0; i < 12; i++) {
    const r2 = r * r
    const slope = 1 + 3 * model.k1 * r2 + 5 * model.k2 * r2 * r2
    if (slope < 0.05) break
    const step = (r * (1 + model.k1 * r2 + model.k2 * r2 * r2) - goal) / slope
    r -= step
    if (Math.abs(step) < 1e-12) break
  }
  return [(xd * r) / goal, (yd * r) / goal]
}

/** How well a camera's pose is known: standard deviations. */
export interface PoseSigma {
  readonly positionM: number
  readonly headingDeg: number
  readonly pitchDeg: number
}

/** Of a place on the ground: variances along east and north, and their covariance. */
export interface GroundCovariance {
  readonly eeM2: number
  readonly nnM2: number
  readonly enM2: number
}

/**
 * How unsure a pixel's place on the plane is, to first order: the pixel's own σ through the projection, and the pose's
 * (a wrong heading turns the place around the camera, a wrong pitch or height moves it along the line of sight).
 * Undefined above the horizon, and where one pixel more would be.
 */
export function groundCovariance(
  model: CameraModel,
  pixel: { readonly x: number; readonly y: number },
  sigmaPx: { readonly x: number; readonly y: number },
  planeM: number,
  pose: PoseSigma,
): GroundCovariance | undefined {
  const at = (dx: number, dy: number) => worldFromImage(model, pixel.x + dx, pixel.y + dy, planeM)
  const [here, left, right, above, below] = [at(0, 0), at(-0.5, 0), at(0.5, 0), at(0, -0.5), at(0, 0.5)]
  if (!here || !left || !right || !above || !below) return undefined
  const [ex, nx] = [(right.eastM - left.eastM) * sigmaPx.x, (right.northM - left.northM) * sigmaPx.x]
  const [ey, ny] = [(below.eastM - above.eastM) * sigmaPx.y, (below.northM - above.northM) * sigmaPx.y]
  const [east, north] = [here.eastM - model.at[0], here.northM - model.at[1]]
  const reachM = Math.max(0.1, Math.hypot(east, north))
  const dropM = Math.max(0.1, model.at[2] - planeM)
  const across = (reachM * pose.headingDeg * rad) ** 2
  const along =
    ((reachM * reachM + dropM * dropM) * (pose.pitchDeg * rad)) ** 2 / dropM ** 2 +
    ((reachM / dropM) * pose.positionM) ** 2
  const [ue, un] = [east / reachM, north / reachM]
  const own = pose.positionM ** 2
  return {
    eeM2: ex * ex + ey * ey + ue * ue * along + un * un * across + own,
    nnM2: nx * nx + ny * ny + un * un * along + ue * ue * across + own,
    enM2: ex * nx + ey * ny + ue * un * (along - across),
  }
}

/** Standard deviation along the worst direction, in metres. */
export function worstSigmaM({ eeM2, nnM2, enM2 }: GroundCovariance): number {
  return Math.sqrt(Math.max(0, (eeM2 + nnM2) / 2 + Math.hypot((eeM2 - nnM2) / 2, enM2)))
}
