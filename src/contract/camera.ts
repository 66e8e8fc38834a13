/** One camera-source interface, whatever stands behind it: a virtual camera, JPEG over MQTT, a stream, a file. */

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

/** A source of frames; latest wins, the consumer's pace rules. */
export interface CameraSource {
  readonly cameraId: string
  start(deliver: (frame: CameraFrame) => void): void
  stop(): void
  health(): CameraHealth
}
