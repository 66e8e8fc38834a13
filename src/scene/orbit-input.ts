import type { SitePoint } from './frames.ts'
import type { OrbitRig } from './orbit-rig.ts'

export interface InputTarget {
  readonly rig: OrbitRig
  /** Ground point under a place on the canvas, for zooming towards it. */
  readonly groundAt: (x: number, y: number) => SitePoint | undefined
  /** Metres on the ground that one CSS pixel covers at the target. */
  readonly metresPerPx: () => number
  readonly moved: () => void
  readonly hover: (x: number, y: number) => void
  readonly leave: () => void
  /** `adding`: to what is selected already. */
  readonly click: (x: number, y: number, adding: boolean) => void
  /** A rectangle is drawn out; undefined as it is given up, `done` as the pointer is let go. */
  readonly band: (band: Band | undefined, done: boolean, adding: boolean) => void
  readonly doubleClick: (x: number, y: number) => void
  readonly home: () => void
  readonly escape: () => void
}

/** A rectangle on the canvas, CSS pixels. */
export interface Band {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const clickSlopPx = 5
/** Flight with the shift key held. */
const hurryFactor = 3

/** Pointer, wheel, touch and keys to the rig: drag turns, right or ctrl-drag moves, shift-drag selects, wheel and pinch come closer. */
export class OrbitInput {
  readonly #element: HTMLElement
  readonly #target: InputTarget
  readonly #pointers = new Map<number, { x: number; y: number }>()
  /** What each key that is down means, by its place on the keyboard: its name changes with the shift key. */
  readonly #held = new Map<string, string>()
  readonly #abort = new AbortController()
  #travelPx = 0
  #hurried = false
  #panning = false
  #bandFrom: readonly [number, number] | undefined

  constructor(element: HTMLElement, target: InputTarget) {
    this.#element = element
    this.#target = target
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      run: (event: HTMLElementEventMap[K]) => void,
      passive = true,
    ) => element.addEventListener(type, run, { signal: this.#abort.signal, passive })
    on('pointerdown', (e) => this.#down(e))
    on('pointermove', (e) => this.#move(e))
    on('pointerup', (e) => this.#up(e))
    on('pointercancel', (e) => this.#cancel(e))
    on('pointerleave', () => target.leave())
    on('dblclick', (e) => target.doubleClick(...this.#local(e)))
    on('contextmenu', (e) => e.preventDefault(), false)
    on('wheel', (e) => this.#wheel(e), false)
    on('keydown', (e) => this.#keyDown(e), false)
    on('keyup', (e) => {
      this.#hurried = e.shiftKey
      this.#held.delete(placeOf(e))
    })
    on('blur', () => this.#held.clear())
  }

  /** Held keys fly on; true while any is held. */
  step(dtMs: number): boolean {
    if (this.#held.size === 0) return false
    const { rig } = this.#target
    const hurry = this.#hurried ? hurryFactor : 1
    const walk = (rig.view.distanceM * 0.7 * hurry * dtMs) / 1000
    const turn = (70 * hurry * dtMs) / 1000
    const down = new Set(this.#held.values())
    const held = (...keys: string[]) => (keys.some((k) => down.has(k)) ? 1 : 0)
    const right = held('arrowright', 'd') - held('arrowleft', 'a')
    const forward = held('arrowup', 'w') - held('arrowdown', 's')
    if (right || forward) rig.pan(right * walk, forward * walk)
    const around = held('q') - held('e')
    const tilt = held('pageup', 'r') - held('pagedown', 'f')
    if (around || tilt) rig.orbit(around * turn, tilt * turn * 0.6)
    const closer = held('+', '=') - held('-', '_')
    if (closer) rig.zoom(0.35 ** ((closer * dtMs) / 1000))
    return true
  }

  dispose(): void {
    // With a reason of its own: the default one is an error whose stack would keep the whole last scene alive.
    this.#abort.abort('disposed')
  }

  #local(event: MouseEvent): [number, number] {
    const box = this.#element.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  #down(event: PointerEvent): void {
    this.#element.focus({ preventScroll: true })
    this.#element.setPointerCapture(event.pointerId)
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    this.#panning = event.button === 2 || event.button === 1 || event.ctrlKey
    this.#bandFrom = event.button === 0 && event.shiftKey ? this.#local(event) : undefined
    if (this.#pointers.size === 1) this.#travelPx = 0
  }

  #move(event: PointerEvent): void {
    const last = this.#pointers.get(event.pointerId)
    if (!last) return this.#target.hover(...this.#local(event))
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y]
    this.#travelPx += Math.hypot(dx, dy)
    if (this.#pointers.size >= 2) this.#pinch(event, dx, dy)
    else if (this.#bandFrom) this.#drawBand(event, false)
    else if (this.#travelPx > clickSlopPx) this.#drag(dx, dy)
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
  }

  #drag(dx: number, dy: number): void {
    const { rig } = this.#target
    if (this.#panning) {
      const k = this.#target.metresPerPx()
      const tilt = Math.max(0.35, Math.sin((rig.view.elevationDeg * Math.PI) / 180))
      rig.pan(-dx * k, (dy * k) / tilt)
    } else rig.orbit(dx * 0.28, dy * 0.22)
    this.#target.moved()
  }

  #pinch(event: PointerEvent, dx: number, dy: number): void {
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1]
    const last = this.#pointers.get(event.pointerId)
    if (!other || !last) return
    const before = Math.hypot(last.x - other.x, last.y - other.y)
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y)
    if (before > 10 && after > 10) this.#target.rig.zoom(before / after)
    const k = this.#target.metresPerPx() / 2
    this.#target.rig.pan(-dx * k, dy * k)
    this.#target.moved()
  }

  #up(event: PointerEvent): void {
    const single = this.#pointers.size === 1
    this.#pointers.delete(event.pointerId)
    const banded = this.#bandFrom !== undefined && this.#travelPx > clickSlopPx
    if (banded) this.#drawBand(event, true)
    this.#bandFrom = undefined
    const adding = event.ctrlKey || event.metaKey || event.shiftKey
    if (single && !banded && this.#travelPx <= clickSlopPx && event.button === 0)
      this.#target.click(...this.#local(event), adding)
  }

  #cancel(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId)
    if (this.#bandFrom) this.#target.band(undefined, true, false)
    this.#bandFrom = undefined
  }

  #drawBand(event: PointerEvent, done: boolean): void {
    if (!this.#bandFrom || this.#travelPx <= clickSlopPx) return
    const [x0, y0] = this.#bandFrom
    const [x1, y1] = this.#local(event)
    const band = { left: Math.min(x0, x1), top: Math.min(y0, y1), right: Math.max(x0, x1), bottom: Math.max(y0, y1) }
    this.#target.band(band, done, event.ctrlKey || event.metaKey)
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const lines = event.deltaMode === 1 ? 16 : 1
    const factor = Math.exp(Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.0016)
    this.#target.rig.zoom(factor, factor < 1 ? this.#target.groundAt(...this.#local(event)) : undefined)
    this.#target.moved()
  }

  #keyDown(event: KeyboardEvent): void {
    this.#hurried = event.shiftKey
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'home' || key === 'h') this.#target.home()
    else if (key === 'escape') this.#target.escape()
    else if (/^(arrow(up|down|left|right)|[wasdqerf]|page(up|down)|[+=_-])$/.test(key)) {
      this.#held.set(placeOf(event), key)
      this.#target.moved()
    } else return
    event.preventDefault()
  }
}

/** Keyboards on screens name no place. */
const placeOf = ({ code, key }: KeyboardEvent) => code || key.toLowerCase()
