import type { SiteFile } from '../site/schema.ts'
import type { Signal } from './signal.ts'
import type { ZoneEvent } from './zone-watch.ts'
import { intrusionShare, zoneById } from './zones.ts'

/**
 * Somebody in a zone out of hours. The longer they are seen the less it is a flaw of the picture: half of that doubt
 * goes with every three frames. The detector's own score counts for the rest.
 */
export function personSignal(site: SiteFile, event: ZoneEvent): Signal | undefined {
  if (event.type === 'leave') return undefined
  const share = intrusionShare(site, zoneById(site, event.zone), event.atMs)
  if (share === 0) return undefined
  const persistence = 1 - 0.5 ** (event.frames / 3)
  const weight = share * persistence * Math.min(0.95, 0.35 + 0.6 * event.score)
  return {
    kind: 'intrusion',
    zones: [event.zone],
    evidence: {
      source: 'video',
      kind: 'personInZone',
      subject: event.cameraId,
      atMs: event.atMs,
      weight,
      values: {
        trackId: event.trackId,
        zone: event.zone,
        score: Math.round(event.score * 1000) / 1000,
        frames: event.frames,
        firstAtMs: event.sinceMs,
      },
    },
  }
}
