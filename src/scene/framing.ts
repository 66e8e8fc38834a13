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

/** Lens of a camera that is looked through. */
export interface Lens {
  readonly aspect: number
  readonly verticalFovDeg: number
}

/** Where a picture of this shape fits into what panels leave free: CSS pixels of the whole picture. */
export function pictureRect(widthPx: number, heightPx: number, insets: Insets, aspect: number): CoveredArea {
  const marginPx = 14
  const free = {
    left: insets.left + marginPx,
    top: insets.top + marginPx,
    width: Math.max(120, widthPx - insets.left - insets.right - 2 * marginPx),
    height: Math.max(90, heightPx - insets.top - insets.bottom - 2 * marginPx),
  }
  const width = Math.min(free.width, free.height * aspect)
  const height = width / aspect
  const left = free.left + (free.width - width) / 2
  const top = free.top + (free.height - height) / 2
  return { left, top, right: left + width, bottom: top + height }
}

/** Frames the scene so that `pictureRect` shows exactly what the lens sees. */
export function frameThrough(widthPx: number, heightPx: number, insets: Insets, lens: Lens): Framing {
  const rect = pictureRect(widthPx, heightPx, insets, lens.aspect)
  const half = Math.tan((lens.verticalFovDeg * Math.PI) / 360) * (heightPx / (rect.bottom - rect.top))
  return {
    fovDeg: (2 * Math.atan(half) * 180) / Math.PI,
    shift: [(rect.left + rect.right - widthPx) / 2, (rect.top + rect.bottom - heightPx) / 2],
  }
}

export function blendFraming(a: Framing, b: Framing, share: number): Framing {
  if (a === b || share <= 0) return a
  const mix = (from: number, to: number) => from + (to - from) * share
  return { fovDeg: mix(a.fovDeg, b.fovDeg), shift: [mix(a.shift[0], b.shift[0]), mix(a.shift[1], b.shift[1])] }
}
