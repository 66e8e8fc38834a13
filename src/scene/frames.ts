import { Matrix4, Quaternion, Vector3 } from 'three'

/**
 * The only conversion between the site's frame (metres, x east, y north, z up) and three's (X east, Y up, Z south).
 * All content of the scene stands in the site's frame below one group turned by `siteToThree`; only the camera and
 * pointer rays live in three's frame.
 */
export type SitePoint = readonly [eastM: number, northM: number, upM: number]

export const siteToThree: Quaternion = new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), -Math.PI / 2)

export function threeFromSite(eastM: number, northM: number, upM: number, into: Vector3 = new Vector3()): Vector3 {
  return into.set(eastM, upM, -northM)
}

export function siteFromThree(v: { readonly x: number; readonly y: number; readonly z: number }): SitePoint {
  return [v.x, -v.z, v.y]
}

/** Pose in the site's frame: heading clockwise from north, an object's own forward is +y. */
export function poseMatrix(at: SitePoint, headingDeg: number, scale = 1, into: Matrix4 = new Matrix4()): Matrix4 {
  const angle = (-headingDeg * Math.PI) / 180
  const c = Math.cos(angle) * scale
  const s = Math.sin(angle) * scale
  return into.set(c, -s, 0, at[0], s, c, 0, at[1], 0, 0, scale, at[2], 0, 0, 0, 1)
}
