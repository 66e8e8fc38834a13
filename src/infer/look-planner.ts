/**
 * Which pictures of a camera are worth a look. Something new is looked at in every picture; what is already followed and
 * only walks on, less often; a still scene every few seconds. What keeps moving and never proves to be anything (leaves,
 * a flag, rain) is soon treated as if it were followed.
 */
import type { BoxInImage } from '../contract/perception.ts'
import type { Motion } from './motion-sense.ts'

export interface LookSettings {
  readonly stillPeriodMs: number
  readonly followPeriodMs: number
  /** Every picture is looked at for so long after something new. */
  readonly holdMs: number
  /** Looks at a moving cell without a find until its movement counts as dull. */
  readonly dullLooks: number
  /** Looks that are spent on what does not settle where nothing new moves: a parked car that is found every other time. */
  readonly patientLooks: number
}

export const defaultLooks: LookSettings = {
  stillPeriodMs: 2000,
  followPeriodMs: 360,
  holdMs: 1500,
  dullLooks: 10,
  patientLooks: 24,
}

/** Why a picture is looked at. */
export type LookReason = 'new' | 'following' | 'still'

/** What the last look found. */
export interface Findings {
  readonly detections: readonly BoxInImage[]
  /** Boxes of confirmed tracks. */
  readonly tracks: readonly BoxInImage[]
  /** Something was found that is not settled: a track begins, is young, or was just missed. */
  readonly unsettled: boolean
}

export class LookPlanner {
  readonly #settings: LookSettings
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #newAtMs = Number.NEGATIVE_INFINITY
  /** Looks at what does not settle, since something new moved. */
  #spent = 0
  #tracks: readonly BoxInImage[] = []
  /** Looks at each cell's movement that found nothing there. */
  #fruitless = new Uint8Array(0)

  constructor(settings: LookSettings = defaultLooks) {
    this.#settings = settings
  }

  /** Undefined: this picture need not be looked at. `nowMs` is monotonic: computing is saved in real time. */
  plan(motion: Motion, nowMs: number): LookReason | undefined {
    const { stillPeriodMs, followPeriodMs, holdMs, dullLooks } = this.#settings
    if (this.#fruitless.length !== motion.columns * motion.rows)
      this.#fruitless = new Uint8Array(motion.columns * motion.rows)
    const isNew = motion.moved.some(
      (cell) => (this.#fruitless[cell] as number) < dullLooks && !isCovered(cell, motion, this.#tracks),
    )
    if (isNew) {
      this.#newAtMs = nowMs
      this.#spent = 0
    }
    if (nowMs - this.#newAtMs <= holdMs) return 'new'
    const sinceMs = nowMs - this.#lookedAtMs
    if (motion.moved.length > 0 && sinceMs >= followPeriodMs) return 'following'
    return sinceMs >= stillPeriodMs ? 'still' : undefined
  }

  looked(motion: Motion, findings: Findings, nowMs: number): void {
    this.#lookedAtMs = nowMs
    this.#tracks = findings.tracks
    if (findings.unsettled && this.#spent < this.#settings.patientLooks) {
      this.#newAtMs = nowMs
      this.#spent++
    }
    const moved = new Set(motion.moved)
    for (const [cell, count] of this.#fruitless.entries()) {
      if (!moved.has(cell)) this.#fruitless[cell] = Math.max(0, count - 1)
      else if (isCovered(cell, motion, findings.detections)) this.#fruitless[cell] = 0
      else this.#fruitless[cell] = Math.min(2 * this.#settings.dullLooks, count + 1)
    }
  }
}

/** Within a box, or as near as a walker comes between two looks. */
function isCovered(cell: number, { columns, cellPx }: Motion, boxes: readonly BoxInImage[]): boolean {
  const x = ((cell % columns) + 0.5) * cellPx
  const y = (Math.floor(cell / columns) + 0.5) * cellPx
  return boxes.some((box) => {
    const pad = Math.max(1.3 * cellPx, 0.35 * box.height)
    return x >= box.x - pad && x <= box.x + box.width + pad && y >= box.y - pad && y <= box.y + box.height + pad
  })
}
