/** What a day holds for one person. */
import type { Random } from '../../platform/random.ts'
import type { Zone } from '../../site/schema.ts'

export type Role = 'office' | 'kitchen' | 'warehouse' | 'visitor'

export interface Errand {
  readonly atMs: number
  /** A zone, or away from the park. */
  readonly to: string
  /** Path nodes to pass on the way: a stroll comes back to where it began. */
  readonly via?: readonly string[]
}

interface Hours {
  readonly arriveH: number
  readonly arriveSpreadH: number
  readonly leaveH: number
  readonly leaveSpreadH: number
}

const hours: Record<Role, Hours> = {
  office: { arriveH: 8.65, arriveSpreadH: 0.32, leaveH: 18.1, leaveSpreadH: 0.5 },
  kitchen: { arriveH: 6.2, arriveSpreadH: 0.15, leaveH: 18.7, leaveSpreadH: 0.2 },
  warehouse: { arriveH: 7.4, arriveSpreadH: 0.15, leaveH: 17.3, leaveSpreadH: 0.2 },
  visitor: { arriveH: 9, arriveSpreadH: 0, leaveH: 18, leaveSpreadH: 0 },
}

/** Where errands lead, sorted once: a large site has thousands of zones and a thousand people plan every day. */
export class Destinations {
  readonly canteens: readonly Zone[]
  readonly callable: readonly Zone[]
  readonly #offices: readonly Zone[]
  readonly #elsewhere = new Map<string | undefined, readonly Zone[]>()
  readonly #meetings = new Map<string | undefined, Zone>()

  constructor(zones: readonly Zone[]) {
    this.canteens = zones.filter((z) => z.kind === 'canteen')
    this.callable = zones.filter((z) => z.kind === 'lobby' || z.kind === 'office')
    this.#offices = zones.filter((z) => z.kind === 'office')
    for (const zone of zones)
      if (zone.kind === 'meeting' && !this.#meetings.has(zone.building)) this.#meetings.set(zone.building, zone)
  }

  meetingRoom(building: string | undefined): Zone | undefined {
    return this.#meetings.get(building)
  }

  officesBeyond(building: string | undefined): readonly Zone[] {
    const known = this.#elsewhere.get(building)
    if (known) return known
    const found = this.#offices.filter((z) => z.building !== building)
    this.#elsewhere.set(building, found)
    return found
  }
}

export function planDay(
  random: Random,
  role: Role,
  home: Zone,
  zones: Destinations,
  midnightMs: number,
  day: number,
): Errand[] {
  // 1970-01-01 was a Thursday
  const weekend = (day + 3) % 7 >= 5
  if (role === 'visitor') return weekend ? [] : visits(random, zones, midnightMs)
  if (random.next() > (weekend ? (role === 'office' ? 0.03 : 0) : 0.93)) return []
  const usual = hours[role]
  const at = (hour: number) => midnightMs + Math.round(hour * 3_600_000)
  const arriveH = usual.arriveH + usual.arriveSpreadH * random.normal() + (weekend ? 1.2 : 0)
  const late = role === 'office' && random.next() < 0.07 ? random.between(1.5, 3.5) : 0
  const leaveH = Math.max(arriveH + 3, usual.leaveH + usual.leaveSpreadH * random.normal() + late - (weekend ? 3 : 0))
  const errands: Errand[] = [{ atMs: at(arriveH), to: home.id }]
  if (role !== 'kitchen' && !weekend) errands.push(...lunch(random, home, zones, at))
  if (role === 'office' && !weekend) errands.push(...interludes(random, home, zones, at))
  // what was meant for later falls away with going home, else it would bring them back for the night
  const kept = errands.filter((e) => e.atMs >= at(arriveH) && e.atMs < at(leaveH))
  return [...kept.sort((a, b) => a.atMs - b.atMs), { atMs: at(leaveH), to: 'away' }]
}

function lunch(random: Random, home: Zone, zones: Destinations, at: (h: number) => number): Errand[] {
  const hall = zones.canteens[0]
  if (!hall || random.next() > 0.86) return []
  const fromH = 11.85 + 0.28 * random.normal()
  return [
    { atMs: at(fromH), to: hall.id },
    { atMs: at(fromH + random.between(0.4, 0.75)), to: home.id },
  ]
}

/** A meeting, a coffee. */
function interludes(random: Random, home: Zone, zones: Destinations, at: (h: number) => number): Errand[] {
  const out: Errand[] = []
  const meeting = zones.meetingRoom(home.building)
  if (meeting && random.next() < 0.35) {
    const fromH = random.pick([9.5, 10, 10.5, 14, 14.5, 15, 16])
    out.push({ atMs: at(fromH + 0.02 * random.normal()), to: meeting.id })
    out.push({ atMs: at(fromH + random.pick([0.5, 0.75, 1])), to: home.id })
  }
  const lounge = zones.canteens[1]
  if (lounge && random.next() < 0.45) {
    const fromH = random.pick([random.between(9.6, 11), random.between(14.2, 16.6)])
    out.push({ atMs: at(fromH), to: lounge.id }, { atMs: at(fromH + random.between(0.2, 0.5)), to: home.id })
  }
  const [first, ...rest] = zones.officesBeyond(home.building)
  if (first && random.next() < 0.5) {
    const fromH = random.between(9.3, 16.4)
    const colleague = random.pick([first, ...rest])
    out.push({ atMs: at(fromH), to: colleague.id }, { atMs: at(fromH + random.between(0.3, 1)), to: home.id })
  }
  for (let left = 1.5; left > 0; left--)
    if (random.next() < left) out.push({ atMs: at(strollHour(random)), to: home.id, via: random.pick(strolls) })
  return out
}

/** After lunch, mostly. */
function strollHour(random: Random): number {
  return random.next() < 0.4 ? random.between(12.5, 13.2) : random.between(9.2, 17.4)
}

/** Rounds of the garden and the plaza; nodes that a site lacks are left out. */
const strolls: readonly [readonly string[], ...(readonly string[])[]] = [
  ['plaza-centre', 'plaza-east', 'plaza-south', 'plaza-west'],
  ['garden-south', 'garden-west', 'garden-north', 'garden-east'],
  ['plaza-north', 'garden-east', 'garden-north', 'garden-west'],
  ['avenue-walk-west', 'plaza-south', 'plaza-north'],
  ['plaza-north-west', 'plaza-centre', 'plaza-east', 'plaza-centre'],
]

/** Three calls a day on one of the offices. */
function visits(random: Random, zones: Destinations, midnightMs: number): Errand[] {
  const [first, ...rest] = zones.callable
  if (!first) return []
  return [9.3, 12.9, 15.6].flatMap((base): Errand[] => {
    if (random.next() > 0.85) return []
    const fromMs = midnightMs + Math.round((base + random.between(-0.6, 0.8)) * 3_600_000)
    const stayMs = Math.round(random.between(0.4, 1.5) * 3_600_000)
    return [
      { atMs: fromMs, to: random.pick([first, ...rest]).id },
      { atMs: fromMs + stayMs, to: 'away' },
    ]
  })
}
