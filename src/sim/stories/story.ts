import type { ScenarioName } from '../../contract/messages.ts'
import type { SimWorldMessage } from '../../contract/sim-world.ts'
import type { SiteFile } from '../../site/schema.ts'
import { localOffset } from '../../site/time-zone.ts'
import type { PathGraph } from '../agents/path-graph.ts'
import type { Population } from '../agents/population.ts'
import type { Traffic } from '../agents/traffic.ts'
import type { Devices } from '../devices.ts'
import type { Charging } from '../generation.ts'
import type { Openings } from '../openings.ts'
import type { Outdoor } from '../outdoor.ts'
import type { Weather, WeatherSpell } from '../physics/weather.ts'
import type { Rooms } from '../rooms.ts'

/** What a story may touch. */
export interface Stage {
  readonly site: SiteFile
  readonly devices: Devices
  readonly openings: Openings
  readonly traffic: Traffic
  readonly graph: PathGraph
  readonly rooms: Rooms
  readonly population: Population
  readonly charging: Charging
  readonly outdoor: Outdoor
  nowMs(): number
  weather(): Weather
  /** Lives through the time until then at full haste; the clock jumps. */
  skipTo(atMs: number): void
  setSpell(spell: WeatherSpell | undefined): void
  log(line: string): void
}

export interface Story {
  readonly name: ScenarioName
  /** True when it has come to its end by itself. */
  step(dtS: number): boolean
  /** Takes down whatever it had put up. */
  stop(): void
  fires?(): SimWorldMessage['fires']
}

export type TellStory = (stage: Stage) => Story

const dayMs = 86_400_000

/** The next moment after `nowMs` at this local hour, on one of these weekdays (1 Monday … 7). */
export function nextLocal(
  site: SiteFile,
  nowMs: number,
  hour: number,
  days: readonly number[] = [1, 2, 3, 4, 5, 6, 7],
) {
  const offsetAtMs = localOffset(site.geo)
  const offsetMs = offsetAtMs(nowMs) * 60_000
  const midnight = Math.floor((nowMs + offsetMs) / dayMs)
  for (let day = midnight; ; day++) {
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1
    const wallMs = day * dayMs + hour * 3_600_000
    const atMs = wallMs - offsetAtMs(wallMs - offsetMs) * 60_000
    if (atMs > nowMs && days.includes(weekday)) return atMs
  }
}
