/** Between `infer` and `decide`: what models say about the park. Plain data, structured-cloneable. */

export const detectorClasses = ['person', 'bicycle', 'car', 'truck', 'forklift', 'fire', 'smoke'] as const

/** Pixels of the full camera picture: left, top, width, height. */
export interface BoxInImage {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Detection {
  readonly classId: number
  readonly className: string
  /** Calibrated-as-is confidence, 0…1. */
  readonly score: number
  readonly box: BoxInImage
}

/** All that was found in one frame. An empty list is an observation too. */
export interface FrameDetections {
  readonly cameraId: string
  readonly frameId: number
  /** Site time of exposure. */
  readonly capturedAtMs: number
  /** Pixels of the picture in which the boxes lie; a lens may be calibrated at another size. */
  readonly width: number
  readonly height: number
  readonly detections: readonly Detection[]
  readonly engine: 'webgpu' | 'wasm'
  readonly inferenceMs: number
}

/** Where something stands, and how sure. */
export interface GroundPlace {
  readonly eastM: number
  readonly northM: number
  /** Standard deviation along the worst direction. */
  readonly sigmaM: number
  /** The whole of it: variances along east and north, and their covariance. */
  readonly covariance?: { readonly eeM2: number; readonly nnM2: number; readonly enM2: number }
  readonly velocity?: { readonly eastMps: number; readonly northMps: number; readonly sigmaMps: number }
}

export interface Track {
  /** Unique for the session, e.g. `cam-dock:17`. */
  readonly id: string
  readonly cameraId: string
  readonly className: string
  readonly score: number
  readonly box: BoxInImage
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  /** Ground position in site metres where the calibration gives one. */
  readonly world?: GroundPlace
  readonly zoneId?: string
  /** Seen by several cameras: how many tracks this one stands for. */
  readonly sightings?: number
}

/** Something of luggage's size that stands where nothing stood before. The picture tells it, no detector does. */
export interface StandingThing {
  readonly id: string
  readonly box: BoxInImage
  /** Since when it has kept still, as far as it could be seen. */
  readonly sinceMs: number
  /** How clearly it stands out, 0…1. */
  readonly score: number
  readonly world: GroundPlace
  readonly zoneId?: string
}

export interface TrackUpdate {
  readonly cameraId: string
  readonly capturedAtMs: number
  readonly tracks: readonly Track[]
  readonly things?: readonly StandingThing[]
}

/** Quantiles in the meter's unit (kW), one row per interval from `startMs`. */
export interface Forecast {
  readonly meterId: string
  readonly startMs: number
  readonly intervalMs: number
  readonly low: readonly number[]
  readonly median: readonly number[]
  readonly high: readonly number[]
  readonly madeAtMs: number
  readonly engine: 'webgpu' | 'wasm'
}

/** A meter left its forecast band and stayed out. Sent when it is established and again with every interval while it lasts. */
export interface BandBreak {
  readonly meterId: string
  readonly direction: 'above' | 'below'
  /** Site time of the start of the first interval outside. */
  readonly sinceMs: number
  /** End of the newest interval judged. */
  readonly untilMs: number
  /** Means over the newest interval. */
  readonly expectedKw: number
  readonly actualKw: number
  readonly lowKw: number
  readonly highKw: number
  /** Energy beyond the median since `sinceMs`; negative when below. */
  readonly excessKwh: number
  /** Set once, on the message that ends it: the curve is back in its band. */
  readonly returnedAtMs?: number
}

/** What the environment model says of one zone. Probabilities 0…1. */
export interface EnvironmentVerdict {
  readonly zoneId: string
  readonly atMs: number
  readonly occupied: number
  readonly fireLike: number
  readonly engine: 'webgpu' | 'wasm'
}
