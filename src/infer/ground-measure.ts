/** Where a box in the picture stands on the ground: by its lower edge, and for people also by the height of the head. */
import type { BoxInImage } from '../contract/perception.ts'
import {
  type CameraModel,
  type GroundCovariance,
  groundCovariance,
  type PoseSigma,
  worldFromImage,
} from '../site/projection.ts'
import { type GroundMeasure, groundSurprise, scaled, startGround } from './ground-motion.ts'

/** A box in the model's pixels, and what of it is not the thing's own edge. */
export interface SeenBox extends BoxInImage {
  readonly className: string
  /** The lower part is out of the picture, or behind something nearer. */
  readonly feetHidden: boolean
  readonly headHidden: boolean
  readonly sideHidden: boolean
}

interface Build {
  /** From the line where it meets the ground, nearest to the camera, to its middle: mean and σ. */
  readonly standOffM: number
  readonly standOffSigmaM: number
}

const builds: Readonly<Record<string, Build>> = {
  person: { standOffM: 0.05, standOffSigmaM: 0.1 },
  bicycle: { standOffM: 0.3, standOffSigmaM: 0.25 },
  car: { standOffM: 0.9, standOffSigmaM: 0.5 },
  forklift: { standOffM: 0.6, standOffSigmaM: 0.35 },
  truck: { standOffM: 1.5, standOffSigmaM: 1 },
}
const anyBuild: Build = { standOffM: 0, standOffSigmaM: 0.3 }

/** Standing people: the top of the head above the ground, mean and σ. */
const headM = 1.74
const headSigmaM = 0.09
/** A box's edges waver by about a pixel and a share of its size; hidden ones may be anywhere behind. */
const edge = { px: 0.6, shareX: 0.06, shareY: 0.03, hiddenShare: 0.6 }
/** Foot and head disagree by more (χ², 2 degrees of freedom): one of them is not what it seems. */
const disagreement = 9.2

export function measureGround(
  model: CameraModel,
  box: SeenBox,
  planeM: number,
  pose: PoseSigma,
): GroundMeasure | undefined {
  const foot = byFoot(model, box, planeM, pose)
  const head = box.className === 'person' && !box.headHidden ? byHead(model, box, planeM, pose) : undefined
  if (!foot || !head) return foot ?? (box.feetHidden ? head : undefined)
  if (box.feetHidden) return head
  const apart = groundSurprise(startGround(foot), head)
  // Feet behind a hedge, a child, a bent back: all bring the head's place nearer than the feet's, so neither can be
  // preferred. The feet stay, but less sure.
  return apart <= disagreement
    ? fused(foot, head, shared(model, box, planeM, pose))
    : { ...foot, covariance: scaled(foot.covariance, apart / disagreement) }
}

/** What foot and head have wrong together, and so do not take from one another: the camera's pose, and the box's middle. */
function shared(model: CameraModel, box: SeenBox, planeM: number, pose: PoseSigma): GroundCovariance | undefined {
  return groundCovariance(model, footOf(box), { x: sigmaAcrossPx(box), y: 0 }, planeM, pose)
}

const footOf = (box: SeenBox) => ({ x: box.x + box.width / 2, y: box.y + box.height })
const sigmaAcrossPx = (box: SeenBox) => edge.px + (box.sideHidden ? 0.3 : edge.shareX) * box.width

function byFoot(model: CameraModel, box: SeenBox, planeM: number, pose: PoseSigma): GroundMeasure | undefined {
  const pixel = footOf(box)
  const sigmaPx = {
    x: sigmaAcrossPx(box),
    y: edge.px + (box.feetHidden ? edge.hiddenShare : edge.shareY) * box.height,
  }
  const { standOffM, standOffSigmaM } = builds[box.className] ?? anyBuild
  return onPlane(model, pixel, sigmaPx, planeM, pose, standOffM, standOffSigmaM)
}

/** The head is a point at a known height: where its ray meets that plane, the person stands below. */
function byHead(model: CameraModel, box: SeenBox, planeM: number, pose: PoseSigma): GroundMeasure | undefined {
  const plane = planeM + headM
  const dropM = model.at[2] - plane
  if (dropM < 1) return undefined
  const pixel = { x: box.x + box.width / 2, y: box.y }
  const sigmaPx = { x: sigmaAcrossPx(box), y: edge.px + edge.shareY * box.height }
  const hit = worldFromImage(model, pixel.x, pixel.y, plane)
  const reachM = hit ? Math.hypot(hit.eastM - model.at[0], hit.northM - model.at[1]) : 0
  return onPlane(model, pixel, sigmaPx, plane, pose, 0, (headSigmaM * reachM) / dropM)
}

function onPlane(
  model: CameraModel,
  pixel: { readonly x: number; readonly y: number },
  sigmaPx: { readonly x: number; readonly y: number },
  planeM: number,
  pose: PoseSigma,
  beyondM: number,
  alongSigmaM: number,
): GroundMeasure | undefined {
  const hit = worldFromImage(model, pixel.x, pixel.y, planeM)
  const spread = groundCovariance(model, pixel, sigmaPx, planeM, pose)
  if (!hit || !spread) return undefined
  const [east, north] = [hit.eastM - model.at[0], hit.northM - model.at[1]]
  const reachM = Math.max(0.1, Math.hypot(east, north))
  const [ue, un] = [east / reachM, north / reachM]
  const along = alongSigmaM ** 2
  return {
    eastM: hit.eastM + ue * beyondM,
    northM: hit.northM + un * beyondM,
    covariance: {
      eeM2: spread.eeM2 + ue * ue * along,
      nnM2: spread.nnM2 + un * un * along,
      enM2: spread.enM2 + ue * un * along,
    },
  }
}

/** The most likely place given both. Of what they share, averaging two alike takes away nothing instead of half. */
function fused(a: GroundMeasure, b: GroundMeasure, common: GroundCovariance | undefined): GroundMeasure {
  const [ia, ib] = [inverse(a.covariance), inverse(b.covariance)]
  const covariance = inverse(plus(ia, ib))
  const east = ia.eeM2 * a.eastM + ia.enM2 * a.northM + ib.eeM2 * b.eastM + ib.enM2 * b.northM
  const north = ia.enM2 * a.eastM + ia.nnM2 * a.northM + ib.enM2 * b.eastM + ib.nnM2 * b.northM
  return {
    eastM: covariance.eeM2 * east + covariance.enM2 * north,
    northM: covariance.enM2 * east + covariance.nnM2 * north,
    covariance: common ? plus(covariance, scaled(common, 0.5)) : covariance,
  }
}

const plus = (a: GroundCovariance, b: GroundCovariance): GroundCovariance => ({
  eeM2: a.eeM2 + b.eeM2,
  nnM2: a.nnM2 + b.nnM2,
  enM2: a.enM2 + b.enM2,
})
function inverse({ eeM2, nnM2, enM2 }: GroundCovariance): GroundCovariance {
  const det = eeM2 * nnM2 - enM2 * enM2
  return { eeM2: nnM2 / det, nnM2: eeM2 / det, enM2: -enM2 / det }
}
