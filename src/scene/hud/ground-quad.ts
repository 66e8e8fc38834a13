import type { Point2 } from '../../site/geometry.ts'
import { eyeOf, type View } from '../orbit-rig.ts'

/** Corners of the ground that a view shows, clockwise from the lower left; beyond `farthestM` it is cut off. */
export function groundQuad(
  view: View,
  lens: { readonly fovDeg: number; readonly aspect: number },
  farthestM = view.distanceM * 2.5,
): readonly [Point2, Point2, Point2, Point2] {
  const heading = (view.headingDeg * Math.PI) / 180
  const elevation = (view.elevationDeg * Math.PI) / 180
  const [x, y, z] = eyeOf(view)
  const high = Math.tan((lens.fovDeg * Math.PI) / 360)
  const wide = high * lens.aspect
  const corner = (right: number, up: number): Point2 => {
    // Along the ground, ahead and to the right, and downward, for a ray through the corner.
    const ahead = Math.cos(elevation) + up * high * Math.sin(elevation)
    const down = Math.sin(elevation) - up * high * Math.cos(elevation)
    const side = right * wide
    const flat = Math.hypot(ahead, side)
    const t = down > 1e-6 ? Math.min(z / down, farthestM / flat) : farthestM / flat
    const [e, n] = [
      Math.sin(heading) * ahead + Math.cos(heading) * side,
      Math.cos(heading) * ahead - Math.sin(heading) * side,
    ]
    return [x + e * t, y + n * t]
  }
  return [corner(-1, -1), corner(-1, 1), corner(1, 1), corner(1, -1)]
}
