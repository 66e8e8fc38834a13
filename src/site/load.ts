import type { CodecError } from '../contract/decode.ts'
import { decodeJson, validate } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { type SiteFile, siteFile } from './schema.ts'

/** Room for some 50 000 devices. What comes over MQTT is held to less. */
export const maxSiteFileBytes = 32 * 1024 * 1024

/** Checks shape, then that every id is unique and every reference leads somewhere. */
export function loadSite(payload: Uint8Array, maxBytes = maxSiteFileBytes): Result<SiteFile, CodecError> {
  const decoded = decodeJson(siteFile, payload, maxBytes)
  return decoded.ok ? settle(decoded.value) : decoded
}

export function parseSite(value: unknown): Result<SiteFile, CodecError> {
  const checked = validate(siteFile, value)
  return checked.ok ? settle(checked.value) : checked
}

function settle(site: SiteFile): Result<SiteFile, CodecError> {
  const problem = sharedPoints(site)
  return problem ? err(problem) : checkReferences(site)
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

function checkReferences(site: SiteFile): Result<SiteFile, CodecError> {
  const buildings = new Set(site.buildings.map((b) => b.id))
  const storeys = new Set(site.buildings.flatMap((b) => b.storeys.map((s) => `${b.id}/${s.id}`)))
  const zones = new Set(site.zones.map((z) => z.id))
  const nodes = new Set(site.paths.nodes.map((n) => n.id))
  const gates = new Set(site.gates.map((g) => g.id))
  const problem =
    duplicate('buildings', site.buildings) ??
    duplicate('zones', site.zones) ??
    duplicate('equipment', site.equipment) ??
    duplicate('paths.nodes', site.paths.nodes) ??
    missing(site.zones, (z, at) =>
      z.building !== undefined && !buildings.has(z.building) ? [`zones.${at}.building`, z.building] : undefined,
    ) ??
    missing(site.zones, (z, at) =>
      z.storey !== undefined && !storeys.has(`${z.building}/${z.storey}`)
        ? [`zones.${at}.storey`, z.storey]
        : undefined,
    ) ??
    missing(site.equipment, (e, at) =>
      e.zone !== undefined && !zones.has(e.zone) ? [`equipment.${at}.zone`, e.zone] : undefined,
    ) ??
    missing(site.cameras, (c, at) => {
      const unknown = c.zones.find((z) => !zones.has(z))
      return unknown === undefined ? undefined : [`cameras.${at}.zones`, unknown]
    }) ??
    missing(site.paths.edges, (e, at) =>
      !nodes.has(e.a) ? [`paths.edges.${at}.a`, e.a] : !nodes.has(e.b) ? [`paths.edges.${at}.b`, e.b] : undefined,
    ) ??
    missing(site.paths.edges, (e, at) =>
      e.gate !== undefined && !gates.has(e.gate) ? [`paths.edges.${at}.gate`, e.gate] : undefined,
    )
  return problem ? err(problem) : ok(site)
}

function duplicate(path: string, items: readonly { id: string }[]): CodecError | undefined {
  const seen = new Set<string>()
  for (const [at, item] of items.entries()) {
    if (seen.has(item.id)) return { code: 'invalid', path: `${path}.${at}.id`, message: `“${item.id}” is used twice` }
    seen.add(item.id)
  }
  return undefined
}

function missing<T>(
  items: readonly T[],
  check: (item: T, index: number) => [path: string, id: string] | undefined,
): CodecError | undefined {
  for (const [at, item] of items.entries()) {
    const found = check(item, at)
    if (found) return { code: 'invalid', path: found[0], message: `“${found[1]}” does not exist` }
  }
  return undefined
}
