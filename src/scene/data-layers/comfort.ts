import type { SiteFile } from '../../site/schema.ts'

export interface RoomAir {
  readonly temperatureC: number | undefined
  readonly co2Ppm: number | undefined
  readonly pm25: number | undefined
}

/** So far outside the site's limits counts as fully uncomfortable. */
const fullyOff = { temperatureC: 4, co2Share: 0.6, pm25Share: 0.6 }

/**
 * −1 too cold … 0 within the site's comfort limits … 1 too warm or stuffy; undefined where nothing was reported.
 * The worst of what was reported counts, so that good air does not hide a cold room.
 */
export function comfortIndex(limits: SiteFile['comfort'], air: RoomAir): number | undefined {
  const { temperatureC, co2Ppm, pm25 } = air
  const marks: number[] = []
  if (temperatureC !== undefined) {
    if (temperatureC < limits.heatC) marks.push((temperatureC - limits.heatC) / fullyOff.temperatureC)
    else marks.push(Math.max(0, temperatureC - limits.coolC) / fullyOff.temperatureC)
  }
  if (co2Ppm !== undefined) marks.push(over(co2Ppm, limits.co2Ppm, fullyOff.co2Share))
  if (pm25 !== undefined) marks.push(over(pm25, limits.pm25, fullyOff.pm25Share))
  if (marks.length === 0) return undefined
  const worst = marks.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))
  return Math.max(-1, Math.min(1, worst))
}

function over(value: number, limit: number, share: number): number {
  return Math.max(0, value - limit) / Math.max(1e-6, limit * share)
}
