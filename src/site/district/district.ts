/** A seeded city district of any size, for benches and for showing that the twin scales. */
import { createRandom } from '../../platform/random.ts'
import { sharePoints } from '../compose/point-sets.ts'
import { type IndoorZone, onKnownMeters } from '../compose/room-heads.ts'
import { name, type SiteInput } from '../compose/shapes.ts'
import { parseSite } from '../load.ts'
import type { SiteFile } from '../schema.ts'
import { fixedEquipment, roomEquipment } from './equipment.ts'
import { districtGround } from './ground-plan.ts'
import { layOut } from './place-buildings.ts'
import { blockZone, roomsOf } from './rooms.ts'
import { districtCameras, districtGates, districtPaths } from './ways.ts'

export interface DistrictOptions {
  readonly seed?: number
  /** Devices without cameras; exact unless the buildings cannot hold so many or need more. */
  readonly devices?: number
  /** Three for every hundred devices unless given. */
  readonly buildings?: number
  readonly cameras?: number
  readonly id?: string
}

export const districtName = name('River District', '河畔新区')

export const districtDefaults = { seed: 7, devices: 10_000 } as const

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
  exportPerKwh: 0.39,
}

/** The district as it stands in a file: devices alike share one list of points. */
export function districtInput(options: DistrictOptions = {}): SiteInput {
  const { seed = districtDefaults.seed, devices = districtDefaults.devices } = options
  const {
    buildings = Math.max(6, Math.round(devices * 0.03)),
    cameras = Math.min(200, Math.max(4, Math.round(devices / 400))),
    id = 'district',
  } = options
  const random = createRandom(seed)
  const layout = layOut(buildings, random)
  const rooms = new Map<string, IndoorZone[]>(layout.buildings.map((placed) => [placed.building.id, roomsOf(placed)]))
  const indoor = [...rooms.values()].flat()
  const fixed = fixedEquipment(layout, rooms)
  const equipment = onKnownMeters([...fixed, ...roomEquipment(indoor, devices - fixed.length)])
  return {
    format: 'parkloop-site',
    version: 1,
    id,
    name: districtName,
    geo: { latitudeDeg: 31.3, longitudeDeg: 120.7, elevationM: 4, utcOffsetMinutes: 480, timeZone: 'Asia/Shanghai' },
    ground: districtGround(layout, random.fork('ground')),
    buildings: layout.buildings.map((placed) => placed.building),
    zones: [...indoor, ...layout.blocks.map(blockZone)],
    ...sharePoints(equipment),
    cameras: districtCameras(layout, cameras),
    gates: districtGates(layout),
    paths: districtPaths(layout),
    tariff: { ...tariff, demandLimitKw: Math.round(buildings * 60) },
    comfort: { heatC: 20, coolC: 26, co2Ppm: 1000, pm25: 75 },
    policies: { automatic: [], commandTtlMs: 15_000 },
  }
}

export function buildDistrict(options: DistrictOptions = {}): SiteFile {
  const parsed = parseSite(districtInput(options))
  if (!parsed.ok) throw new Error(`district: ${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}
