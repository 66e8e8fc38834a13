import type { PerspectiveCamera, WebGLRenderer } from 'three'
import type { Camera } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'
import { homeView, rigLimits, viewOf, viewThrough } from './flights.ts'
import type { Lens, SceneCover } from './framing.ts'
import { LabelBoard } from './label-board.ts'
import { type Band, OrbitInput } from './orbit-input.ts'
import { OrbitRig, type View } from './orbit-rig.ts'
import type { Hit, Ray } from './picking.ts'
import { PoseTeller } from './pose-teller.ts'
import { Redraw } from './redraw.ts'
import { SceneEye } from './scene-eye.ts'
import { type SceneLanguage, sceneLabels } from './scene-labels.ts'
import type { Picked, SelectionStore } from './selection.ts'
import type { ParkStage } from './stage.ts'
import type { SceneViewState, ViewStore } from './view-state.ts'

export interface SceneViewOptions {
  readonly stage: ParkStage
  readonly twin: Twin
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly camera: PerspectiveCamera
  readonly element: HTMLElement
  readonly labelHost: HTMLElement
  readonly requestFrame: () => void
  readonly reducedMotion: boolean
  /** Told how long each frame took that followed another without a pause; absent where the tier is pinned. */
  readonly adapt: ((frameMs: number) => void) | undefined
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
  readonly #unsubscribe: (() => void)[] = []
  readonly #pose = new PoseTeller(() => this.#tellPose())
  #language: SceneLanguage = 'en'
  #running = false
  /** In the frame that was drawn last; another follows. */
  #moving = false
  #syncing = false
  #labelsDirty = true
  /** The camera has moved since they were laid out. */
  #labelsAstray = true
  /** Since they were laid out. */
  #labelsMs = 0
  #flown = 0
  #wished = 0
  /** Moved by hand since the last flight: where it comes to rest is a view of its own. */
  #byHand = false
  /** Where the scene was seen from before a camera was looked through. */
  #outside: View | undefined

  constructor(options: SceneViewOptions) {
    this.#options = options
    const { stage, twin, selection, element, labelHost, requestFrame } = options
    const limits = rigLimits(stage)
    this.redraw = new Redraw(requestFrame)
    this.rig = new OrbitRig(options.view ?? this.home(), limits)
    this.eye = new SceneEye(options.camera, limits.maxDistanceM)
    // After a rebuild one is where one was; a scene that is new goes where the address says.
    this.#flown = options.view ? (selection.getState().flyTo?.serial ?? 0) : 0
    this.#wished = options.view ? (options.views.getState().wish?.serial ?? 0) : 0
    this.#labels = new LabelBoard(labelHost, stage.palette)
    this.#input = new OrbitInput(element, {
      rig: this.rig,
      groundAt: (x, y) => this.eye.groundAt(x, y),
      metresPerPx: () => this.eye.metresPerPx,
      moved: () => this.#moved(),
      hover: (x, y) => selection.getState().hover(this.pick(x, y)?.pick),
      leave: () => selection.getState().hover(undefined),
      click: (x, y, adding) => this.#click(x, y, adding),
      band: (band, done, adding) => this.#band(band, done, adding),
      doubleClick: (x, y) => {
        const hit = this.pick(x, y)
        if (hit) selection.getState().fly(hit.pick)
      },
      home: () => selection.getState().fly('home'),
      escape: () => this.#escape(),
    })
    stage.onRedraw = (reason) => {
      // What a beat changes may be told by a label as well.
      this.#labelsDirty ||= this.#syncing
      this.redraw.invalidate(reason)
    }
    stage.onFault = (key, report) => (report ? twin.faults.set(key, report) : twin.faults.clear(key))
    this.#unsubscribe.push(
      twin.store.subscribe(() => this.#sync()),
      selection.subscribe((now, before) => {
        if (now.many !== before.many || now.selected !== before.selected || now.hovered !== before.hovered)
          this.#attend()
        if (now.flyTo && now.flyTo.serial !== this.#flown) this.#fly(now.flyTo.serial, now.flyTo.to)
      }),
    )
    this.#sync()
    this.#attend()
    this.#follow()
    this.redraw.invalidate('start')
  }

  /** Does what the shared state of views says, now and from now on. */
  #follow(): void {
    const { stage, views } = this.#options
    stage.onFacts = (facts) => views.getState().told({ facts })
    const { flyTo } = this.#options.selection.getState()
    const shown = views.getState()
    this.#show(shown)
    if (flyTo && flyTo.serial !== this.#flown && shown.ownView === undefined) this.#fly(flyTo.serial, flyTo.to)
    this.#wish(shown)
    if (shown.through !== undefined) this.#through(shown.through)
    else this.rig.land()
    this.#unsubscribe.push(
      views.subscribe((now, before) => {
        if (now.layer !== before.layer || now.storeyMode !== before.storeyMode) this.#show(now)
        if (now.storeyMode !== before.storeyMode) this.#lookAgain(now)
        this.#wish(now)
        if (now.through !== before.through) this.#through(now.through)
      }),
    )
  }

  #show({ layer, storeyMode }: SceneViewState): void {
    this.#options.stage.attend({ layer, storeyMode })
    this.#labelsDirty = true
    this.redraw.invalidate('layer')
  }

  /** Storeys drawn apart need more room, and less once they are back together. */
  #lookAgain({ ownView }: SceneViewState): void {
    const { selected } = this.#options.selection.getState()
    if (selected && ownView === undefined) this.#options.selection.getState().look(selected)
  }

  #wish({ wish }: SceneViewState): void {
    if (!wish || wish.serial === this.#wished) return
    this.#wished = wish.serial
    this.rig.fly(wish.view, this.#options.reducedMotion ? 0 : 900)
    this.redraw.invalidate('flight')
  }

  /** Flies into a camera's place and takes its lens; or back out of it. */
  #through(cameraId: string | undefined): void {
    const { stage, reducedMotion } = this.#options
    const camera = stage.index.site.cameras.find((c) => c.id === cameraId)
    this.eye.setLens(camera && lensOf(camera), reducedMotion)
    stage.attend({ through: camera?.id })
    const view = camera ? viewThrough(camera) : this.#outside
    this.#outside = camera ? (this.#outside ?? this.rig.view) : undefined
    // Who moves on by hand while looking through a camera goes on from there.
    if (view && !this.#byHand) this.rig.fly(view, reducedMotion ? 0 : 900)
    this.redraw.invalidate('flight')
  }

  #moved(): void {
    this.#byHand = true
    this.#options.views.getState().lookThrough(undefined)
    this.redraw.invalidate('view')
  }

  #click(x: number, y: number, adding: boolean): void {
    const { groundPick } = this.#options.views.getState()
    if (groundPick) {
      const ground = this.eye.groundAt(x, y)
      if (ground) groundPick(ground)
      return
    }
    const hit = this.pick(x, y)?.pick
    const state = this.#options.selection.getState()
    if (!adding) state.select(hit)
    else if (hit) state.toggle(hit)
  }

  #band(band: Band | undefined, done: boolean, adding: boolean): void {
    const { views, selection } = this.#options
    views.getState().told({ band: done ? undefined : band })
    if (!done || !band) return
    const { many } = selection.getState()
    selection.getState().selectMany([...(adding ? many : []), ...this.#within(band)])
  }

  /** Devices that are drawn within a rectangle of the canvas. */
  #within({ left, top, right, bottom }: Band): Picked[] {
    this.#aim()
    const found: Picked[] = []
    const at = { x: 0, y: 0 }
    this.#options.stage.named.devices.eachShown((id, place) => {
      if (!this.eye.project(place, at)) return
      if (at.x >= left && at.x <= right && at.y >= top && at.y <= bottom) found.push({ kind: 'device', id })
    })
    return found
  }

  #escape(): void {
    const { views, selection } = this.#options
    if (views.getState().through === undefined) selection.getState().select(undefined)
    else views.getState().lookThrough(undefined)
  }

  get stage(): ParkStage {
    return this.#options.stage
  }

  home(): View {
    return homeView(this.#options.stage)
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

  /** One drawn frame: moves on and aims the camera; asks for the next only where something moves. `settle` belongs to it. */
  frame(deltaMs: number, renderer: WebGLRenderer): void {
    const { stage } = this.#options
    const back2back = this.#running
    const dtMs = back2back ? Math.min(100, deltaMs) : 16
    const before = this.redraw.wishes
    this.redraw.drawn()
    this.#labelsMs += deltaMs
    const keys = this.#input.step(dtMs)
    const reframing = this.eye.step(dtMs)
    const moving = this.rig.step(dtMs) || keys || reframing
    this.#moving = moving
    stage.frame(dtMs)
    this.#aim()
    stage.prepare(renderer)
    this.#pose.frame(dtMs, !moving)
    if (moving) this.redraw.invalidate(this.rig.flying ? 'flight' : 'view')
    else this.#rest()
    if (keys) this.#byHand = true
    this.#running = this.redraw.wishes > before
    if (back2back) this.#options.adapt?.(deltaMs)
  }

  #rest(): void {
    if (!this.#byHand) return
    this.#byHand = false
    this.#options.views.getState().told({ ownView: this.rig.view })
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
    const moved = this.eye.aim(this.rig.view)
    if (moved) this.#pose.moved()
    this.#options.stage.look(this.eye, moved)
    this.#labelsAstray ||= moved
  }

  #tellPose(): void {
    const { camera, views } = this.#options
    views.getState().told({ pose: this.rig.view, lens: { fovDeg: camera.fov, aspect: camera.aspect } })
  }

  #sync(): void {
    this.#syncing = true
    this.#options.stage.sync(this.#options.twin)
    this.#syncing = false
    // What is pointed at tells its newest reading and how old it is.
    if (this.#options.selection.getState().hovered?.kind !== 'device') return
    this.#labelsDirty = true
    this.redraw.invalidate('hover')
  }

  #attend(): void {
    const { stage, selection, element } = this.#options
    const { selected, hovered, many } = selection.getState()
    stage.attend({ selected, hovered, many })
    element.style.cursor = hovered ? 'pointer' : 'grab'
    this.#labelsDirty = true
    this.redraw.invalidate('selection')
  }

  #fly(serial: number, to: Picked | 'home'): void {
    this.#flown = serial
    const { stage, reducedMotion, views } = this.#options
    this.#byHand = false
    views.getState().lookThrough(undefined)
    views.getState().told({ ownView: undefined })
    const view = to === 'home' ? this.home() : viewOf(stage, to, this.rig.view.headingDeg)
    if (!view) return
    this.rig.fly(view, reducedMotion ? 0 : 900)
    this.redraw.invalidate('flight')
  }

  /** Lays labels over the picture as it was drawn, when it comes to be seen. */
  settle(): void {
    const { stage, twin } = this.#options
    if (this.#labelsDirty) this.#labels.setLabels(sceneLabels({ stage, twin, language: this.#language }))
    if (!this.#labelsDirty && !this.#labelsAstray) return
    if (this.#moving && !this.#labelsDirty) this.#labels.follow(this.eye, this.#labelsMs)
    else {
      this.#labels.layout(this.eye)
      this.#labelsAstray = this.#moving
    }
    this.#labelsMs = 0
    this.#labelsDirty = false
  }

  dispose(): void {
    this.#options.stage.onRedraw = undefined
    this.#options.stage.onFacts = undefined
    for (const stop of this.#unsubscribe) stop()
    this.#input.dispose()
    this.#labels.dispose()
  }
}

function lensOf({ lens }: Camera): Lens {
  const aspect = lens.widthPx / lens.heightPx
  const half = Math.tan((lens.hfovDeg * Math.PI) / 360) / aspect
  return { aspect, verticalFovDeg: (2 * Math.atan(half) * 180) / Math.PI }
}
