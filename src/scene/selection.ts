import { createStore, type StoreApi } from 'zustand/vanilla'

export type PickKind = 'device' | 'building' | 'storey' | 'zone' | 'camera' | 'track'

/** What a person points at. A storey's id is `building/storey`. */
export interface Picked {
  readonly kind: PickKind
  readonly id: string
}

/** `home`, or one thing. `serial` rises so that the same wish can be made twice. */
export interface FlyTo {
  readonly to: Picked | 'home'
  readonly serial: number
}

export interface SelectionState {
  readonly hovered: Picked | undefined
  readonly selected: Picked | undefined
  /** All that is selected, `selected` among them; empty where nothing is. */
  readonly many: readonly Picked[]
  readonly flyTo: FlyTo | undefined
  hover(what: Picked | undefined): void
  select(what: Picked | undefined): void
  /** Adds to what is selected, or takes out again; the last one added is `selected`. */
  toggle(what: Picked): void
  selectMany(what: readonly Picked[]): void
  /** Flies there; a thing is selected as well. */
  fly(to: Picked | 'home'): void
  /** Flies there and leaves what is selected as it is. */
  look(to: Picked | 'home'): void
}

export type SelectionStore = StoreApi<SelectionState>

/** The one selection that scene, tree and panels share. */
export function createSelection(): SelectionStore {
  return createStore<SelectionState>((set) => ({
    hovered: undefined,
    selected: undefined,
    many: [],
    flyTo: undefined,
    hover: (what) => set((s) => (samePick(s.hovered, what) ? s : { hovered: what })),
    select: (what) =>
      set((s) => (samePick(s.selected, what) && s.many.length < 2 ? s : { selected: what, many: what ? [what] : [] })),
    toggle: (what) => set((s) => chosen(toggled(s.many, what))),
    selectMany: (what) => set(chosen(what)),
    look: (to) => set((s) => ({ flyTo: { to, serial: (s.flyTo?.serial ?? 0) + 1 } })),
    fly: (to) =>
      set((s) => ({
        flyTo: { to, serial: (s.flyTo?.serial ?? 0) + 1 },
        ...(to === 'home' ? {} : { selected: to, many: [to] }),
      })),
  }))
}

export function samePick(a: Picked | undefined, b: Picked | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.kind === b.kind && a.id === b.id)
}

/** More than this at once says nothing to anybody. */
const mostSelected = 2000

function chosen(many: readonly Picked[]): Pick<SelectionState, 'selected' | 'many'> {
  const kept = many.slice(-mostSelected)
  return { many: kept, selected: kept[kept.length - 1] }
}

function toggled(many: readonly Picked[], what: Picked): readonly Picked[] {
  const without = many.filter((other) => !samePick(other, what))
  return without.length < many.length ? without : [...many, what]
}
