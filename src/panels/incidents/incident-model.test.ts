import { describe, expect, it } from 'vitest'
import type { Incident } from '../../contract/decision.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import { camerasOf, closedIncidents, meterOf, openIncidents, stageWalk } from './incident-model.ts'

function incident(id: string, over: Partial<Incident> = {}): Incident {
  return {
    id,
    kind: 'intrusion',
    priority: 'medium',
    state: 'active',
    subject: 'nobody',
    openedAtMs: 0,
    updatedAtMs: 0,
    confidence: 0.9,
    evidence: [],
    stages: {},
    revision: 1,
    ...over,
  }
}

describe('the work list', () => {
  const all = [
    incident('old', { openedAtMs: 1 }),
    incident('new', { openedAtMs: 2 }),
    incident('urgent', { priority: 'critical' }),
    incident('over', { state: 'closed', closedAtMs: 9 }),
    incident('normal-again', { state: 'returnedToNormal', priority: 'low' }),
  ]

  it('puts the most urgent first, then the newest, and leaves closed ones out', () => {
    expect(openIncidents(all).map((it) => it.id)).toEqual(['urgent', 'new', 'old', 'normal-again'])
    expect(closedIncidents(all, 5).map((it) => it.id)).toEqual(['over'])
  })
})

describe('stageWalk', () => {
  it('tells how long each stage took, skipping one that was never reached', () => {
    const walk = stageWalk({ sensedAtMs: 100, inferredAtMs: 350, decidedAtMs: 400, verifiedAtMs: 1400 })
    expect(walk.map((step) => step.tookMs)).toEqual([undefined, 250, 50, undefined, 1000])
    expect(walk[3]?.atMs).toBeUndefined()
  })
})

describe('what belongs to an incident', () => {
  const site = buildCampus()
  const camera = site.cameras[0]

  it('finds the camera that evidence or a track names', () => {
    const evidence = {
      source: 'video',
      kind: 'personInZone',
      subject: 'somewhere',
      atMs: 0,
      weight: 1,
      values: { trackId: `${camera?.id}:7` },
    } as const
    expect(camerasOf(incident('i', { evidence: [evidence] }), site)).toEqual([camera?.id])
  })

  it('falls back on cameras that watch the zone, but not for energy', () => {
    const zone = camera?.zones[0] ?? ''
    expect(camerasOf(incident('i', { zone }), site)).toContain(camera?.id)
    expect(camerasOf(incident('i', { zone, kind: 'energyAnomaly' }), site)).toEqual([])
    expect(camerasOf(incident('i', { zone }), undefined)).toEqual([])
  })

  it('finds the meter among subject and evidence', () => {
    expect(meterOf(incident('i', { subject: 'meter-1' }), (id) => id === 'meter-1')).toBe('meter-1')
    expect(meterOf(incident('i'), () => false)).toBeUndefined()
  })
})
