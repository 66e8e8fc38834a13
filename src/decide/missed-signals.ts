/** What was said once while this console did not control: nobody may have listened, so whoever takes over hears it again. */
import type { Incident } from '../contract/decision.ts'
import type { Signal } from './signal.ts'

/**
 * Ticks, since only those follow the wall: a lease falls to the next console within half a minute, however fast the
 * site's clock runs. A minute at four a second; what is older the console that controlled then has dealt with.
 */
const keptBeats = 240
/** Two consoles see one change at most so far apart: five seconds of the wall, and a minute of the site. */
const slackBeats = 20
const slackMs = 60_000
const most = 200

interface Missed {
  readonly signal: Signal
  readonly beat: number
  /** Site time from which on an incident's evidence may be this very thing. */
  readonly sinceMs: number
}

export class MissedSignals {
  /** By what is said of whom: the newest word. */
  readonly #missed = new Map<string, Missed>()
  #beat = 0
  /** Site times of the last ticks. */
  #times: number[] = []

  /** Once a tick. */
  tick(nowMs: number): void {
    this.#beat++
    this.#times.push(nowMs)
    if (this.#times.length > slackBeats) this.#times.shift()
  }

  /** The oldest gives way where there are too many. */
  add(signal: Signal): void {
    const { kind, subject, atMs, values } = signal.evidence
    const key = `${signal.kind} ${kind} ${subject} ${values.rule ?? ''}`
    const sinceMs = Math.min(atMs - slackMs, this.#times[0] ?? atMs)
    this.#missed.delete(key)
    this.#missed.set(key, { signal, beat: this.#beat, sinceMs })
    const [oldest] = this.#missed.keys()
    if (this.#missed.size > most && oldest !== undefined) this.#missed.delete(oldest)
  }

  /** Those of the last minute that no incident tells of, closed ones included: they were dealt with. */
  take(incidents: readonly Incident[]): Signal[] {
    const missed = [...this.#missed.values()]
    this.#missed.clear()
    return missed.flatMap(({ signal, beat, sinceMs }) => {
      const isDone = incidents.some(({ kind, evidence }) => kind === signal.kind && tells(evidence, signal, sinceMs))
      return this.#beat - beat > keptBeats || isDone ? [] : [signal]
    })
  }

  clear(): void {
    this.#missed.clear()
    this.#times = []
  }
}

function tells(evidence: Incident['evidence'], { evidence: { source, kind, subject } }: Signal, sinceMs: number) {
  return evidence.some(
    (item) => item.source === source && item.kind === kind && item.subject === subject && item.atMs >= sinceMs,
  )
}
