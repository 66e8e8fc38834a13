import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { encodeJson } from '../contract/decode.ts'
import type { SiteReference } from '../contract/messages.ts'
import { sha256Hex } from '../platform/sha256.ts'
import type { SiteInput } from '../site/compose/shapes.ts'
import { districtInput } from '../site/district/district.ts'
import { loadSite, maxSiteFileBytes } from '../site/load.ts'
import type { SiteFile } from '../site/schema.ts'
import { reasonOf, StartError } from './start-error.ts'

export interface SiteSource {
  readonly site: SiteFile
  /** The file as it is, for publishing. */
  readonly bytes: Uint8Array
}

/** Sites that need no file: built when somebody asks for them. */
const generated: Readonly<Record<string, () => SiteInput>> = { district: () => districtInput() }

/** A generated site as it is shipped, in one line; undefined for a name that nothing generates. */
export function generatedSite(name: string): Uint8Array | undefined {
  const build = Object.hasOwn(generated, name) ? generated[name] : undefined
  return build && encodeJson(build())
}

export const generatedSites: readonly string[] = Object.keys(generated)

/** A shipped or generated site by name, or a site file by path; throws a `StartError` that names file and place of the trouble. */
export function readSite(nameOrPath: string, root: string): SiteSource {
  const shipped = join(root, 'public', 'sites', `${nameOrPath}.site.json`)
  const path = /^[a-z0-9-]+$/.test(nameOrPath) && existsSync(shipped) ? shipped : resolve(nameOrPath)
  const bytes = (path === shipped ? undefined : generatedSite(nameOrPath)) ?? readBytes(path)
  const loaded = loadSite(bytes)
  if (loaded.ok) return { site: loaded.value, bytes }
  const { path: place, message } = loaded.error
  throw new StartError(`${path} is no valid site file: ${place === '' ? '' : `${place}: `}${message}`)
}

function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size > maxSiteFileBytes) throw new Error(`${size} bytes, at most ${maxSiteFileBytes}`)
    return readFileSync(path)
  } catch (error) {
    throw new StartError(`cannot read the site file ${path}: ${reasonOf(error)}`)
  }
}

/** Larger site files are pointed at, so that a retained message stays small. */
const inlineBytes = 1024 * 1024

/** Where the server, and a static host, hold a site's file. */
export function siteAddress(id: string): string {
  return `sites/${id}.site.json`
}

/** What is told of a site on the bus: the file itself, or for a large one where it lies. */
export function announcement({ site, bytes }: SiteSource): Uint8Array {
  if (bytes.byteLength <= inlineBytes) return bytes
  const reference: SiteReference = { url: siteAddress(site.id), sha256: sha256Hex(bytes) }
  return encodeJson(reference)
}
