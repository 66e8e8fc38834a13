import type { ParkBus } from '../site/park-bus.ts'

/** A topic on which a camera's pictures come. */
export interface CameraTopic {
  readonly cameraId: string
  readonly topic: string
}

/** A bus that can also carry pictures. */
export interface CameraBus extends ParkBus {
  /** The topics on which cameras send JPEG from now on; replaces what was said before. */
  followCameras(feeds: readonly CameraTopic[]): void
}
