/** Things that happen in rooms and look a little like a fire, and fires. */
import type { Random } from '../../platform/random.ts'
import type { RoomKind } from './rooms.ts'

export const episodeKinds = [
  'fire',
  'cooking',
  'cigarette',
  'windowOpen',
  'cleaning',
  'heater',
  'steam',
  'burntFood',
  'dryIce',
] as const
export type EpisodeKind = (typeof episodeKinds)[number]

export interface Episode {
  readonly kind: EpisodeKind
  readonly fromMinute: number
  readonly minutes: number
  /** Of a fire: share of the reference growth. */
  readonly strength: number
  readonly heatW: number
  readonly co2Lps: number
  readonly vapourGps: number
  readonly dustUgps: number
  readonly openM3ps: number
}

const nothing = { strength: 0, heatW: 0, co2Lps: 0, vapourGps: 0, dustUgps: 0, openM3ps: 0 }

type Make = (random: Random) => Omit<Episode, 'kind' | 'fromMinute'>

/**
 * Emission figures: cooking 0.1–1.7 mg/min and cigarettes some 12 mg each (Nazaroff & Klepeis 2004,
 * Indoor Environment ch. 6), cleaning by resuspension.
 */
const makers: Record<EpisodeKind, Make> = {
  fire: (r) => ({ ...nothing, minutes: r.integer(6, 28), strength: Math.exp(r.between(Math.log(0.08), Math.log(5))) }),
  cooking: (r) => ({
    ...nothing,
    minutes: r.integer(20, 110),
    heatW: r.between(1500, 9000),
    vapourGps: r.between(0.2, 1.6),
    dustUgps: r.between(5, 60),
    co2Lps: r.between(0, 0.08),
  }),
  cigarette: (r) => ({ ...nothing, minutes: r.integer(5, 9), heatW: 5, dustUgps: r.between(14, 32), co2Lps: 0.0004 }),
  windowOpen: (r) => ({ ...nothing, minutes: r.integer(8, 200), openM3ps: r.between(0.05, 0.6) }),
  cleaning: (r) => ({ ...nothing, minutes: r.integer(10, 50), dustUgps: r.between(2, 22), heatW: 900 }),
  heater: (r) => ({ ...nothing, minutes: r.integer(20, 240), heatW: r.between(1000, 6000) }),
  steam: (r) => ({ ...nothing, minutes: r.integer(5, 40), vapourGps: r.between(0.5, 4), dustUgps: r.between(0, 18) }),
  burntFood: (r) => ({
    ...nothing,
    minutes: r.integer(2, 6),
    heatW: r.between(800, 2000),
    dustUgps: r.between(60, 420),
    co2Lps: r.between(0, 0.02),
  }),
  dryIce: (r) => ({ ...nothing, minutes: r.integer(10, 60), co2Lps: r.between(0.02, 0.3), heatW: -400 }),
}

/** Episodes a day, by kind of room; anything not named happens once in five days. */
const perDay: Partial<Record<RoomKind, Partial<Record<EpisodeKind, number>>>> = {
  kitchen: { cooking: 3.5, burntFood: 0.7, steam: 2, cleaning: 1, cigarette: 0.1, dryIce: 0.02, heater: 0.1 },
  canteen: { cooking: 2, steam: 1, cleaning: 1.2, burntFood: 0.3, dryIce: 0.02 },
  lab: { dryIce: 0.6, steam: 0.6, heater: 0.8 },
  office: { windowOpen: 0.9, cigarette: 0.3, burntFood: 0.2 },
  meeting: { windowOpen: 0.6, cigarette: 0.3 },
}

export function planEpisodes(random: Random, room: RoomKind, minutes: number, burns: boolean): Episode[] {
  const planned: Episode[] = []
  const busy = (from: number, length: number) =>
    planned.some((e) => from < e.fromMinute + e.minutes + 15 && e.fromMinute < from + length + 15)
  const add = (kind: EpisodeKind) => {
    const made = makers[kind](random)
    const fromMinute = random.integer(0, Math.max(0, minutes - 5))
    if (!busy(fromMinute, made.minutes)) planned.push({ kind, fromMinute, ...made })
  }
  if (burns) add('fire')
  for (const kind of episodeKinds) {
    if (kind === 'fire') continue
    const expected = ((perDay[room]?.[kind] ?? 0.2) * minutes) / 1440
    for (let left = expected; left > 0; left--) if (random.next() < left) add(kind)
  }
  return planned
}
