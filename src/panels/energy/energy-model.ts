import type { ProfileMessage } from '../../contract/messages.ts'
import type { SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'

type Devices = ReadonlyMap<string, TwinDevice>
/** Newest numeric value of a point; undefined where nothing was reported. */
export type ReadPoint = (device: string, point: string) => number | undefined

/** What a meter says now, or until it does the newest mean of its retained profile. */
export interface MeterPower {
  /** Undefined while nothing at all is known. */
  readonly kw: number | undefined
  /** Site time at which the profile's interval ended; undefined for a live reading. */
  readonly meanUntilMs?: number
}

export interface EnergyOverview {
  /** Import is positive, export negative. */
  readonly site: MeterPower
  /** Each is undefined while its devices said nothing yet, and `none` where the park has no such devices. */
  readonly solarKw: number | 'none' | undefined
  /** Positive while charging. */
  readonly batteryKw: number | 'none' | undefined
  readonly batterySocPercent: number | undefined
  readonly vehiclesKw: number | 'none' | undefined
  readonly buildings: readonly (MeterPower & { readonly id: string; readonly meterId: string })[]
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

export function energyOverview(
  site: SiteFile,
  devices: Devices,
  profiles: ReadonlyMap<string, ProfileMessage>,
  read: ReadPoint,
): EnergyOverview {
  const root = rootMeter(site)
  const all = [...devices.values()]
  const sum = (brickClass: string): number | 'none' | undefined => {
    const some = all.filter((device) => device.birth.class === brickClass)
    if (some.length === 0) return 'none'
    const values = some.map((device) => read(device.id, 'power')).filter((value) => value !== undefined)
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0)
  }
  const power = (meterId: string): MeterPower => {
    const kw = read(meterId, 'power')
    return kw === undefined ? newestMean(profiles.get(meterId)) : { kw }
  }
  const battery = all.find((device) => device.birth.class === 'Battery')
  return {
    site: root === undefined ? { kw: undefined } : power(root),
    solarKw: sum('PV_Inverter'),
    batteryKw: sum('Battery'),
    batterySocPercent: battery && read(battery.id, 'soc'),
    vehiclesKw: sum('Electric_Vehicle_Charging_Station'),
    buildings: buildingMeters(site)
      .map(({ id, meterId }) => ({ id, meterId, ...power(meterId) }))
      .sort((a, b) => (b.kw ?? 0) - (a.kw ?? 0)),
  }
}

function newestMean(profile: ProfileMessage | undefined): MeterPower {
  if (profile?.point !== 'power') return { kw: undefined }
  const at = profile.values.findLastIndex((value) => value !== null)
  const kw = profile.values[at]
  if (kw === undefined || kw === null) return { kw: undefined }
  return { kw, meanUntilMs: profile.startMs + (at + 1) * profile.intervalMs }
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
