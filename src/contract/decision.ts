/** Shared life of incidents and plans: retained on the bus so that every console agrees. */
import * as v from 'valibot'
import { epochMs, localText, pointValue, serial } from './messages.ts'

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/))
const finite = v.pipe(v.number(), v.finite())
const text = v.pipe(v.string(), v.maxLength(500))

export const evidenceSources = ['video', 'environment', 'energy', 'device', 'person'] as const

/** One reason to believe. `kind` is the rule's word: `personInZone`, `doorOpened`, `bandBroken`, `fireSeen`, … */
export const evidence = v.object({
  source: v.picklist(evidenceSources),
  kind: v.pipe(v.string(), v.maxLength(60)),
  /** Device, camera, zone or meter it speaks of. */
  subject: id,
  atMs: finite,
  /** How far it alone would convince, 0…1. */
  weight: finite,
  /** Particulars for people and for the record: `{score: 0.91, trackId: 'cam-dock:3'}`. */
  values: v.record(v.string(), v.union([finite, v.string(), v.boolean()])),
})
export type Evidence = v.InferOutput<typeof evidence>

/** ISA-18.2 states, in the words of the standard. */
export const alarmStates = ['active', 'acknowledged', 'returnedToNormal', 'closed'] as const
export type AlarmState = (typeof alarmStates)[number]

export const stageTimes = v.object({
  /** Site times at which each stage of the loop was reached; missing while it has not been. */
  sensedAtMs: v.optional(epochMs),
  inferredAtMs: v.optional(epochMs),
  decidedAtMs: v.optional(epochMs),
  actedAtMs: v.optional(epochMs),
  verifiedAtMs: v.optional(epochMs),
})
export type StageTimes = v.InferOutput<typeof stageTimes>

/** What rules of place find on camera, each by its own word. */
export const placeIncidentKinds = [
  'loitering',
  'lineCrossed',
  'crowding',
  'wrongWay',
  'wrongParking',
  'leftObject',
  'unmanned',
] as const
export type PlaceIncidentKind = (typeof placeIncidentKinds)[number]

export const incidentKinds = [
  'intrusion',
  'fire',
  'energyAnomaly',
  'peakDemand',
  'deviceLost',
  ...placeIncidentKinds,
] as const
export type IncidentKind = (typeof incidentKinds)[number]

export const incident = v.object({
  id,
  kind: v.picklist(incidentKinds),
  priority: v.picklist(['critical', 'high', 'medium', 'low']),
  state: v.picklist(alarmStates),
  zone: v.optional(id),
  /** Device, camera or meter at its heart. */
  subject: id,
  openedAtMs: epochMs,
  updatedAtMs: epochMs,
  closedAtMs: v.optional(epochMs),
  /** Fused belief 0…1 by noisy-or over independent sources. */
  confidence: finite,
  evidence: v.pipe(v.array(evidence), v.maxLength(64)),
  stages: stageTimes,
  planId: v.optional(id),
  revision: serial,
})
export type Incident = v.InferOutput<typeof incident>

export const planStates = [
  'proposed',
  'approved',
  'executing',
  'verified',
  'rejected',
  'failed',
  'expired',
  'withdrawn',
] as const
export type PlanState = (typeof planStates)[number]

export const planStep = v.object({
  device: id,
  point: id,
  value: pointValue,
  /** The value before, for the rollback. */
  previous: v.optional(pointValue),
  reason: localText,
  /** Filled once commanded. */
  commandId: v.optional(id),
})
export type PlanStep = v.InferOutput<typeof planStep>

/** A fire in a large building unlocks every way out with one plan. */
export const mostPlanSteps = 256

/** Two days of quarter hours. */
export const mostBaselineIntervals = 192

export const plan = v.object({
  id,
  incidentId: id,
  playbook: v.pipe(v.string(), v.maxLength(60)),
  state: v.picklist(planStates),
  title: localText,
  reason: localText,
  steps: v.pipe(v.array(planStep), v.maxLength(mostPlanSteps)),
  /** Expected effect against doing nothing; only what can be reckoned is filled. */
  expected: v.object({
    energySavedKwh: v.optional(finite),
    costSaved: v.optional(finite),
    currency: v.optional(v.pipe(v.string(), v.maxLength(8))),
    peakCutKw: v.optional(finite),
    /** Until when the saving is counted. */
    horizonMs: v.optional(epochMs),
    riskReduced: v.optional(localText),
    basis: v.optional(localText),
    /**
     * The power at a meter had nothing been done, frozen when it was proposed: what is measured afterwards is held against
     * it, by whichever console then runs the loop. The last value stands for all that comes after.
     */
    baseline: v.optional(
      v.object({
        meter: id,
        startMs: epochMs,
        intervalMs: v.pipe(finite, v.minValue(1000), v.maxValue(86_400_000)),
        kw: v.pipe(v.array(finite), v.minLength(1), v.maxLength(mostBaselineIntervals)),
      }),
    ),
  }),
  /** Measured afterwards from what meters reported, never from the expectation. */
  measured: v.optional(
    v.object({
      energySavedKwh: finite,
      costSaved: finite,
      fromMs: epochMs,
      toMs: epochMs,
    }),
  ),
  /** Why it failed: index of the first step that did not verify, and the code of why. */
  failure: v.optional(v.object({ step: v.pipe(v.number(), v.integer()), why: text })),
  proposedAtMs: epochMs,
  decidedBy: v.optional(text),
  decidedAtMs: v.optional(epochMs),
  updatedAtMs: epochMs,
  revision: serial,
})
export type Plan = v.InferOutput<typeof plan>
export type Baseline = NonNullable<Plan['expected']['baseline']>

/** What somebody wants a device to do, before any check. */
export interface Intent {
  readonly device: string
  readonly point: string
  readonly value: v.InferOutput<typeof pointValue>
  readonly reason: string
  readonly issuedBy: string
  readonly planId?: string
  /** Passes interlocks that a manager may overrule, such as a stale reported state. */
  readonly force?: boolean
}

export const commandStates = [
  /** Refused here: role, interlock, stale state, range. */ 'refused',
  'publishing',
  'sent',
  'acknowledged',
  'verified',
  /** The device said no. */ 'rejected',
  /** No acknowledgement, or no reported state, by the deadline. */ 'timedOut',
  /** Reported state settled on something else. */ 'diverged',
  /** Connection lost before it was handed to the broker, or cancelled. Never sent later. */ 'cancelled',
] as const
export type CommandState = (typeof commandStates)[number]

export interface CommandRecord {
  readonly id: string
  readonly device: string
  readonly point: string
  readonly value: v.InferOutput<typeof pointValue>
  /** Reported value when issued; what a rollback would restore. */
  readonly previous?: v.InferOutput<typeof pointValue>
  readonly state: CommandState
  readonly reason: string
  readonly issuedBy: string
  readonly planId?: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  readonly acknowledgedAtMs?: number
  readonly settledAtMs?: number
  readonly reported?: v.InferOutput<typeof pointValue>
  /** Code of why it ended as it did: `interlock:…`, `noAck`, `noState`, `deviceOffline`, `linkLost`, … */
  readonly why?: string
  readonly rollbackOffered: boolean
  /** The command this one undoes. */
  readonly rollbackOf?: string
  /** Wall milliseconds since issuing, measured on the monotonic clock; each as far as it got. */
  readonly latency?: { readonly sentMs?: number; readonly acknowledgedMs?: number; readonly settledMs?: number }
}
