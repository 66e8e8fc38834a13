import { writeFileSync } from 'node:fs'
import { asyncApiDocument } from '../src/contract/asyncapi.ts'

writeFileSync('docs/asyncapi.json', `${JSON.stringify(asyncApiDocument(), null, 2)}\n`)
