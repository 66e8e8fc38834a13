import type { Object3D } from 'three'
import type { FaultReport } from '../platform/faults.ts'
import type { HotPoints } from '../twin/hot-points.ts'
import type { TwinState } from '../twin/twin.ts'
import type { SceneLayer } from './data-layers/layer-catalogue.ts'
import type { LayerFacts } from './data-layers/layer-facts.ts'
import type { HotBindings } from './hot-bindings.ts'
import type { PickBoxes, Prism } from './picking.ts'
import type { RedrawReason } from './redraw.ts'
import type { OpenStorey } from './scene-index.ts'
import type { Picked } from './selection.ts'
import type { Laying } from './storeys-apart.ts'
import type { StoreyMode } from './view-state.ts'

/** What the twin believes at a beat, as every layer is told of it. */
export interface Belief {
  readonly state: TwinState
  readonly hot: HotPoints
  /** The hot values that the scene draws; new with each new registry. */
  readonly bindings: HotBindings
  /** The registry is another than at the last beat. */
  readonly registryChanged: boolean
}

/** What people look at: told to every layer whenever any of it changes. */
export interface Attention extends Laying {
  readonly selected: Picked | undefined
  /** All that is selected, `selected` among them. */
  readonly many: readonly Picked[]
  readonly hovered: Picked | undefined
  /** The storey laid open, its building cut above it. */
  readonly open: OpenStorey | undefined
  readonly layer: SceneLayer
  readonly storeyMode: StoreyMode
  /** The camera whose place the eye has taken. */
  readonly through: string | undefined
  /** Whether the ground that cameras see is drawn. */
  readonly cones: boolean
}

export const noAttention: Attention = {
  selected: undefined,
  many: [],
  hovered: undefined,
  open: undefined,
  apart: undefined,
  alone: undefined,
  layer: 'none',
  storeyMode: 'cut',
  through: undefined,
  cones: true,
}

/** Where things are that can be pointed at. Small things are boxes, rooms and buildings upright prisms. */
export interface TargetSink {
  readonly boxes: PickBoxes
  readonly prisms: Prism[]
}

/** What a layer may tell the stage, at any time. */
export interface StageHost {
  /** A frame is due, for this reason. */
  redraw(reason: RedrawReason): void
  /** Something that casts a shadow stands elsewhere. */
  castersMoved(): void
  /** What can be pointed at has changed; `addTargets` of all layers runs before the next pick. */
  targetsChanged(): void
  /** What the chosen layer is made of, for its legend. */
  facts(facts: LayerFacts | undefined): void
  /** `look` of all layers runs before the next frame, though the eye has not moved. */
  lookAgain(): void
  /** Something is wrong that people should know of; undefined once it no longer is. */
  fault(key: string, report: FaultReport | undefined): void
}

/** The eye in the site's frame, and what it sees. */
export interface Eye {
  readonly eastM: number
  readonly northM: number
  readonly upM: number
  /** Pixels that one metre covers at a distance of one metre. */
  readonly pxPerRad: number
  /** Whether a sphere in the site's frame touches the view. */
  sees(eastM: number, northM: number, upM: number, radiusM: number): boolean
}

/**
 * One layer of the model. The stage holds a list of them and knows nothing else of what they draw. All that a layer
 * draws hangs below `object`, in the site's frame; all that it allocates is released by `dispose`.
 */
export interface StageLayer {
  readonly object: Object3D
  /** At each beat of the twin. */
  sync?(belief: Belief): void
  /** Whenever attention changes, and once at the beginning. */
  attend?(now: Attention, before: Attention): void
  /** Advances what moves by itself; returns why it needs another frame. */
  frame?(dtMs: number): RedrawReason | undefined
  /** The eye has moved: leave out what cannot be seen, choose how finely the rest is drawn. Not told of every frame. */
  look?(eye: Eye): void
  addTargets?(sink: TargetSink): void
  /** Targets that move by themselves; preferred to what stands right behind them. */
  readonly movingTargets?: PickBoxes
  dispose(): void
}
