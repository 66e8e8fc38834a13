/** Steps of splendour. `floor` keeps a machine without a GPU usable; see bench/scene.ts for what each costs. */
export const qualityTiers = ['floor', 'low', 'medium', 'high'] as const
export type QualityTier = (typeof qualityTiers)[number]

/** How a drawn picture is finished, see finish/finish.ts. */
export interface FinishSettings {
  /** Samples of each pixel's edge. */
  readonly samples: number
  /** Looks around each point for what keeps the sky's light from it. */
  readonly shadeTaps: number
  /** How many times the picture is halved for the glow round lamps. */
  readonly glowLevels: number
}

const finishes = {
  medium: { samples: 4, shadeTaps: 10, glowLevels: 4 },
  high: { samples: 4, shadeTaps: 20, glowLevels: 5 },
} as const

export interface QualitySettings {
  readonly tier: QualityTier
  readonly pixelRatio: number
  readonly shadowMapPx: number
  /** Shadows are drawn anew in every frame in which somebody moves; elsewhere figures have a soft shade at their feet. */
  readonly shadowsFollow: boolean
  readonly detail: 'low' | 'high'
  /** Light reckoned per vertex, no glass reflections: for software rasterisers. */
  readonly plain: boolean
  /** The canvas smooths edges itself; a finished picture comes to it smoothed. */
  readonly antialias: boolean
  /** Absent where pictures go straight to the canvas. */
  readonly finish?: FinishSettings
}

export function qualitySettings(tier: QualityTier, devicePixelRatio: number): QualitySettings {
  switch (tier) {
    case 'floor':
      return {
        tier,
        pixelRatio: 0.75,
        shadowMapPx: 0,
        shadowsFollow: false,
        detail: 'low',
        plain: true,
        antialias: false,
      }
    case 'low':
      return { tier, pixelRatio: 1, shadowMapPx: 0, shadowsFollow: false, detail: 'low', plain: false, antialias: true }
    case 'medium':
      return {
        tier,
        pixelRatio: Math.min(1.25, devicePixelRatio),
        shadowMapPx: 2048,
        shadowsFollow: false,
        detail: 'high',
        plain: false,
        antialias: false,
        finish: finishes.medium,
      }
    case 'high':
      return {
        tier,
        pixelRatio: Math.min(2, devicePixelRatio),
        shadowMapPx: 4096,
        shadowsFollow: true,
        detail: 'high',
        plain: false,
        antialias: false,
        finish: finishes.high,
      }
  }
}

/** The tier to begin with, from the renderer's name: software rasterisers start at the floor. */
export function tierFromRenderer(renderer: string): QualityTier {
  return /swiftshader|llvmpipe|software|basic render|swrast/i.test(renderer) ? 'floor' : 'medium'
}

const slowMs = 34
const fastMs = 13
const windowFrames = 24
/** Climbing back asks for three calm windows, so that tiers do not swing. */
const calmWindows = 3

/**
 * Steps down at once when a window of frames is slow, steps up only after several fast ones, and never again to a
 * tier that has proved too much. Feed it only frames drawn back to back; idle gaps say nothing.
 */
export class TierAdapter {
  #tier: QualityTier
  #ceiling: number = qualityTiers.length - 1
  #times: number[] = []
  #calm = 0

  constructor(start: QualityTier) {
    this.#tier = start
  }

  get tier(): QualityTier {
    return this.#tier
  }

  /** Returns the new tier when it changes. */
  frame(ms: number): QualityTier | undefined {
    if (ms > 1000) return undefined
    this.#times.push(ms)
    if (this.#times.length < windowFrames) return undefined
    const sorted = [...this.#times].sort((a, b) => a - b)
    this.#times = []
    const median = sorted[windowFrames / 2] ?? 0
    const at = qualityTiers.indexOf(this.#tier)
    if (median > slowMs && at > 0) {
      this.#ceiling = at - 1
      return this.#move(at - 1)
    }
    this.#calm = median < fastMs ? this.#calm + 1 : 0
    if (this.#calm >= calmWindows && at < this.#ceiling) return this.#move(at + 1)
    return undefined
  }

  #move(to: number): QualityTier {
    this.#calm = 0
    this.#tier = qualityTiers[to] ?? this.#tier
    return this.#tier
  }
}
