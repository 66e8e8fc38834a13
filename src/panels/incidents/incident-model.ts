import type { Evidence, Incident, StageTimes } from '../../contract/decision.ts'
import type { SiteFile } from '../../site/schema.ts'

const ranks = { critical: 0, high: 1, medium: 2, low: 3 } as const

export function isOpen(incident: Incident): boolean {
  return incident.state !== 'closed'
}

/** The work list: by priority, then the newest first. */
export function openIncidents(incidents: readonly Incident[]): Incident[] {
  return incidents.filter(isOpen).sort((a, b) => ranks[a.priority] - ranks[b.priority] || b.openedAtMs - a.openedAtMs)
}

export function closedIncidents(incidents: readonly Incident[], most: number): Incident[] {
  return incidents
    .filter((incident) => !isOpen(incident))
    .sort((a, b) => (b.closedAtMs ?? b.updatedAtMs) - (a.closedAtMs ?? a.updatedAtMs))
    .slice(0, most)
}

const stageNames = ['sensed', 'inferred', 'decided', 'acted', 'verified'] as const
type StageName = (typeof stageNames)[number]

export interface StageStep {
  readonly stage: StageName
  readonly atMs: number | undefined
  /** Since the newest earlier stage that was reached. */
  readonly tookMs: number | undefined
}

export function stageWalk(times: StageTimes): StageStep[] {
  let previousMs: number | undefined
  return stageNames.map((stage) => {
    const atMs = times[`${stage}AtMs`]
    const tookMs = atMs === undefined || previousMs === undefined ? undefined : Math.max(0, atMs - previousMs)
    if (atMs !== undefined) previousMs = atMs
    return { stage, atMs, tookMs }
  })
}

/** Cameras whose picture belongs to an incident: named by evidence, by track, or watching its zone. */
export function camerasOf(incident: Incident, site: SiteFile | undefined): string[] {
  if (!site) return []
  const known = new Set(site.cameras.map((camera) => camera.id))
  const named = [incident.subject, ...incident.evidence.flatMap(mentionsOf)].filter((id) => known.has(id))
  if (named.length > 0) return [...new Set(named)]
  if (incident.kind !== 'intrusion' && incident.kind !== 'fire') return []
  return site.cameras
    .filter((camera) => incident.zone !== undefined && camera.zones.includes(incident.zone))
    .map((camera) => camera.id)
}

function mentionsOf(evidence: Evidence): string[] {
  const words = Object.values(evidence.values).filter((value) => typeof value === 'string')
  return [evidence.subject, ...words.map((word) => word.split(':')[0] ?? word)]
}

/** The meter whose curve belongs to an incident. */
export function meterOf(incident: Incident, isMeter: (id: string) => boolean): string | undefined {
  return [incident.subject, ...incident.evidence.map((item) => item.subject)].find(isMeter)
}
