import { createContext, useCallback, useContext } from 'react'
import { useStore } from 'zustand'
import type { Picked } from '../scene/selection.ts'
import type { TwinState } from '../twin/twin.ts'
import type { Format } from '../ui/i18n/format.ts'
import type { Names } from './names.ts'
import { usePorts } from './ports.tsx'

/** A slow projection of the twin. The selector must return the same object while nothing it reads has changed. */
export function useTwin<T>(selector: (state: TwinState) => T): T {
  return useStore(usePorts().twin.store, selector)
}

/** Site time, to the second: for ages and clocks. */
export function useSiteSecond(): number {
  return useTwin((state) => Math.floor(state.siteNowMs / 1000) * 1000)
}

export function useUtcOffsetMinutes(): number {
  return useTwin((state) => state.site?.geo.utcOffsetMinutes ?? 0)
}

const usualSize = { width: 320, height: 192 }

/** Size in pixels of a camera's pictures, known before the first of them: what is drawn over it does not jump when it comes. */
export function usePictureSize(cameraId: string): { readonly width: number; readonly height: number } {
  const lens = useTwin((state) => state.site?.cameras.find(({ id }) => id === cameraId)?.lens)
  return lens ? { width: lens.widthPx, height: lens.heightPx } : usualSize
}

/** Filled by `WordsProvider`. */
export const FormatContext = createContext<Format | undefined>(undefined)
export const NamesContext = createContext<Names | undefined>(undefined)

/** Numbers and times in the reader's language and the site's local time. */
export function useFormat(): Format {
  const format = useContext(FormatContext)
  if (!format) throw new Error('useFormat needs a WordsProvider above')
  return format
}

/** A time of the site's present day as the clock shows it, one of another day with its date. */
export function useStamp(): (atMs: number) => string {
  const format = useFormat()
  const today = useTwin((state) => format.date(state.siteNowMs))
  return (atMs) => (format.date(atMs) === today ? format.clock(atMs) : format.dateTime(atMs))
}

/** How things, places, points and values are called in the reader's language. */
export function useNames(): Names {
  const names = useContext(NamesContext)
  if (!names) throw new Error('useNames needs a WordsProvider above')
  return names
}

/** What is selected, and how to show something else: the scene flies there. */
export function useSelection(): readonly [Picked | undefined, (thing: Picked | undefined) => void] {
  const { selection } = usePorts()
  const selected = useStore(selection, (state) => state.selected)
  const show = useCallback(
    (thing: Picked | undefined) => (thing ? selection.getState().fly(thing) : selection.getState().select(undefined)),
    [selection],
  )
  return [selected, show]
}
