import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './address.ts'

describe('the address of a view', () => {
  it('comes back as it was written', () => {
    const address = { incidentId: 'inc-1', picked: { kind: 'storey', id: 'office-a/s2' }, tab: 'energy' } as const
    expect(parseAddress(`#${formatAddress(address)}`)).toEqual(address)
  })

  it('leaves out what is open anyway and what does not last', () => {
    expect(formatAddress({ tab: 'park', picked: { kind: 'track', id: 'cam:3' } })).toBe('')
  })

  it('ignores what it does not understand', () => {
    expect(parseAddress('#device=<script>&tab=none&incident=')).toEqual({})
  })
})
