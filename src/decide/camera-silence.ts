/** What a camera saw before a long silence, or before its clock was set back, says nothing of now. */

/** A fast simulated clock, or a camera that speaks rarely, makes long gaps the usual ones. */
const usualGaps = 10

/** A look of a camera, and how that camera has been looking. Site time. */
export interface Look {
  readonly cameraId: string
  readonly atMs: number
  /** Between the two looks before this one; 0 while unknown. */
  readonly usualGapMs: number
  /** Nothing known of this camera holds any more. */
  readonly wasSilent: boolean
}

export class CameraSilence {
  readonly #longestMs: number
  readonly #looks = new Map<string, { readonly atMs: number; readonly gapMs: number }>()

  /** A gap of `longestMs` is never a silence, nor is one that is usual for its camera. */
  constructor(longestMs = 300_000) {
    this.#longestMs = longestMs
  }

  /** Takes in the time of a look. */
  look(cameraId: string, atMs: number): Look {
    const before = this.#looks.get(cameraId)
    const gapMs = before ? atMs - before.atMs : 0
    const usualGapMs = before?.gapMs ?? 0
    this.#looks.set(cameraId, { atMs, gapMs: Math.max(0, gapMs) })
    const wasSilent = gapMs < 0 || gapMs > Math.max(this.#longestMs, usualGaps * usualGapMs)
    return { cameraId, atMs, usualGapMs, wasSilent }
  }

  /** Takes in the time of a look; true where nothing known of this camera holds any more. */
  breaks(cameraId: string, atMs: number): boolean {
    return this.look(cameraId, atMs).wasSilent
  }

  clear(): void {
    this.#looks.clear()
  }
}
