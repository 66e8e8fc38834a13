import { type PerspectiveCamera, Vector3, type WebGLRenderer } from 'three'
import type { Twin } from '../twin/twin.ts'
import { withClearSight } from './clear-sight.ts'
import { type SitePoint, siteFromThree, threeFromSite } from './frames.ts'
import {
  blendInsets,
  fieldOfViewDeg,
  frameFor,
  type Insets,
  type SceneCover,
  sameInsets,
  uncovered,
} from './framing.ts'
import type { SceneLayer } from './hot-bindings.ts'
import { boardOf } from './kit/architecture-ground.ts'
import { LabelBoard } from './label-board.ts'
import { OrbitInput } from './orbit-input.ts'
import { eyeOf, OrbitRig, type View } from './orbit-rig.ts'
import type { Hit, Ray } from './picking.ts'
import { type QualityTier, TierAdapter } from './quality.ts'
import { Redraw } from './redraw.ts'
import { whereIs } from './scene-index.ts'
import { type SceneLanguage, sceneLabels } from './scene-labels.ts'
import type { Picked, SelectionStore } from './selection.ts'
import type { ParkStage } from './stage.ts'

/** So much around a thing is shown at least, for its place to be recognised. */
const leastReachM = { building: 0, storey: 0, zone: 18, device: 9, camera: 14, track: 10 } as const

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
  readonly #options: SceneViewOptions
  readonly #input: OrbitInput
  readonly #labels: LabelBoard
  readonly #adapter: TierAdapter | undefined
  readonly #scratch = new Vector3()
  readonly #unsubscribe: (() => void)[] = []
  #layer: SceneLayer = 'none'
  #language: SceneLanguage = 'en'
  #size = { width: 1, height: 1 }
  #cover: SceneCover = uncovered
  #insets: Insets | undefined
  #running = false
  #labelsDirty = true
  #relaid = true
  #labelledFrom: View | undefined
  #flown = 0

  constructor(options: SceneViewOptions) {
    this.#options = options
    const { stage, twin, selection, element, labelHost, requestFrame } = options
    const board = boardOf(stage.index.site.ground)
    const span = Math.hypot(board.east - board.west, board.north - board.south)
    this.redraw = new Redraw(requestFrame)
    this.rig = new OrbitRig(options.view ?? this.home(), { ...board, maxDistanceM: span * 2.4 })
    this.#flown = selection.getState().flyTo?.serial ?? 0
    this.#adapter = options.adapt && new TierAdapter(options.adapt.tier)
    const dark = stage.palette.theme === 'dark'
    this.#labels = new LabelBoard(labelHost, {
      ink: stage.palette.ink,
      paper: dark ? 'rgb(16 22 30 / 82%)' : 'rgb(255 255 255 / 88%)',
      line: dark ? 'rgb(255 255 255 / 14%)' : 'rgb(20 40 60 / 14%)',
    })
    this.#input = new OrbitInput(element, {
      rig: this.rig,
      groundAt: (x, y) => groundUnder(this.rayAt(x, y)),
      metresPerPx: () =>
        (2 * Math.tan((options.camera.fov * Math.PI) / 360) * this.rig.view.distanceM) / this.#size.height,
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
    this.#unsubscribe.push(
      twin.store.subscribe(() => this.#sync()),
      selection.subscribe((now, before) => {
        if (now.selected !== before.selected || now.hovered !== before.hovered) this.#select()
        if (now.flyTo && now.flyTo.serial !== this.#flown) this.#fly(now.flyTo.serial, now.flyTo.to)
      }),
    )
    this.#sync()
    this.#select()
    this.redraw.invalidate('start')
  }

  home(): View {
    const board = boardOf(this.#options.stage.index.site.ground)
    const span = Math.hypot(board.east - board.west, board.north - board.south)
    return {
      target: [(board.east + board.west) / 2 + span * 0.015, (board.north + board.south) / 2 - span * 0.045, 0],
      headingDeg: 332,
      elevationDeg: 33,
      distanceM: span * 1.23,
    }
  }

  setLayer(layer: SceneLayer): void {
    this.#layer = layer
    this.#options.stage.setLayer(layer)
    this.#options.stage.sync(this.#options.twin)
    this.#labelsDirty = true
    this.redraw.invalidate('layer')
  }

  setLanguage(language: SceneLanguage): void {
    this.#language = language
    this.#labelsDirty = true
    this.redraw.invalidate('layer')
  }

  resize(width: number, height: number): void {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height) }
    this.#frame()
    this.redraw.invalidate('resize')
  }

  /** Panels came, went or grew: their middle is looked at, and labels beneath them are not drawn. */
  setCover(cover: SceneCover): void {
    this.#cover = cover
    if (this.#insets === undefined || this.#options.reducedMotion) this.#insets = cover.insets
    this.#frame()
    this.redraw.invalidate('resize')
  }

  #frame(): void {
    const { camera } = this.#options
    const { width, height } = this.#size
    const { fovDeg, shift } = frameFor(width, height, this.#insets ?? uncovered.insets)
    camera.fov = fovDeg
    camera.aspect = width / height
    camera.setViewOffset(width, height, -shift[0], -shift[1], width, height)
    this.#relaid = true
  }

  /** Moves the middle on to where the panels leave it; true while it is under way. */
  #stepInsets(dtMs: number): boolean {
    const now = this.#insets
    if (!now || sameInsets(now, this.#cover.insets)) return false
    this.#insets = blendInsets(now, this.#cover.insets, 1 - Math.exp(-dtMs / 60))
    this.#frame()
    return true
  }

  /** One drawn frame: moves on, aims the camera, lays out labels; asks for the next only where something moves. */
  frame(deltaMs: number, renderer: WebGLRenderer): void {
    const back2back = this.#running
    const dtMs = back2back ? Math.min(100, deltaMs) : 16
    this.redraw.drawn()
    const keys = this.#input.step(dtMs)
    const reframing = this.#stepInsets(dtMs)
    const moving = this.rig.step(dtMs) || keys || reframing
    const reasons = this.#options.stage.frame(dtMs)
    this.#aim()
    this.#options.stage.prepare(renderer)
    this.#layoutLabels()
    if (back2back && this.#adapter) {
      const tier = this.#adapter.frame(deltaMs)
      if (tier) this.#options.adapt?.wish(tier)
    }
    this.#running = moving || reasons.length > 0
    if (moving) this.redraw.invalidate(this.rig.flying ? 'flight' : 'view')
    for (const reason of reasons) this.redraw.invalidate(reason)
  }

  /** Ray through a place on the canvas (CSS pixels), in the site's frame. */
  rayAt(x: number, y: number): Ray {
    const { camera } = this.#options
    this.#aim()
    this.#scratch
      .set((x / this.#size.width) * 2 - 1, 1 - (y / this.#size.height) * 2, 0.5)
      .unproject(camera)
      .sub(camera.position)
    return { origin: siteFromThree(camera.position), direction: siteFromThree(this.#scratch.normalize()) }
  }

  pick(x: number, y: number): Hit | undefined {
    return this.#options.stage.pick(this.rayAt(x, y))
  }

  #aim(): void {
    const { camera } = this.#options
    const { view } = this.rig
    threeFromSite(...eyeOf(view), camera.position)
    camera.near = Math.max(0.8, view.distanceM * 0.02)
    camera.far = view.distanceM + this.rig.limits.maxDistanceM * 3
    camera.updateProjectionMatrix()
    camera.lookAt(threeFromSite(...view.target, this.#scratch))
    camera.updateMatrixWorld()
  }

  #sync(): void {
    const reasons = this.#options.stage.sync(this.#options.twin)
    if (reasons.length > 0) this.#labelsDirty = true
    for (const reason of reasons) this.redraw.invalidate(reason)
    if (reasons.includes('tracks')) this.#running = true
  }

  #select(): void {
    const { selected, hovered } = this.#options.selection.getState()
    this.#options.stage.select(selected, hovered)
    this.#options.element.style.cursor = hovered ? 'pointer' : 'grab'
    this.#labelsDirty = true
    this.redraw.invalidate('selection')
  }

  #fly(serial: number, to: Picked | 'home'): void {
    this.#flown = serial
    const view = to === 'home' ? this.home() : this.#viewOf(to)
    if (!view) return
    this.rig.fly(view, this.#options.reducedMotion ? 0 : 900)
    this.redraw.invalidate('flight')
  }

  #viewOf(to: Picked): View | undefined {
    const { stage } = this.#options
    const mover = to.kind === 'track' ? stage.movers.find((m) => m.track.id === to.id) : undefined
    const place = mover ? { at: [mover.eastM, mover.northM, 0] as const, radiusM: 10 } : whereIs(stage.index, to)
    if (!place) return undefined
    const elevationDeg = { building: 32, storey: 52, zone: 48, device: 36, camera: 30, track: 34 }[to.kind]
    const reachM = Math.max(place.radiusM * 1.25, leastReachM[to.kind])
    const view: View = {
      target: place.at,
      headingDeg: this.rig.view.headingDeg,
      elevationDeg,
      distanceM: reachM / Math.tan((fieldOfViewDeg * Math.PI) / 360),
    }
    if (to.kind === 'building' || to.kind === 'storey') return view
    const [x, y, z] = place.at
    const half = place.radiusM / 2
    const around = [-half, half].flatMap((dx) => [-half, half].map((dy): SitePoint => [x + dx, y + dy, z + 1]))
    return withClearSight(view, [place.at, ...around], stage.buildings)
  }

  #layoutLabels(): void {
    const { stage, twin, selection } = this.#options
    if (this.#labelsDirty) {
      const { selected, hovered } = selection.getState()
      this.#labels.setLabels(
        sceneLabels({ stage, twin, selected, hovered, layer: this.#layer, language: this.#language }),
      )
      this.#labelsDirty = false
      this.#relaid = true
    }
    if (!this.#relaid && this.rig.view === this.#labelledFrom) return
    this.#labelledFrom = this.rig.view
    this.#relaid = false
    this.#labels.layout((at) => this.#project(at), this.#size.width, this.#size.height, this.#cover.areas)
  }

  #project(at: SitePoint): { readonly x: number; readonly y: number } | undefined {
    const p = threeFromSite(...at, this.#scratch).project(this.#options.camera)
    if (p.z > 1) return undefined
    return { x: ((p.x + 1) / 2) * this.#size.width, y: ((1 - p.y) / 2) * this.#size.height }
  }

  dispose(): void {
    for (const stop of this.#unsubscribe) stop()
    this.#input.dispose()
    this.#labels.dispose()
  }
}

function groundUnder(ray: Ray): SitePoint | undefined {
  const t = -ray.origin[2] / ray.direction[2]
  return t > 0 && Number.isFinite(t)
    ? [ray.origin[0] + ray.direction[0] * t, ray.origin[1] + ray.direction[1] * t, 0]
    : undefined
}
