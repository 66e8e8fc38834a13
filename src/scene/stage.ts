import { Color, Group, type Mesh, type WebGLRenderer } from 'three'
import type { SiteFile } from '../site/schema.ts'
import type { Twin, TwinState } from '../twin/twin.ts'
import type { LayerFacts } from './data-layers/layer-facts.ts'
import type { Daylight } from './daylight.ts'
import { filmMaterial } from './film-material.ts'
import { siteToThree } from './frames.ts'
import { HotBindings } from './hot-bindings.ts'
import { boardOf } from './kit/architecture-ground.ts'
import type { LayerContext } from './layers/layer.ts'
import { type SharedUniforms, sharedUniforms, solidMaterial, zoneTable } from './materials.ts'
import { type ScenePalette, type SceneTheme, scenePalettes } from './palette.ts'
import { PickBoard } from './pick-board.ts'
import type { Hit, Ray } from './picking.ts'
import type { QualitySettings } from './quality.ts'
import type { RedrawReason } from './redraw.ts'
import { indexSite, type SceneIndex, storeyToOpen } from './scene-index.ts'
import { Sky } from './sky.ts'
import { type Attention, type Eye, noAttention, type StageHost, type StageLayer } from './stage-layer.ts'
import { buildLayers, type NamedLayers } from './stage-layers.ts'
import { layingOf } from './storeys-apart.ts'
import { surroundingsMaterial } from './surroundings.ts'

const lookEvery = 8

export interface StageOptions {
  readonly site: SiteFile
  readonly theme: SceneTheme
  readonly quality: QualitySettings
  readonly reducedMotion?: boolean
}

/** The whole 3D model of one park: a list of layers, told of belief, attention and the eye. */
export class ParkStage {
  readonly options: StageOptions
  readonly root = new Group()
  readonly index: SceneIndex
  readonly palette: ScenePalette
  /** The layers that others ask by name; all of them are told of everything. */
  readonly named: NamedLayers
  /** Told why a frame is due. */
  onRedraw: ((reason: RedrawReason) => void) | undefined
  /** Told what the chosen layer is made of. */
  onFacts: ((facts: LayerFacts | undefined) => void) | undefined
  /** Told of faults and of their end, until it is disposed of. */
  onFault: StageHost['fault'] | undefined
  /** Shadows are drawn anew only when something that casts one has moved. */
  shadowsDirty = true
  readonly #uniforms: SharedUniforms
  readonly #materials: Pick<LayerContext, 'solid' | 'surroundings' | 'film'>
  readonly #sky: Sky
  readonly #layers: readonly StageLayer[]
  /** Those that move by themselves: few, and asked in every frame. */
  readonly #movers: readonly StageLayer[]
  readonly #board: PickBoard
  readonly #castsShadows: boolean
  #bindings: HotBindings
  #registry: TwinState['devices'] | undefined
  #attention: Attention = noAttention
  /** Something may have come or been put elsewhere since places were last reckoned. */
  #displaced = true
  /** Layers have not seen yet what they shall see; the eye has moved since they were told. */
  #unseen = true
  #astray = true
  #looks = 0

  constructor(options: StageOptions) {
    const { site, theme, quality, reducedMotion = false } = options
    this.options = options
    this.index = indexSite(site)
    this.palette = scenePalettes[theme]
    this.#castsShadows = quality.shadowMapPx > 0
    this.#uniforms = sharedUniforms(zoneTable(this.index.slots))
    this.#uniforms.uAccent.value = new Color(this.palette.accent)
    this.#materials = {
      solid: solidMaterial(this.#uniforms, { plain: quality.plain, lamplit: quality.finish !== undefined }),
      surroundings: surroundingsMaterial(this.#uniforms, {
        board: boardOf(site.ground),
        water: this.palette.water,
        plain: quality.plain,
      }),
      film: filmMaterial(),
    }
    this.#bindings = new HotBindings(this.index, new Map())
    const context: LayerContext = {
      index: this.index,
      palette: this.palette,
      quality,
      uniforms: this.#uniforms,
      ...this.#materials,
      host: this.#host(),
      reducedMotion,
    }
    this.#sky = new Sky(context)
    const { all, named } = buildLayers(context)
    this.named = named
    this.#layers = [this.#sky, ...all]
    this.#movers = this.#layers.filter((layer) => layer.frame)
    this.#board = new PickBoard(this.#layers)
    this.root.quaternion.copy(siteToThree)
    this.root.updateMatrix()
    this.root.matrixAutoUpdate = false
    for (const layer of this.#layers) this.root.add(layer.object)
  }

  #host(): StageHost {
    return {
      redraw: (reason) => {
        this.#displaced = true
        this.onRedraw?.(reason)
      },
      castersMoved: () => {
        this.shadowsDirty = true
      },
      targetsChanged: () => this.#board.changed(),
      facts: (facts) => this.onFacts?.(facts),
      lookAgain: () => {
        this.#unseen = true
      },
      fault: (key, report) => this.onFault?.(key, report),
    }
  }

  get backdrop(): Mesh {
    return this.#sky.backdrop
  }

  /** Light of the hour. */
  get light(): Daylight {
    return this.#sky.light
  }

  get attention(): Attention {
    return this.#attention
  }

  /** Takes over what the twin believes now. */
  sync(twin: Twin): void {
    this.#displaced = true
    const state = twin.store.getState()
    const registryChanged = state.devices !== this.#registry
    if (registryChanged) {
      this.#registry = state.devices
      this.#bindings = new HotBindings(this.index, state.devices)
    }
    const belief = { state, hot: twin.hot, bindings: this.#bindings, registryChanged }
    for (const layer of this.#layers) layer.sync?.(belief)
  }

  /** Somebody looks at something else; a selection lays open the storey that it lives in. */
  attend(change: Partial<Omit<Attention, 'open' | 'apart' | 'alone'>>): void {
    const before = this.#attention
    const now = { ...before, ...change }
    const open = now.selected === before.selected ? before.open : storeyToOpen(this.index, now.selected)
    const same = open?.parts === before.open?.parts && open?.storeyAt === before.open?.storeyAt
    const shown = same ? before.open : open
    const laying = layingOf(this.index, now.storeyMode, now.selected, shown)
    this.#attention = { ...now, open: shown, ...laying }
    this.#displaced = true
    for (const layer of this.#layers) layer.attend?.(this.#attention, before)
    if (same && laying.apart === before.apart && laying.alone === before.alone) return
    this.#board.changed()
    this.shadowsDirty = true
  }

  /** Advances what moves by itself; asks for another frame where something still does. */
  frame(dtMs: number): void {
    for (const layer of this.#movers) {
      const reason = layer.frame?.(dtMs)
      if (!reason) continue
      this.#displaced = true
      this.onRedraw?.(reason)
    }
  }

  /**
   * Before each frame. Layers are told where the eye stands in every eighth frame of a movement and once at its end, or
   * at once when something else is to be seen: what they draw finely or leave out may lag a little behind.
   */
  look(eye: Eye, moved: boolean): void {
    this.#astray ||= moved
    if (!this.#unseen && !this.#astray) return
    if (!this.#unseen && ++this.#looks < lookEvery) {
      this.onRedraw?.('detail')
      return
    }
    this.#looks = 0
    this.#astray = false
    // A look alone puts nothing elsewhere: it changes what is drawn of what stands where it stood.
    this.#displaced ||= this.#unseen
    this.#unseen = false
    for (const layer of this.#layers) layer.look?.(eye)
  }

  pick(ray: Ray): Hit | undefined {
    return this.#board.pick(ray)
  }

  /** Called before each drawn frame, by whoever then draws without reckoning places anew. */
  prepare(renderer: WebGLRenderer): void {
    this.#sky.expose(renderer)
    if (this.#displaced) this.root.updateMatrixWorld(true)
    this.#displaced = false
    if (!this.#castsShadows || !this.shadowsDirty) return
    renderer.shadowMap.needsUpdate = true
    this.shadowsDirty = false
  }

  dispose(): void {
    for (const layer of this.#layers) layer.dispose()
    for (const material of Object.values(this.#materials)) material.dispose()
    this.root.removeFromParent()
    this.onFault = undefined
  }
}
