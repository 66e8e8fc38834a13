import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadSite } from '../site/load.ts'
import type { SiteFile } from '../site/schema.ts'
import { reasonOf, StartError } from './start-error.ts'

export interface SiteSource {
  readonly site: SiteFile
  /** The file as it is, for publishing. */
  readonly bytes: Uint8Array
}

/** A shipped site by name, or a site file by path; throws a `StartError` that names file and place of the trouble. */
export function readSite(nameOrPath: string, root: string): SiteSource {
  const shipped = join(root, 'public', 'sites', `${nameOrPath}.site.json`)
  const path = /^[a-z0-9-]+$/.test(nameOrPath) && existsSync(shipped) ? shipped : resolve(nameOrPath)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new StartError(`cannot read the site file ${path}: ${reasonOf(error)}`)
  }
  const loaded = loadSite(bytes)
  if (loaded.ok) return { site: loaded.value, bytes }
  const { path: place, message } = loaded.error
  throw new StartError(`${path} is no valid site file: ${place === '' ? '' : `${place}: `}${message}`)
}
