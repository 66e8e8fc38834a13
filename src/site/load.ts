import type { CodecError } from '../contract/decode.ts'
import { decodeJson, validate } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxSiteFileBytes } from './file-limit.ts'
import { nestsDeeper } from './json-depth.ts'
import { type SiteFile, siteFile } from './schema.ts'
import { checkSite } from './site-checks.ts'

/** Checks shape, then that every id is unique and every reference leads somewhere. */
export function loadSite(payload: Uint8Array, maxBytes = maxSiteFileBytes): Result<SiteFile, CodecError> {
  if (payload.byteLength <= maxBytes && nestsDeeper(payload, maxDepth))
    return err({ code: 'invalid', path: '', message: `is nested deeper than ${maxDepth} levels` })
  const decoded = decodeJson(siteFile, payload, maxBytes)
  return decoded.ok ? settle(decoded.value) : decoded
}

export function parseSite(value: unknown): Result<SiteFile, CodecError> {
  const checked = validate(siteFile, value)
  return checked.ok ? settle(checked.value) : checked
}

/** The format nests eight deep; a bomb of brackets is refused before anything is parsed. */
const maxDepth = 24
function settle(site: SiteFile): Result<SiteFile, CodecError> {
  const problem = sharedPoints(site) ?? checkSite(site)
  return problem ? err(problem) : ok(site)
}

/** Gives devices the points they share with others; the same list, not a copy of it. */
function sharedPoints(site: SiteFile): CodecError | undefined {
  const sets = new Map<string, SiteFile['equipment'][number]['points']>()
  for (const [at, set] of (site.pointSets ?? []).entries()) {
    if (sets.has(set.id)) return { code: 'invalid', path: `pointSets.${at}.id`, message: `“${set.id}” is used twice` }
    sets.set(set.id, set.points)
  }
  delete site.pointSets
  for (const [at, item] of site.equipment.entries()) {
    if (item.pointSet === undefined) continue
    const shared = sets.get(item.pointSet)
    if (!shared)
      return { code: 'invalid', path: `equipment.${at}.pointSet`, message: `“${item.pointSet}” does not exist` }
    item.points = item.points.length === 0 ? shared : [...shared, ...item.points]
    delete item.pointSet
  }
  return undefined
}
