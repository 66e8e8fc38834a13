/** What people may do with cameras, as the views state it and `app` carries it out. */
import type { Result } from '../platform/result.ts'
import type { MaskPolygon } from './camera.ts'
import type { CameraKind } from './camera-address.ts'

/** How one camera is set up in this browser. */
export interface CameraSetup {
  /** Undefined when the address cannot be followed. */
  readonly kind: CameraKind | undefined
  /** The address in use, without anything secret. */
  readonly shown: string
  /** A person chose it here; otherwise it is the site file's. */
  readonly chosenHere: boolean
  /** The site file's address, without anything secret. */
  readonly siteShown: string
  /** Masks of the site file; they always hold. */
  readonly siteMasks: readonly MaskPolygon[]
  /** Masks added in this browser. */
  readonly ownMasks: readonly MaskPolygon[]
}

export interface CameraControls {
  setups(): ReadonlyMap<string, CameraSetup>
  /** Called when `setups` gives another map. */
  onSetups(listener: () => void): () => void
  /** Undefined: back to the site file's. The address was checked with `parseCameraAddress`. */
  chooseSource(cameraId: string, address: string | undefined): void
  /** A film or picture of this machine; it is known until the page is left. */
  chooseFile(cameraId: string, file: File): void
  setMasks(cameraId: string, masks: readonly MaskPolygon[]): void
  /** Tries again at once. */
  retry(cameraId: string): void
}

export type ExportFormat = 'png' | 'jpeg'

export interface ExportRequest {
  readonly format: ExportFormat
  /** Blur whole persons instead of their heads. */
  readonly wholePersons: boolean
  /** The line under the picture, from the time it was taken at (site time, ISO 8601) and who exports it. */
  readonly caption: (time: string, person: string) => string
}

/** Why a picture was not exported; nothing left the tab. */
export type ExportRefusal = 'noPicture' | 'noDetector' | 'role' | 'noAudit' | 'notEncoded'

export interface ExportedPicture {
  readonly blob: Blob
  readonly fileName: string
  /** Regions that were blurred. */
  readonly blurred: number
}

/** A picture of a camera that is being watched, blurred where faces and plates may be, with a line in the audit. */
export interface PictureExporter {
  exportPicture(cameraId: string, request: ExportRequest): Promise<Result<ExportedPicture, ExportRefusal>>
}
