import { describe, expect, it } from 'vitest'
import type { PlanStep } from '../contract/decision.ts'
import { type Claim, chooseMeasures, cutOf, fitMeasures, type Measure, planScore, weigh } from './optimiser.ts'

const step = (device: string, value: PlanStep['value']): PlanStep => ({ device, point: 'dimming', value, reason: 'r' })
const claim = (device: string, value: PlanStep['value'], score: number): Claim => ({
  device,
  point: 'dimming',
  value,
  planId: 'plan-other',
  playbook: 'other',
  score,
})

const measure = (en: string, cutKw: number, discomfortPerKw: number, devices = 1): Measure => ({
  name: { en, zh: en },
  moves: Array.from({ length: cutKw > 0 ? devices : 0 }, (_, i) => ({
    steps: [step(`${en}-${i}`, 1), step(`${en}-${i}`, 2)],
    cutKw: cutKw / devices,
  })),
  wearPerKw: 0,
  discomfortPerKw,
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
    const all = [measure('warm', 20, 1), measure('battery', 60, 0.1), measure('charging', 30, 0.3)]
    expect(chooseMeasures(all, 50).map(({ name }) => name.en)).toEqual(['battery'])
    expect(chooseMeasures(all, 80).map(({ name }) => name.en)).toEqual(['battery', 'charging'])
    expect(chooseMeasures([measure('nothing', 0, 0)], 10)).toEqual([])
  })

  it('counts no more than a plan holds, devices whole, the cheapest kept', () => {
    const fitted = fitMeasures([measure('charging', 30, 0.3, 3), measure('warm', 20, 1, 2)], 7)
    expect(fitted.map(({ name }) => name.en)).toEqual(['charging'])
    expect(fitted.map(cutOf)).toEqual([30])
    expect(fitMeasures([measure('charging', 30, 0.3, 3)], 5).map(cutOf)).toEqual([20])
  })
})
