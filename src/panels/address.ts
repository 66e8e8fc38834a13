import { type SceneLayer, sceneLayers } from '../scene/data-layers/layer-catalogue.ts'
import type { View } from '../scene/orbit-rig.ts'
import type { Picked, PickKind } from '../scene/selection.ts'
import { type StoreyMode, storeyModes } from '../scene/view-state.ts'

const detailTabs = ['selected', 'park', 'cameras', 'energy', 'rooms'] as const
export type DetailTab = (typeof detailTabs)[number]

/** What an address says is open and how the park is seen. Tracks are too short-lived to be in one. */
export interface Address {
  readonly incidentId?: string
  readonly picked?: Picked
  /** All that is selected, where that is more than one thing; `picked` is the last of them. */
  readonly many?: readonly Picked[]
  readonly tab?: DetailTab
  readonly layer?: SceneLayer
  readonly mode?: StoreyMode
  /** A view that somebody came to by hand; without one the selection says where to look from. */
  readonly view?: View
  /** The camera that is looked through. */
  readonly through?: string
}

const addressable: readonly PickKind[] = ['building', 'storey', 'zone', 'device', 'camera']
const idPattern = /^[a-z0-9][a-z0-9._/-]{0,140}$/
/** A longer list would not fit an address that is read out or typed. */
const mostMany = 30
/** Coordinates beyond this are of no site (its file allows 20 km). */
const farthest = 60_000

/** Reads the part after `#`; whatever does not fit is left out. */
export function parseAddress(hash: string): Address {
  const query = new URLSearchParams(hash.replace(/^#/, ''))
  const word = (key: string) => {
    const value = query.get(key)
    return value !== null && idPattern.test(value) ? value : undefined
  }
  const incidentId = word('incident')
  const through = word('through')
  const kind = addressable.find((candidate) => word(candidate) !== undefined)
  const tab = detailTabs.find((candidate) => candidate === query.get('tab'))
  const layer = sceneLayers.find((candidate) => candidate !== 'none' && candidate === query.get('layer'))
  const mode = storeyModes.find((candidate) => candidate !== 'cut' && candidate === query.get('mode'))
  const view = parseView(query.get('view'))
  const many = parseMany(query.get('also'))
  const picked: Picked | undefined = kind && { kind, id: word(kind) ?? '' }
  return {
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(picked && { picked }),
    ...(picked && many.length > 0 && { many: [...many, picked] }),
    ...(tab && { tab }),
    ...(layer && { layer }),
    ...(mode && { mode }),
    ...(view && { view }),
    ...(through === undefined ? {} : { through }),
  }
}

/** The part after `#`, empty where nothing particular is open. */
export function formatAddress({ incidentId, picked, many = [], tab, layer, mode, view, through }: Address): string {
  const parts: string[] = []
  const add = (key: string, value: string | undefined) => value !== undefined && parts.push(`${key}=${value}`)
  add('incident', incidentId)
  if (picked && addressable.includes(picked.kind)) add(picked.kind, picked.id)
  const others = many.filter(
    (it) => addressable.includes(it.kind) && !(it.kind === picked?.kind && it.id === picked.id),
  )
  if (others.length > 0)
    add(
      'also',
      others
        .slice(0, mostMany)
        .map((it) => `${it.kind}:${it.id}`)
        .join(','),
    )
  if (tab !== 'park' && tab !== 'selected') add('tab', tab)
  if (layer !== 'none') add('layer', layer)
  if (mode !== 'cut') add('mode', mode)
  if (view) add('view', formatView(view))
  add('through', through)
  return parts.join('&')
}

function parseMany(text: string | null): Picked[] {
  return (text ?? '').split(',', mostMany).flatMap((part): Picked[] => {
    const cut = part.indexOf(':')
    const kind = addressable.find((candidate) => candidate === part.slice(0, cut))
    const id = part.slice(cut + 1)
    return kind && idPattern.test(id) ? [{ kind, id }] : []
  })
}

/** Target east, north and up in metres, heading and elevation in degrees, distance in metres; to a tenth. */
function formatView({ target, headingDeg, elevationDeg, distanceM }: View): string {
  return [...target, headingDeg, elevationDeg, distanceM].map((value) => String(Math.round(value * 10) / 10)).join(',')
}

function parseView(text: string | null): View | undefined {
  const parts = (text ?? '').split(',')
  const [x = 0, y = 0, z = 0, headingDeg = 0, elevationDeg = 0, distanceM = 0] = parts.map(Number)
  const wellFormed = parts.length === 6 && parts.every((part) => /^-?\d{1,6}(\.\d{1,3})?$/.test(part))
  if (!wellFormed || [x, y, z, distanceM].some((metres) => Math.abs(metres) > farthest) || distanceM <= 0)
    return undefined
  return { target: [x, y, z], headingDeg, elevationDeg, distanceM }
}
