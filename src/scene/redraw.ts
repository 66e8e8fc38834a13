/** Why a frame is drawn. A park where nothing moves has none of these, and draws nothing. */
export const redrawReasons = [
  'start',
  'view',
  'flight',
  'tracks',
  'lights',
  'devices',
  'models',
  'detail',
  'gates',
  'incidents',
  'pulse',
  'sun',
  'weather',
  'layer',
  'selection',
  'hover',
  'theme',
  'quality',
  'resize',
  'site',
  'contextRestored',
  'flow',
  'commands',
] as const
export type RedrawReason = (typeof redrawReasons)[number]

/** Collects reasons until the next frame and counts, per reason, the frames it caused. */
export class Redraw {
  readonly counts = new Map<RedrawReason, number>()
  #pending = new Set<RedrawReason>()
  #drawn = new Set<RedrawReason>()
  #frames = 0
  #wishes = 0
  readonly #request: () => void

  /** `request` asks the renderer for one frame; asking again before it is drawn costs nothing. */
  constructor(request: () => void) {
    this.#request = request
  }

  get framesTotal(): number {
    return this.#frames
  }

  /** Rises whenever somebody asks for a frame. */
  get wishes(): number {
    return this.#wishes
  }

  invalidate(reason: RedrawReason): void {
    this.#wishes++
    this.#pending.add(reason)
    this.#request()
  }

  /** Called once as a frame is drawn; returns what it was drawn for, until the next one. */
  drawn(): ReadonlySet<RedrawReason> {
    const reasons = this.#pending
    this.#pending = this.#drawn
    this.#pending.clear()
    this.#drawn = reasons
    this.#frames++
    for (const reason of reasons) this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
    return reasons
  }
}
