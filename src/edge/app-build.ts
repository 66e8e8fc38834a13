import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the built app is made of. */
const sources = ['src', 'public', 'models', 'index.html', 'vite.config.ts', 'package.json']

/** Written last: a build that was ended half-way, or for which the disk was too small, may have a page and not its parts. */
const mark = '.built'

export function markBuilt(dist: string): void {
  writeFileSync(join(dist, mark), '')
}

/** Whether the app is in `dist`, whole and newer than everything it is made of. */
export function isBuilt(root: string): boolean {
  const marker = join(root, 'dist', mark)
  return existsSync(marker) && statSync(marker).mtimeMs >= newestMs(root)
}

/** Builds the app into `dist` unless it is there. */
export async function ensureBuilt(root: string, log: (line: string) => void): Promise<string> {
  const dist = join(root, 'dist')
  if (isBuilt(root)) return dist
  log('building the app …')
  const { build } = await import('vite')
  await build({ root, logLevel: 'warn' })
  return dist
}

function newestMs(root: string): number {
  return Math.max(...sources.map((name) => newestUnder(join(root, name))))
}

function newestUnder(path: string): number {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return isBuildInput(path) ? stats.mtimeMs : 0
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .reduce((newest, name) => Math.max(newest, newestUnder(join(path, name))), 0)
}

function isBuildInput(path: string): boolean {
  return !/\.test\.tsx?$|\.py$|\.md$/.test(path)
}
