import type { EngineBackend } from '../../src/infer/engine-backend.ts'
import type { Clock } from '../../src/platform/clock.ts'

/**
 * Tells when a model's outputs were there: reading all of them that counts for average precision takes far longer than
 * reading what the app asks for, and would be taken for the model's own time.
 */
export class RunWatch {
  readonly backends: readonly EngineBackend[]
  #endedMs = 0

  constructor(backends: readonly EngineBackend[], clock: Clock) {
    this.backends = backends.map((backend) => ({
      ...backend,
      open: async (weights) => {
        const session = await backend.open(weights)
        return {
          run: async (feeds) => {
            const outputs = await session.run(feeds)
            this.#endedMs = clock.monotonicMs()
            return outputs
          },
          dispose: () => session.dispose(),
        }
      },
    }))
  }

  /** Monotonic end of the last run. */
  get endedMs(): number {
    return this.#endedMs
  }
}
