/**
 * What every camera source hands on, whatever stands behind it: a virtual camera, JPEG over MQTT, a stream, a file.
 * Frames leave by a MessagePort straight to inference (latest wins there); health is reported once a second or so.
 */
import type { Disposable } from '../platform/disposables.ts'

/** One picture. `rgba` is row-major, 4 bytes a pixel; its buffer is transferred, never copied. */
export interface CameraFrame {
  readonly cameraId: string
  readonly frameId: number
  /** Site time of exposure. */
  readonly capturedAtMs: number
  readonly width: number
  readonly height: number
  readonly rgba: ArrayBuffer
}

/** What can be wrong with a source, each with a name and a tip in the catalogue. */
export const cameraFaultCodes = [
  'camera.stalled',
  'camera.unreachable',
  'camera.notFound',
  'camera.unauthorized',
  'camera.httpStatus',
  'camera.cors',
  'camera.mixedContent',
  'camera.wrongType',
  'camera.ended',
  'camera.codec',
  'camera.corruptFrame',
  'camera.tooLarge',
  'camera.permissionAsked',
  'camera.permissionRefused',
  'camera.noDevice',
  'camera.deviceBusy',
  'camera.filePick',
  'camera.badAddress',
  'camera.unsupported',
  'camera.noWorld',
  'camera.workerFailed',
] as const
export type CameraFaultCode = (typeof cameraFaultCodes)[number]

export interface CameraFault {
  readonly code: CameraFaultCode
  /** Particulars for people; never a credential. */
  readonly detail: string
}

/** Takes what one connection delivers. After `failed` or its disposal nothing of it is listened to. */
export interface CameraSink<P> {
  /** A newer picture; whoever takes it owns it. */
  picture(picture: P): void
  /** The connection is over. */
  failed(fault: CameraFault): void
  /** A person is being asked first, and may take their time: silence is no stall. Undefined: they answered. */
  asks(fault: CameraFault | undefined): void
}

/**
 * One way to pictures. `open` connects once, at once and without throwing; retrying, stalls and health belong to whoever
 * supervises it. `P` is the form in which pictures come: encoded bytes, or a decoded frame of the browser.
 */
export interface CameraSource<P> {
  open(sink: CameraSink<P>): Disposable
}

/** A part of the picture that nobody may see. Corners as shares of width and height from the upper left corner. */
export type MaskPolygon = readonly (readonly [x: number, y: number])[]

export interface CameraHealth {
  readonly cameraId: string
  readonly fps: number
  /** Pixels as the source delivers them. */
  readonly width: number
  readonly height: number
  /** Site time of the newest frame; NaN before the first. */
  readonly lastFrameAtMs: number
  readonly framesTotal: number
  readonly framesDropped: number
  /** Undefined while healthy. */
  readonly fault?: CameraFault
}
