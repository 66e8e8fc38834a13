import { pointInPolygon } from '../site/geometry.ts'
import type { SitePoint } from './frames.ts'
import { eyeOf, type View } from './orbit-rig.ts'
import { hitPrism, type Prism } from './picking.ts'

const turnsDeg = [0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180]
/** A turn must be worth it: each degree costs this share of what is seen. */
const costPerDeg = 0.001

/** The view turned as little as is needed to see `points` past the buildings. */
export function withClearSight(view: View, points: readonly SitePoint[], buildings: readonly Prism[]): View {
  const inTheWay = buildings.filter(
    ({ polygon, highM }) => !(view.target[2] < highM && pointInPolygon(view.target[0], view.target[1], polygon)),
  )
  let best = view
  let bestWorth = Number.NEGATIVE_INFINITY
  for (const turnDeg of turnsDeg) {
    const turned = { ...view, headingDeg: view.headingDeg + turnDeg }
    const eye = eyeOf(turned)
    const seen = points.filter((point) => sees(eye, point, inTheWay)).length / Math.max(1, points.length)
    const worth = seen - Math.abs(turnDeg) * costPerDeg
    if (worth <= bestWorth + 1e-9) continue
    best = turned
    bestWorth = worth
  }
  return best
}

function sees(eye: SitePoint, point: SitePoint, inTheWay: readonly Prism[]): boolean {
  const ray = { origin: eye, direction: [point[0] - eye[0], point[1] - eye[1], point[2] - eye[2]] as const }
  return inTheWay.every((prism) => (hitPrism(ray, prism) ?? 1) >= 0.999)
}
