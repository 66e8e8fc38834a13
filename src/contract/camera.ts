/**
 * What every camera source hands on, whatever stands behind it: a virtual camera, JPEG over MQTT, a stream, a file.
 * Frames leave by a MessagePort straight to inference (latest wins there); health is reported once a second or so.
 */

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

export interface CameraHealth {
  readonly cameraId: string
  readonly fps: number
  readonly width: number
  readonly height: number
  /** Site time of the newest frame. */
  readonly lastFrameAtMs: number
  readonly framesTotal: number
  readonly framesDropped: number
  /** Named fault such as `stalled`; undefined while healthy. */
  readonly fault?: string
}
