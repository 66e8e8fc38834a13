/** Headcounts of those nobody follows one by one: by the kind of zone and the hour, a little different in every room. */
import { hashString } from '../../platform/random.ts'
import type { Zone } from '../../site/schema.ts'

interface Group {
  readonly zone: Zone
  readonly people: number
  /** Hours by which this room runs early or late. */
  readonly shiftH: number
  awayUntilMs: number
}

/** Headcounts move this often. */
const lookMs = 300_000

export class Crowd {
  readonly #groups: Group[] = []
  readonly #inside = new Map<string, number>()
  #nextLookMs = Number.NEGATIVE_INFINITY
  #total = 0

  add(zone: Zone, people: number): void {
    if (people <= 0) return
    const shiftH = ((hashString(zone.id) % 1000) / 1000 - 0.5) * 1.1
    this.#groups.push({ zone, people, shiftH, awayUntilMs: 0 })
  }

  /** Everybody who belongs to it, present or not. */
  get size(): number {
    return this.#groups.reduce((sum, group) => sum + group.people, 0)
  }

  inside(zoneId: string): number {
    return this.#inside.get(zoneId) ?? 0
  }

  total(): number {
    return this.#total
  }

  evacuate(building: string, untilMs: number): void {
    for (const group of this.#groups) if (group.zone.building === building) group.awayUntilMs = untilMs
    this.#nextLookMs = Number.NEGATIVE_INFINITY
  }

  step(nowMs: number, utcOffsetMs: number): void {
    // a clock that jumped back looks again as well
    if (this.#groups.length === 0 || (nowMs < this.#nextLookMs && nowMs > this.#nextLookMs - 2 * lookMs)) return
    this.#nextLookMs = nowMs + lookMs
    const localMs = nowMs + utcOffsetMs
    const day = Math.floor(localMs / 86_400_000)
    const weekend = (day + 3) % 7 >= 5
    const hour = (localMs % 86_400_000) / 3_600_000
    this.#total = 0
    for (const group of this.#groups) {
      const share = nowMs < group.awayUntilMs ? 0 : presence(group.zone.kind, hour + group.shiftH, weekend)
      const count = Math.round(group.people * share)
      this.#inside.set(group.zone.id, count)
      this.#total += count
    }
  }
}

/** Share of those who belong to a zone that is in it. */
function presence(kind: Zone['kind'], hour: number, weekend: boolean): number {
  if (kind === 'home') return weekend ? 0.65 : 1 - 0.62 * ramp(hour, 7, 9) + 0.62 * ramp(hour, 17, 20)
  if (weekend) return kind === 'shop' || kind === 'canteen' ? 0.4 * span(hour, 10, 19) : 0.02
  const lunch = kind === 'canteen' ? 0 : 0.45 * span(hour, 11.9, 12.8)
  return 0.9 * Math.max(0, ramp(hour, 7.8, 9.2) - ramp(hour, 17.2, 19)) * (1 - lunch)
}

function ramp(hour: number, fromH: number, toH: number): number {
  return Math.max(0, Math.min(1, (hour - fromH) / (toH - fromH)))
}

function span(hour: number, fromH: number, toH: number): number {
  return ramp(hour, fromH - 0.3, fromH) - ramp(hour, toH, toH + 0.3)
}
