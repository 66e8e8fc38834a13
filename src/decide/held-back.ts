/** What plans against a peak have set and must be given back, whatever became of the plans themselves. */
import type { Plan, PlanStep } from '../contract/decision.ts'

/** Tries to give back in a row, and the waits between them: 30 s, 2 min, 8 min, 32 min. A device may be away for a while. */
const mostTries = 5
const firstWaitMs = 30_000

/** Each point once, with the value of the last plan and the one from before the first: a second cut starts from a cut. */
export function heldBack(plans: readonly Plan[], isBack: (step: PlanStep) => boolean): PlanStep[] {
  const held = new Map<string, PlanStep>()
  for (const plan of inOrder(plans)) {
    for (const step of carriedOut(plan)) {
      const key = `${step.device}/${step.point}`
      const previous = held.get(key)?.previous ?? step.previous
      held.delete(key)
      if (plan.playbook === 'peakDemand' && previous !== undefined) held.set(key, { ...step, previous })
    }
  }
  return [...held.values()].filter((step) => !isBack(step))
}

/** Of a plan that failed, what was commanded: whether it happened is for the devices to say. */
function carriedOut({ playbook, state, steps }: Plan): readonly PlanStep[] {
  if (playbook !== 'peakDemand' && playbook !== 'release') return []
  if (state === 'verified') return steps
  return state === 'failed' && playbook === 'peakDemand' ? steps.filter((step) => step.commandId !== undefined) : []
}

/** Whether giving back was tried in vain, and the next try must wait; `never` after the last. */
export function nextTry(plans: readonly Plan[], nowMs: number): 'now' | 'later' | 'never' {
  let failures = 0
  let lastMs = 0
  for (const { playbook, state, updatedAtMs } of inOrder(plans)) {
    if (playbook !== 'release' || state === 'verified') failures = 0
    else if (state === 'failed') failures++
    lastMs = updatedAtMs
  }
  if (failures >= mostTries) return 'never'
  return failures > 0 && nowMs - lastMs < firstWaitMs * 4 ** (failures - 1) ? 'later' : 'now'
}

function inOrder(plans: readonly Plan[]): Plan[] {
  return [...plans].sort((a, b) => a.proposedAtMs - b.proposedAtMs || (a.id < b.id ? -1 : 1))
}
