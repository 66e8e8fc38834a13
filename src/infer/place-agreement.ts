/** Whether two places on the ground can be the same thing, and where it is if they are. */
import type { GroundPlace } from '../contract/perception.ts'
import { type GroundCovariance, worstSigmaM } from '../site/projection.ts'

export interface PlaceAt {
  readonly place: GroundPlace
  readonly atMs: number
}

/** How well cameras are aligned with one another, beyond what each says of itself. */
const alignmentSigmaM = 0.25
/** σ of the change of a velocity over a second; of a velocity nobody measured. */
const restlessMps = 0.8
const unknownMps = 1.5
/** Share of a velocity's disagreement that counts: cameras learn velocities slowly. */
const velocitySlackMps = 0.4
/** Things that look alike per square metre; what joining has to beat. */
const densityPerM2 = 0.02
const longestMoveS = 4

interface Moved extends GroundCovariance {
  readonly eastM: number
  readonly northM: number
}

/**
 * Squared Mahalanobis distance of place and velocity, plus what vagueness costs: two wide ellipses overlap easily,
 * which says little. Scores as −2 ln of the likelihood ratio against two separate things.
 */
export function disagreement(a: PlaceAt, b: PlaceAt): number {
  const [p, q] = [movedTo(a, b.atMs), movedTo(b, b.atMs)]
  const extra = alignmentSigmaM ** 2
  const [se, sn, sx] = [p.eeM2 + q.eeM2 + extra, p.nnM2 + q.nnM2 + extra, p.enM2 + q.enM2]
  const det = Math.max(1e-9, se * sn - sx * sx)
  const [de, dn] = [p.eastM - q.eastM, p.northM - q.northM]
  const apart = (de * de * sn - 2 * de * dn * sx + dn * dn * se) / det
  const vague = Math.log(det) + 2 * Math.log(2 * Math.PI * densityPerM2)
  return apart + Math.max(0, vague + 6) + velocityApart(a.place, b.place)
}

function velocityApart(a: GroundPlace, b: GroundPlace): number {
  if (!a.velocity || !b.velocity) return 0
  const sigma2 = a.velocity.sigmaMps ** 2 + b.velocity.sigmaMps ** 2 + velocitySlackMps ** 2
  const [de, dn] = [a.velocity.eastMps - b.velocity.eastMps, a.velocity.northMps - b.velocity.northMps]
  return (de * de + dn * dn) / sigma2
}

/** The most likely place given all, at one moment; undefined without any. */
export function placesJoined(places: readonly PlaceAt[], atMs: number): PlaceAt | undefined {
  let [ee, nn, en, east, north] = [0, 0, 0, 0, 0]
  let [weights, eastMps, northMps] = [0, 0, 0]
  for (const one of places) {
    const m = movedTo(one, atMs)
    const det = Math.max(1e-9, m.eeM2 * m.nnM2 - m.enM2 * m.enM2)
    const [iee, inn, ien] = [m.nnM2 / det, m.eeM2 / det, -m.enM2 / det]
    ee += iee
    nn += inn
    en += ien
    east += iee * m.eastM + ien * m.northM
    north += ien * m.eastM + inn * m.northM
    const { velocity } = one.place
    if (!velocity) continue
    const weight = 1 / Math.max(0.01, velocity.sigmaMps ** 2)
    weights += weight
    eastMps += weight * velocity.eastMps
    northMps += weight * velocity.northMps
  }
  const det = ee * nn - en * en
  if (!(det > 0)) return undefined
  const covariance = { eeM2: nn / det, nnM2: ee / det, enM2: -en / det }
  const velocity = weights > 0 && {
    eastMps: eastMps / weights,
    northMps: northMps / weights,
    sigmaMps: Math.sqrt(1 / weights),
  }
  const place: GroundPlace = {
    eastM: covariance.eeM2 * east + covariance.enM2 * north,
    northM: covariance.enM2 * east + covariance.nnM2 * north,
    sigmaM: worstSigmaM(covariance),
    covariance,
    ...(velocity && { velocity }),
  }
  return { place, atMs }
}

function movedTo({ place, atMs }: PlaceAt, toMs: number): Moved {
  const stepS = Math.max(-longestMoveS, Math.min(longestMoveS, (toMs - atMs) / 1000))
  const { velocity } = place
  const own = place.covariance ?? { eeM2: place.sigmaM ** 2, nnM2: place.sigmaM ** 2, enM2: 0 }
  const grown = ((velocity?.sigmaMps ?? unknownMps) * stepS) ** 2 + (restlessMps ** 2 * Math.abs(stepS) ** 3) / 3
  return {
    eastM: place.eastM + (velocity?.eastMps ?? 0) * stepS,
    northM: place.northM + (velocity?.northMps ?? 0) * stepS,
    eeM2: own.eeM2 + grown,
    nnM2: own.nnM2 + grown,
    enM2: own.enM2,
  }
}
