import { siteTopics } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import { createSimBus, type SimBus } from '../sense/sim-bus.ts'
import type { SiteSource } from './site-source.ts'

export interface SimServiceOptions {
  readonly brokerUrl: string
  readonly source: SiteSource
  readonly seed: number
  readonly speed: number
  readonly startMs: number
  readonly log: (line: string) => void
}

export interface SimService {
  dispose(): Promise<void>
}

/** Hosts the simulated park: its physics in this process, its words on a connection of its own. */
export async function startSim(options: SimServiceOptions): Promise<SimService> {
  const { brokerUrl, source } = options
  const bus: SimBus = createSimBus({ url: brokerUrl, site: source.site.id, clock: systemClock })
  bus.publish(siteTopics(source.site.id).site, source.bytes, { retain: true, qos: 1 })
  return {
    async dispose() {
      await bus.dispose()
    },
  }
}

/** 09:30 at the site on the Wednesday of the week of `nowMs`: a working morning, whatever day it is. */
export function workingMorning(nowMs: number, utcOffsetMinutes: number): number {
  const offsetMs = utcOffsetMinutes * 60_000
  const local = new Date(nowMs + offsetMs)
  const weekday = (local.getUTCDay() + 6) % 7
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - weekday + 2)
  return midnight + 9.5 * 3_600_000 - offsetMs
}
