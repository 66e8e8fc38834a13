import type { Picked, PickKind } from '../scene/selection.ts'

const detailTabs = ['selected', 'park', 'cameras', 'energy', 'rooms'] as const
export type DetailTab = (typeof detailTabs)[number]

/** What an address says is open. Tracks are too short-lived to be in one. */
export interface Address {
  readonly incidentId?: string
  readonly picked?: Picked
  readonly tab?: DetailTab
}

const addressable: readonly PickKind[] = ['building', 'storey', 'zone', 'device', 'camera']
const idPattern = /^[a-z0-9][a-z0-9._/-]{0,140}$/

/** Reads the part after `#`; whatever does not fit is left out. */
export function parseAddress(hash: string): Address {
  const query = new URLSearchParams(hash.replace(/^#/, ''))
  const word = (key: string) => {
    const value = query.get(key)
    return value !== null && idPattern.test(value) ? value : undefined
  }
  const incidentId = word('incident')
  const kind = addressable.find((candidate) => word(candidate) !== undefined)
  const tab = detailTabs.find((candidate) => candidate === query.get('tab'))
  return {
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(kind === undefined ? {} : { picked: { kind, id: word(kind) ?? '' } }),
    ...(tab === undefined ? {} : { tab }),
  }
}

/** The part after `#`, empty where nothing particular is open. */
export function formatAddress({ incidentId, picked, tab }: Address): string {
  const parts: string[] = []
  if (incidentId !== undefined) parts.push(`incident=${incidentId}`)
  if (picked && addressable.includes(picked.kind)) parts.push(`${picked.kind}=${picked.id}`)
  if (tab !== undefined && tab !== 'park' && tab !== 'selected') parts.push(`tab=${tab}`)
  return parts.join('&')
}
