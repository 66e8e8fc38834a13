/** Small vocabulary for composing a site by hand: rectangles, ids and bilingual names. */
import type * as v from 'valibot'
import type { LocalText } from '../../contract/messages.ts'
import type { siteFile } from '../schema.ts'

export type SiteInput = v.InferInput<typeof siteFile>
type ListOf<K extends keyof SiteInput> = NonNullable<SiteInput[K]> extends readonly (infer T)[] ? T : never
export type BuildingInput = ListOf<'buildings'>
export type ZoneInput = ListOf<'zones'>
export type EquipmentInput = ListOf<'equipment'>
export type CameraInput = ListOf<'cameras'>
export type GateInput = ListOf<'gates'>
export type GroundInput = SiteInput['ground']
export type Corner = [eastM: number, northM: number]

export function name(en: string, zh: string): LocalText {
  return { en, zh }
}

/** West, south, east, north edges in site metres. */
export interface Box {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export function box(west: number, south: number, east: number, north: number): Box {
  return { west, south, east, north }
}

/** Counter-clockwise corners. */
export function corners({ west, south, east, north }: Box): Corner[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]
}

export function middle({ west, south, east, north }: Box): Corner {
  return [(west + east) / 2, (south + north) / 2]
}

/** Whether a point lies in a box grown by `marginM`. */
export function isInside(b: Box, [east, north]: Corner, marginM = 0): boolean {
  return east > b.west - marginM && east < b.east + marginM && north > b.south - marginM && north < b.north + marginM
}

export function polygonBox(polygon: readonly (readonly [number, number])[]): Box {
  const easts = polygon.map(([east]) => east)
  const norths = polygon.map(([, north]) => north)
  return box(Math.min(...easts), Math.min(...norths), Math.max(...easts), Math.max(...norths))
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100
}
