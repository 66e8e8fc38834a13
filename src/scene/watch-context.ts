import type { Clock } from '../platform/clock.ts'

/** A driver that has crashed gives the context back within a second or two; after this it is not coming. */
const patienceMs = 8000

export interface ContextEvents {
  /** The GPU has forgotten everything. three stops drawing by itself. */
  readonly lost: () => void
  /** It is back and empty; three uploads everything anew with the next frame. */
  readonly restored: () => void
  /** It does not come back: only a new canvas helps. */
  readonly gone: () => void
}

/** Tells of the loss of a canvas's context; returns what stops it. */
export function watchContext(canvas: HTMLCanvasElement, clock: Clock, events: ContextEvents): () => void {
  let giveUp: (() => void) | undefined
  const lost = (event: Event) => {
    // Without this the browser would not restore it.
    event.preventDefault()
    giveUp?.()
    giveUp = clock.after(patienceMs, events.gone)
    events.lost()
  }
  const restored = () => {
    giveUp?.()
    events.restored()
  }
  canvas.addEventListener('webglcontextlost', lost)
  canvas.addEventListener('webglcontextrestored', restored)
  return () => {
    giveUp?.()
    canvas.removeEventListener('webglcontextlost', lost)
    canvas.removeEventListener('webglcontextrestored', restored)
  }
}
