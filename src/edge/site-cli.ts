/** `npm run site -- VERB …`: checks, generates and imports site files. Results on standard output, all else on standard error. */
import { generateSite } from './site-generate.ts'
import { importFiles } from './site-import.ts'
import { validateSites } from './site-validate.ts'

const verbs: Readonly<Record<string, (args: readonly string[]) => number>> = {
  validate: validateSites,
  generate: generateSite,
  import: importFiles,
}

const usage = `npm run site -- validate FILE…
    checks site files, and GLB models, and names the path of what is wrong

npm run site -- generate district [--devices N] [--buildings N] [--cameras N] [--seed N] > FILE
    a district of any size; the same seed gives the same district (default 10000 devices, seed 7)

npm run site -- import FILE… [--out FILE] [--id ID] [--name NAME] [--at LAT,LON]
                               [--time-zone ZONE | --utc-offset MINUTES] [--currency CODE] [--crs EPSG] [--equip]
    a site file from GeoJSON, Overpass JSON (OpenStreetMap) and CityJSON 1.0, 1.1, 2.0; --crs says in which coordinate system
    the files are where they do not; --equip adds meters and room devices; --time-zone Europe/Berlin or --utc-offset 480
    says the clock (default: guessed from the longitude), --currency CNY the tariff's currency (default EUR)
`

const [verb = '', ...args] = process.argv.slice(2)
const run = verbs[verb]
if (run) process.exitCode = run(args)
else {
  process.stderr.write(usage)
  process.exitCode = verb === '--help' ? 0 : 2
}
