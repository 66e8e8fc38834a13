import type { Disposable } from '../../platform/disposables.ts'
import { Emitter } from '../../platform/emitter.ts'
import type { VirtualCameraCommand, VirtualCameraEvent } from './virtual-camera-host.ts'

/** The part of a `Worker` that is used. */
export interface VirtualCameraPort {
  postMessage(message: unknown, transfer: Transferable[]): void
  terminate(): void
  onmessage: ((event: MessageEvent) => void) | null
}

/** The virtual cameras in their worker, seen from the main thread. */
export class VirtualCameraClient implements Disposable {
  readonly #worker: VirtualCameraPort
  readonly #events = new Emitter<VirtualCameraEvent>()

  constructor(worker: VirtualCameraPort) {
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<VirtualCameraEvent>) => this.#events.emit(data)
  }

  send(command: VirtualCameraCommand): void {
    const ports = command.type === 'connectWorld' || command.type === 'connectFrames' ? [command.port] : []
    this.#worker.postMessage(command, ports)
  }

  subscribe(listener: (event: VirtualCameraEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  dispose(): void {
    this.#worker.onmessage = null
    this.#worker.terminate()
  }
}

/** Starts the worker. Only in a browser. */
export function openVirtualCameras(): VirtualCameraClient {
  return new VirtualCameraClient(
    new Worker(new URL('./camera.worker.ts', import.meta.url), { type: 'module', name: 'cameras' }),
  )
}
