import type { CommandRecord, CommandState, Plan, PlanState } from '../../contract/decision.ts'
import type { ChipTone } from '../../ui/badge.tsx'

const order: Record<PlanState, number> = {
  proposed: 0,
  executing: 1,
  approved: 1,
  failed: 2,
  verified: 3,
  rejected: 3,
  expired: 3,
  withdrawn: 3,
}

/** What waits for a person first, then what runs, then what is over; the newest first in each. */
export function sortPlans(plans: readonly Plan[]): Plan[] {
  return [...plans].sort((a, b) => order[a.state] - order[b.state] || b.proposedAtMs - a.proposedAtMs)
}

export const planTones: Record<PlanState, ChipTone> = {
  proposed: 'accent',
  approved: 'low',
  executing: 'low',
  verified: 'good',
  rejected: 'neutral',
  failed: 'critical',
  expired: 'neutral',
  withdrawn: 'neutral',
}

export const commandTones: Record<CommandState, ChipTone> = {
  refused: 'high',
  publishing: 'low',
  sent: 'low',
  acknowledged: 'low',
  verified: 'good',
  rejected: 'critical',
  timedOut: 'critical',
  diverged: 'critical',
  cancelled: 'neutral',
}

/** The newest command of a step: by its id, else by what it wrote for this plan. */
export function commandOfStep(plan: Plan, step: Plan['steps'][number], commands: readonly CommandRecord[]) {
  return (
    commands.find((command) => command.id === step.commandId) ??
    commands.findLast(
      (command) => command.planId === plan.id && command.device === step.device && command.point === step.point,
    )
  )
}

/**
 * What is known of a step whose command this console has no record of: another one may have sent it. A plan is verified
 * only with all of its steps.
 */
export function stepWithoutCommand(
  plan: Plan,
  step: Plan['steps'][number],
): 'verified' | 'elsewhere' | 'unsent' | undefined {
  if (plan.state === 'proposed') return undefined
  if (plan.state === 'verified') return 'verified'
  return step.commandId !== undefined || plan.state === 'executing' ? 'elsewhere' : 'unsent'
}
