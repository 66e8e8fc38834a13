import type { Plan } from '../contract/decision.ts'

/** Ticks, since only those follow the wall: five minutes at four a second. */
const abandonedAfterBeats = 1200

/** Tells plans under way that nobody speaks of any more: the console that carried them out is gone. */
export class SilenceWatch {
  readonly #known = new Map<string, { readonly revision: number; readonly beats: number }>()

  /** Once a tick; true when the plan has gone without a word for too long. */
  isAbandoned({ id, revision }: Plan): boolean {
    const known = this.#known.get(id)
    const beats = known?.revision === revision ? known.beats + 1 : 0
    if (beats < abandonedAfterBeats) this.#known.set(id, { revision, beats })
    else this.#known.delete(id)
    return beats >= abandonedAfterBeats
  }

  forget(planId: string): void {
    this.#known.delete(planId)
  }
}
