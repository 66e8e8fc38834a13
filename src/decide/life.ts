/** Legal steps of incidents (ISA-18.2, 5.2: the alarm state transitions) and of plans. An illegal one is a bug. */
import type { AlarmState, Incident, Plan, PlanState } from '../contract/decision.ts'

export const alarmTransitions: Readonly<Record<AlarmState, readonly AlarmState[]>> = {
  active: ['acknowledged', 'returnedToNormal'],
  acknowledged: ['closed'],
  // Unacknowledged when it returned: a person still has to see it; re-alarms if the condition comes back.
  returnedToNormal: ['active', 'acknowledged', 'closed'],
  closed: [],
}

export const planTransitions: Readonly<Record<PlanState, readonly PlanState[]>> = {
  proposed: ['approved', 'rejected', 'expired', 'withdrawn'],
  approved: ['executing', 'verified', 'failed', 'withdrawn'],
  executing: ['verified', 'failed'],
  verified: [],
  rejected: [],
  failed: [],
  expired: [],
  withdrawn: [],
}

export function isPlanOver(state: PlanState): boolean {
  return planTransitions[state].length === 0
}

export function advanceIncident(incident: Incident, to: AlarmState, nowMs: number): Incident {
  if (!alarmTransitions[incident.state].includes(to))
    throw new Error(`incident ${incident.id}: illegal step ${incident.state} → ${to}`)
  const closed = to === 'closed' ? { closedAtMs: nowMs } : {}
  return { ...incident, ...closed, state: to, updatedAtMs: nowMs, revision: incident.revision + 1 }
}

export function advancePlan(plan: Plan, to: PlanState, nowMs: number, patch: Partial<Plan> = {}): Plan {
  if (!planTransitions[plan.state].includes(to)) throw new Error(`plan ${plan.id}: illegal step ${plan.state} → ${to}`)
  return { ...plan, ...patch, state: to, updatedAtMs: nowMs, revision: plan.revision + 1 }
}

/** Which of two versions of one thing holds: the higher revision; at a tie the greater text, so that all agree. */
export function isNewer<T extends { readonly revision: number }>(candidate: T, known: T): boolean {
  if (candidate.revision !== known.revision) return candidate.revision > known.revision
  return canonical(candidate) > canonical(known)
}

/** JSON with sorted keys: the same content is the same text, whoever wrote it. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** How far an approved plan got, as `act` tells it. */
export interface PlanProgressNews {
  readonly planId: string
  readonly state: Extract<PlanState, 'executing' | 'verified' | 'failed'>
  readonly steps: readonly Plan['steps'][number][]
  readonly failure?: { readonly step: number; readonly why: string }
  readonly actedAtMs?: number
  readonly atMs: number
}

/** The incident with the stages that this news reached for the first time; undefined where it reached none. */
export function withStages(incident: Incident, { state, actedAtMs, atMs }: PlanProgressNews): Incident | undefined {
  const { stages } = incident
  const acted = stages.actedAtMs === undefined && actedAtMs !== undefined ? { actedAtMs } : {}
  const verified = stages.verifiedAtMs === undefined && state === 'verified' ? { verifiedAtMs: atMs } : {}
  if (Object.keys({ ...acted, ...verified }).length === 0) return undefined
  const reached = { ...stages, ...acted, ...verified }
  return { ...incident, stages: reached, updatedAtMs: atMs, revision: incident.revision + 1 }
}
