/** Writes the shipped site files under `public/sites/` from their builders. */
import { writeFileSync } from 'node:fs'
import { buildCampus } from '../site/campus/campus.ts'
import { siteJson } from '../site/compose/site-json.ts'
import { buildFactory } from '../site/factory/factory.ts'

for (const site of [buildCampus(), buildFactory()]) {
  const url = new URL(`../../public/sites/${site.id}.site.json`, import.meta.url)
  writeFileSync(url, siteJson(site))
  process.stderr.write(`${site.id}: ${site.zones.length} zones, ${site.equipment.length} devices\n`)
}
