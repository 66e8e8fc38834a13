import type { CameraFrame } from '../../contract/camera.ts'
import type { Disposable } from '../../platform/disposables.ts'
import { Emitter } from '../../platform/emitter.ts'
import { type DeskCommand, type DeskEvent, deskTransferables } from './desk-protocol.ts'

/** The part of a `Worker` that is used. */
export interface DeskWorker {
  postMessage(message: unknown, transfer: Transferable[]): void
  terminate(): void
  onmessage: ((event: MessageEvent<DeskEvent>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** The frame desk in its worker, seen from the main thread. */
export class DeskClient implements Disposable {
  readonly #worker: DeskWorker
  readonly #events = new Emitter<DeskEvent>()
  readonly #taking = new Map<number, (frame: CameraFrame | undefined) => void>()
  readonly #encoding = new Map<number, (blob: Blob | undefined) => void>()
  #nextRequestId = 1
  #failed = false

  constructor(worker: DeskWorker) {
    this.#worker = worker
    worker.onmessage = ({ data }) => {
      if (data.type === 'taken') {
        this.#taking.get(data.requestId)?.(data.frame)
        this.#taking.delete(data.requestId)
      } else if (data.type === 'encoded') {
        this.#encoding.get(data.requestId)?.(data.blob)
        this.#encoding.delete(data.requestId)
      }
      this.#events.emit(data)
    }
    // An error with a message is one that a worker had while it runs, and runs on.
    worker.onerror = ({ message }) => {
      if (message !== undefined) return
      this.#failed = true
      this.#answerAll()
      this.#events.emit({ type: 'failed' })
    }
  }

  send(command: DeskCommand): void {
    this.#worker.postMessage(command, deskTransferables(command))
  }

  /** A copy of the newest frame of a camera that somebody watches, masked; undefined when there is none. */
  take(cameraId: string): Promise<CameraFrame | undefined> {
    if (this.#failed) return Promise.resolve(undefined)
    const requestId = this.#nextRequestId++
    return new Promise((resolve) => {
      this.#taking.set(requestId, resolve)
      this.send({ type: 'take', requestId, cameraId })
    })
  }

  /** A file of a frame, blurred and captioned; the frame is given away. */
  encode(request: Omit<Extract<DeskCommand, { type: 'encode' }>, 'type' | 'requestId'>): Promise<Blob | undefined> {
    const requestId = this.#nextRequestId++
    return new Promise((resolve) => {
      this.#encoding.set(requestId, resolve)
      this.send({ type: 'encode', requestId, ...request })
    })
  }

  subscribe(listener: (event: DeskEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  dispose(): void {
    this.#worker.onmessage = null
    this.#worker.onerror = null
    this.#worker.terminate()
    this.#answerAll()
  }

  #answerAll(): void {
    for (const resolve of [...this.#taking.values(), ...this.#encoding.values()]) resolve(undefined)
    this.#taking.clear()
    this.#encoding.clear()
  }
}

/** Starts the worker. Only in a browser. */
export function openDesk(): DeskClient {
  return new DeskClient(new Worker(new URL('./frames.worker.ts', import.meta.url), { type: 'module', name: 'frames' }))
}
