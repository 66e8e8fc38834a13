import type { CodecError } from '../contract/decode.ts'
import { decodeJson, validate } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxSiteFileBytes } from './file-limit.ts'
import { type SiteFile, siteFile } from './schema.ts'
import { checkSite } from './site-checks.ts'

/** Checks shape, then that every id is unique and every reference leads somewhere. */
export function loadSite(payload: Uint8Array, maxBytes = maxSiteFileBytes): Result<SiteFile, CodecError> {
  if (payload.byteLength <= maxBytes && isDeep(payload))
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
const [quote, backslash, openList, closeList, openObject, closeObject] = [34, 92, 91, 93, 123, 125]

function isDeep(payload: Uint8Array): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at]
    if (quoted) {
      if (byte === backslash) at++
      else if (byte === quote) quoted = false
    } else if (byte === quote) quoted = true
    else if (byte === openList || byte === openObject) {
      if (++depth > maxDepth) return true
    } else if (byte === closeList || byte === closeObject) depth--
  }
  return false
}

function settle(site: SiteFile): Result<SiteFile, CodecError> {
  const problem = sharedPoints(site) ?? checkSite(site)
  return problem ? err(problem) : ok(site)
}

/** Gives devices the points they share with others; the same list, not a copy of it. */
function sharedPoints(site: SiteFile): CodecError | undefined {
  const sets = new Map(site.pointSets?.map((set) => [set.id, set.points]))
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
