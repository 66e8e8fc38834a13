/** Writes `docs/site-file.schema.json` from the schema that checks site files. */
import { writeFileSync } from 'node:fs'
import { siteFileJsonSchema } from '../src/site/json-schema.ts'

writeFileSync('docs/site-file.schema.json', `${JSON.stringify(siteFileJsonSchema(), null, 1)}\n`)
