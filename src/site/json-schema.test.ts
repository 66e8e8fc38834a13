import { expect, it } from 'vitest'
import published from '../../docs/site-file.schema.json'
import { siteFileJsonSchema } from './json-schema.ts'

it('is published as the code checks it', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(siteFileJsonSchema())))
})

it('lets out what has a default', () => {
  expect(published.required).toEqual(
    expect.arrayContaining(['format', 'version', 'id', 'name', 'geo', 'ground', 'tariff']),
  )
  expect(published.required).not.toContain('cameras')
})
