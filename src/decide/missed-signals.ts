/** What devices said while this console did not control: nobody may have listened, so whoever takes over hears it again. */
import type { Incident } from '../contract/decision.ts'
import type { Signal } from './signal.ts'

/** Site time; what is older the console that controlled then has dealt with. */
const longestAgeMs = 300_000
/** Two consoles see one change at most so far apart. */
const slackMs = 60_000
const most = 200

export class MissedSignals {
  #signals: Signal[] = []

  /** The oldest gives way where there are too many. */
  add(signal: Signal): void {
    this.#signals.push(signal)
    if (this.#signals.length > most) this.#signals.shift()
  }

  /** Those of the last minutes that no incident tells of, closed ones included: they were dealt with. */
  take(nowMs: number, incidents: readonly Incident[]): Signal[] {
    const signals = this.#signals
    this.#signals = []
    return signals.filter(
      ({ kind, evidence }) =>
        nowMs - evidence.atMs <= longestAgeMs &&
        !incidents.some((incident) => incident.kind === kind && tells(incident, evidence)),
    )
  }

  clear(): void {
    this.#signals = []
  }
}

function tells({ evidence }: Incident, { source, kind, subject, atMs }: Signal['evidence']): boolean {
  return evidence.some(
    (item) => item.source === source && item.kind === kind && item.subject === subject && item.atMs >= atMs - slackMs,
  )
}
