import { describe, expect, it } from 'vitest'
import type { PlanStep } from '../contract/decision.ts'
import { type Claim, chooseMeasures, type Measure, planScore, weigh } from './optimiser.ts'

const step = (device: string, value: PlanStep['value']): PlanStep => ({ device, point: 'dimming', value, reason: 'r' })
const claim = (device: string, value: PlanStep['value'], score: number): Claim => ({
  device,
  point: 'dimming',
  value,
  planId: 'plan-other',
  playbook: 'other',
  score,
})

describe('cost and safety in one sum', () => {
  it('lets no saving outweigh a likely danger', () => {
    expect(planScore('intrusion', 0.6, 0)).toBeGreaterThan(planScore('peakDemand', 1, 1_000_000))
    expect(planScore('fire', 0.6)).toBeGreaterThan(planScore('intrusion', 1))
  })

  it('yields a point to the higher score, keeps it against the lower, and shares what both want', () => {
    const steps = [step('a', 100), step('b', 100), step('c', 100)]
    const weighed = weigh(steps, 50, [claim('a', 70, 80), claim('b', 70, 20), claim('c', 100, 80)])
    expect(weighed.steps.map(({ device }) => device)).toEqual(['b', 'c'])
    expect(weighed.yielded.map(({ step: given }) => given.device)).toEqual(['a'])
    expect(weighed.overrides.map(({ device }) => device)).toEqual(['b'])
  })

  it('takes the cheapest measures first and no more than are needed', () => {
    const measure = (en: string, cutKw: number, discomfortPerHour: number): Measure => ({
      name: { en, zh: en },
      steps: [step(en, 1)],
      cutKw,
      costPerHour: 0,
      discomfortPerHour,
    })
    const all = [measure('warm', 20, 20), measure('battery', 60, 6), measure('charging', 30, 9)]
    expect(chooseMeasures(all, 50).map(({ name }) => name.en)).toEqual(['battery'])
    expect(chooseMeasures(all, 80).map(({ name }) => name.en)).toEqual(['battery', 'charging'])
    expect(chooseMeasures([measure('nothing', 0, 0)], 10)).toEqual([])
  })
})
