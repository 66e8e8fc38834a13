/** What a day holds for one person. */
import type { Random } from '../../platform/random.ts'
import type { Zone } from '../../site/schema.ts'

export type Role = 'office' | 'kitchen' | 'warehouse'

export interface Errand {
  readonly atMs: number
  /** A zone, or away from the park. */
  readonly to: string
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
}

export function planDay(
  random: Random,
  role: Role,
  home: Zone,
  zones: ReadonlyMap<string, Zone>,
  midnightMs: number,
  day: number,
): Errand[] {
  // 1970-01-01 was a Thursday
  const weekend = (day + 3) % 7 >= 5
  if (random.next() > (weekend ? (role === 'office' ? 0.03 : 0) : 0.93)) return []
  const usual = hours[role]
  const at = (hour: number) => midnightMs + Math.round(hour * 3_600_000)
  const arriveH = usual.arriveH + usual.arriveSpreadH * random.normal() + (weekend ? 1.2 : 0)
  const late = role === 'office' && random.next() < 0.07 ? random.between(1.5, 3.5) : 0
  const leaveH = Math.max(arriveH + 3, usual.leaveH + usual.leaveSpreadH * random.normal() + late - (weekend ? 3 : 0))
  const errands: Errand[] = [{ atMs: at(arriveH), to: home.id }]
  if (role !== 'kitchen' && !weekend) errands.push(...lunch(random, home, zones, at))
  if (role === 'office' && !weekend) errands.push(...interludes(random, home, zones, at))
  errands.push({ atMs: at(leaveH), to: 'away' })
  return errands.filter((e) => e.atMs >= at(arriveH)).sort((a, b) => a.atMs - b.atMs)
}

function lunch(random: Random, home: Zone, zones: ReadonlyMap<string, Zone>, at: (h: number) => number): Errand[] {
  const hall = [...zones.values()].find((z) => z.kind === 'canteen')
  if (!hall || random.next() > 0.86) return []
  const fromH = 11.85 + 0.28 * random.normal()
  return [
    { atMs: at(fromH), to: hall.id },
    { atMs: at(fromH + random.between(0.4, 0.75)), to: home.id },
  ]
}

/** A meeting, a coffee. */
function interludes(random: Random, home: Zone, zones: ReadonlyMap<string, Zone>, at: (h: number) => number): Errand[] {
  const out: Errand[] = []
  const all = [...zones.values()]
  const meeting = all.find((z) => z.kind === 'meeting' && z.building === home.building)
  if (meeting && random.next() < 0.3) {
    const fromH = random.pick([9.5, 10, 10.5, 14, 14.5, 15, 16])
    out.push({ atMs: at(fromH + 0.02 * random.normal()), to: meeting.id })
    out.push({ atMs: at(fromH + random.pick([0.5, 0.75, 1])), to: home.id })
  }
  const lounge = all.filter((z) => z.kind === 'canteen')[1]
  if (lounge && random.next() < 0.2) {
    const fromH = random.between(14.6, 16.4)
    out.push({ atMs: at(fromH), to: lounge.id }, { atMs: at(fromH + random.between(0.25, 0.5)), to: home.id })
  }
  return out
}
