import { describe, expect, it } from 'vitest'
import type { Incident, Plan } from '../contract/decision.ts'
import { PlanBook } from './plan-book.ts'

function plan(incidentId: string, serial: number, state: Plan['state'] = 'verified'): Plan {
  const words = { title: '', reason: '', playbook: 'fire', steps: [], expected: {} }
  return {
    id: `plan-${incidentId}-${serial}`,
    incidentId,
    state,
    ...words,
    proposedAtMs: 0,
    updatedAtMs: 0,
    revision: 1,
  }
}

function book(open: readonly string[], closed: (id: string) => boolean = () => true) {
  const times = { openedAtMs: 0, updatedAtMs: 0, stages: {}, revision: 1 }
  const incident = (id: string, state: Incident['state']): Incident => {
    return { id, kind: 'peakDemand', priority: 'medium', state, subject: 'm', confidence: 1, evidence: [], ...times }
  }
  return new PlanBook((id) => {
    if (open.includes(id)) return incident(id, 'active')
    return closed(id) ? incident(id, 'closed') : undefined
  })
}

describe('a full book of plans', () => {
  it('forgets plans of past incidents first, whatever came before them', () => {
    const plans = book(['peak'], (id) => id.startsWith('past'))
    plans.put(plan('peak', 1))
    plans.put(plan('stranger', 1))
    for (let i = 0; i < 300; i++) plans.put(plan(`past-${i}`, 1))
    expect(plans.for('peak')).toHaveLength(1)
    expect(plans.for('stranger')).toHaveLength(1)
    expect(plans.list()).toHaveLength(200)
  })

  it('among open incidents forgets the first plans of the one that was tried most often, and gives no id twice', () => {
    const plans = book(['peak', 'flapping'])
    plans.put(plan('peak', 1))
    for (let i = 0; i < 300; i++) plans.put(plan('flapping', plans.nextSerial('flapping')))
    expect(plans.for('peak')).toHaveLength(1)
    expect(plans.list()).toHaveLength(200)
    expect(plans.for('flapping').at(-1)?.id).toBe('plan-flapping-300')
    expect(plans.get('plan-flapping-101')).toBeUndefined()
  })

  it('keeps what is under way', () => {
    const plans = book([])
    plans.put(plan('old', 1, 'executing'))
    for (let i = 0; i < 300; i++) plans.put(plan(`past-${i}`, 1))
    expect(plans.for('old')).toHaveLength(1)
  })
})
