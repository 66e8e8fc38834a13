/** Between the tab and the worker in which camera pictures become frames. Everything is structured-cloneable. */
import type { CameraFrame, CameraHealth, MaskPolygon } from '../../contract/camera.ts'
import type { ExportFormat } from '../../contract/camera-port.ts'
import type { ClockMessage } from '../../contract/messages.ts'
import { exhaustive } from '../../platform/result.ts'
import type { HttpTarget } from './http-request.ts'
import type { RawPicture } from './raw-picture.ts'
import type { Region } from './redact.ts'

/** Where a camera's pictures come from, seen from the desk. */
export type DeskFeed =
  /** The worker that draws virtual cameras sends finished frames on its own port. */
  | { readonly kind: 'virtual' }
  /** Encoded pictures are handed in, as from MQTT; silence is noticed here. */
  | { readonly kind: 'pushed' }
  /** Decoded pictures of a media element are handed in; the tab keeps the element and notices its silence. */
  | { readonly kind: 'drawn' }
  /** Fetched by the desk itself. */
  | ({ readonly kind: 'mjpeg' | 'snapshot' } & HttpTarget)

export interface DeskCamera {
  readonly cameraId: string
  /** Size of the lens: larger pictures are shrunk to fit it before anything looks at them. */
  readonly widthPx: number
  readonly heightPx: number
  /** Pictures beyond this rate are let go unseen. */
  readonly fps: number
  readonly masks: readonly MaskPolygon[]
  readonly feed: DeskFeed
}

export type DeskCommand =
  /** A camera that is new or whose feed changed. */
  | { readonly type: 'camera'; readonly camera: DeskCamera }
  | { readonly type: 'remove'; readonly cameraId: string }
  | { readonly type: 'masks'; readonly cameraId: string; readonly masks: readonly MaskPolygon[] }
  | { readonly type: 'retry'; readonly cameraId: string }
  | { readonly type: 'picture'; readonly cameraId: string; readonly picture: RawPicture }
  /** The site's time as its clock announced it. */
  | { readonly type: 'clock'; readonly clock: ClockMessage }
  /** Cameras that somebody watches: their pictures come as events. */
  | { readonly type: 'watch'; readonly cameraIds: readonly string[] }
  /** `CameraFrame`s of virtual cameras arrive on this port. */
  | { readonly type: 'connectVirtual'; readonly port: MessagePort }
  /** Masked `CameraFrame`s leave by this port, straight to the worker that looks at them. */
  | { readonly type: 'connectInference'; readonly port: MessagePort }
  /** A picture that will leave the tab: its regions are blurred, a line is written under it, and it is encoded. */
  | {
      readonly type: 'encode'
      readonly requestId: number
      readonly frame: CameraFrame
      readonly regions: readonly Region[]
      readonly caption: string
      readonly format: ExportFormat
    }
  /** A copy of the newest frame of a watched camera. */
  | { readonly type: 'take'; readonly requestId: number; readonly cameraId: string }

export type DeskEvent =
  | {
      readonly type: 'picture'
      readonly cameraId: string
      readonly bitmap: ImageBitmap
      /** Site time of exposure. */
      readonly capturedAtMs: number
    }
  | { readonly type: 'health'; readonly cameras: readonly CameraHealth[] }
  | { readonly type: 'taken'; readonly requestId: number; readonly frame: CameraFrame | undefined }
  /** The worker's code did not arrive. */
  | { readonly type: 'failed' }
  | { readonly type: 'encoded'; readonly requestId: number; readonly blob: Blob | undefined }

/** What moves instead of being copied. */
export function deskTransferables(command: DeskCommand): Transferable[] {
  switch (command.type) {
    case 'connectVirtual':
    case 'connectInference':
      return [command.port]
    case 'picture':
      return [command.picture.kind === 'encoded' ? command.picture.bytes.buffer : command.picture.picture]
    case 'encode':
      return [command.frame.rgba]
    case 'camera':
    case 'remove':
    case 'masks':
    case 'retry':
    case 'clock':
    case 'watch':
    case 'take':
      return []
    default:
      return exhaustive(command)
  }
}
