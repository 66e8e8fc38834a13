import type { CoveredArea } from './declutter.ts'

/** How much of each edge is taken by panels, in CSS pixels. */
export interface Insets {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** What lies over the picture: `insets` move its middle, `areas` hide the labels beneath them. */
export interface SceneCover {
  readonly insets: Insets
  readonly areas: readonly CoveredArea[]
}

export const uncovered: SceneCover = { insets: { top: 0, right: 0, bottom: 0, left: 0 }, areas: [] }

export const fieldOfViewDeg = 30

/** The park, seen from its home view, is this much wider than the picture of the plain field of view is high. */
const parkAspect = 1.35
/** Its edge is road and trees: this share of it must be free of panels. */
const freeShare = 0.8

export interface Framing {
  readonly fovDeg: number
  /** From the middle of the picture to the middle of what is free of panels, CSS pixels right and down. */
  readonly shift: readonly [x: number, y: number]
}

/** Widens the view where screen or panels leave less room than the park needs, instead of cutting its sides. */
export function frameFor(widthPx: number, heightPx: number, insets: Insets): Framing {
  const freeWidthPx = Math.max(120, widthPx - insets.left - insets.right)
  const freeHeightPx = Math.max(120, heightPx - insets.top - insets.bottom)
  const wider = Math.max(
    1,
    (parkAspect * heightPx) / widthPx,
    (parkAspect * freeShare * heightPx) / freeWidthPx,
    (freeShare * heightPx) / freeHeightPx,
  )
  const half = (fieldOfViewDeg * Math.PI) / 360
  return {
    fovDeg: (2 * Math.atan(Math.tan(half) * wider) * 180) / Math.PI,
    shift: [(insets.left - insets.right) / 2, (insets.top - insets.bottom) / 2],
  }
}

export function blendInsets(from: Insets, to: Insets, share: number): Insets {
  const mix = (a: number, b: number) => (Math.abs(b - a) < 0.5 ? b : a + (b - a) * share)
  return {
    top: mix(from.top, to.top),
    right: mix(from.right, to.right),
    bottom: mix(from.bottom, to.bottom),
    left: mix(from.left, to.left),
  }
}

export function sameInsets(a: Insets, b: Insets): boolean {
  return a.top === b.top && a.right === b.right && a.bottom === b.bottom && a.left === b.left
}
