import type { ScenarioName } from '../contract/messages.ts'
import type { SiteFile, Zone } from './schema.ts'

/** Where a story of fire takes place: the campus's chemical store, else the first store room of a building. */
export function fireZone(site: SiteFile): Zone | undefined {
  return (
    site.zones.find((zone) => zone.id === 'lab-store') ??
    site.zones.find((zone) => zone.kind === 'storage' && zone.building)
  )
}

const needs: Readonly<Record<ScenarioName, (site: SiteFile) => string | undefined>> = {
  'intruder-at-dock': (site) => (site.life?.intruder ? undefined : 'the site file has no life.intruder'),
  'room-on-fire': (site) => (fireZone(site) ? undefined : 'the site file has no zone of kind storage in a building'),
  'chiller-stuck-on': (site) =>
    site.equipment.some((device) => device.class === 'Chiller') ? undefined : 'the site file has no Chiller',
  'hot-afternoon-peak': () => undefined,
}

/** Why this site cannot tell a story, in words; undefined where it can. Stories take every place from the site file. */
export function whyNoStory(site: SiteFile, scenario: ScenarioName): string | undefined {
  return needs[scenario](site)
}
