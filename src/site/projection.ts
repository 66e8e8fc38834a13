import type { Camera } from './schema.ts'

/**
 * Pinhole camera with Brown–Conrady radial distortion. Image: x right, y down, origin at the top left pixel's corner.
 * Camera axes: x right, y down, z forward. World: east-north-up metres.
 */
export interface CameraModel {
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number
  readonly k1: number
  readonly k2: number
  readonly at: readonly [number, number, number]
  /** Rows: right, down, forward as world vectors. */
  readonly right: readonly [number, number, number]
  readonly down: readonly [number, number, number]
  readonly forward: readonly [number, number, number]
}

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
    at: camera.at,
    right,
    down,
    forward,
  }
}

/** Image position of a world point, with its depth in metres; undefined behind the camera. */
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
  const r2 = u * u + w * w
  const gain = 1 + model.k1 * r2 + model.k2 * r2 * r2
  return { x: model.widthPx / 2 + model.focalPx * u * gain, y: model.heightPx / 2 + model.focalPx * w * gain, depthM }
}

/** Where the ray through a pixel meets the horizontal plane at `planeM`; undefined above the horizon. */
export function worldFromImage(
  model: CameraModel,
  x: number,
  y: number,
  planeM = 0,
): { readonly eastM: number; readonly northM: number; readonly rangeM: number } | undefined {
  const xd = (x - model.widthPx / 2) / model.focalPx
  const yd = (y - model.heightPx / 2) / model.focalPx
  let u = xd
  let w = yd
  for (let i = 0; i < 8; i++) {
    const r2 = u * u + w * w
    const gain = 1 + model.k1 * r2 + model.k2 * r2 * r2
    u = xd / gain
    w = yd / gain
  }
  const [rx, ry, rz] = [0, 1, 2].map(
    (i) => (model.right[i] ?? 0) * u + (model.down[i] ?? 0) * w + (model.forward[i] ?? 0),
  ) as [number, number, number]
  if (rz > -1e-6) return undefined
  const scale = (planeM - model.at[2]) / rz
  if (scale <= 0) return undefined
  return { eastM: model.at[0] + rx * scale, northM: model.at[1] + ry * scale, rangeM: scale * Math.hypot(rx, ry, rz) }
}
