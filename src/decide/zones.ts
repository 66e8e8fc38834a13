/** Questions about zones that rules ask: is it out of hours, what touches it, what is it called. */
import type { LocalText } from '../contract/messages.ts'
import { distanceBetweenPolygonsM, distanceToPolygonM } from '../site/distance.ts'
import type { Point2 } from '../site/geometry.ts'
import type { SiteFile, Zone } from '../site/schema.ts'
import { isInHours, localTime } from '../site/tariff.ts'

export function zoneById(site: SiteFile, id: string | undefined): Zone | undefined {
  return id === undefined ? undefined : site.zones.find((zone) => zone.id === id)
}

/** A zone without hours has none of ordinary use if it is restricted, and no limit otherwise. */
function isOutOfHours(site: SiteFile, zone: Zone, atMs: number): boolean {
  if (zone.access === 'public') return false
  if (!zone.hours) return zone.access === 'restricted'
  return !isInHours(zone.hours, localTime(atMs, site.geo.utcOffsetMinutes))
}

/** How far presence out of hours convinces: fully where only few may be, by half among staff. */
export function intrusionShare(site: SiteFile, zone: Zone | undefined, atMs: number): number {
  if (!zone || !isOutOfHours(site, zone, atMs)) return 0
  return zone.access === 'restricted' ? 1 : 0.5
}

/** The same level of the same building, or both under the sky. */
function areOnOneLevel(a: Zone, b: Zone): boolean {
  return a.building === b.building && a.storey === b.storey
}

const touchingM = 1
const joiningM = 6

/** One and the same event may show in both: the same zone, or one a few steps away on its level. */
export function belongTogether(site: SiteFile, a: string, b: string): boolean {
  if (a === b) return true
  const [one, other] = [zoneById(site, a), zoneById(site, b)]
  if (!one || !other || !areOnOneLevel(one, other)) return false
  return distanceBetweenPolygonsM(one.polygon, other.polygon) <= joiningM
}

/** The zone with those that only few may enter and that one can step into from it. */
export function enclosure(site: SiteFile, zone: Zone): Zone[] {
  const around = site.zones.filter(
    (other) =>
      other.id !== zone.id &&
      other.access === 'restricted' &&
      areOnOneLevel(zone, other) &&
      distanceBetweenPolygonsM(zone.polygon, other.polygon) <= touchingM,
  )
  return [zone, ...around]
}

/** Zones at a place in plan, on the ground's level or in the named zone. */
export function zonesNear(site: SiteFile, at: Point2, withinM: number): Zone[] {
  return site.zones.filter((zone) => zone.floorM < 1 && distanceToPolygonM(at, zone.polygon) <= withinM)
}

/** Texts for people hold 200 characters at most. */
export function say(en: string, zh: string): LocalText {
  return { en: clip(en), zh: clip(zh) }
}

function clip(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}

export function inEnglish(text: LocalText): string {
  return typeof text === 'string' ? text : text.en
}

export function inChinese(text: LocalText): string {
  return typeof text === 'string' ? text : text.zh
}
