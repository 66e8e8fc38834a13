import type { CodecError } from '../contract/decode.ts'
import { decodeJson, validate } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { type SiteFile, siteFile } from './schema.ts'

/** Checks shape, then that every id is unique and every reference leads somewhere. */
export function loadSite(payload: Uint8Array): Result<SiteFile, CodecError> {
  const decoded = decodeJson(siteFile, payload)
  return decoded.ok ? checkReferences(decoded.value) : decoded
}

export function parseSite(value: unknown): Result<SiteFile, CodecError> {
  const checked = validate(siteFile, value)
  return checked.ok ? checkReferences(checked.value) : checked
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
