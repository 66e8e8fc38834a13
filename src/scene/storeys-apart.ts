import type { BuildingParts } from './kit/architecture-building.ts'
import type { OpenStorey, SceneIndex } from './scene-index.ts'
import type { Picked } from './selection.ts'
import type { StoreyMode } from './view-state.ts'

/** Height from one storey drawn apart to the next, on top of its own. */
const gapM = 4.5
/** Storeys drawn apart are cut so high above their floors. */
export const cutM = 1.3
/** As many floors fit the shader's table; of higher buildings the lowest are drawn. */
export const mostApart = 32

/** How the building that is looked at is laid open, besides the one storey. */
export interface Laying {
  /** Its storeys are drawn apart, each cut above its floor. */
  readonly apart: BuildingParts | undefined
  /** All other buildings are lowered to their footprints. */
  readonly alone: BuildingParts | undefined
}

export function layingOf(
  index: SceneIndex,
  mode: StoreyMode,
  selected: Picked | undefined,
  open: OpenStorey | undefined,
): Laying {
  const parts = open?.parts ?? (selected?.kind === 'building' ? index.partsOf.get(selected.id) : undefined)
  const closed = parts?.building.facade.style === 'open' ? undefined : parts
  return { apart: mode === 'explode' ? closed : undefined, alone: mode === 'isolate' ? parts : undefined }
}

/** How much higher than in truth a storey of this building is drawn, metres. */
export function liftM({ apart }: Pick<Laying, 'apart'>, building: string | undefined, storeyAt: number): number {
  return building !== undefined && apart?.building.id === building ? storeyAt * gapM : 0
}

/** Storeys whose insides are drawn, lowest first. */
export function laidOpen({ apart }: Pick<Laying, 'apart'>, open: OpenStorey | undefined): readonly OpenStorey[] {
  if (!apart) return open ? [open] : []
  return apart.building.storeys.slice(0, mostApart).map((_, storeyAt) => ({ parts: apart, storeyAt }))
}

/** The numbers that the building shader takes: first and last part, gap, and height of the cut. */
export function apartUniform({ apart }: Pick<Laying, 'apart'>): readonly [number, number, number, number] {
  if (!apart) return [1, 0, 0, 0]
  const last = apart.firstPart + Math.min(mostApart, apart.building.storeys.length) - 1
  return [apart.firstPart, last, gapM, cutM]
}
