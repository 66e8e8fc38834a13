import * as v from 'valibot'
import { centroid, type Point2 } from '../../site/geometry.ts'
import type { SiteFile } from '../../site/schema.ts'
import { type SceneLayer, sceneLayers } from '../data-layers/layer-catalogue.ts'
import type { View } from '../orbit-rig.ts'
import type { Picked } from '../selection.ts'

/** A view that somebody kept in this browser. */
export interface Bookmark {
  readonly id: string
  readonly name: string
  readonly view: View
  readonly layer: SceneLayer
}

const mostBookmarks = 24
const finite = v.pipe(v.number(), v.finite())
const bookmarks = v.pipe(
  v.array(
    v.object({
      id: v.pipe(v.string(), v.maxLength(40)),
      name: v.pipe(v.string(), v.maxLength(80)),
      view: v.object({
        target: v.tuple([finite, finite, finite]),
        headingDeg: finite,
        elevationDeg: finite,
        distanceM: finite,
      }),
      layer: v.picklist(sceneLayers),
    }),
  ),
  v.maxLength(mostBookmarks),
)

const keyOf = (siteId: string) => `parkloop.views.${siteId}`

/** What does not parse is forgotten: another version may have written it. */
export function readBookmarks(siteId: string, storage: Pick<Storage, 'getItem'>): readonly Bookmark[] {
  try {
    const parsed = v.safeParse(bookmarks, JSON.parse(storage.getItem(keyOf(siteId)) ?? '[]'))
    return parsed.success ? parsed.output : []
  } catch {
    return []
  }
}

/** Storage may be forbidden or full; the list then lasts for this visit. The oldest makes room. */
export function keepBookmarks(
  siteId: string,
  list: readonly Bookmark[],
  storage: Pick<Storage, 'setItem'>,
): readonly Bookmark[] {
  const kept = list.slice(-mostBookmarks)
  try {
    storage.setItem(keyOf(siteId), JSON.stringify(kept))
  } catch {}
  return kept
}

/** Buildings first, by floor area, then gates: what a stranger would want to see. */
export function placesToSee(site: SiteFile, most = 14): readonly Picked[] {
  const area = (ring: readonly Point2[]) => {
    const [x, y] = centroid(ring)
    return Math.max(...ring.map((p) => Math.hypot(p[0] - x, p[1] - y)))
  }
  const buildings = [...site.buildings]
    .sort((a, b) => area(b.footprint) * b.storeys.length - area(a.footprint) * a.storeys.length)
    .map((b): Picked => ({ kind: 'building', id: b.id }))
  const gates = site.gates
    .filter((g) => g.kind === 'gate' || g.kind === 'barrier')
    .map((g): Picked => ({ kind: 'device', id: g.id }))
  return [...buildings.slice(0, most - Math.min(3, gates.length)), ...gates.slice(0, 3)]
}

/** Straight down on the whole park, north up. */
export function viewFromAbove(site: SiteFile): View {
  const xs = site.ground.boundary.map((p) => p[0])
  const ys = site.ground.boundary.map((p) => p[1])
  const [width, height] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]
  return {
    target: [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2, 0],
    headingDeg: 0,
    elevationDeg: 89,
    distanceM: Math.max(height, width / 1.35) * 1.95,
  }
}
