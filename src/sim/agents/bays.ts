import type { SiteFile } from '../../site/schema.ts'
import type { Place } from './path-graph.ts'

export interface Bay {
  readonly row: string
  readonly at: Place
  readonly headingDeg: number
  /** Index of the charger that reaches it, in the site's order of chargers. */
  charger: number | undefined
}

/** A charger serves the bay in front of it. */
const cableReachM = 4

export function baysOf(site: SiteFile): Bay[] {
  const bays = site.ground.parking.flatMap((row) => {
    const rad = (row.headingDeg * Math.PI) / 180
    return Array.from({ length: row.bays }, (_, i): Bay => {
      const aside = (i - (row.bays - 1) / 2) * row.bayWidthM
      return {
        row: row.id,
        at: [row.at[0] + aside * Math.cos(rad), row.at[1] - aside * Math.sin(rad)],
        headingDeg: row.headingDeg,
        charger: undefined,
      }
    })
  })
  const chargers = site.equipment.filter((e) => e.class === 'Electric_Vehicle_Charging_Station')
  for (const [index, charger] of chargers.entries()) {
    const near = bays
      .filter((bay) => bay.charger === undefined)
      .map((bay) => ({ bay, apart: Math.hypot(bay.at[0] - charger.at[0], bay.at[1] - charger.at[1]) }))
      .sort((a, b) => a.apart - b.apart)[0]
    if (near && near.apart < cableReachM) near.bay.charger = index
  }
  return bays
}
