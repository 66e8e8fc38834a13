import { Emitter } from '../platform/emitter.ts'
import type { Inference, InferenceCommand, InferenceEvent } from './inference.ts'
import { transferablesOf } from './inference.ts'

/** The part of a `Worker` that is used. */
export interface WorkerPort {
  postMessage(message: unknown, transfer: Transferable[]): void
  terminate(): void
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** Inference in a worker, seen from the main thread. */
export class InferenceClient implements Inference {
  readonly #worker: WorkerPort
  readonly #events = new Emitter<InferenceEvent>()

  constructor(worker: WorkerPort) {
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<InferenceEvent>) => this.#events.emit(data)
    worker.onerror = ({ message }) =>
      this.#events.emit({
        type: 'fault',
        key: 'infer:worker',
        report: { severity: 'error', code: 'infer.workerFailed', detail: message ?? 'the worker did not start' },
      })
  }

  send(command: InferenceCommand): void {
    this.#worker.postMessage(command, transferablesOf(command))
  }

  subscribe(listener: (event: InferenceEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  dispose(): void {
    this.#worker.onmessage = null
    this.#worker.onerror = null
    this.#worker.terminate()
  }
}

/** Starts the worker. Only in a browser. */
export function openInference(): InferenceClient {
  return new InferenceClient(
    new Worker(new URL('./infer.worker.ts', import.meta.url), { type: 'module', name: 'infer' }),
  )
}
