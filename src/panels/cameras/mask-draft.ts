import type { MaskPolygon } from '../../contract/camera.ts'

export type Corner = readonly [x: number, y: number]

/** Masks while they are drawn: those that are closed, the corners of the next one, and the cross that keys move. */
export interface MaskDraft {
  readonly masks: readonly MaskPolygon[]
  readonly corners: readonly Corner[]
  readonly cross: Corner
}

export const mostMasks = 16
const mostCorners = 32
const fineStep = 0.01
const coarseStep = 0.05

const onPicture = (share: number) => Math.min(1, Math.max(0, Math.round(share * 10_000) / 10_000))

export function beginDraft(masks: readonly MaskPolygon[]): MaskDraft {
  return { masks, corners: [], cross: [0.5, 0.5] }
}

export function addCorner(draft: MaskDraft, at: Corner): MaskDraft {
  const corner: Corner = [onPicture(at[0]), onPicture(at[1])]
  if (draft.corners.length >= mostCorners || draft.masks.length >= mostMasks) return draft
  return { ...draft, corners: [...draft.corners, corner], cross: corner }
}

export function undoCorner(draft: MaskDraft): MaskDraft {
  return { ...draft, corners: draft.corners.slice(0, -1) }
}

export function closeShape(draft: MaskDraft): MaskDraft {
  if (draft.corners.length < 3) return draft
  return { ...draft, masks: [...draft.masks, draft.corners], corners: [] }
}

export function removeMask(draft: MaskDraft, index: number): MaskDraft {
  return { ...draft, masks: draft.masks.filter((_, at) => at !== index) }
}

const directions: Readonly<Record<string, Corner>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The same with keys; undefined for keys that mean nothing here. */
export function pressKey(draft: MaskDraft, key: string, coarse: boolean): MaskDraft | undefined {
  const direction = directions[key]
  if (direction) {
    const step = coarse ? coarseStep : fineStep
    const [x, y] = draft.cross
    return { ...draft, cross: [onPicture(x + direction[0] * step), onPicture(y + direction[1] * step)] }
  }
  switch (key) {
    case 'Enter':
    case ' ':
      return addCorner(draft, draft.cross)
    case 'Backspace':
    case 'Delete':
      return undoCorner(draft)
    default:
      return undefined
  }
}
