/** The default site: a research campus by a pond, composed by hand. */

import { name, type SiteInput } from '../compose/shapes.ts'
import { parseSite } from '../load.ts'
import type { SiteFile } from '../schema.ts'
import { campusCameras, campusGates, campusPaths } from './access.ts'
import { campusBuildings } from './buildings.ts'
import { campusEquipment } from './equipment.ts'
import { campusGround } from './ground.ts'
import { campusLife } from './life.ts'
import { campusZones } from './zones.ts'

/** Industrial time-of-use prices in the manner of Jiangsu's one-part/two-part tariff; figures are ours. */
const tariff: SiteInput['tariff'] = {
  currency: 'CNY',
  bands: [
    { name: 'sharp', pricePerKwh: 1.32, windows: [{ fromH: 14, toH: 16, days: [1, 2, 3, 4, 5] }] },
    {
      name: 'peak',
      pricePerKwh: 1.1,
      windows: [
        { fromH: 8, toH: 11 },
        { fromH: 13, toH: 17 },
        { fromH: 18, toH: 21 },
      ],
    },
    { name: 'valley', pricePerKwh: 0.31, windows: [{ fromH: 0, toH: 7 }] },
    { name: 'flat', pricePerKwh: 0.66, windows: [{ fromH: 0, toH: 24 }] },
  ],
  demandPerKwMonth: 48,
  demandLimitKw: 340,
  exportPerKwh: 0.39,
}

export function buildCampus(): SiteFile {
  const input: SiteInput = {
    format: 'parkloop-site',
    version: 1,
    id: 'campus',
    name: name('Lakeside Campus', '湖畔园区'),
    geo: {
      latitudeDeg: 31.3,
      longitudeDeg: 120.6,
      elevationM: 4,
      utcOffsetMinutes: 480,
      timeZone: 'Asia/Shanghai',
    },
    ground: campusGround(),
    buildings: campusBuildings(),
    zones: campusZones(),
    equipment: campusEquipment(),
    cameras: campusCameras(),
    gates: campusGates(),
    paths: campusPaths(),
    life: campusLife,
    tariff,
    comfort: { heatC: 20, coolC: 26, co2Ppm: 1000, pm25: 75 },
    policies: { automatic: [], commandTtlMs: 15_000 },
  }
  const parsed = parseSite(input)
  if (!parsed.ok) throw new Error(`campus: ${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}
