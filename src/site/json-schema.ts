import { toJsonSchema } from '@valibot/to-json-schema'
import { siteFile } from './schema.ts'

/** JSON Schema (draft 7) of the site file as people write it: what has a default may be left out. */
export function siteFileJsonSchema(): Readonly<Record<string, unknown>> {
  // rules that JSON Schema has no word for are left to `npm run site -- validate`
  const schema = toJsonSchema(siteFile, { typeMode: 'input', errorMode: 'ignore' })
  return { title: 'ParkLoop site file, version 1', ...schema }
}
