import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Twin, TwinState } from '../../twin/twin.ts'
import type { Format } from '../../ui/i18n/format.ts'
import { type Language, type LocalText, localText } from '../../ui/i18n/language.ts'
import type { SelectionState, SelectionStore } from '../selection.ts'
import type { SceneViewState, ViewStore } from '../view-state.ts'

interface Hud {
  readonly twin: Twin
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly format: Format
  readonly language: Language
}

export const HudContext = createContext<Hud | undefined>(undefined)

export function useHud(): Hud {
  const hud = useContext(HudContext)
  if (!hud) throw new Error('useHud needs a HudContext above')
  return hud
}

export function useViews<T>(selector: (state: SceneViewState) => T): T {
  return useStore(useHud().views, selector)
}

export function useChosen<T>(selector: (state: SelectionState) => T): T {
  return useStore(useHud().selection, selector)
}

export function useBelief<T>(selector: (state: TwinState) => T): T {
  return useStore(useHud().twin.store, selector)
}

export function useOwn(): (text: LocalText) => string {
  const { language } = useHud()
  return (text) => localText(text, language)
}
