import type { PerspectiveCamera, WebGLRenderer } from 'three'
import type { Twin } from '../twin/twin.ts'
import { homeView, rigLimits, viewOf } from './flights.ts'
import type { SceneCover } from './framing.ts'
import type { SceneLayer } from './hot-bindings.ts'
import { LabelBoard } from './label-board.ts'
import { OrbitInput } from './orbit-input.ts'
import { OrbitRig, type View } from './orbit-rig.ts'
import type { Hit, Ray } from './picking.ts'
import { type QualityTier, TierAdapter } from './quality.ts'
import { Redraw } from './redraw.ts'
import { SceneEye } from './scene-eye.ts'
import { type SceneLanguage, sceneLabels } from './scene-labels.ts'
import type { Picked, SelectionStore } from './selection.ts'
import type { ParkStage } from './stage.ts'

export interface SceneViewOptions {
  readonly stage: ParkStage
  readonly twin: Twin
  readonly selection: SelectionStore
  readonly camera: PerspectiveCamera
  readonly element: HTMLElement
  readonly labelHost: HTMLElement
  readonly requestFrame: () => void
  readonly reducedMotion: boolean
  /** Told when frames say that another tier fits better; absent where the tier is pinned. */
  readonly adapt: { readonly tier: QualityTier; readonly wish: (tier: QualityTier) => void } | undefined
  /** Where to look from, kept over a rebuild. */
  readonly view: View | undefined
}

/** Joins stage, camera, input and labels. One for each mounted scene; knows nothing of React. */
export class SceneView {
  readonly rig: OrbitRig
  readonly redraw: Redraw
  readonly eye: SceneEye
  readonly #options: SceneViewOptions
  readonly #input: OrbitInput
  readonly #labels: LabelBoard
  readonly #adapter: TierAdapter | undefined
  readonly #unsubscribe: (() => void)[] = []
  #language: SceneLanguage = 'en'
  #running = false
  #syncing = false
  #labelsDirty = true
  /** The camera has moved since they were laid out. */
  #labelsAstray = true
  #flown = 0

  constructor(options: SceneViewOptions) {
    this.#options = options
    const { stage, twin, selection, element, labelHost, requestFrame } = options
    const limits = rigLimits(stage)
    this.redraw = new Redraw(requestFrame)
    this.rig = new OrbitRig(options.view ?? this.home(), limits)
    this.eye = new SceneEye(options.camera, limits.maxDistanceM)
    this.#flown = selection.getState().flyTo?.serial ?? 0
    this.#adapter = options.adapt && new TierAdapter(options.adapt.tier)
    this.#labels = new LabelBoard(labelHost, stage.palette)
    this.#input = new OrbitInput(element, {
      rig: this.rig,
      groundAt: (x, y) => this.eye.groundAt(x, y),
      metresPerPx: () => this.eye.metresPerPx,
      moved: () => this.redraw.invalidate('view'),
      hover: (x, y) => selection.getState().hover(this.pick(x, y)?.pick),
      leave: () => selection.getState().hover(undefined),
      click: (x, y) => selection.getState().select(this.pick(x, y)?.pick),
      doubleClick: (x, y) => {
        const hit = this.pick(x, y)
        if (hit) selection.getState().fly(hit.pick)
      },
      home: () => selection.getState().fly('home'),
      escape: () => selection.getState().select(undefined),
    })
    stage.onRedraw = (reason) => {
      // What a beat changes may be told by a label as well.
      this.#labelsDirty ||= this.#syncing
      this.redraw.invalidate(reason)
    }
    this.#unsubscribe.push(
      twin.store.subscribe(() => this.#sync()),
      selection.subscribe((now, before) => {
        if (now.selected !== before.selected || now.hovered !== before.hovered) this.#attend()
        if (now.flyTo && now.flyTo.serial !== this.#flown) this.#fly(now.flyTo.serial, now.flyTo.to)
      }),
    )
    this.#sync()
    this.#attend()
    this.redraw.invalidate('start')
  }

  home(): View {
    return homeView(this.#options.stage)
  }

  setLayer(layer: SceneLayer): void {
    this.#options.stage.attend({ layer })
    this.#labelsDirty = true
    this.redraw.invalidate('layer')
  }

  setCones(cones: boolean): void {
    this.#options.stage.attend({ cones })
    this.redraw.invalidate('layer')
  }

  setLanguage(language: SceneLanguage): void {
    this.#language = language
    this.#labelsDirty = true
    this.redraw.invalidate('layer')
  }

  resize(width: number, height: number): void {
    this.eye.resize(width, height)
    this.redraw.invalidate('resize')
  }

  /** Panels came, went or grew: their middle is looked at, and labels beneath them are not drawn. */
  setCover(cover: SceneCover): void {
    this.eye.setCover(cover, this.#options.reducedMotion)
    this.redraw.invalidate('resize')
  }

  /** One drawn frame: moves on, aims the camera, lays out labels; asks for the next only where something moves. */
  frame(deltaMs: number, renderer: WebGLRenderer): void {
    const { stage } = this.#options
    const back2back = this.#running
    const dtMs = back2back ? Math.min(100, deltaMs) : 16
    const before = this.redraw.wishes
    this.redraw.drawn()
    const keys = this.#input.step(dtMs)
    const reframing = this.eye.step(dtMs)
    const moving = this.rig.step(dtMs) || keys || reframing
    stage.frame(dtMs)
    this.#aim()
    stage.prepare(renderer)
    this.#layoutLabels()
    if (moving) this.redraw.invalidate(this.rig.flying ? 'flight' : 'view')
    this.#running = this.redraw.wishes > before
    if (back2back && this.#adapter) {
      const tier = this.#adapter.frame(deltaMs)
      if (tier) this.#options.adapt?.wish(tier)
    }
  }

  /** Ray through a place on the canvas (CSS pixels), in the site's frame. */
  rayAt(x: number, y: number): Ray {
    this.#aim()
    return this.eye.rayAt(x, y)
  }

  pick(x: number, y: number): Hit | undefined {
    return this.#options.stage.pick(this.rayAt(x, y))
  }

  #aim(): void {
    if (!this.eye.aim(this.rig.view)) return
    this.#options.stage.look(this.eye)
    this.#labelsAstray = true
  }

  #sync(): void {
    this.#syncing = true
    this.#options.stage.sync(this.#options.twin)
    this.#syncing = false
  }

  #attend(): void {
    const { stage, selection, element } = this.#options
    const { selected, hovered } = selection.getState()
    stage.attend({ selected, hovered })
    element.style.cursor = hovered ? 'pointer' : 'grab'
    this.#labelsDirty = true
    this.redraw.invalidate('selection')
  }

  #fly(serial: number, to: Picked | 'home'): void {
    this.#flown = serial
    const { stage, reducedMotion } = this.#options
    const view = to === 'home' ? this.home() : viewOf(stage, to, this.rig.view.headingDeg)
    if (!view) return
    this.rig.fly(view, reducedMotion ? 0 : 900)
    this.redraw.invalidate('flight')
  }

  #layoutLabels(): void {
    const { stage, twin } = this.#options
    if (this.#labelsDirty) this.#labels.setLabels(sceneLabels({ stage, twin, language: this.#language }))
    if (this.#labelsDirty || this.#labelsAstray) this.#labels.layout(this.eye)
    this.#labelsDirty = false
    this.#labelsAstray = false
  }

  dispose(): void {
    this.#options.stage.onRedraw = undefined
    for (const stop of this.#unsubscribe) stop()
    this.#input.dispose()
    this.#labels.dispose()
  }
}
