/** What lasts: begins once, is told again while it lasts, and ends once it has been gone for long enough. */
import type { RuleEvent } from './rule-event.ts'

export type Condition = Omit<RuleEvent, 'phase' | 'atMs'> & {
  /** Tells one occurrence from another of the same rule. */
  readonly key: string
}

interface Known {
  readonly condition: Condition
  lastMs: number
  toldMs: number
}

const retellMs = 5000
/** Out of sight or out of the rule for so long ends it; shorter gaps are occlusions and doubts. */
const endMs = 10_000
/** A count that dips under its limit for a moment has not changed. */
const dipMs = 2000
const mostKnown = 500

export class Conditions {
  readonly #known = new Map<string, Known>()
  readonly #steady = new Map<string, { sinceMs: number; lastMs: number }>()

  /** All that holds in this look of a camera; what held before and is missing here ends in time. */
  settle(cameraId: string, atMs: number, holding: readonly Condition[]): RuleEvent[] {
    const events: RuleEvent[] = []
    for (const condition of holding) {
      const key = `${condition.type}:${condition.key}`
      const known = this.#known.get(key)
      const begins = known === undefined
      if (begins || atMs - known.toldMs >= retellMs) {
        events.push(eventOf(condition, begins ? 'began' : 'holds', atMs))
        this.#known.set(key, { condition, lastMs: atMs, toldMs: atMs })
      } else known.lastMs = atMs
    }
    for (const [key, { condition, lastMs }] of this.#known) {
      if (condition.cameraId !== cameraId || (atMs - lastMs < endMs && atMs >= lastMs)) continue
      this.#known.delete(key)
      events.push(eventOf(condition, 'ended', atMs))
    }
    if (this.#known.size > mostKnown) {
      const oldest = this.#known.keys().next().value
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    return events
  }

  /** Since when something has been so, short dips aside; undefined while it is not. */
  steadySince(type: string, key: string, isSo: boolean, atMs: number): number | undefined {
    const name = `${type}:${key}`
    const known = this.#steady.get(name)
    if (known && (atMs - known.lastMs > dipMs || atMs < known.lastMs)) this.#steady.delete(name)
    const kept = this.#steady.get(name)
    if (!isSo) return kept?.sinceMs
    if (kept) kept.lastMs = atMs
    else this.#steady.set(name, { sinceMs: atMs, lastMs: atMs })
    return kept?.sinceMs ?? atMs
  }

  isGoingOn(type: RuleEvent['type'], rule: string): boolean {
    return [...this.#known.values()].some(({ condition }) => condition.type === type && condition.rule === rule)
  }

  clear(): void {
    this.#known.clear()
    this.#steady.clear()
  }
}

function eventOf({ key: _, ...condition }: Condition, phase: RuleEvent['phase'], atMs: number): RuleEvent {
  return { ...condition, phase, atMs }
}
