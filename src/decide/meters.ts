/** The tree of meters as the site file names it by `meteredBy`. */
import type { SiteFile } from '../site/schema.ts'
import { type KnownDevice, type ParkView, pointOfKind } from './park-view.ts'

const meterClass = /meter/i

/** Everything counted by `meter`, directly or through meters below it. */
export function countedBy(site: SiteFile, meter: string): Set<string> {
  const found = new Set<string>()
  let frontier = new Set([meter])
  while (frontier.size > 0) {
    const next = new Set<string>()
    for (const item of site.equipment) {
      if (item.meteredBy === undefined || !frontier.has(item.meteredBy) || found.has(item.id)) continue
      found.add(item.id)
      next.add(item.id)
    }
    frontier = next
  }
  return found
}

/** Whether one meter counts what the other counts: an anomaly below shows above. */
export function areInLine(site: SiteFile, a: string, b: string): boolean {
  return a === b || countedBy(site, a).has(b) || countedBy(site, b).has(a)
}

/** The meter at the grid: electrical, counted by none, counting the most. */
export function siteMeter(view: ParkView, devices: readonly KnownDevice[]): KnownDevice | undefined {
  const roots = devices.filter(
    (device) =>
      meterClass.test(device.birth.class) && pointOfKind(device, 'power') && device.equipment?.meteredBy === undefined,
  )
  const size = (device: KnownDevice) => countedBy(view.site, device.id).size
  return roots.reduce<KnownDevice | undefined>(
    (best, device) => (!best || size(device) > size(best) ? device : best),
    undefined,
  )
}
