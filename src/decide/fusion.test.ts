import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../contract/decision.ts'
import { fusedConfidence, priorityOf, withEvidence } from './fusion.ts'

const word = (more: Partial<Evidence> = {}): Evidence => ({
  source: 'video',
  kind: 'personInZone',
  subject: 'cam-dock',
  atMs: 0,
  weight: 0.5,
  values: {},
  ...more,
})

const anyEvidence = fc.record({
  source: fc.constantFrom('video' as const, 'device' as const, 'environment' as const),
  kind: fc.constantFrom('personInZone', 'doorOpened', 'fireLike'),
  subject: fc.constantFrom('a', 'b', 'c'),
  atMs: fc.integer({ min: 0, max: 600_000 }),
  weight: fc.double({ min: 0, max: 1, noNaN: true }),
  values: fc.constant({}),
})

describe('belief from several reasons', () => {
  it('adds independent sources as noisy-or, and counts one source once', () => {
    expect(fusedConfidence([word()], 0)).toBeCloseTo(0.5)
    expect(fusedConfidence([word(), word({ source: 'device', subject: 'door' })], 0)).toBeCloseTo(0.75)
    expect(fusedConfidence([word(), word({ kind: 'fireSeen', weight: 0.4 })], 0)).toBeCloseTo(0.5)
  })

  it('fades by half with each half-life of its kind', () => {
    expect(fusedConfidence([word()], 120_000)).toBeCloseTo(0.25)
    expect(fusedConfidence([word({ kind: 'doorOpened' })], 300_000)).toBeCloseTo(0.25)
  })

  it('never leaves 0 … 1, and never falls by hearing more', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 20 }), anyEvidence, (known, more) => {
        const before = fusedConfidence(known, 600_000)
        const after = fusedConfidence([...known, more], 600_000)
        expect(after).toBeGreaterThanOrEqual(before - 1e-12)
        expect(after).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('keeps one entry for one word about one subject, with the time it was first said', () => {
    const first = withEvidence([], word({ atMs: 1000, weight: 0.6 }), 1000)
    const second = withEvidence(first.evidence, word({ atMs: 3000, weight: 0.3 }), 3000)
    expect([first.isNew, second.isNew]).toEqual([true, false])
    expect(second.evidence).toHaveLength(1)
    expect(second.evidence[0]).toMatchObject({ atMs: 3000, values: { firstAtMs: 1000 } })
    expect(second.evidence[0]?.weight).toBeGreaterThan(0.55)
  })

  it('raises priority with confidence', () => {
    expect([0.61, 0.75, 0.95].map((sure) => priorityOf('intrusion', sure))).toEqual(['medium', 'high', 'critical'])
  })
})
