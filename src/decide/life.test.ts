import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { campusTime, fakeCampus } from './decide.fixture.ts'
import { advancePlan, alarmTransitions, isNewer, planTransitions } from './life.ts'

describe('the life of incidents and plans', () => {
  it('knows no way out of what is over', () => {
    expect(alarmTransitions.closed).toEqual([])
    for (const state of ['verified', 'rejected', 'failed', 'expired', 'withdrawn'] as const)
      expect(planTransitions[state]).toEqual([])
  })

  it('throws on an illegal step and answers a person who comes too late', () => {
    const park = fakeCampus(campusTime(3, 2))
    park.pass(10_000, () => park.frame('cam-dock', [{ zone: 'dock', score: 0.9 }]))
    const plan = park.plan()
    if (!plan) throw new Error('no plan')
    expect(() => advancePlan({ ...plan, state: 'rejected' }, 'approved', 0)).toThrow(/illegal step/)
    expect(park.decider.reject(plan.id, 'ada', 'drill').ok).toBe(true)
    expect(park.decider.approve(plan.id, 'grace')).toEqual({ ok: false, error: 'plan is rejected' })
    expect(park.decider.approve('plan-nobody', 'grace').ok).toBe(false)
  })

  it('agrees on one version whatever the order of arrival', () => {
    const version = fc.record({ revision: fc.integer({ min: 0, max: 3 }), text: fc.constantFrom('a', 'b', 'c') })
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 6 }), fc.integer(), (versions, seed) => {
        const settle = (order: typeof versions) => order.reduce((known, next) => (isNewer(next, known) ? next : known))
        const shuffled = [...versions].sort((a, b) => ((a.revision * 7 + seed) % 5) - ((b.revision * 7 + seed) % 5))
        expect(settle([...shuffled].reverse())).toEqual(settle(versions))
      }),
    )
  })

  it('walks only legal steps through any mix of evidence, people and time', () => {
    const event = fc.constantFrom('seen', 'empty', 'door', 'shut', 'approve', 'reject', 'ack', 'verify', 'fail', 'wait')
    fc.assert(
      fc.property(fc.array(event, { maxLength: 14 }), (events) => {
        const park = fakeCampus(campusTime(3, 2))
        const states = new Map<string, string>()
        park.decider.changes.subscribe((change) => {
          if (change.type === 'evidence') return
          const { id, state } = change.type === 'plan' ? change.plan : change.incident
          const before = states.get(id)
          const legal: readonly string[] =
            change.type === 'plan'
              ? (planTransitions[before as keyof typeof planTransitions] ?? ['proposed'])
              : (alarmTransitions[before as keyof typeof alarmTransitions] ?? ['active'])
          if (before !== state) expect(legal).toContain(state)
          states.set(id, state)
        })
        for (const name of events) {
          const plan = park.plan()
          const news = { planId: plan?.id ?? '', steps: plan?.steps ?? [], atMs: park.now() }
          if (name === 'seen') park.pass(6000, () => park.frame('cam-dock', [{ zone: 'dock', score: 0.9 }]))
          if (name === 'empty') park.pass(40_000, () => park.frame('cam-dock', []))
          if (name === 'door' || name === 'shut') park.report('dock-door', 'contact', name === 'door')
          if (name === 'approve') park.decider.approve(news.planId, 'grace')
          if (name === 'reject') park.decider.reject(news.planId, 'grace', '')
          if (name === 'ack') park.decider.acknowledge(park.decider.incidents().at(-1)?.id ?? '')
          if (name === 'verify') park.decider.applyProgress({ ...news, state: 'verified' })
          if (name === 'fail')
            park.decider.applyProgress({ ...news, state: 'failed', failure: { step: 0, why: 'noAck' } })
          if (name === 'wait') park.pass(20_000)
          park.pass(1000)
        }
      }),
      { numRuns: 40 },
    )
  })
})
