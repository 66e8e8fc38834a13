import { describe, expect, it } from 'vitest'
import type { BirthMessage } from '../../contract/messages.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import { buildingMeters, energyOverview, rootMeter } from './energy-model.ts'

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
    const overview = energyOverview(site, devices, read)
    expect(overview.siteKw).toBe(210)
    expect(overview.solarKw).toBe(50)
    expect(overview.buildings.slice(0, 2).map((building) => building.id)).toEqual(['lab', 'office-a'])
    expect(overview.vehiclesKw).toBeUndefined()
  })
})
