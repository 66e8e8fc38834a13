/** Which walls of a room look outside, and what sun and light come in. */
import type { Building, Zone } from '../site/schema.ts'
import type { Weather } from './physics/weather.ts'

/** Outward wall lengths by the way they face, m. */
export interface Exposure {
  readonly north: number
  readonly east: number
  readonly south: number
  readonly west: number
}

/** A room's wall counts as façade when it lies this close to the building's bounding walls. */
const wallReachM = 0.8

export function exposureOf(zone: Zone, building: Building): Exposure {
  const [west, south, east, north] = bounds(building.footprint)
  const room = bounds(zone.polygon)
  const alongNorth = room[2] - room[0]
  const alongEast = room[3] - room[1]
  return {
    north: north - room[3] < wallReachM ? alongNorth : 0,
    east: east - room[2] < wallReachM ? alongEast : 0,
    south: room[1] - south < wallReachM ? alongNorth : 0,
    west: room[0] - west < wallReachM ? alongEast : 0,
  }
}

function bounds(polygon: readonly (readonly [number, number])[]): [number, number, number, number] {
  const easts = polygon.map((p) => p[0])
  const norths = polygon.map((p) => p[1])
  return [Math.min(...easts), Math.min(...norths), Math.max(...easts), Math.max(...norths)]
}

export function wallLengthM(e: Exposure): number {
  return e.north + e.east + e.south + e.west
}

/** Sun on the outward walls, W per metre of height. */
export function wallSunWpM(exposure: Exposure, weather: Weather): number {
  const [east, north] = weather.sun
  const beam = weather.directNormalWm2
  const sky = 0.5 * weather.diffuseWm2 + 0.1 * weather.globalWm2
  return (
    exposure.north * (beam * Math.max(0, north) + sky) +
    exposure.south * (beam * Math.max(0, -north) + sky) +
    exposure.east * (beam * Math.max(0, east) + sky) +
    exposure.west * (beam * Math.max(0, -east) + sky)
  )
}
