import type { CommandRecord } from '../contract/decision.ts'
import { isTerminal } from './command-lifecycle.ts'

/** The newest commands by id. When full, the oldest that has ended gives way; one under way is never forgotten. */
export class CommandLog {
  readonly #capacity: number
  readonly #records = new Map<string, CommandRecord>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(id: string): CommandRecord | undefined {
    return this.#records.get(id)
  }

  put(record: CommandRecord): void {
    this.#records.set(record.id, record)
    if (this.#records.size <= this.#capacity) return
    for (const [id, old] of this.#records) {
      if (!isTerminal(old.state)) continue
      this.#records.delete(id)
      return
    }
  }

  list(): readonly CommandRecord[] {
    return [...this.#records.values()]
  }
}
