import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { formatAddress, parseAddress } from './address.ts'
import { useNavigation } from './navigation.tsx'
import { usePorts } from './ports.tsx'

/** Keeps the page's address and what is open in step, so that a view can be shared and gone back from. */
export function useAddress(): void {
  const ready = useReadAddress()
  const { written, opened } = ready
  const { selection, views } = usePorts()
  const { place } = useNavigation()
  const picked = useStore(selection, (state) => state.selected)
  const many = useStore(selection, (state) => state.many)
  const layer = useStore(views, (state) => state.layer)
  const mode = useStore(views, (state) => state.storeyMode)
  const view = useStore(views, (state) => state.ownView)
  const through = useStore(views, (state) => state.through)
  const last = useRef('')
  useEffect(() => {
    // What the address asks for comes to the front first; only then is it written over.
    if (!opened) return
    const open = {
      ...(place.incidentId === undefined ? {} : { incidentId: place.incidentId }),
      ...(picked && { picked }),
      ...(many.length > 1 && { many }),
      tab: place.detailTab,
      layer,
      mode,
      ...(through === undefined ? {} : { through }),
    }
    const hash = formatAddress({ ...open, ...(view && { view }) })
    const opening = formatAddress(open)
    // To look round is no step to go back over; to open something is one.
    const looked = opening === last.current
    last.current = opening
    if (hash === written.current) return
    written.current = hash
    const url = urlOf(hash)
    if (looked) window.history.replaceState(null, '', url)
    else window.history.pushState(null, '', url)
  }, [opened, written, place.incidentId, place.detailTab, picked, many, layer, mode, view, through])
}

function urlOf(hash: string): string {
  return hash === '' ? window.location.pathname + window.location.search : `#${hash}`
}

/** Opens what the address says, now and whenever somebody changes it. */
function useReadAddress() {
  const { selection, views } = usePorts()
  const { go } = useNavigation()
  const written = useRef<string | undefined>(undefined)
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    const read = () => {
      const hash = window.location.hash.replace(/^#/, '')
      if (hash === written.current) return
      const address = parseAddress(hash)
      const { picked, many, view, layer, mode, through, incidentId, tab } = address
      // What does not fit goes at once: as a step of its own it would stand between a person and the way back.
      written.current = formatAddress(address)
      if (hash !== written.current) window.history.replaceState(null, '', urlOf(written.current))
      const state = views.getState()
      state.show(layer ?? 'none')
      state.setStoreyMode(mode ?? 'cut')
      if (many && picked) {
        selection.getState().selectMany(many)
        if (!view) selection.getState().look(picked)
      } else if (picked && view) selection.getState().select(picked)
      else if (picked) selection.getState().fly(picked)
      else selection.getState().select(undefined)
      if (view) state.flyTo(view)
      else state.told({ ownView: undefined })
      state.lookThrough(through)
      go({ incidentId, detailTab: tab ?? (picked ? 'selected' : 'park') })
    }
    read()
    setOpened(true)
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [selection, views, go])
  return { written, opened }
}
