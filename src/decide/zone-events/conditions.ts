/** What lasts: begins once, is told again while it lasts, and ends once it has been gone for long enough. */
import type { Look } from '../camera-silence.ts'
import type { RuleEvent } from './rule-event.ts'

export type Condition = Omit<RuleEvent, 'phase' | 'atMs'> & {
  /** Tells one occurrence from another of the same rule. */
  readonly key: string
}

interface Known {
  readonly condition: Condition
  /** The camera that said so last: only that one can say that it is over. */
  cameraId: string
  lastMs: number
  toldMs: number
}

const retellMs = 5000
/** Out of sight or out of the rule for so long ends it; shorter gaps are occlusions and doubts. */
const endMs = 10_000
/** A count that dips under its limit for a moment has not changed. */
const dipMs = 2000
/** The same for a camera that looks rarely, in looks: who was missed in one counts again only after three more. */
const missedLooks = 4
const mostKnown = 500

export class Conditions {
  readonly #known = new Map<string, Known>()
  readonly #steady = new Map<string, { readonly sinceMs: number; readonly dipSinceMs: number | undefined }>()

  /** All that holds in this look of a camera; what held before and is missing here ends in time. */
  settle({ cameraId, atMs, usualGapMs }: Look, holding: readonly Condition[]): RuleEvent[] {
    const events: RuleEvent[] = []
    for (const condition of holding) {
      const key = `${condition.type}:${condition.key}`
      const known = this.#known.get(key)
      const begins = known === undefined
      if (begins || atMs - known.toldMs >= retellMs) {
        events.push(eventOf(condition, begins ? 'began' : 'holds', atMs))
        this.#known.set(key, { condition, cameraId, lastMs: atMs, toldMs: atMs })
      } else {
        known.cameraId = cameraId
        known.lastMs = atMs
      }
    }
    const goneMs = Math.max(endMs, (missedLooks + 0.5) * usualGapMs)
    for (const [key, known] of this.#known) {
      if (known.cameraId !== cameraId || (atMs - known.lastMs < goneMs && atMs >= known.lastMs)) continue
      this.#known.delete(key)
      events.push(eventOf(known.condition, 'ended', atMs))
    }
    if (this.#known.size > mostKnown) {
      const oldest = this.#known.keys().next().value
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    return events
  }

  /** Since when something has been so, short dips aside; undefined while it is not. */
  steadySince(key: string, isSo: boolean, { atMs, usualGapMs, wasSilent }: Look): number | undefined {
    const known = wasSilent ? undefined : this.#steady.get(key)
    // From the first look that showed the contrary: between two looks nothing was seen to change.
    const dipSinceMs = isSo ? undefined : (known?.dipSinceMs ?? atMs)
    const mostMs = Math.max(dipMs, (missedLooks - 0.5) * usualGapMs)
    const isOver = dipSinceMs !== undefined && (!known || atMs - dipSinceMs > mostMs)
    const sinceMs = isOver ? undefined : (known?.sinceMs ?? atMs)
    if (sinceMs === undefined) this.#steady.delete(key)
    else this.#steady.set(key, { sinceMs, dipSinceMs })
    return sinceMs
  }

  /** Whether what a rule forbids was still seen at `sinceMs` or later, and not seen to be over. */
  isGoingOn(type: RuleEvent['type'], rule: string, sinceMs: number): boolean {
    return [...this.#known.values()].some(
      ({ condition, lastMs }) => condition.type === type && condition.rule === rule && lastMs >= sinceMs,
    )
  }

  clear(): void {
    this.#known.clear()
    this.#steady.clear()
  }
}

function eventOf({ key: _, ...condition }: Condition, phase: RuleEvent['phase'], atMs: number): RuleEvent {
  return { ...condition, phase, atMs }
}
