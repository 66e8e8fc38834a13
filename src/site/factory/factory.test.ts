import { expect, it } from 'vitest'
import shipped from '../../../public/sites/factory.site.json?raw'
import { siteJson } from '../compose/site-json.ts'
import { buildFactory } from './factory.ts'

const site = buildFactory()

it('equals the shipped file', () => {
  expect(shipped).toBe(siteJson(site))
})

it('is another trade: production, a hazardous store, tanks, compressed air and docks', () => {
  const classes = new Set(site.equipment.map((e) => e.class))
  for (const brick of ['Storage_Tank', 'Gas_Sensor', 'Chiller', 'AHU', 'PV_Inverter', 'Gate'])
    expect(classes).toContain(brick)
  expect(site.zones.map((z) => z.kind)).toEqual(expect.arrayContaining(['production', 'hazard', 'dock', 'storage']))
  expect(site.cameras.length).toBeGreaterThanOrEqual(3)
})
