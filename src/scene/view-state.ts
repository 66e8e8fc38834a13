import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SceneLayer } from './data-layers/layer-catalogue.ts'
import type { LayerFacts } from './data-layers/layer-facts.ts'
import type { SitePoint } from './frames.ts'
import type { Band } from './orbit-input.ts'
import type { View } from './orbit-rig.ts'

/**
 * How a selected storey is shown: `cut` takes off what lies above it, `isolate` also lowers all other buildings to
 * their footprints, `explode` draws the storeys of its building apart.
 */
export const storeyModes = ['cut', 'isolate', 'explode'] as const
export type StoreyMode = (typeof storeyModes)[number]

/** What people look at and how, apart from what is selected. One for each console; scene, HUD and address share it. */
export interface SceneViewState {
  readonly layer: SceneLayer
  readonly storeyMode: StoreyMode
  /** Where the scene looks from, told ten times a second while it moves; undefined before the first frame. */
  readonly pose: View | undefined
  /** Vertical field of view and width against height of the picture. */
  readonly lens: { readonly fovDeg: number; readonly aspect: number }
  /** A view that a person came to by hand and rests at; undefined after a flight to something selected. */
  readonly ownView: View | undefined
  readonly wish: { readonly view: View; readonly serial: number } | undefined
  /** The camera whose place is taken; undefined while the scene is seen from outside. */
  readonly through: string | undefined
  /** What the layer shown is made of, for the legend. */
  readonly facts: LayerFacts | undefined
  /** The rectangle being drawn out to select what lies in it. */
  readonly band: Band | undefined
  /** Takes the next click on the ground instead of selecting; undefined while nobody asks. */
  readonly groundPick: ((at: SitePoint) => void) | undefined
  show(layer: SceneLayer): void
  setStoreyMode(mode: StoreyMode): void
  /** Flies to a view; `own` ones are kept in the address. */
  flyTo(view: View): void
  lookThrough(cameraId: string | undefined): void
  /** Asks for clicks on the ground; undefined ends it. */
  pickGround(done: ((at: SitePoint) => void) | undefined): void
  /** For the scene only. */
  told(part: Partial<Pick<SceneViewState, 'pose' | 'lens' | 'ownView' | 'facts' | 'band'>>): void
}

export type ViewStore = StoreApi<SceneViewState>

export function createViewState(): ViewStore {
  return createStore<SceneViewState>((set) => ({
    layer: 'none',
    storeyMode: 'cut',
    pose: undefined,
    lens: { fovDeg: 30, aspect: 1.6 },
    ownView: undefined,
    wish: undefined,
    through: undefined,
    facts: undefined,
    band: undefined,
    groundPick: undefined,
    show: (layer) => set((s) => (s.layer === layer ? s : { layer, facts: undefined })),
    setStoreyMode: (storeyMode) => set((s) => (s.storeyMode === storeyMode ? s : { storeyMode })),
    flyTo: (view) => set((s) => ({ wish: { view, serial: (s.wish?.serial ?? 0) + 1 }, ownView: view })),
    lookThrough: (through) => set((s) => (s.through === through ? s : { through })),
    pickGround: (groundPick) => set({ groundPick }),
    told: (part) => set(part),
  }))
}
