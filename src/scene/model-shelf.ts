import { ok, type Result } from '../platform/result.ts'
import type { SiteFile, SiteModel } from '../site/schema.ts'
import type { KitMesh } from './kit/mesh.ts'
import { fetchModel, type ModelFault } from './model-fetch.ts'
import { readModel } from './model-mesh.ts'

export type LoadModel = (site: SiteFile, model: SiteModel) => Promise<Result<KitMesh, ModelFault>>

/** What came once is kept as long as its site file: another theme or tier builds the stage anew, and fetches nothing. */
const shelves = new WeakMap<SiteFile, Map<string, KitMesh>>()

export const loadModel: LoadModel = async (site, model) => {
  const shelf = shelves.get(site) ?? new Map<string, KitMesh>()
  shelves.set(site, shelf)
  const known = shelf.get(model.id)
  if (known) return ok(known)
  const bytes = await fetchModel(model, globalThis.document?.baseURI ?? 'http://localhost/')
  if (!bytes.ok) return bytes
  const mesh = await readModel(bytes.value, model)
  if (mesh.ok) shelf.set(model.id, mesh.value)
  return mesh
}
