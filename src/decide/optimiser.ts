/**
 * Cost and safety in one sum. Every plan has a score: the risk it lowers, weighed by kind and belief, plus the money it
 * saves. Where two plans want different things of one point, the higher score keeps it and both say so. Among measures
 * to cut power the cheapest per kW are taken first, where cost is money and discomfort together.
 */
import type { Incident, IncidentKind, Plan, PlanStep } from '../contract/decision.ts'

const riskWeight: Readonly<Record<IncidentKind, number>> = {
  fire: 1000,
  intrusion: 300,
  deviceLost: 20,
  loitering: 60,
  lineCrossed: 80,
  crowding: 120,
  wrongWay: 150,
  wrongParking: 30,
  leftObject: 100,
  unmanned: 30,
  peakDemand: 0,
  energyAnomaly: 0,
}

/** Safety in points; money counts a point for ten units of currency, so that no saving outweighs a likely danger. */
export function planScore(kind: IncidentKind, confidence: number, costSaved = 0): number {
  return Math.round(riskWeight[kind] * confidence + Math.min(100, Math.max(0, costSaved) / 10))
}

/** A point that a plan wants a value of. */
export interface Claim {
  readonly device: string
  readonly point: string
  readonly value: PlanStep['value']
  readonly planId: string
  readonly playbook: string
  readonly score: number
}

/** What plans that are wanted or in force claim. A verified plan claims while its incident is open. */
export function claimsOf(plans: readonly Plan[], incidentOf: (id: string) => Incident | undefined): Claim[] {
  return plans.flatMap((plan) => {
    const incident = incidentOf(plan.incidentId)
    const inForce = ['proposed', 'approved', 'executing', 'verified'].includes(plan.state)
    if (!incident || incident.state === 'closed' || !inForce) return []
    const score = planScore(incident.kind, incident.confidence, plan.expected.costSaved)
    return plan.steps.map(({ device, point, value }) => {
      return { device, point, value, planId: plan.id, playbook: plan.playbook, score }
    })
  })
}

export interface Weighed {
  readonly steps: readonly PlanStep[]
  /** Steps given up to a plan of higher score. */
  readonly yielded: readonly { readonly step: PlanStep; readonly to: Claim }[]
  /** Claims of lower score that this plan overrides. */
  readonly overrides: readonly Claim[]
}

export function weigh(steps: readonly PlanStep[], score: number, claims: readonly Claim[]): Weighed {
  const kept: PlanStep[] = []
  const yielded: Weighed['yielded'][number][] = []
  const overrides: Claim[] = []
  for (const step of steps) {
    const rival = claims.find(
      (claim) => claim.device === step.device && claim.point === step.point && claim.value !== step.value,
    )
    if (rival && rival.score >= score) yielded.push({ step, to: rival })
    else {
      kept.push(step)
      if (rival) overrides.push(rival)
    }
  }
  return { steps: kept, yielded, overrides }
}

/** What a measure does on one device: wholly or not at all. */
export interface Move {
  readonly steps: readonly PlanStep[]
  readonly cutKw: number
}

export interface Measure {
  readonly name: { readonly en: string; readonly zh: string }
  readonly moves: readonly Move[]
  /** Money it costs per kW and hour, in the tariff's currency. */
  readonly wearPerKw: number
  /** Discomfort per kW and hour in the same currency: what people would pay not to have it. */
  readonly discomfortPerKw: number
}

export function cutOf({ moves }: Measure): number {
  return moves.reduce((sum, { cutKw }) => sum + cutKw, 0)
}

export function costPerKw({ wearPerKw, discomfortPerKw }: Measure): number {
  return wearPerKw + discomfortPerKw
}

/** Takes measures from the cheapest per kW on until the cut is enough. */
export function chooseMeasures(measures: readonly Measure[], neededKw: number): Measure[] {
  const chosen: Measure[] = []
  let cutKw = 0
  for (const measure of [...measures].sort((a, b) => costPerKw(a) - costPerKw(b))) {
    if (cutKw >= neededKw) break
    if (cutOf(measure) <= 0) continue
    chosen.push(measure)
    cutKw += cutOf(measure)
  }
  return chosen
}

/** Of what was chosen as much as `mostSteps` steps can do, the first measures first. */
export function fitMeasures(chosen: readonly Measure[], mostSteps: number): Measure[] {
  let left = mostSteps
  const fits = ({ steps }: Move) => {
    if (steps.length > left) return false
    left -= steps.length
    return true
  }
  return chosen
    .map((measure) => ({ ...measure, moves: measure.moves.filter(fits) }))
    .filter(({ moves }) => moves.length > 0)
}
