import type { Evidence, IncidentKind } from '../contract/decision.ts'

/** One piece of evidence on its way to an incident. */
export interface Signal {
  readonly kind: IncidentKind
  /** Where it happened, nearest first; empty for what belongs to no zone (meters). */
  readonly zones: readonly string[]
  readonly evidence: Evidence
}
