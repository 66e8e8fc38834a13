import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sceneLayers } from '../scene/data-layers/layer-catalogue.ts'
import { storeyModes } from '../scene/view-state.ts'
import { type Address, formatAddress, parseAddress } from './address.ts'

it('carries selection, incident and tab there and back', () => {
  const address = { incidentId: 'inc-3', picked: { kind: 'zone', id: 'a1-lobby' }, tab: 'energy' } as const
  expect(parseAddress(`#${formatAddress(address)}`)).toEqual(address)
  expect(parseAddress('#storey=office-a/2')).toEqual({ picked: { kind: 'storey', id: 'office-a/2' } })
})

it('says nothing where nothing particular is open', () => {
  expect(formatAddress({ tab: 'park', layer: 'none', mode: 'cut' })).toBe('')
  expect(formatAddress({ picked: { kind: 'track', id: 'cam:1' } })).toBe('')
})

it('leaves out what does not fit', () => {
  expect(parseAddress('#device=%3Cscript%3E&tab=nonsense&layer=heat&mode=none')).toEqual({})
  for (const view of ['1,2,3', '1,2,3,4,5,NaN', '1,2,3,4,5,1e9', '1,2,3,4,5,-8', '0x1,2,3,4,5,6', '999999,0,0,0,30,9'])
    expect(parseAddress(`#view=${view}`)).toEqual({})
  expect(parseAddress('#also=device:a')).toEqual({})
})

const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/)
const tenth = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((value) => value / 10)
const picked = fc.record({ kind: fc.constantFrom('building', 'storey', 'zone', 'device', 'camera'), id })
const addresses = fc.record(
  {
    incidentId: id,
    picked,
    layer: fc.constantFrom(...sceneLayers.filter((layer) => layer !== 'none')),
    mode: fc.constantFrom(...storeyModes.filter((mode) => mode !== 'cut')),
    view: fc.record({
      target: fc.tuple(tenth(-2000, 2000), tenth(-2000, 2000), tenth(0, 100)),
      headingDeg: tenth(0, 359),
      elevationDeg: tenth(6, 89),
      distanceM: tenth(7, 5000),
    }),
    through: id,
  },
  { requiredKeys: [] },
)

it('brings any view back as it was, to a tenth of a metre and a degree', () => {
  fc.assert(
    fc.property(addresses, (address) => {
      expect(parseAddress(`#${formatAddress(address as Address)}`)).toEqual(JSON.parse(JSON.stringify(address)))
    }),
  )
})

it('brings many selected things back, the last of them as the one that panels show', () => {
  const many = [
    { kind: 'device', id: 'a' },
    { kind: 'zone', id: 'b' },
    { kind: 'device', id: 'c' },
  ] as const
  const parsed = parseAddress(formatAddress({ picked: many[2], many }))
  expect(parsed.many).toEqual(many)
  expect(parsed.picked).toEqual(many[2])
})
