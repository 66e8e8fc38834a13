import type { Inference, InferenceCommand, InferenceEvent } from '../infer/inference.ts'
import { Emitter } from '../platform/emitter.ts'

/** Inference that remembers what it was told and says what the test lets it say. */
export class FakeInference implements Inference {
  readonly sent: InferenceCommand[] = []
  disposed = false
  readonly #events = new Emitter<InferenceEvent>()

  send(command: InferenceCommand): void {
    this.sent.push(command)
  }

  subscribe(listener: (event: InferenceEvent) => void): () => void {
    return this.#events.subscribe(listener)
  }

  say(event: InferenceEvent): void {
    this.#events.emit(event)
  }

  types(): string[] {
    return this.sent.map(({ type }) => type)
  }

  dispose(): void {
    this.disposed = true
  }
}
