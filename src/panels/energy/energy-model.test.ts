import { describe, expect, it } from 'vitest'
import type { BirthMessage, ProfileMessage } from '../../contract/messages.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { buildingMeters, type EnergyOverview, energyOverview, rootMeter } from './energy-model.ts'

const site = buildCampus()
const devices = new Map<string, TwinDevice>(
  site.equipment.map((item) => {
    const birth: BirthMessage = { id: item.id, name: item.name, class: item.class, points: item.points, at: 1e12 }
    return [item.id, { id: item.id, birth, points: {}, online: true }]
  }),
)

describe('energyOverview', () => {
  it('knows the site meter and one main meter for every building', () => {
    expect(rootMeter(site)).toBe('meter-site')
    expect(buildingMeters(site)).toEqual(site.buildings.map(({ id }) => ({ id, meterId: `meter-${id}` })))
  })

  it('adds up solar, and puts the hungriest building first', () => {
    const power: Record<string, number> = { 'meter-site': 210, 'meter-lab': 90, 'meter-office-a': 60 }
    const read = (device: string, point: string) =>
      point === 'power' ? (device.startsWith('pv-') ? 10 : power[device]) : undefined
    const overview = energyOverview(site, devices, new Map(), read)
    expect(overview.site).toEqual({ kw: 210 })
    expect(overview.solarKw).toBe(50)
    expect(overview.buildings.slice(0, 2).map((building) => building.id)).toEqual(['lab', 'office-a'])
    expect(overview.vehiclesKw).toBeUndefined()
  })

  it('shows the newest mean that a meter keeps, with its end, until the meter itself speaks', () => {
    const quarter = 900_000
    const profile: ProfileMessage = {
      point: 'power',
      intervalMs: quarter,
      startMs: 1e12,
      values: [100, 120, null],
    }
    const profiles = new Map([['meter-lab', profile]])
    const lab = (overview: EnergyOverview) => overview.buildings.find(({ id }) => id === 'lab')
    const silent = energyOverview(site, devices, profiles, () => undefined)
    expect(lab(silent)).toEqual({ id: 'lab', meterId: 'meter-lab', kw: 120, meanUntilMs: 1e12 + 2 * quarter })
    expect(silent.site.kw).toBeUndefined()
    const speaking = energyOverview(site, devices, profiles, (device) => (device === 'meter-lab' ? 90 : undefined))
    expect(lab(speaking)).toEqual({ id: 'lab', meterId: 'meter-lab', kw: 90 })
  })

  it('tells a park without solar from one whose solar has not spoken yet', () => {
    const without = new Map([...devices].filter(([, { birth }]) => birth.class !== 'PV_Inverter'))
    expect(energyOverview(site, devices, new Map(), () => undefined).solarKw).toBeUndefined()
    expect(energyOverview(site, without, new Map(), () => undefined).solarKw).toBe('none')
  })
})
