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

/** More than two beats of 60 Hz, or one of a display of 30 Hz, as the page's trembling clock tells them. */
const slowMs = 36
/**
 * As fast as a display of 48 Hz shows pictures, and so all that any display asks for. How much time is left between two of
 * its beats no frame tells; only a try does.
 */
const smoothMs = 23
/**
 * Displays of 30 Hz, and browsers that save power, show every picture at one beat: frames of a window that differ by no
 * more may be as fast as pictures are shown, and are worth a try. Where the GPU takes turns between two beats they differ.
 */
const evenMs = 5
const windowFrames = 24
/** Where frames crawl a window ends sooner, with so many at least. */
const [windowMs, leastFrames] = [3000, 8]
/** A new stage compiles its shaders in its first frames. */
const warmUpFrames = 8
/** Smooth for so long, all told, before more is tried. */
const calmMs = 8000
/** A tier that is climbed to must keep what was smooth before. */
const trialWindows = 3
/** Drawn time before a tier that was too much is tried again: minutes at first, and each failure makes them more. */
const firstPauseMs = 300_000
const pauseGrowth = 4
/** A tier that held so long has proved itself; what brought it down later is news. */
const provenMs = 3_600_000

interface FrameWindow {
  /** Of ten frames one takes no longer. */
  readonly leastMs: number
  readonly middleMs: number
  /** Of ten frames nine take no longer. */
  readonly mostMs: number
  readonly tookMs: number
}

/**
 * Steps down at once when a window of frames is slow, and up after a long smooth stretch. A tier that proved too much is
 * barred for minutes, then hours. Knows no clock: pauses count the time of frames. Feed it only frames drawn back to back,
 * idle gaps say nothing; one for as long as a canvas is shown, whatever is built anew meanwhile. Who starts at the floor
 * has no GPU, and stays there.
 */
export class TierAdapter {
  #tier: QualityTier
  readonly #top: number
  /** By tier: how often it was too much, and until when (drawn time) it is not tried. */
  readonly #barred = qualityTiers.map(() => ({ times: 0, untilMs: 0 }))
  #drawnMs = 0
  #sinceMs = 0
  #warmUp = warmUpFrames
  #trial = 0
  /** What a frame of the tier that is tried may take. */
  #trialMs = smoothMs
  #calmMs = 0
  #times: number[] = []
  #timesMs = 0

  constructor(start: QualityTier) {
    this.#tier = start
    this.#top = start === 'floor' ? 0 : qualityTiers.length - 1
  }

  get tier(): QualityTier {
    return this.#tier
  }

  /** Returns the new tier when it changes. */
  frame(ms: number): QualityTier | undefined {
    if (ms > 1000) return undefined
    this.#drawnMs += ms
    if (this.#warmUp-- > 0) return undefined
    this.#times.push(ms)
    this.#timesMs += ms
    const frames = this.#times.length
    if (frames < windowFrames && (frames < leastFrames || this.#timesMs < windowMs)) return undefined
    return this.#judge(this.#takeWindow())
  }

  #takeWindow(): FrameWindow {
    const sorted = this.#times.sort((a, b) => a - b)
    const share = (of: number) => sorted[Math.floor(sorted.length * of)] ?? 0
    const window = { leastMs: share(0.1), middleMs: share(0.5), mostMs: share(0.9), tookMs: this.#timesMs }
    this.#times = []
    this.#timesMs = 0
    return window
  }

  #judge({ leastMs, middleMs, mostMs, tookMs }: FrameWindow): QualityTier | undefined {
    const at = qualityTiers.indexOf(this.#tier)
    const mostAllowedMs = this.#trial > 0 ? this.#trialMs : slowMs
    if (this.#trial > 0) this.#trial--
    if (middleMs > mostAllowedMs && at > 0) {
      // What was fine before the try is judged as before it.
      this.#trial = 0
      this.#bar(at)
      return this.#move(at - 1)
    }
    const isCalm = mostMs <= smoothMs || (mostMs <= slowMs && mostMs - leastMs <= evenMs)
    this.#calmMs = isCalm ? this.#calmMs + tookMs : 0
    const next = this.#barred[at + 1]
    if (at >= this.#top || !next || this.#calmMs < calmMs || this.#drawnMs < next.untilMs) return undefined
    this.#trial = trialWindows
    this.#trialMs = mostMs <= smoothMs ? smoothMs : slowMs
    return this.#move(at + 1)
  }

  #bar(at: number): void {
    const bar = this.#barred[at]
    if (!bar) return
    if (this.#drawnMs - this.#sinceMs >= provenMs) bar.times = 0
    bar.untilMs = this.#drawnMs + firstPauseMs * pauseGrowth ** bar.times++
  }

  #move(to: number): QualityTier {
    this.#calmMs = 0
    this.#warmUp = warmUpFrames
    this.#sinceMs = this.#drawnMs
    this.#tier = qualityTiers[to] ?? this.#tier
    return this.#tier
  }
}
