import { expect, it } from 'vitest'
import type { Plan, PlanState } from '../../contract/decision.ts'
import { stepWithoutCommand } from './plan-model.ts'

const planned = (state: PlanState, commandId?: string): [Plan, Plan['steps'][number]] => {
  const step = { device: 'dock-door', point: 'lock', value: 'locked', reason: '', ...(commandId && { commandId }) }
  return [{ state, steps: [step] } as unknown as Plan, step as unknown as Plan['steps'][number]]
}

it('does not say of a step that another console sent that it was not sent', () => {
  expect(stepWithoutCommand(...planned('proposed'))).toBeUndefined()
  expect(stepWithoutCommand(...planned('verified'))).toBe('verified')
  expect(stepWithoutCommand(...planned('executing'))).toBe('elsewhere')
  expect(stepWithoutCommand(...planned('failed', 'c1'))).toBe('elsewhere')
  expect(stepWithoutCommand(...planned('failed'))).toBe('unsent')
  expect(stepWithoutCommand(...planned('rejected'))).toBe('unsent')
})
