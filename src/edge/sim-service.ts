import { systemClock } from '../platform/clock.ts'
import { createSimBus } from '../sense/sim-bus.ts'
import { startSimHost } from '../sim/host.ts'
import { localOffset } from '../site/time-zone.ts'
import { announcement, type SiteSource } from './site-source.ts'

export interface SimServiceOptions {
  readonly brokerUrl: string
  readonly source: SiteSource
  readonly seed: number
  readonly speed: number
  /** Simulated start; 09:30 at the site on a Tuesday in June unless given. */
  readonly startMs: number | undefined
  readonly log: (line: string) => void
}

export interface SimService {
  sleep(): void
  wake(): void
  dispose(): Promise<void>
}

/** Hosts the simulated park: its physics in this process, its words on a connection of its own with a last will. */
export function startSim(options: SimServiceOptions): SimService {
  const { brokerUrl, source, seed, speed, log } = options
  const { site } = source
  const morningMs = Date.UTC(2026, 5, 16, 9, 30)
  const startMs = options.startMs ?? morningMs - localOffset(site.geo)(morningMs) * 60_000
  const bus = createSimBus({
    url: brokerUrl,
    site: site.id,
    clock: systemClock,
    onState: ({ phase, url, detail }) => {
      if (phase === 'offline' || phase === 'failed') log(`simulated park: lost ${url}: ${detail ?? phase}`)
    },
  })
  const host = startSimHost({
    site,
    sitePayload: announcement(site, source.bytes),
    seed,
    speed,
    startMs,
    clock: systemClock,
    bus,
    log,
  })
  return {
    sleep: () => host.sleep(),
    wake: () => host.wake(),
    async dispose() {
      host.dispose()
      await bus.dispose()
    },
  }
}
