import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureBuilt, isBuilt, markBuilt } from './app-build.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parkloop-build-'))
  for (const folder of ['src', 'dist']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'src', 'page.ts'), '')
  writeFileSync(join(root, 'dist', 'index.html'), '<!doctype html>')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('does not take a page without its parts, as a build that was ended leaves one, for the app', () => {
  expect(isBuilt(root)).toBe(false)
})

it('takes a whole build until something it is made of is newer', async () => {
  markBuilt(join(root, 'dist'))
  expect(isBuilt(root)).toBe(true)
  expect(await ensureBuilt(root, () => expect.fail('builds again'))).toBe(join(root, 'dist'))
  const later = new Date('2100-01-01')
  utimesSync(join(root, 'src', 'page.ts'), later, later)
  expect(isBuilt(root)).toBe(false)
})
