import { describe, expect, it } from 'vitest'
import type { Plan, PlanStep } from '../contract/decision.ts'
import { heldBack, nextTry } from './held-back.ts'

const limit = (device: string, value: number, previous: number, more: Partial<PlanStep> = {}): PlanStep => {
  return { device, point: 'limit', value, previous, reason: 'r', ...more }
}

let serial = 0
function plan(playbook: string, state: Plan['state'], steps: readonly PlanStep[] = [], updatedAtMs = 0): Plan {
  serial++
  const times = { proposedAtMs: serial, updatedAtMs, revision: 1 }
  const id = `plan-${serial}`
  return { id, incidentId: 'peak', playbook, state, title: 't', reason: 'r', steps: [...steps], expected: {}, ...times }
}

const nothingBack = () => false

describe('what is held back', () => {
  it('is each point once, from before the first plan to the last, of what was commanded or verified', () => {
    const plans = [
      plan('peakDemand', 'failed', [limit('ev-1', 16, 40, { commandId: 'cmd-1' }), limit('ev-2', 16, 40)]),
      plan('release', 'withdrawn', [limit('ev-1', 40, 16)]),
      plan('peakDemand', 'verified', [limit('ev-1', 6, 16), limit('ev-3', 8, 20)]),
      plan('peakDemand', 'rejected', [limit('ev-4', 8, 20)]),
    ]
    const held = heldBack(plans.reverse(), ({ device }) => device === 'ev-3')
    expect(held).toMatchObject([{ device: 'ev-1', value: 6, previous: 40 }])
  })

  it('is nothing once it was given back, and starts anew from there', () => {
    const cut = plan('peakDemand', 'verified', [limit('ev-1', 16, 40)])
    const release = (state: Plan['state']) => plan('release', state, [limit('ev-1', 40, 16)])
    expect(heldBack([cut, release('verified')], nothingBack)).toEqual([])
    expect(heldBack([cut, release('failed')], nothingBack)).toHaveLength(1)
    const again = [cut, release('verified'), plan('peakDemand', 'verified', [limit('ev-1', 12, 30)])]
    expect(heldBack(again, nothingBack)).toMatchObject([{ value: 12, previous: 30 }])
  })

  it('is tried again at growing waits, five times at most, from the beginning after another cut', () => {
    const failed = (count: number) => Array.from({ length: count }, () => plan('release', 'failed'))
    const waitsS = [0, 30, 120, 480, 1920].map((_, failures) => {
      const plans = [plan('peakDemand', 'verified'), ...failed(failures)]
      return [0, 30, 120, 480, 1920].find((seconds) => nextTry(plans, seconds * 1000) === 'now')
    })
    expect(waitsS).toEqual([0, 30, 120, 480, 1920])
    expect(nextTry(failed(5), 1e9)).toBe('never')
    expect(nextTry([...failed(5), plan('peakDemand', 'verified')], 0)).toBe('now')
  })
})
