/**
 * Takes back from the broker what ended long ago: retained incidents and plans would pile up there for ever, and every
 * newcomer would have to hear them all. Consoles keep what they have heard in books of their own, which are bounded.
 */
import type { Incident, Plan } from '../contract/decision.ts'
import type { SiteTopics } from '../contract/topics.ts'
import { isPlanOver } from '../decide/life.ts'

/** Site time that an ended incident or plan stays on the broker. */
export const retentionMs = 24 * 3_600_000
/** Wall time between two batches, and how many topics go in one. */
const sweepEveryMs = 1000
export const mostPerSweep = 20
/** Topics watched at most; of more, the rest is seen when the broker tells it again. */
const mostWatched = 5000

interface Ended {
  readonly id: string
  readonly endedAtMs: number
  /** A plan stays as long as its incident is open and the book knows it: how often was tried is counted there. */
  readonly incidentId?: string
}

export interface RetentionOptions {
  readonly topics: Pick<SiteTopics, 'alarm' | 'plan'>
  /** Clears a retained topic; false where the broker did not hear it. */
  readonly takeBack: (topic: string, id: string) => Promise<boolean>
}

export class Retention {
  readonly #topics: RetentionOptions['topics']
  readonly #takeBack: RetentionOptions['takeBack']
  readonly #ended = new Map<string, Ended>()
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor({ topics, takeBack }: RetentionOptions) {
    this.#topics = topics
    this.#takeBack = takeBack
  }

  /** The newest word about an incident that the broker keeps. */
  noteIncident({ id, state, closedAtMs, updatedAtMs }: Incident): void {
    const ended = state === 'closed' ? { id, endedAtMs: closedAtMs ?? updatedAtMs } : undefined
    this.#note(this.#topics.alarm(id), ended)
  }

  notePlan({ id, state, updatedAtMs, incidentId }: Plan): void {
    this.#note(this.#topics.plan(id), isPlanOver(state) ? { id, endedAtMs: updatedAtMs, incidentId } : undefined)
  }

  /** For the controller, while it is online; a bounded batch each time. `isNeeded`: a plan that ended, but is not past. */
  sweep(siteNowMs: number, monotonicMs: number, isNeeded: (planId: string, incidentId: string) => boolean): void {
    if (monotonicMs - this.#sweptAtMs < sweepEveryMs) return
    this.#sweptAtMs = monotonicMs
    let left = mostPerSweep
    for (const [topic, ended] of this.#ended) {
      if (siteNowMs - ended.endedAtMs < retentionMs) continue
      if (ended.incidentId !== undefined && isNeeded(ended.id, ended.incidentId)) continue
      this.#ended.delete(topic)
      void this.#clear(topic, ended)
      if (--left === 0) return
    }
  }

  async #clear(topic: string, ended: Ended): Promise<void> {
    if (await this.#takeBack(topic, ended.id)) return
    if (!this.#ended.has(topic)) this.#note(topic, ended)
  }

  #note(topic: string, ended: Ended | undefined): void {
    if (!ended) this.#ended.delete(topic)
    else if (this.#ended.size < mostWatched || this.#ended.has(topic)) this.#ended.set(topic, ended)
  }
}
