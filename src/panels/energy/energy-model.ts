import type { SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'

type Devices = ReadonlyMap<string, TwinDevice>
/** Newest numeric value of a point; undefined where nothing was reported. */
export type ReadPoint = (device: string, point: string) => number | undefined

export interface EnergyOverview {
  /** Import is positive, export negative. */
  readonly siteKw: number | undefined
  readonly demandKw: number | undefined
  readonly solarKw: number | undefined
  /** Positive while charging. */
  readonly batteryKw: number | undefined
  readonly batterySocPercent: number | undefined
  readonly vehiclesKw: number | undefined
  readonly buildings: readonly { readonly id: string; readonly meterId: string; readonly kw: number | undefined }[]
}

const meterClass = 'Electrical_Meter'

type Equipment = SiteFile['equipment'][number]

/** The meter that every other one hangs below. */
export function rootMeter(site: SiteFile): string | undefined {
  const meters = site.equipment.filter((item) => item.class === meterClass)
  const roots = meters.filter((meter) => meter.meteredBy === undefined)
  return most(roots, (root) => meters.filter((meter) => meter.meteredBy === root.id).length)?.id
}

/** Of the meters right below the root, each building's main one: it has the most meters of its own. */
export function buildingMeters(site: SiteFile): { readonly id: string; readonly meterId: string }[] {
  const root = rootMeter(site)
  const meters = site.equipment.filter((item) => item.class === meterClass)
  const below = (id: string) => meters.filter((meter) => meter.meteredBy === id).length
  return site.buildings.flatMap((building) => {
    const candidates = meters.filter((meter) => meter.building === building.id && meter.meteredBy === root)
    const main = most(candidates, (meter) => below(meter.id))
    return main ? [{ id: building.id, meterId: main.id }] : []
  })
}

export function energyOverview(site: SiteFile, devices: Devices, read: ReadPoint): EnergyOverview {
  const root = rootMeter(site)
  const all = [...devices.values()]
  const sum = (brickClass: string): number | undefined => {
    const values = all
      .filter((device) => device.birth.class === brickClass)
      .map((device) => read(device.id, 'power'))
      .filter((value) => value !== undefined)
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0)
  }
  const battery = all.find((device) => device.birth.class === 'Battery')
  return {
    siteKw: root === undefined ? undefined : read(root, 'power'),
    demandKw: root === undefined ? undefined : read(root, 'demand'),
    solarKw: sum('PV_Inverter'),
    batteryKw: sum('Battery'),
    batterySocPercent: battery && read(battery.id, 'soc'),
    vehiclesKw: sum('Electric_Vehicle_Charging_Station'),
    buildings: buildingMeters(site)
      .map(({ id, meterId }) => ({ id, meterId, kw: read(meterId, 'power') }))
      .sort((a, b) => (b.kw ?? 0) - (a.kw ?? 0)),
  }
}

function most(items: readonly Equipment[], score: (item: Equipment) => number): Equipment | undefined {
  let best: Equipment | undefined
  let bestScore = -1
  for (const item of items) {
    const itsScore = score(item)
    if (itsScore > bestScore) {
      best = item
      bestScore = itsScore
    }
  }
  return best
}
