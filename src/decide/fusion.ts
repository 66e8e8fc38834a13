/**
 * From several reasons to one belief. Noisy-or (Pearl 1988, §4.3.2): each independent source alone would convince by
 * its weight, so the doubt that is left is the product of the doubts. What one camera or one device says twice is one
 * source; weights fade with age, each kind at its own pace.
 */
import type { Evidence, Incident, IncidentKind } from '../contract/decision.ts'

const halfLifeByKindMs: Readonly<Record<string, number>> = {
  personInZone: 120_000,
  motion: 120_000,
  doorOpened: 300_000,
  fireSeen: 90_000,
  smokeSeen: 90_000,
  smokeAlarm: 600_000,
  fireLike: 300_000,
  bandBroken: 7_200_000,
  demandRisk: 1_800_000,
  deviceOffline: 86_400_000,
  unmanned: 600_000,
  wrongParking: 600_000,
  leftObject: 600_000,
}
const usualHalfLifeMs = 300_000

/** Below this a piece of evidence is forgotten. */
export const negligibleWeight = 0.02

export function weightNow({ kind, weight, atMs }: Evidence, nowMs: number): number {
  const halfLifeMs = halfLifeByKindMs[kind] ?? usualHalfLifeMs
  return Math.min(0.99, weight) * 0.5 ** (Math.max(0, nowMs - atMs) / halfLifeMs)
}

export function fusedConfidence(evidence: readonly Evidence[], nowMs: number): number {
  const bySource = new Map<string, number>()
  for (const item of evidence) {
    const key = `${item.source}:${item.subject}`
    bySource.set(key, Math.max(bySource.get(key) ?? 0, weightNow(item, nowMs)))
  }
  let doubt = 1
  for (const weight of bySource.values()) doubt *= 1 - weight
  return 1 - doubt
}

/** The same word about the same subject replaces itself; the stronger stays. `isNew` where it was not said before. */
export function withEvidence(
  known: readonly Evidence[],
  item: Evidence,
  nowMs: number,
): { readonly evidence: Evidence[]; readonly isNew: boolean } {
  const same = (other: Evidence) =>
    other.source === item.source && other.kind === item.kind && other.subject === item.subject
  const before = known.find(same)
  if (!before) return { evidence: [...known, item].slice(-64), isNew: true }
  const weight = Math.max(item.weight, weightNow(before, nowMs))
  const firstAtMs = typeof before.values.firstAtMs === 'number' ? before.values.firstAtMs : before.atMs
  const merged = { ...item, weight, values: { ...item.values, firstAtMs } }
  return { evidence: known.map((other) => (same(other) ? merged : other)), isNew: false }
}

export const openingThreshold: Readonly<Record<IncidentKind, number>> = {
  intrusion: 0.6,
  fire: 0.6,
  energyAnomaly: 0.5,
  peakDemand: 0.5,
  deviceLost: 0.5,
  loitering: 0.5,
  lineCrossed: 0.5,
  crowding: 0.5,
  wrongWay: 0.5,
  wrongParking: 0.5,
  leftObject: 0.5,
  unmanned: 0.5,
}

type Priority = Incident['priority']

/** Priority by kind at rising confidence: from, then. */
const ladder: Readonly<Record<IncidentKind, readonly (readonly [from: number, priority: Priority])[]>> = {
  intrusion: [
    [0, 'medium'],
    [0.7, 'high'],
    [0.92, 'critical'],
  ],
  fire: [
    [0, 'high'],
    [0.85, 'critical'],
  ],
  energyAnomaly: [
    [0, 'low'],
    [0.6, 'medium'],
  ],
  peakDemand: [
    [0, 'medium'],
    [0.8, 'high'],
  ],
  deviceLost: [[0, 'low']],
  loitering: [[0, 'medium']],
  lineCrossed: [[0, 'medium']],
  crowding: [
    [0, 'medium'],
    [0.85, 'high'],
  ],
  wrongWay: [
    [0, 'medium'],
    [0.8, 'high'],
  ],
  wrongParking: [[0, 'low']],
  leftObject: [[0, 'medium']],
  unmanned: [[0, 'low']],
}

export function priorityOf(kind: IncidentKind, confidence: number): Priority {
  let priority: Priority = 'low'
  for (const [from, name] of ladder[kind]) if (confidence >= from) priority = name
  return priority
}
