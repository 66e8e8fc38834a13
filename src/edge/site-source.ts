import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { decodeJson, encodeJson } from '../contract/decode.ts'
import { type LocalText, localText, type SiteReference } from '../contract/messages.ts'
import type { SiteInput } from '../site/compose/shapes.ts'
import { districtInput, districtName } from '../site/district/district.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { loadSite } from '../site/load.ts'
import type { SiteFile } from '../site/schema.ts'
import { reasonOf, StartError } from './start-error.ts'

export interface SiteSource {
  readonly site: SiteFile
  /** The file as it is, for publishing. */
  readonly bytes: Uint8Array
}

interface GeneratedSite {
  readonly name: LocalText
  build(): SiteInput
}

/** Sites that need no file: built when somebody asks for them. */
const generated: Readonly<Record<string, GeneratedSite>> = {
  district: { name: districtName, build: () => districtInput() },
}

/** A generated site as it is shipped, in one line; undefined for a name that nothing generates. */
export function generatedSite(name: string): Uint8Array | undefined {
  const known = Object.hasOwn(generated, name) ? generated[name] : undefined
  return known && encodeJson(known.build())
}

export const generatedSites: readonly string[] = Object.keys(generated)

/** A site that can be had by its id. */
export interface SiteOffer {
  readonly id: string
  readonly name: LocalText
  /** The file as it is; read or built when first asked for. */
  bytes(): Uint8Array
}

const idAndName = v.object({ id: v.string(), name: localText })

/** What a site file of ours says it is, without checking the rest of it; a stranger's is read on a thread. */
function readIdAndName(bytes: Uint8Array) {
  return decodeJson(idAndName, bytes, maxSiteFileBytes)
}

/** The sites that come with ParkLoop. */
export function shippedSites(root: string): SiteOffer[] {
  const folder = join(root, 'public', 'sites')
  const files = readdirSync(folder).flatMap((file): SiteOffer[] => {
    if (!file.endsWith('.site.json')) return []
    const bytes = readFileSync(join(folder, file))
    const named = readIdAndName(bytes)
    return named.ok ? [{ ...named.value, bytes: () => bytes }] : []
  })
  return [...files, ...Object.entries(generated).map(([id, { name, build }]) => offerLater(id, name, build))]
}

function offerLater(id: string, name: LocalText, build: () => SiteInput): SiteOffer {
  let bytes: Uint8Array | undefined
  return {
    id,
    name,
    bytes() {
      bytes ??= encodeJson(build())
      return bytes
    },
  }
}

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

/** SHA-256 by Node's own code, some thirty times as fast as ours: what is told of sites is hashed beside the broker. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What is told of a site on the bus: the file itself, or for a large one where it lies. */
export function announcement({ id, name }: Pick<SiteFile, 'id' | 'name'>, bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength <= inlineBytes) return bytes
  const reference: SiteReference = { url: siteAddress(id), sha256: hashOf(bytes), name }
  return encodeJson(reference)
}
