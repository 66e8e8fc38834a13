/** A twin with fabricated readings, so that the scene can be looked at and measured without a broker. */
import type { Incident } from '../../src/contract/decision.ts'
import type { PointDescriptor } from '../../src/contract/messages.ts'
import type { Track } from '../../src/contract/perception.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { createRandom, hashString } from '../../src/platform/random.ts'
import type { SiteFile } from '../../src/site/schema.ts'
import { localTime } from '../../src/site/tariff.ts'
import { Twin } from '../../src/twin/twin.ts'

export interface FixtureOptions {
  /** Local hour of a working day in June. */
  readonly hour: number
  readonly tracks: boolean
  readonly incident: boolean
  /** Reported rain; the clouds that it takes come with it. */
  readonly rainMmPerH?: number
}

export function fixtureTwin(site: SiteFile, clock: Clock, options: FixtureOptions): Twin {
  const twin = new Twin(clock)
  const siteMs = Date.UTC(2026, 5, 10) + options.hour * 3_600_000 - site.geo.utcOffsetMinutes * 60_000
  twin.apply({ type: 'clock', clock: { siteMs, speed: 0, jump: 0 } })
  twin.apply({ type: 'site', site })
  twin.apply({ type: 'availability', device: 'sim-gateway', online: true })
  let next = 0
  const rows: { index: number; value: number }[] = []
  for (const item of site.equipment) {
    const points = item.points.map(() => next++)
    twin.apply({
      type: 'device',
      birth: {
        id: item.id,
        name: item.name,
        class: item.class,
        gateway: 'sim-gateway',
        points: item.points,
        at: siteMs,
        pose: { at: item.at, headingDeg: item.headingDeg },
        ...(item.zone === undefined ? {} : { zone: item.zone }),
      },
      points,
    })
    for (const [i, point] of item.points.entries())
      rows.push({
        index: points[i] ?? 0,
        value: fabricate(
          item.id,
          item.class,
          item.zone,
          point,
          localTime(siteMs, site.geo.utcOffsetMinutes).hour,
          options.rainMmPerH ?? 0,
        ),
      })
  }
  for (const camera of site.cameras)
    twin.apply({
      type: 'device',
      birth: { id: camera.id, name: camera.name, class: 'Camera', gateway: 'sim-gateway', points: [], at: siteMs },
      points: [],
    })
  twin.apply({
    type: 'readings',
    block: {
      count: rows.length,
      indices: Uint32Array.from(rows, (r) => r.index),
      values: Float64Array.from(rows, (r) => r.value),
      atMs: new Float64Array(rows.length).fill(siteMs),
      quality: new Uint8Array(rows.length),
    },
  })
  twin.project({
    tracks: options.tracks ? fixtureTracks(site, siteMs) : [],
    incidents: options.incident ? [fixtureIncident(site, siteMs)] : [],
  })
  twin.beat()
  return twin
}

/** People at work by day, some stay late; outdoor lights burn from dusk to dawn. */
function fabricate(
  id: string,
  brickClass: string,
  zone: string | undefined,
  point: PointDescriptor,
  hour: number,
  rainMmPerH: number,
): number {
  const random = createRandom(hashString(`${zone ?? id}`))
  const chance = random.next()
  const dark = hour < 5.5 || hour > 18.8
  const outdoors = /^(dock|yard|plaza|garden|gate|visitor)-lights/.test(id)
  const working = hour > 7 && hour < 19
  const lit = outdoors ? dark : working ? chance < 0.85 : hour < 22.5 && hour > 18 ? chance < 0.6 : chance < 0.16
  switch (point.kind) {
    case 'onOff':
      return /lumin/i.test(brickClass) ? Number(lit) : 1
    case 'dimming':
      return lit ? 55 + 45 * chance : 0
    case 'motion':
    case 'occupancy':
      return Number(working && chance < 0.7)
    case 'temperature':
      return 20 + 9 * chance
    case 'co2':
      return 420 + (working ? 800 * chance : 60)
    case 'humidity':
      return 35 + 30 * chance
    case 'pm25':
      return 8 + 40 * chance
    case 'cloud':
      return rainMmPerH > 0 ? 0.95 : 0.1
    case 'rain':
      return rainMmPerH
    case 'windSpeed':
      return 2 + chance
    case 'level':
      return /opening/.test(point.id) && /barrier/.test(id) ? 100 : 0
    default:
      return chance * 10
  }
}

/** Walkers along the footpaths, a lorry at the dock, cars on the roads: what detectors would have found. */
function fixtureTracks(site: SiteFile, siteMs: number): Track[] {
  const random = createRandom(5)
  const nodes = new Map(site.paths.nodes.map((n) => [n.id, n.at]))
  const tracks: Track[] = []
  const along = (kind: 'walk' | 'drive', className: string, count: number) => {
    const edges = site.paths.edges.filter((e) => e.kind === kind || e.kind === 'both')
    for (let i = 0; i < count && edges.length > 0; i++) {
      const edge = edges[Math.floor(random.next() * edges.length)]
      const [a, b] = [nodes.get(edge?.a ?? ''), nodes.get(edge?.b ?? '')]
      if (!a || !b) continue
      const t = random.next()
      tracks.push({
        id: `${className}:${i}`,
        cameraId: site.cameras[0]?.id ?? 'cam',
        className,
        score: 0.9,
        box: { x: 0, y: 0, width: 10, height: 20 },
        firstSeenMs: siteMs - 5000,
        lastSeenMs: siteMs - random.next() * 2500,
        world: { eastM: a[0] + (b[0] - a[0]) * t, northM: a[1] + (b[1] - a[1]) * t, sigmaM: 0.3 + random.next() * 0.7 },
      })
    }
  }
  along('walk', 'person', 16)
  along('drive', 'car', 4)
  along('drive', 'truck', 1)
  return tracks
}

function fixtureIncident(site: SiteFile, siteMs: number): Incident {
  const zone = site.zones.find((z) => z.kind === 'dock')?.id ?? site.zones[0]?.id ?? 'zone'
  return {
    id: 'incident-1',
    kind: 'intrusion',
    priority: 'critical',
    state: 'active',
    zone,
    subject: site.cameras[0]?.id ?? 'cam',
    openedAtMs: siteMs,
    updatedAtMs: siteMs,
    confidence: 0.94,
    evidence: [],
    stages: { sensedAtMs: siteMs },
    revision: 1,
  }
}
