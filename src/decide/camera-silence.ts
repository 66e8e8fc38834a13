/** What a camera saw before a long silence, or before its clock was set back, says nothing of now. */

const longestMs = 300_000
/** A fast simulated clock, or a camera that speaks rarely, makes long gaps the usual ones. */
const usualGaps = 10

export class CameraSilence {
  readonly #looks = new Map<string, { readonly atMs: number; readonly gapMs: number }>()

  /** Takes in the time of a look; true where nothing known of this camera holds any more. */
  breaks(cameraId: string, atMs: number): boolean {
    const before = this.#looks.get(cameraId)
    const gapMs = before ? atMs - before.atMs : 0
    this.#looks.set(cameraId, { atMs, gapMs: Math.max(0, gapMs) })
    return gapMs < 0 || gapMs > Math.max(longestMs, usualGaps * (before?.gapMs ?? 0))
  }

  clear(): void {
    this.#looks.clear()
  }
}
