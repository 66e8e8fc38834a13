import type { Random } from '../../platform/random.ts'
import { localTime } from '../../site/tariff.ts'
import { clamp } from '../physics/noise.ts'
import type { Room, RoomKind } from './rooms.ts'

/** Share of capacity by local hour on a working day. */
function usualShare(kind: RoomKind, hour: number): number {
  switch (kind) {
    case 'canteen':
      return bump(hour, 12.1, 0.7) + 0.3 * bump(hour, 17.9, 0.7) + 0.15 * bump(hour, 8, 0.6)
    case 'kitchen':
      return between(hour, 6.5, 14) ? 0.9 : between(hour, 15, 19) ? 0.5 : 0
    case 'meeting':
      return between(hour, 8.5, 12) || between(hour, 13.2, 17.8) ? 0.5 : 0
    case 'storage':
    case 'plant':
      return between(hour, 7.5, 18) ? 0.35 : 0
    default:
      return between(hour, 8.6, 11.9) || between(hour, 13.1, 18) ? 0.75 : between(hour, 11.9, 13.1) ? 0.3 : 0
  }
}

function between(hour: number, from: number, to: number): boolean {
  return hour >= from && hour < to
}

function bump(hour: number, centre: number, widthH: number): number {
  return Math.exp(-(((hour - centre) / widthH) ** 2))
}

/** People in a room minute by minute: a schedule of its own, visits in blocks, late workers, empty days. */
export function headcounts(
  random: Random,
  room: Room,
  startMs: number,
  utcOffsetMinutes: number,
  minutes: number,
): Float32Array {
  const counts = new Float32Array(minutes)
  const shiftH = random.between(-1, 1)
  const keenness = random.between(0.25, 1.1)
  const weekendShare = random.next() < 0.2 ? random.between(0.1, 0.7) : 0.02
  let current = 0
  let untilMinute = 0
  for (let minute = 0; minute < minutes; minute++) {
    if (minute >= untilMinute) {
      const { weekday, hour } = localTime(startMs + minute * 60_000, utcOffsetMinutes)
      const share = usualShare(room.kind, hour + shiftH) * keenness * (weekday >= 6 ? weekendShare : 1)
      current = draw(random, room, share, hour)
      const dwellMinutes = room.kind === 'meeting' ? random.integer(20, 90) : random.integer(4, 35)
      untilMinute = minute + dwellMinutes
    }
    counts[minute] = current
  }
  return counts
}

function draw(random: Random, room: Room, share: number, hour: number): number {
  if (room.kind === 'meeting') return random.next() < share ? random.integer(2, Math.max(2, room.capacity)) : 0
  if (share < 0.02) return random.next() < (hour > 6 && hour < 23 ? 0.05 : 0.008) ? random.integer(1, 2) : 0
  return Math.round(clamp(room.capacity * share * (1 + 0.25 * random.normal()), 0, room.capacity * 1.2))
}
